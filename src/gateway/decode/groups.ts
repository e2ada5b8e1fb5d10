/**
 * Groups of rooms (src/design/groups-of-rooms.md): each is a branch of service discovery (XEP-0030 §4.3), and those that are in no other are spaces
 * (XEP-0503, CHECKLIST 503-01). The network is asked each time: what is told is what is so, and what that account sees.
 */
import type { Outline, OutlineEntry } from '../../bridge/outline.ts';
import type { ChatId } from '../../core/ids.ts';
import type { Element } from '../../xml/element.ts';
import { child } from '../../xml/query.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import { DISCO_ITEMS, discoItems, type Identity } from '../../xmpp/xep/0030-disco.ts';
import { RSM, resultSet } from '../../xmpp/xep/0059-result-sets.ts';
import { itemsAskedFor, itemsResult, PUBSUB } from '../../xmpp/xep/0060-pubsub.ts';
import { roomItem, SPACES, spaceMetadata } from '../../xmpp/xep/0503-spaces.ts';
import { discoInfo } from '../disco.ts';
import type { Asking, Decoded } from '../face.ts';
import { pageOf } from '../paging.ts';
import { noSuchItem, result } from './answers.ts';
import type { IqEntry } from './iq.ts';
import { noNodes } from './iq-small.ts';
import { type Place, questionAt } from './place.ts';
import type { Scope } from './scope.ts';

type Group = Extract<OutlineEntry, { group: string }>;

const isGroup = (entry: OutlineEntry): entry is Group => 'group' in entry;

/** Nothing where nobody is connected. */
const outlineFor = async ({ session, signal }: Asking): Promise<Outline> =>
  (await session?.rooms.outline?.(signal)) ?? [];

/** Groups that are in no other, as items of what holds them. */
export async function outermost(
  asking: Asking,
  jid: string,
): Promise<readonly { jid: string; node: string; name: string }[]> {
  const groups = (await outlineFor(asking)).filter(isGroup);
  return groups.filter(({ within }) => within === undefined).map(({ group, name }) => ({ jid, node: group, name }));
}

function roomJid({ options: { addresses, domain } }: Scope, { on }: Place, id: ChatId): string {
  return `${addresses.format({ is: 'room', id, ...(on !== undefined && { on }) })}@${domain}`;
}

/** @param then answers about a group; that there is none of that name is answered for it */
function aboutGroup(
  scope: Scope,
  stanza: Stanza,
  place: Place,
  node: string,
  then: (group: Group, outline: Outline) => Outgoing,
): Decoded {
  return questionAt(scope, stanza, place, async (asking) => {
    const outline = await outlineFor(asking);
    const group = outline.find((entry): entry is Group => isGroup(entry) && entry.group === node);
    return [group === undefined ? noSuchItem(stanza) : then(group, outline)];
  });
}

/** What is in a group: groups and rooms, in the network's order, by pages. */
export function groupItems(scope: Scope, stanza: Stanza, query: Element, place: Place, node: string): Decoded {
  return aboutGroup(scope, stanza, place, node, (_, outline) => {
    const inside = outline.filter(({ within }) => within === node);
    const all = inside.map((entry) => {
      if (isGroup(entry)) return { jid: stanza.to.bare, node: entry.group, name: entry.name };
      return { jid: roomJid(scope, place, entry.chat), name: entry.name };
    });
    const { items, set } = pageOf(all, keyOf, discoItems.read(query)?.set);
    return result(stanza, discoItems.write({ node, items, set }));
  });
}

/** Of an item that is a room or a node: no other of the list has it. */
export const keyOf = ({ jid, node }: { readonly jid: string; readonly node?: string }): string => node ?? jid;

/** Where there are rooms only it is a place of rooms for clients that browse (Gajim lets one join there), and a branch in any case. */
function identitiesOf({ group, name, within }: Group, outline: Outline): readonly Identity[] {
  const branch: Identity = { category: 'hierarchy', type: 'branch', name };
  const holdsGroups = outline.some((entry) => isGroup(entry) && entry.within === group);
  const rooms: readonly Identity[] = holdsGroups ? [] : [{ category: 'conference', type: 'text', name }];
  const space: readonly Identity[] = within === undefined ? [{ category: 'pubsub', type: 'leaf', name }] : [];
  return [...rooms, branch, ...space];
}

/** What a group is (XEP-0503 §5.2 where it is a space). */
export function groupInfo(scope: Scope, stanza: Stanza, place: Place, node: string): Decoded {
  return aboutGroup(scope, stanza, place, node, (group, outline) => {
    const isSpace = group.within === undefined;
    return result(
      stanza,
      discoInfo({
        identities: identitiesOf(group, outline),
        features: [DISCO_ITEMS, ...(isSpace ? [PUBSUB, SPACES] : [])],
        forms: isSpace ? [spaceMetadata(group.name)] : [],
        node,
      }),
    );
  });
}

/** The rooms of a space, with the groups that they are in as part of their names. */
function roomsOf(space: string, outline: Outline): readonly { readonly chat: ChatId; readonly name: string }[] {
  const before = new Map<string, string>([[space, '']]);
  const rooms: { chat: ChatId; name: string }[] = [];
  for (const entry of outline) {
    const prefix = before.get(entry.within ?? '');
    if (prefix === undefined) continue;
    if (isGroup(entry)) before.set(entry.group, `${prefix}${entry.name} / `);
    else rooms.push({ chat: entry.chat, name: prefix + entry.name });
  }
  return rooms;
}

function spaceItems(scope: Scope, stanza: Stanza, pubsub: Element, place: Place): Decoded | undefined {
  const asked = itemsAskedFor(pubsub);
  if (asked === undefined) return undefined;
  const { node, ids } = asked;
  return aboutGroup(scope, stanza, place, node, ({ within }, outline) => {
    if (within !== undefined) return noSuchItem(stanza);
    const all = roomsOf(node, outline).map(({ chat, name }) => roomItem(roomJid(scope, place, chat), name));
    const wanted = ids.length === 0 ? all : all.filter(({ id }) => ids.includes(id));
    const set = child(pubsub, 'set', RSM);
    const page = pageOf(wanted, ({ id }) => id, (set && resultSet.read(set)) ?? { max: mostAtOnce });
    return result(stanza, itemsResult(node, page.items, isWhole(page, wanted) ? undefined : resultSet.write(page.set)));
  });
}

/** To who knows nothing of pages. */
const mostAtOnce = 500;

const isWhole = ({ items }: { readonly items: readonly unknown[] }, wanted: readonly unknown[]): boolean =>
  items.length === wanted.length;

/** What can be done with spaces: they are looked at. Guilds are made, and joined, on the network. */
export const spaceFeatures: readonly string[] = [
  PUBSUB,
  ...['access-whitelist', 'item-ids', 'meta-data', 'multi-items', 'retrieve-items', 'rsm'].map(
    (one) => `${PUBSUB}#${one}`,
  ),
];

/** Items of spaces (XEP-0060 §6.5). */
export const spaceNodes: IqEntry<Place> = {
  ...noNodes,
  get: (scope, stanza, pubsub, place) =>
    spaceItems(scope, stanza, pubsub, place) ?? noNodes.get?.(scope, stanza, pubsub, place) ?? { is: 'ignored' },
};
