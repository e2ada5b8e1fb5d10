/** A face and a small world around it: one account of romeo@example.org on the server `net`, whose rooms are `#name%net@irc.test`. */

import { noArchive } from '../../../../src/accounts/archiving.ts';
import type { Address, Addresses, Session } from '../../../../src/bridge/contract.ts';
import type { Content } from '../../../../src/core/content.ts';
import { plainText } from '../../../../src/core/content.ts';
import type { Member, MemberChange, MessageEvent, NetworkEvent, Power } from '../../../../src/core/event.ts';
import { accountId, chatId, deliveryKey, messageId, personId } from '../../../../src/core/ids.ts';
import type { DurableIntent, HistoryWish, Origin } from '../../../../src/core/intent.ts';
import { createFace } from '../../../../src/gateway/create-face.ts';
import type { Asking, Entering, Face, FaceContext, Heard } from '../../../../src/gateway/face.ts';
import { createLooks } from '../../../../src/gateway/rooms/looks.ts';
import type { ArchiveRow } from '../../../../src/storage/ports.ts';
import type { Element } from '../../../../src/xml/element.ts';
import type { Outgoing } from '../../../../src/xmpp/outgoing.ts';
import { readStanza, type Stanza } from '../../../../src/xmpp/stanza.ts';
import { parse } from '../../../harness/markup.ts';

export const room = '#verona%net@irc.test';
export const verona = chatId('#verona');
export const owner = 'romeo@example.org';
export const phone = `${owner}/phone`;
export const desk = `${owner}/desk`;
/** Noon of a day; everything happens then, unless told. */
export const noon = Date.UTC(2026, 10, 21, 12);

export const addresses: Addresses = {
  format(address: Address) {
    const on = address.on ?? '';
    return address.is === 'service' ? on : `${address.id}%${on}`;
  },
  parse(localpart) {
    const percent = localpart.indexOf('%');
    if (percent < 0) return { is: 'service', on: localpart };
    const id = localpart.slice(0, percent);
    const on = localpart.slice(percent + 1);
    return id.startsWith('#') ? { is: 'room', id: chatId(id), on } : { is: 'person', id: personId(id), on };
  },
  title: (address) => (address.is === 'room' ? `${address.id} on ${address.on}` : 'somebody'),
};

const nothing = (): Promise<void> => Promise.resolve();

export function sessionOf(me: string, more: Partial<Session> = {}): Session & { me: ReturnType<typeof personId> } {
  return {
    me: personId(me),
    limits: () => ({ textBytes: 400, maxBytes: 4000, concurrency: 1, window: 1, dedupes: false }),
    send: () => Promise.reject(new Error('nothing is sent here')),
    end: () => Promise.resolve(),
    rooms: { join: nothing, leave: nothing, nick: nothing, topic: nothing, moderate: nothing },
    ...more,
  };
}

/** What a question of ours may ask in turn. */
export const asking = (session: Session | undefined): Asking => ({
  account: { id: accountId('romeo-on-net'), owner, on: 'net' },
  session,
  archive: noArchive,
  now: () => noon,
  signal: new AbortController().signal,
});

/** The nick's own rank by its sign, as channels show it. */
const signs: Readonly<Record<string, Power>> = {
  '-': 'visitor',
  '+': 'voiced',
  '%': 'helper',
  '@': 'moderator',
  '&': 'admin',
  '~': 'owner',
};

/** `@tybalt` or `tybalt`, and `user@host` behind a `!`. The person's id is the nick in lower case. */
export function member(text: string): Member {
  const [signed = '', address] = text.split('!');
  const power = signs[signed[0] ?? ''];
  const nick = power === undefined ? signed : signed.slice(1);
  const who = { person: personId(nick.toLowerCase()), nick, power: power ?? 'participant' };
  return address === undefined ? who : { ...who, address };
}

export const comesIn = (text: string): MemberChange => ({ is: 'in', member: member(text) });

/** The element as it would come from the server. */
export function stanza(markup: string): Stanza {
  const read = readStanza(parse(markup.replace(/^<(\w+)/, "<$1 xmlns='jabber:client'")));
  if (read === undefined) throw new Error(`no stanza: ${markup}`);
  return read;
}

/** The outgoing stanza as its receiver parses it. */
export function received({ kind, from, type, id, lang, body }: Outgoing, to: string): Element {
  const attrs = Object.entries({ from, to, type, id, 'xml:lang': lang }).flatMap(([name, value]) =>
    value === undefined ? [] : [` ${name}='${escapeQuotes(value)}'`],
  );
  return parse(`<${kind}${attrs.join('')}>${body.text}</${kind}>`);
}
const escapeQuotes = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll("'", '&apos;').replaceAll('<', '&lt;');

/** All that this client gets, in order. */
export const inbox = (stanzas: readonly Outgoing[], client: string): readonly Element[] =>
  stanzas.flatMap((one) => (one.to.includes(client) ? [received(one, client)] : []));

export const text = (plain: string): Content<never> => ({ text: plainText(plain) });

