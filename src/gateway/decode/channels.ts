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
import { discoItems } from '../../xmpp/xep/0030-disco.ts';
import type { Asking, Decoded, Question } from '../face.ts';
import { pageOf } from '../paging.ts';
import { result } from './answers.ts';
import type { DecoderOptions, Scope, Target } from './scope.ts';

/** A room as it is listed. */
export interface Channel {
  readonly jid: string;
  readonly name: string;
  readonly size: number | undefined;
}

/** What has rooms of its own. */
export type Place = Extract<Target, { is: 'gateway' | 'server' }>;

/** More are not looked at. */
const mostListed = 50_000;

/** A room's name that every network could have: of some they are numbers. */
const anyRoom = chatId('#1');

/** Are rooms of this domain on one server, so that the gateway's own address lists them? */
export function isOneServer({ addresses }: DecoderOptions): boolean {
  return addresses.parse(addresses.format({ is: 'room', id: anyRoom }))?.is === 'room';
}

function notConnected(scope: Scope, on: string | undefined): GatewayError {
  const name = on ?? scope.options.about.name;
  const text = `Not connected to ${name}: join a room there first, then its rooms can be listed`;
  return new GatewayError('not-connected', { text });
}

/** All rooms that the network shows. Throws where nobody is connected there, or its rooms are no secret but can't be listed. */
export async function channelsOf(
  scope: Scope,
  { on }: Place,
  { session, signal }: Asking,
): Promise<readonly Channel[]> {
  if (session === undefined) throw notConnected(scope, on);
  if (session.rooms?.list === undefined) {
    throw new GatewayError('network-cannot', { text: 'The rooms of this network can not be listed' });
  }
  const { addresses, domain } = scope.options;
  const where = on === undefined ? {} : { on };
  const jidOf = (id: ChatId): string => `${addresses.format({ is: 'room', id, ...where })}@${domain}`;
  const all = await session.rooms.list({ max: mostListed }, signal);
  return all.map(({ chat, name, size }) => ({ jid: jidOf(chat), name, size }));
}

/** A question about a place, of the account of whoever asks there. */
export function questionAt(scope: Scope, stanza: Stanza, { on }: Place, question: Question): Decoded {
  return { is: 'question', account: scope.key(stanza.from, on), stanza, question };
}

function itemsAnswer(stanza: Stanza, query: Element, channels: readonly Channel[]): Outgoing {
  const { set: asked } = discoItems.read(query) ?? {};
  const { items, set } = pageOf(channels, ({ jid }) => jid, asked);
  const named = items.map(({ jid, name, size }) => ({ jid, name: size === undefined ? name : `${name} (${size})` }));
  return result(stanza, discoItems.write({ items: named, set }));
}

/** The items of a place. An empty list where nobody is connected: whoever browses is not to meet an error (030-04). */
export function listChannels(scope: Scope, stanza: Stanza, query: Element, place: Place): Decoded {
  return questionAt(scope, stanza, place, async (asking) => {
    if (asking.session === undefined) return [result(stanza, discoItems.write({ items: [] }))];
    return [itemsAnswer(stanza, query, await channelsOf(scope, place, asking))];
  });
}

/** The items of a gateway with many servers: those that its operator lists, and those that the user has a connection to. */
export function listServers(scope: Scope, stanza: Stanza, query: Element, place: Place): Decoded {
  const { addresses, domain, servers: named = [] } = scope.options;
  return questionAt(scope, stanza, place, async ({ account, desk }) => {
    const connected = (await desk?.accounts(account.owner)) ?? [];
    const names = new Set([...named, ...connected.flatMap(({ on }) => on ?? [])]);
    const items = [...names].sort().map((on) => {
      const address: Address = { is: 'service', on };
      return { jid: `${addresses.format(address)}@${domain}`, name: addresses.title(address), size: undefined };
    });
    return [itemsAnswer(stanza, query, items)];
  });
}
