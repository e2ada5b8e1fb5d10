/** One room as this account's clients see it: who is in it, which clients are let in, topic and settings. Plain state that the room features read and change. */

import type { Member, Power, Room as RoomSettings } from '../../core/event.ts';
import type { ChatId, PersonId } from '../../core/ids.ts';
import type { HistoryWish } from '../../core/intent.ts';
import { sparseMap } from '../../core/sparse.ts';
import type { ArchiveRow } from '../../storage/ports.ts';
import { empty, type Xml } from '../../xml/writer.ts';
import type { Shown } from '../shown.ts';
import type { Looks } from './looks.ts';
import { Roll } from './roll.ts';

/** Everything that is known of a member but who they are and what they may. */
export type Facts = Omit<Member, 'person' | 'nick' | 'power'>;

/** Somebody in the room. All accounts that see them alike have the same object (`looks.ts`): it is never changed, but replaced (`become`). */
export interface Occupant {
  readonly person: PersonId;
  /** What the occupant-id is made of (`identity.ts`). */
  readonly identity: string;
  readonly nick: string;
  readonly power: Power;
  readonly facts: Facts;
  /** R/N. */
  readonly jid: string;
  /** Their contact's address, as the item shows it. Made when first needed, like the two below. */
  contact: string | undefined;
  /** `<occupant-id/>`. */
  id: Xml | undefined;
  /** The body of their available presence, as the others get it: rendered once a change, whoever asks. */
  presence: Xml | undefined;
}

/** A groupchat message that was said while a client was being let in. */
export interface Said {
  readonly stanzaId: string;
  /** The stanza's `id`. */
  readonly id: string;
  readonly from: string;
  /** Of the occupant who said it; '': nobody who was in. */
  readonly nick: string;
  readonly at: number;
  readonly body: Xml;
  /** From the network's own past. */
  readonly history: boolean;
}

/** A client between its join and its self-presence. */
export interface Entry {
  readonly client: string;
  readonly nick: string;
  /** The join stanza's `id`. */
  readonly id: string | undefined;
  /** Since when it hears nothing of the room in which it was already; undefined: it was not in. */
  readonly since: number | undefined;
  /** What it shows of itself, by now. */
  shown: Shown;
  readonly password: string | undefined;
  readonly wish: HistoryWish | undefined;
  /** Bounded; the oldest go first, for the archive has them. */
  readonly remembered: Said[];
  /** Where the others are so many that they are told piece by piece: those to come, and what was told, by nick. */
  telling: { readonly of: Iterator<Occupant, undefined>; readonly told: Map<string, string> } | undefined;
  past: readonly ArchiveRow[];
}

/** A room of one account. */
export interface Room {
  chat: ChatId;
  readonly jid: string;
  readonly local: string;
  readonly people: Roll;
  /** How occupants look, shared with other accounts; looked up when first needed. */
  looks: Looks | undefined;
  /** The occupant that all clients of the account share. */
  me: Occupant | undefined;
  /** Are we in it on the network? */
  joined: boolean;
  /** With which a client came in last, for whom is invited. */
  password: string | undefined;
  /** Full JIDs that are in. Changed by `letIn` and `letOut` only. */
  readonly clients: Set<string>;
  /** The same as a list, shared by every stanza that goes to all: replaced, never changed. */
  everybody: readonly string[];
  readonly entering: Map<string, Entry>;
  /** The stamp of what was said last. */
  lastAt: number;
  /** What is kept and shown of what was said in it, as of the owner's last settings; asked for when it is first needed. */
  past: { readonly recorded: boolean; readonly length: number } | undefined;
  topic: { readonly text: string; readonly by: string | undefined; readonly at: Date | undefined };
  settings: Partial<Omit<RoomSettings, 'topic' | 'topicBy' | 'topicAt'>>;
  /** A topic that a client asked for, so that its reflection has the client's id. */
  topicAsked: { readonly id: string | undefined; readonly text: string } | undefined;
  /** What the clients in it show of themselves together: `<show/>` and `<status/>`. */
  appearance: Xml;
  /** After a restart: what the clients were told before it, until the first complete list (`snapshot.ts`). */
  told: { readonly me: string; readonly powers: Map<string, string | undefined> } | undefined;
  /** Who is on a complete list of which more is to come. */
  listed: Set<PersonId> | undefined;
}

/** A room that nobody is in. */
export function createRoom(chat: ChatId, local: string, domain: string): Room {
  return {
    chat,
    local,
    jid: `${local}@${domain}`,
    people: new Roll(),
    looks: undefined,
    me: undefined,
    joined: false,
    password: undefined,
    clients: new Set(),
    everybody: [],
    entering: sparseMap(),
    lastAt: 0,
    past: undefined,
    topic: { text: '', by: undefined, at: undefined },
    settings: {},
    topicAsked: undefined,
    appearance: empty,
    told: undefined,
    listed: undefined,
  };
}

/** From now on it is told of everything. */
export function letIn(room: Room, client: string): void {
  room.clients.add(client);
  room.everybody = [...room.clients];
}

/** False where it was not in. */
export function letOut(room: Room, client: string): boolean {
  const was = room.clients.delete(client);
  if (was) room.everybody = [...room.clients];
  return was;
}

/** Takes the client out whether it is in or about to be; false where it is neither. */
export function dropClient(room: Room, client: string): boolean {
  const entering = room.entering.delete(client);
  return letOut(room, client) || entering;
}

/** Is it in, or about to be? Of a crowd a client is told piece by piece, and asks about occupants as soon as it hears of them. */
export const isAmong = ({ clients, entering }: Room, client: string): boolean =>
  clients.has(client) || entering.has(client);

/** All clients, those about to be let in among them. */
export function clientsOf(room: Room): readonly string[] {
  return room.entering.size === 0 ? room.everybody : [...room.everybody, ...room.entering.keys()];
}

/** Our own R/N; `nick` where the network has not told ours yet. */
export function ownJid(room: Room, nick: string): string {
  return room.me?.jid ?? `${room.jid}/${room.told?.me ?? nick}`;
}

/** Is like that from now on, and rendered anew. Returns who stands in the place of `occupant`. */
export function become(room: Room, occupant: Occupant, change: Partial<Occupant>): Occupant {
  const after: Occupant = { ...occupant, presence: undefined, ...change };
  room.people.replace(occupant, after);
  if (occupant === room.me) room.me = after;
  return after;
}

/** Forgets everybody in it, as when our own place in it is lost. */
export function clearOccupants(room: Room): void {
  room.people.clear();
  room.me = undefined;
  room.joined = false;
  room.told = undefined;
  room.listed = undefined;
}
