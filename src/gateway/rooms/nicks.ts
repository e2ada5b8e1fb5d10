/** Changes of nick (XEP-0045 §7.6): asked for by a presence to another R/N, told when the network has confirmed it, always as the pair of 303 and a new presence. */
import { GatewayError } from '../../core/errors.ts';
import type { PersonId } from '../../core/ids.ts';
import { type Xml, xml } from '../../xml/writer.ts';
import { type FaceState, meThen, type Out, type RoomFeature } from './feature.ts';
import { itemJid, occupantIdOf, tellPresence } from './occupants.ts';
import { originOf } from './origin.ts';
import { become, type Occupant, type Room } from './room.ts';
import { standings } from './standing.ts';

const self = xml`<status code='110'/>`;

/** The first half of the pair; the role stays the real one (45-52). */
function gone(face: FaceState, room: Room, occupant: Occupant, nick: string, jid: string, isMe: boolean): Xml {
  const { affiliation, role } = standings[occupant.power];
  return xml`<x xmlns='http://jabber.org/protocol/muc#user'>
    <item affiliation=${affiliation} role=${role} jid=${jid} nick=${nick}/><status code='303'/>${isMe ? self : undefined}
  </x>${occupantIdOf(face, room, occupant)}`;
}

/** Renames the occupant in the room and tells everybody. `as`: the person's id from now on, where the nick is the id. */
export function tellRenamed(
  face: FaceState,
  room: Room,
  occupant: Occupant,
  nick: string,
  as: PersonId | undefined,
  out: Out,
): void {
  const isMe = occupant === room.me;
  if (room.everybody.length > 0 && nick !== occupant.nick) tellGone(face, room, occupant, nick, out);
  const isOther = as !== undefined && as !== occupant.person;
  const now = become(room, occupant, {
    nick,
    jid: `${room.jid}/${nick}`,
    ...(isOther && { person: as, contact: undefined }),
  });
  tellPresence(face, room, now, out, isMe && face.wishedNick !== undefined && face.wishedNick !== nick);
}

function tellGone(face: FaceState, room: Room, occupant: Occupant, nick: string, out: Out): void {
  if (occupant !== room.me) {
    const body = gone(face, room, occupant, nick, itemJid(face, occupant), false);
    out.stanzas.push({ kind: 'presence', type: 'unavailable', from: occupant.jid, to: room.everybody, body });
    return;
  }
  for (const client of room.everybody) {
    const body = gone(face, room, occupant, nick, client, true);
    out.stanzas.push({ kind: 'presence', type: 'unavailable', from: occupant.jid, to: [client], body });
  }
}

/** Asked for, refused early where the nick is known to be taken, told when it is so. */
export const nicks: RoomFeature = {
  on: {
    renamed(face, room, { person, nick, as }, out) {
      const occupant = room.people.of(person) ?? (person === meThen(face) ? room.me : undefined);
      if (occupant !== undefined) tellRenamed(face, room, occupant, nick, as, out);
    },
  },
  hears: {
    presence(face, room, stanza) {
      const { from, to, type } = stanza;
      const nick = to.resource;
      // Who is about to be let in has the nick that it asked for, as far as it knows.
      const entering = room.entering.get(from.full);
      if (type !== undefined || nick === '' || (entering === undefined && !room.clients.has(from.full)))
        return undefined;
      if (nick === entering?.nick || nick === (room.me?.nick ?? room.told?.me)) return undefined;
      const origin = originOf(stanza, 'presence', face.context.now());
      return { stanzas: [], ask: { intent: { kind: 'nick', chat: room.chat, nick }, origin } };
    },
  },
  checks(face, room, intent) {
    if (intent.kind !== 'nick') return;
    const holder = room?.people.called(intent.nick);
    if (holder !== undefined && holder !== room?.me) {
      throw new GatewayError('nick-taken', { text: `The nick ${intent.nick} is taken in this room` });
    }
    face.wishedNick = intent.nick;
  },
};
