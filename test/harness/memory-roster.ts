/** One user's contact list on the server in memory, and how subscriptions change it (RFC 6121 §3). */
import type { Element } from '../../src/xml/element.ts';

export type SubscriptionType = 'subscribe' | 'subscribed' | 'unsubscribe' | 'unsubscribed';

interface Contact {
  /** We see them. */
  to: boolean;
  /** They see us. */
  from: boolean;
  /** We have asked. */
  asked: boolean;
  /** They have asked. */
  asks: boolean;
}

export interface Roster {
  /** Who sees us; whom we see. */
  readonly watchers: readonly string[];
  readonly watched: readonly string[];
  isSeenBy(contact: string): boolean;
  /** What we say of a subscription. */
  say(contact: string, type: SubscriptionType): void;
  /** What they say of it. False: nothing that was asked for, or that makes a difference. */
  hear(contact: string, type: SubscriptionType): boolean;
  /** Every contact, or one of them, as elements of a roster's query. */
  items(contact?: string): readonly Element[];
}

export const isSubscription = (type: string | undefined): type is SubscriptionType =>
  /^(un)?subscribed?$/.test(type ?? '');

/** An empty one. */
export function createRoster(): Roster {
  const contacts = new Map<string, Contact>();
  const those = (which: (contact: Contact) => boolean): readonly string[] =>
    [...contacts].flatMap(([jid, contact]) => (which(contact) ? [jid] : []));
  const of = (jid: string): Contact => {
    const contact = contacts.get(jid) ?? { to: false, from: false, asked: false, asks: false };
    contacts.set(jid, contact);
    return contact;
  };

  return {
    get watchers() {
      return those(({ from }) => from);
    },
    get watched() {
      return those(({ to }) => to);
    },
    isSeenBy: (jid) => of(jid).from,
    say(jid, type) {
      const contact = of(jid);
      if (type === 'subscribe') contact.asked = !contact.to;
      if (type === 'unsubscribe') Object.assign(contact, { to: false, asked: false });
      if (type === 'subscribed' && contact.asks) Object.assign(contact, { from: true, asks: false });
      if (type === 'unsubscribed') Object.assign(contact, { from: false, asks: false });
    },
    hear(jid, type) {
      const contact = of(jid);
      const before = { ...contact };
      if (type === 'subscribe') contact.asks = !contact.from;
      if (type === 'unsubscribe') Object.assign(contact, { from: false, asks: false });
      if (type === 'subscribed' && contact.asked) Object.assign(contact, { to: true, asked: false });
      if (type === 'unsubscribed') Object.assign(contact, { to: false, asked: false });
      return JSON.stringify(contact) !== JSON.stringify(before);
    },
    items: (only) =>
      [...contacts].flatMap(([jid, contact]) => {
        const isListed = only === jid || (only === undefined && (contact.to || contact.from || contact.asked));
        return isListed ? [itemOf(jid, contact)] : [];
      }),
  };
}

function itemOf(jid: string, { to, from, asked }: Contact): Element {
  const subscription = to && from ? 'both' : to ? 'to' : from ? 'from' : 'none';
  const attrs = { jid, subscription, ...(asked && { ask: 'subscribe' }) };
  return { name: 'item', ns: 'jabber:iq:roster', attrs, children: [] };
}
