/**
 * The servers of a network, and the rooms of a network or of one of its servers: as items (XEP-0030 §4.1, CHECKLIST 030-05) and by search, old (XEP-0055) and new (XEP-0433). The network is
 * asked each time; its bridge keeps the list for a while.
 */
import type { Address } from '../../bridge/contract.ts';
import { GatewayError } from '../../core/errors.ts';
import { type ChatId, chatId } from '../../core/ids.ts';
import type { Element } from '../../xml/element.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import { type DiscoItems, discoItems } from '../../xmpp/xep/0030-disco.ts';
import type { Asking, Decoded } from '../face.ts';
import { pageOf } from '../paging.ts';
import { admits, sharedOn } from '../shares.ts';
import { result } from './answers.ts';
import { keyOf, outermost } from './groups.ts';
import { notConnected } from './not-there.ts';
import { type Place, questionAt } from './place.ts';
import type { DecoderOptions, Scope } from './scope.ts';

/** A room as it is listed. */
export interface Channel {
  readonly jid: string;
  readonly name: string;
  readonly size: number | undefined;
}

/** More are not looked at. */
const mostListed = 50_000;

/** A room's name that every network could have: of some they are numbers. */
const anyRoom = chatId('#1');

/** Are rooms of this domain on one server, so that the gateway's own address lists them? */
export function isOneServer({ addresses }: DecoderOptions): boolean {
  return addresses.parse(addresses.format({ is: 'room', id: anyRoom }))?.is === 'room';
}

/** What became of a list that is told again as it was: for each page of tens of thousands, addressing all of them would take most of a tenth of a second. */
const addressed = new WeakMap<
  object,
  Pick<Place, 'on'> & Pick<Scope, 'options'> & { readonly channels: readonly Channel[] }
>();

/** All rooms that the network shows. Throws where nobody is connected there, or its rooms are no secret but can't be listed. */
export async function channelsOf(
  scope: Scope,
  { on }: Place,
  { session, signal }: Asking,
): Promise<readonly Channel[]> {
  if (session === undefined) throw notConnected(scope, on);
  if (session.rooms.list === undefined) {
    throw new GatewayError('network-cannot', { text: 'The rooms of this network can not be listed' });
  }
  const { options } = scope;
  const { addresses, domain } = options;
  const all = await session.rooms.list({ max: mostListed }, signal);
  const known = addressed.get(all);
  if (known !== undefined && known.on === on && known.options === options) return known.channels;
  const where = on === undefined ? {} : { on };
  const jidOf = (id: ChatId): string => `${addresses.format({ is: 'room', id, ...where })}@${domain}`;
  const channels = all.map(({ chat, name, size }) => ({ jid: jidOf(chat), name, size }));
  addressed.set(all, { on, options, channels });
  return channels;
}

type Item = DiscoItems['items'][number];

function itemsAnswer(stanza: Stanza, query: Element, all: readonly (Item | Channel)[]): Outgoing {
  const { set: asked } = discoItems.read(query) ?? {};
  const { items, set } = pageOf(all, keyOf, asked);
  return result(stanza, discoItems.write({ items: items.map(itemOf), set }));
}

const itemOf = (one: Item | Channel): Item =>
  'size' in one ? { jid: one.jid, name: one.size === undefined ? one.name : `${one.name} (${one.size})` } : one;

/**
 * The items of a place: the groups that rooms are in, then all rooms, for clients that know no groups. An empty list where nobody is connected: whoever
 * browses is not to meet an error (030-04).
 */
export function listChannels(scope: Scope, stanza: Stanza, query: Element, place: Place): Decoded {
  return questionAt(scope, stanza, place, async (asking) => {
    const others = place.is === 'gateway' ? await furtherAccounts(scope, stanza, asking) : [];
    if (asking.session === undefined) return [itemsAnswer(stanza, query, others)];
    const groups = await outermost(asking, stanza.to.bare);
    const channels = await channelsOf(scope, place, asking);
    return [itemsAnswer(stanza, query, [...others, ...groups, ...channels])];
  });
}

/** Where the rooms of one's further accounts are, and of those that one shares: they have addresses of their own (gateway/labels.ts). */
async function furtherAccounts(scope: Scope, { from }: Stanza, { account, desk }: Asking): Promise<readonly Item[]> {
  const { addresses, domain, shares } = scope.options;
  const own = (await desk?.accounts(account.owner)) ?? [];
  const shared = [...(shares ?? [])].flatMap(([name, share]) =>
    admits(share, from) ? (sharedOn(name, domain) ?? []) : [],
  );
  const places = new Set([...own.flatMap(({ on }) => on ?? []), ...shared]);
  return [...places].sort().map((on) => serviceItem(addresses, domain, on));
}

function serviceItem(addresses: DecoderOptions['addresses'], domain: string, on: string): Item {
  const address: Address = { is: 'service', on };
  return { jid: `${addresses.format(address)}@${domain}`, name: addresses.title(address) };
}

/** The items of a gateway with many servers: those that its operator lists, and those that the user has a connection to. */
export function listServers(scope: Scope, stanza: Stanza, query: Element, place: Place): Decoded {
  const { addresses, domain, servers: named = [] } = scope.options;
  return questionAt(scope, stanza, place, async ({ account, desk }) => {
    const connected = (await desk?.accounts(account.owner)) ?? [];
    const names = new Set([...named, ...connected.flatMap(({ on }) => on ?? [])]);
    const items = [...names].sort().map((on) => serviceItem(addresses, domain, on));
    return [itemsAnswer(stanza, query, items)];
  });
}
