/** A line of a room as a row of the archive, and back: what is kept of it, in which order, and how it is told again (XEP-0313 §3). */
import type { NetworkEvent } from '../../core/event.ts';
import type { MessageRef, PersonId } from '../../core/ids.ts';
import { asResource } from '../../core/resource.ts';
import type { ArchiveKind, ArchiveRow } from '../../storage/ports.ts';
import { join, revive, type Xml, xml } from '../../xml/writer.ts';
import type { FaceContext } from '../face.ts';
import type { FaceState, Out } from './feature.ts';
import type { Room } from './room.ts';

/** Something that a room's past is to have. */
export interface Kept {
  readonly stanzaId: string;
  /** The stanza's `id`. */
  readonly id: string;
  /** '': the room itself. */
  readonly nick: string;
  /** Without the stanza-id. */
  readonly body: Xml;
  readonly kind?: ArchiveKind | undefined;
  /** Who said it; absent: nobody. Our own is kept as such, under whatever name we had. */
  readonly by?: PersonId | undefined;
  readonly refs?: readonly MessageRef[] | undefined;
  /** The stanza-id of what it changes or adds to. */
  readonly about?: string | undefined;
  /** For whom a shared account said it. */
  readonly author?: string | undefined;
}

/** Where nobody has said anything else: everything is kept, and who comes in is shown a few lines. */
const usual = { recorded: true, length: 20 };
/** Nobody is shown more, whatever they have set. */
const shownAtMost = 1000;

/** What is kept and shown of a room's past. */
export function pastOf({ pastOf: set }: Pick<FaceContext, 'pastOf'>, room: Pick<Room, 'chat'>): typeof usual {
  const { recorded, length = usual.length } = set?.(room.chat) ?? usual;
  return { recorded, length: Math.min(length, shownAtMost) };
}

/** `<stanza-id/>` is always ours (45-40). */
export const stanzaIdElement = (roomJid: string, id: string): Xml =>
  xml`<stanza-id xmlns='urn:xmpp:sid:0' by=${roomJid} id=${id}/>`;

/**
 * Of a past that is stamped ahead of our clock the time is ours: whoever asks the archive for what came behind it would not hear of what is said until then. What
 * has no name keeps its own, by which it is known again.
 */
export function timely<Event extends NetworkEvent>(event: Event, context: Pick<FaceContext, 'now'>): Event {
  if (event.kind !== 'message' || event.history !== true || event.unnamed === true) return event;
  const now = context.now();
  return event.at.getTime() > now ? { ...event, at: new Date(now) } : event;
}

/**
 * When a line was said, so that the archive has what was said live in the order in which it was told (XEP-0313 §3.1): a network's clock may be wrong,
 * and wrong in another way than ours. What comes from the network's own past keeps its time.
 */
export function stampOf(face: FaceState, room: Room, at: number, isHistory: boolean): number {
  if (isHistory) return at;
  room.lastAt = Math.max(room.lastAt, Math.min(at, face.context.now()));
  return room.lastAt;
}

/**
 * A moment between what that room has told and what it will tell, which is stamped then or later: by the network's clock, since by ours what is on its way from the
 * network was said before, the more so where the network's is behind.
 */
export function momentIn({ context }: FaceState, room: Room): number {
  const now = context.now();
  room.lastAt = room.lastAt === 0 ? now : Math.min(room.lastAt + 1, now);
  return room.lastAt;
}

const isOurs = ({ session }: FaceState, { me }: Room, by: PersonId): boolean => by === me?.person || by === session?.me;

/** Into the archive, where the room's past is recorded. @param at from `stampOf` */
export function keep(face: FaceState, room: Room, kept: Kept, at: number, out: Out): void {
  room.past ??= pastOf(face.context, room);
  if (!room.past.recorded) return;
  const { stanzaId, id, nick, body, kind, by, refs, about, author } = kept;
  out.archive.push({
    account: face.context.account.id,
    chat: room.chat,
    id: stanzaId,
    at,
    nick,
    body: body.text,
    stanza: id,
    ...(kind !== undefined && { kind }),
    ...(by !== undefined && !isOurs(face, room, by) && { by }),
    ...(refs !== undefined && refs.length > 0 && { refs }),
    ...(about !== undefined && { about }),
    ...(author !== undefined && { author }),
  });
}

/** R/N, or the room itself. Rows have names as the network had them, which servers may refuse. */
export const fromOf = (roomJid: string, { nick }: Pick<ArchiveRow, 'nick'>): string =>
  nick === '' ? roomJid : `${roomJid}/${asResource(nick) || nick}`;

/** The stanza's children as they were told, stanza-id and all; undefined where the row is damaged, which is to keep nobody from the others. */
export function toldBefore(roomJid: string, { id, body }: ArchiveRow): Xml | undefined {
  try {
    const told = revive(body);
    // Rows of before the archive's second version hold it.
    return body.includes('<stanza-id ') ? told : join([told, stanzaIdElement(roomJid, id)]);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
