/** How anything that is said or done in a room reaches its clients: once to everybody who is in, to those who are being let in when they are, and to the archive. */
import type { MessageRef, PersonId } from '../../core/ids.ts';
import type { ArchiveKind } from '../../storage/ports.ts';
import { empty, join, type Xml, xml } from '../../xml/writer.ts';
import { type Known, knownAs } from '../refs.ts';
import { keep, stampOf, stanzaIdElement } from './archived.ts';
import type { FaceState, Out } from './feature.ts';
import { delayOf } from './history.ts';
import { remember } from './joining.ts';
import { occupantIdElement, occupantIdOf } from './occupants.ts';
import type { Room } from './room.ts';

/** A stanza of the room, ready to be told and kept. */
export interface Line {
  readonly stanzaId: string;
  readonly id: string;
  readonly nick: string;
  readonly from: string;
  /** By the network's clock. */
  readonly at: number;
  /** Without the stanza-id. */
  readonly body: Xml;
  readonly history: boolean;
  readonly kind?: ArchiveKind | undefined;
  /** The network's names for it, where it is a message. */
  readonly refs?: readonly MessageRef[] | undefined;
  readonly by?: PersonId | undefined;
  /** The stanza-id of what it changes or adds to. */
  readonly about?: string | undefined;
  /** For whom a shared account said it. */
  readonly author?: string | undefined;
  /** Whoever said it wishes it not to be kept (CHECKLIST 334-02). */
  readonly unkept?: boolean;
}

/** To all of them. */
export function say(face: FaceState, room: Room, line: Line, out: Out): void {
  const { stanzaId, id, nick, from, history } = line;
  const at = stampOf(face, room, line.at, history);
  const body = join([line.body, stanzaIdElement(room.jid, stanzaId)]);
  if (room.everybody.length > 0) {
    const shown = history ? join([body, delayOf(room, at)]) : body;
    out.stanzas.push({ kind: 'message', type: 'groupchat', from, to: room.everybody, id, body: shown, keep: true });
  }
  if (room.entering.size > 0) {
    const occupant = room.people.called(nick);
    remember(room, { stanzaId, id, from, nick: occupant?.nick ?? '', at, body, history });
  }
  if (line.unkept !== true) keep(face, room, line, at, out);
}

/** Where somebody speaks from, and their id: an occupant's is kept, a stranger's made for this one stanza. */
export interface Speaker {
  readonly nick: string;
  readonly from: string;
  readonly id: Xml;
}

/** @param nick as it stands in what they said; undefined: as the list has it */
export function speakerOf(face: FaceState, room: Room, by: PersonId, nick?: string): Speaker {
  const occupant = room.people.of(by);
  const called = nick ?? occupant?.nick ?? by;
  if (occupant !== undefined) {
    const from = occupant.nick === called ? occupant.jid : `${room.jid}/${called}`;
    return { nick: called, from, id: occupantIdOf(face, room, occupant) };
  }
  const identity = by === face.session?.me ? face.context.account.owner : by;
  const id = occupantIdElement(face.context.occupantId(room.jid, identity));
  return { nick: called, from: `${room.jid}/${called}`, id };
}

/** Who said that, where they change it: a correction counts from there alone (XEP-0308 §4). Who is in no list (a webhook's speaker, who has gone) is called as they were then. */
export const authorOf = (face: FaceState, room: Room, { by, nick }: Pick<Known, 'by' | 'nick'>): Speaker =>
  speakerOf(face, room, by, room.people.of(by) === undefined ? nick : undefined);

/** What was said, and by whom. */
export function lineBody(body: Xml, speaker: Xml, originId: string | undefined): Xml {
  const origin = originId === undefined ? empty : xml`<origin-id xmlns='urn:xmpp:sid:0' id=${originId}/>`;
  return join([body, origin, speaker]);
}

/** Something that is done to a message. */
export interface Deed extends Pick<Line, 'by' | 'at'> {
  readonly kind: ArchiveKind;
  /** The stanza-id of that message. */
  readonly about: string;
  readonly inside: Xml;
  /** The stanza's, where a client of ours did it. */
  readonly id: string | undefined;
}

/** Told like a message, but nothing that can be answered itself. */
export function tellDeed(face: FaceState, room: Room, speaker: Speaker, deed: Deed, out: Out): void {
  const stanzaId = face.context.newId();
  const body = lineBody(deed.inside, speaker.id, undefined);
  const { nick, from } = speaker;
  say(face, room, { ...deed, stanzaId, id: deed.id ?? stanzaId, nick, from, body, history: false }, out);
}

type Spoken = Line & { readonly by: PersonId };

/** A line that somebody said, as both sides know it. */
export function knownLine(
  room: Room,
  { by, nick, from, id, stanzaId: name, at, author }: Spoken,
  text: string,
  originId: string | undefined,
  refs: readonly MessageRef[],
): Known {
  const isMine = by === room.me?.person;
  return knownAs({ by, nick, from, id, name, originId, isMine, author, at, text }, refs);
}

/** A message of the room can be referred to from now on. */
export function rememberLine(
  face: FaceState,
  room: Room,
  line: Spoken,
  text: string,
  originId: string | undefined,
  refs: readonly MessageRef[],
): Known {
  const known = knownLine(room, line, text, originId, refs);
  face.refs.add(room.chat, known);
  return known;
}