export function joinIntent(nick: string, history?: HistoryWish): Extract<DurableIntent, { kind: 'join' }> {
  return { kind: 'join', chat: verona, nick, ...(history !== undefined && { history }) };
}

export function sendIntent(plain: string): Extract<DurableIntent, { kind: 'send' }> {
  return { kind: 'send', chat: verona, content: text(plain) };
}

export function origin(from: string, to: string, more: Partial<Origin> = {}): Origin {
  return { from, to, via: 'presence', at: noon, ...more };
}

export const toRoom = (from: string, stanzaId: string, more: Partial<Origin> = {}): Origin =>
  origin(from, room, { via: 'message', type: 'groupchat', stanzaId, ...more });

/** What else a join can say. */
export type JoinMore = Partial<Extract<DurableIntent, { kind: 'join' }>>;

export interface World {
  readonly face: Face;
  readonly session: ReturnType<typeof sessionOf>;
  clock: number;
  /** Everything that was archived. */
  readonly archive: ArchiveRow[];
  event(event: NetworkEvent): readonly Outgoing[];
  /** A complete list. */
  list(...members: readonly string[]): readonly Outgoing[];
  changes(...changes: readonly MemberChange[]): readonly Outgoing[];
  topic(change: Extract<NetworkEvent, { kind: 'room' }>['change'], by?: string): readonly Outgoing[];
  says(nick: string, plain: string, more?: Partial<MessageEvent>): readonly Outgoing[];
  begin(client: string, nick: string, history?: HistoryWish, stanzaId?: string, more?: JoinMore): Entering;
  /** The whole way in, into a room that the network has told of. */
  enter(
    client: string,
    nick?: string,
    history?: HistoryWish,
    past?: readonly ArchiveRow[],
    more?: JoinMore,
  ): readonly Outgoing[];
  hear(markup: string): Heard;
}

/** @param me our person on the network */
export function createWorld(
  me = 'romeo',
  more: Partial<Session> = {},
  parts: Partial<Pick<FaceContext, 'settingsFields' | 'account' | 'talker' | 'isPlumbed' | 'translate'>> = {},
): World {
  let ids = 0;
  const archive: ArchiveRow[] = [];
  const session = sessionOf(me, more);
  const world = { clock: noon };
  const context: FaceContext = {
    domain: 'irc.test',
    account: { id: accountId('romeo-on-net'), owner, on: 'net' },
    addresses,
    newId: () => `new-${++ids}`,
    occupantId: (_, identity) => `occupant-${identity}`,
    looks: createLooks(),
    now: () => world.clock,
    ...parts,
  };
  const face = createFace(context);
  face.attach(session);
  const event = (what: NetworkEvent): readonly Outgoing[] => {
    const projection = face.apply(what);
    archive.push(...projection.archive);
    return projection.stanzas;
  };
  const at = (): Date => new Date(world.clock);
  const begin = (
    client: string,
    nick: string,
    history?: HistoryWish,
    stanzaId?: string,
    more: JoinMore = {},
  ): Entering =>
    face.begin(
      { ...joinIntent(nick, history), ...more },
      origin(client, `${room}/${nick}`, stanzaId === undefined ? {} : { stanzaId }),
    );
  return Object.assign(world, {
    face,
    session,
    archive,
    event,
    list: (...members: readonly string[]) =>
      event({ kind: 'members', chat: verona, changes: members.map(comesIn), complete: true, at: at() }),
    changes: (...changes: readonly MemberChange[]) => event({ kind: 'members', chat: verona, changes, at: at() }),
    topic: (change: Extract<NetworkEvent, { kind: 'room' }>['change'], by?: string) =>
      event({ kind: 'room', chat: verona, change, at: at(), ...(by !== undefined && { by: personId(by) }) }),
    says: (nick: string, plain: string, rest: Partial<MessageEvent> = {}) =>
      event({
        kind: 'message',
        chat: verona,
        by: personId(nick.toLowerCase()),
        nick,
        ref: { id: messageId(`ref-${++ids}`), part: 0 },
        content: text(plain),
        at: at(),
        ...rest,
      }),
    begin,
    enter(client: string, nick = 'Romeo', history?: HistoryWish, past: readonly ArchiveRow[] = [], more?: JoinMore) {
      return begin(client, nick, history, 'join-1', more).finish(past);
    },
    hear: (markup: string) => face.hear(stanza(markup)),
  });
}

/** A world in which these clients are in the room with these members; the first is ourselves. */
export function inVerona(members: readonly string[], clients: readonly string[]): World {
  const [own = 'Romeo'] = members;
  const world = createWorld(member(own).person);
  const nick = member(own).nick;
  const entering = (clients.length === 0 ? [phone] : clients).map((client) => world.begin(client, nick));
  world.list(...members);
  for (const one of entering) one.finish([]);
  if (clients.length === 0) world.hear(`<presence type='unavailable' from='${phone}' to='${room}/${nick}'/>`);
  return world;
}

export const key = deliveryKey;
