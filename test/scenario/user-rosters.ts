/** Contact lists on the scenario's server, and what it lets the component do with them: as Prosody (`write`) and ejabberd 23.01 (`read`) do (CHECKLIST 15.3). */
import type { Element } from '../../src/xml/element.ts';
import { child, childrenOf, textOf } from '../harness/markup.ts';

export type Grant = 'write' | 'read';

const iqs = `<perm access='iq'><namespace ns='http://jabber.org/protocol/pubsub' type='both'/></perm>`;

export interface ListedItem {
  readonly name: string;
  readonly subscription: string;
  readonly groups: readonly string[];
}

export class UserRosters {
  /** What the component may do; undefined: nothing, and nothing is said of it. */
  grant: Grant | undefined;
  /** Is it told the presence of all users, too (XEP-0356 §7)? */
  overheard = false;
  /** Bare JID → contact → item. */
  readonly items = new Map<string, Map<string, ListedItem>>();
  /** How often somebody's list was set, and read. */
  sets = 0;
  reads = 0;

  of(owner: string): Map<string, ListedItem> {
    const list = this.items.get(owner) ?? new Map<string, ListedItem>();
    this.items.set(owner, list);
    return list;
  }

  isSeenBy(owner: string, contact: string): boolean {
    const { subscription = 'none' } = this.of(owner).get(contact) ?? {};
    return subscription === 'both' || subscription === 'from';
  }

  /** As a line each: "jid name [groups] subscription". */
  lines(owner: string): readonly string[] {
    return [...this.of(owner)].map(
      ([jid, { name, groups, subscription }]) => `${jid} ${name} [${[...groups].join(', ')}] ${subscription}`,
    );
  }

  /** What the server says of itself when a component comes. */
  get announcement(): string | undefined {
    if (this.grant === undefined) return undefined;
    const ns = this.grant === 'write' ? 'urn:xmpp:privilege:2' : 'urn:xmpp:privilege:1';
    const all = this.overheard ? "<perm access='presence' type='managed_entity'/>" : '';
    return `<message to='net.test'><privilege xmlns='${ns}'>${all}<perm access='roster' type='both'/><perm access='message' type='outgoing'/>${this.grant === 'write' ? iqs : ''}</privilege></message>`;
  }

  /** The answer to a request of the component for that user's list; undefined: it is none. */
  answer(iq: Element, owner: string): string | undefined {
    const query = child(iq, 'query', 'jabber:iq:roster');
    if (iq.name !== 'iq' || query === undefined || (iq.attrs.type !== 'get' && iq.attrs.type !== 'set'))
      return undefined;
    const { id } = iq.attrs;
    const error = (condition: string): string =>
      `<iq type='error' id='${id}' to='net.test'><error type='cancel'><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`;
    if (this.grant === undefined) return error('service-unavailable');
    if (iq.attrs.type === 'get') {
      this.reads++;
      const items = [...this.of(owner)].map(
        ([jid, { name, subscription, groups }]) =>
          `<item jid='${jid}' name='${name}' subscription='${subscription}'>${groups.map((one) => `<group>${one}</group>`).join('')}</item>`,
      );
      return `<iq type='result' id='${id}' to='net.test'><query xmlns='jabber:iq:roster'>${items.join('')}</query></iq>`;
    }
    if (this.grant === 'read') return error('internal-server-error');
    this.sets++;
    for (const item of childrenOf(query, 'item')) {
      const { jid = '', name = '', subscription = 'none' } = item.attrs;
      if (subscription === 'remove') this.of(owner).delete(jid);
      else this.of(owner).set(jid, { name, subscription, groups: childrenOf(item, 'group').map(textOf) });
    }
    return `<iq type='result' id='${id}' to='net.test'/>`;
  }
}
