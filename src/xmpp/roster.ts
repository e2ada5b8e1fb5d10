/** RFC 6121 §2: a contact list and its entries, as they are read and set by those who may. */
import type { Element } from '../xml/element.ts';
import { children } from '../xml/query.ts';
import type { Xml } from '../xml/writer.ts';
import { all, attr, element, oneOf, optionalAttr, type TypeOf, texts } from './codec.ts';
import { parseJid } from './jid.ts';

export const ROSTER = 'jabber:iq:roster';

export const rosterItem = element(ROSTER, 'item', {
  jid: attr('jid'),
  name: optionalAttr('name'),
  subscription: optionalAttr('subscription', oneOf('none', 'to', 'from', 'both', 'remove')),
  groups: texts('group'),
});
/** An entry. */
export type RosterItem = TypeOf<typeof rosterItem>;

/** More are not looked at. */
const itemsAtMost = 20_000;

/** The entries of a `<query/>` whose addresses are on that domain, by bare JID. Others are nobody's business (CHECKLIST 356-15). */
export function rosterItems(query: Element | undefined, domain: string): ReadonlyMap<string, RosterItem> {
  const found = new Map<string, RosterItem>();
  for (const el of query === undefined ? [] : children(query, 'item').slice(0, itemsAtMost)) {
    const item = rosterItem.read(el);
    const jid = item === undefined ? undefined : parseJid(item.jid);
    if (item !== undefined && jid?.domain === domain) found.set(jid.bare, item);
  }
  return found;
}

const query = element(ROSTER, 'query', { items: all(rosterItem) });

/** `<query/>` with these entries; with none, a request for all. */
export const rosterQuery = (...items: readonly RosterItem[]): Xml => query.write({ items });
