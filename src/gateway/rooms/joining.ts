/**
 * Letting a client in (XEP-0045 §7.1, §7.2): the others' presences, its own, history, subject, and then what was said meanwhile. Nothing of the room
 * reaches the client before or in between (45-20): until `finish` it is not among those who are told.
 */
import { GatewayError } from '../../core/errors.ts';
import type { Origin } from '../../core/intent.ts';
import { bareOf, resourceOf } from '../../core/jids.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import type { Entering } from '../face.ts';
import { momentIn } from './archived.ts';
import { cameOrWent, comesLater } from './coming.ts';
import { createOut, type FaceState, type IntentOf, type Out, type RoomFeature } from './feature.ts';
import { gone } from './history.ts';
import { ownPresence, tellSome } from './occupants.ts';
import { shows } from './presence.ts';
import { type Entry, letIn, letOut, type Room } from './room.ts';

/** How many messages are remembered for one client that is being let in; the archive has the older ones. */
const rememberedAtMost = 500;

/** Its own presence behind all others', with the join's id (45-22); 210 where it is not called what it asked for (45-23, 45-28). */
export const joining: RoomFeature = {
  joining(face, room, entry, out) {
    const { me } = room;
    if (me === undefined) throw new GatewayError('bug', { text: 'The network did not tell who we are in this room' });
    out.stanzas.push({
      kind: 'presence',
      from: me.jid,
      to: [entry.client],
      ...(entry.id !== undefined && { id: entry.id }),
      body: ownPresence(face, room, me, entry.client, entry.nick === me.nick ? 'entered' : 'enteredRenamed'),
    });
  },
  /** One name can be written as several addresses; what the room says comes from the one under which it was opened. A plumbing hears it by whichever. */
  checks({ context }, room, intent, origin) {
    if (intent.kind !== 'join' || room === undefined || room.jid === bareOf(origin.to)) return;
    if (context.isPlumbed?.(bareOf(origin.from)) === true) return;
    throw new GatewayError('forwarded', { text: `This room is open here as ${room.jid}`, elsewhere: room.chat });
  },
};

/** Said behind the subject: what came while the client was being let in, but for what is past by now. */
export const meanwhile: RoomFeature = {
  joining(_, room, entry, out) {
    for (const { from, id, body } of entry.remembered.slice(gone(room, entry))) {
      out.stanzas.push({ kind: 'message', type: 'groupchat', from, to: [entry.client], id, body, keep: true });
    }
  },
};

/** Keeps what is said for those who are being let in. */
export function remember(room: Room, said: Entry['remembered'][number]): void {
  for (const { remembered } of room.entering.values()) {
    if (remembered.length >= rememberedAtMost) remembered.shift();
    remembered.push(said);
  }
}

type Sequence = (face: FaceState, room: Room, entry: Entry, out: Out) => void;

/**
 * Begins to let a client in. One that is in already is told everything again (45-26): from now on it gets nothing until `finish`.
 * @param sequence all features' parts, in order
 * @param abandoned called when it was not let in
 */
export function enter(
  face: FaceState,
  room: Room,
  intent: IntentOf<'join'>,
  origin: Origin,
  sequence: Sequence,
  abandoned: () => void,
): Entering {
  const entry: Entry = {
    client: origin.from,
    nick: resourceOf(origin.to) || intent.nick,
    id: origin.stanzaId,
    since: room.clients.has(origin.from) ? momentIn(face, room) : room.entering.get(origin.from)?.since,
    shown: cameOrWent(face, room.chat, origin.from) ?? {
      show: intent.show ?? 'online',
      ...(intent.status !== undefined && { status: intent.status }),
    },
    // Where we are in the network does not look at it: what it took before stays.
    password: room.joined ? (room.password ?? intent.password) : intent.password,
    wish: intent.history,
    remembered: [],
    telling: undefined,
    past: [],
  };
  letOut(room, entry.client);
  room.entering.set(entry.client, entry);
  const current = (): boolean => room.entering.get(entry.client) === entry;
  return {
    since: entry.since,
    get others() {
      return current() ? Math.max(0, room.people.size - 1 - (entry.telling?.told.size ?? 0)) : 0;
    },
    some(atMost) {
      const out = createOut();
      if (current()) tellSome(face, room, entry, atMost, out);
      return out.stanzas;
    },
    finish(past): readonly Outgoing[] {
      if (!current()) return [];
      const out = createOut();
      entry.past = past;
      shows(face, room, entry.client, entry.shown);
      room.entering.delete(entry.client);
      sequence(face, room, entry, out);
      room.password = entry.password ?? room.password;
      letIn(room, entry.client);
      return out.stanzas;
    },
    abandon(isTriedAgain) {
      if (current()) {
        room.entering.delete(entry.client);
        if (isTriedAgain === true) comesLater(face, room.chat, entry.client, entry.shown);
      }
      abandoned();
    },
  };
}
