/**
 * What clients show of themselves in a room (XEP-0045 §7.7) and what of all that the network is told, and clients that believe they are in one and are not (§7.2.18). A person with several clients is
 * away, there and on the network, only when all of them are.
 */
import type { FleetingIntent } from '../../core/intent.ts';
import { type Xml, xml } from '../../xml/writer.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import type { Heard } from '../face.ts';
import { isShared } from '../labels.ts';
import { online, type Shown, sameShown, shownIn, together, writeShown } from '../shown.ts';
import { saidIn } from '../translation.ts';
import { showsBefore } from './coming.ts';
import { createOut, type FaceState, type RoomFeature, silence } from './feature.ts';
import { tellPresence } from './occupants.ts';
import { clientsOf, type Room } from './room.ts';

/** A client that believes to be in the room: it is told to come again (45-25). */
export const outside = (lang: string | undefined): Xml => xml`<x xmlns='http://jabber.org/protocol/muc#user'>
  <item affiliation='none' role='none'><reason>${saidIn('You are not in this room; please join again', lang).text}</reason></item>
  <status code='110'/><status code='307'/><status code='333'/>
</x>`;

type Fleeting = Extract<FleetingIntent, { kind: 'presence' }>;

const shownBy = (face: FaceState, clients: Iterable<string>): Shown =>
  together(Array.from(clients, (client) => face.shown.get(client) ?? online));

/** A client comes into the room showing this. */
export function shows(face: FaceState, room: Room, client: string, shown: Shown): void {
  if (shown.show === 'online' && shown.status === undefined) face.shown.delete(client);
  else face.shown.set(client, shown);
  room.appearance = writeShown(shownBy(face, clientsOf(room)));
}

/** A client is out of the room; out of the last one it shows nothing any more. */
export function hides(face: FaceState, room: Room, client: string): void {
  room.appearance = writeShown(shownBy(face, clientsOf(room)));
  if (!face.shown.has(client)) return;
  for (const other of face.rooms.values()) if (other.clients.has(client) || other.entering.has(client)) return;
  face.shown.delete(client);
}

/** Of a client that is in a room, what it shows there; of others what they show outside. Whoever had shown themselves and is gone is away. */
function shownByAll(face: FaceState): Shown {
  const { clients, isKnown } = face.outside;
  const all = new Map<string, Shown>();
  for (const [client, { shown }] of clients) all.set(client, shown);
  for (const room of face.rooms.values())
    for (const client of clientsOf(room)) all.set(client, face.shown.get(client) ?? online);
  return all.size === 0 && isKnown ? { show: 'away' } : together(all.values());
}

/** For the network: what all clients show together, where that is another thing than it was told last and it can be told at all. An account that serves several is there for all of them. */
export function shownToNetwork(face: FaceState): Fleeting | undefined {
  if (face.session?.status === undefined || isShared(face.context.account.on)) return undefined;
  const now = shownByAll(face);
  if (sameShown(now, face.shownLast)) return undefined;
  face.shownLast = now;
  return { kind: 'presence', ...now };
}

function hear(face: FaceState, room: Room, stanza: Stanza): Heard {
  const { from, to } = stanza;
  if (stanza.type !== undefined || to.resource === '') return silence;
  const entry = room.entering.get(from.full);
  if (entry !== undefined) {
    entry.shown = shownIn(stanza.el);
    return silence;
  }
  if (!room.clients.has(from.full)) {
    // Its join may wait for the network; should it not, it hears that when it asks.
    if (face.session === undefined) return silence;
    if (showsBefore(face, room.chat, from.full, () => shownIn(stanza.el))) return silence;
    return {
      stanzas: [{ kind: 'presence', type: 'unavailable', from: to.full, to: [from.full], body: outside(stanza.lang) }],
    };
  }
  shows(face, room, from.full, shownIn(stanza.el));
  const out = createOut();
  if (room.me !== undefined) tellPresence(face, room, room.me, out);
  const fleeting = shownToNetwork(face);
  return fleeting === undefined ? { stanzas: out.stanzas } : { stanzas: out.stanzas, fleeting };
}

/** The last of the presence features: whatever is left is an update, or silence (45-29). */
export const presence: RoomFeature = { hears: { presence: hear } };
