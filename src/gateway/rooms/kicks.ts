/**
 * How a place in the room ends on the network (XEP-0045 §7.14, §8.2, §9.1; CHECKLIST 45-57, 45-60 to 45-62): others as an unavailable presence with the code of
 * why, ourselves as the same with 110 to every client, after which nobody is in any more.
 */
import type { MemberChange } from '../../core/event.ts';
import type { ChatId } from '../../core/ids.ts';
import { type Xml, xml } from '../../xml/writer.ts';
import { saidIn } from '../translation.ts';
import type { EventOf, FaceState, Out, RoomFeature } from './feature.ts';
import { itemJid, occupantIdOf } from './occupants.ts';
import { hides } from './presence.ts';
import { clearOccupants, clientsOf, type Occupant, ownJid, type Room } from './room.ts';
import { standings } from './standing.ts';
import { roomJid } from './venue.ts';

type How = Extract<MemberChange, { is: 'out' }>['how'] | EventOf<'removed'>['how'];

/** How a place in the room ended, and by whom. */
export interface Why {
  readonly how: How;
  /** The nick of who did it. */
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
  /** The room that is in its place. */
  readonly to?: ChatId | undefined;
}

/** Status codes by how it ended. */
const codes: Readonly<Record<How, Xml | undefined>> = {
  left: undefined,
  kicked: xml`<status code='307'/>`,
  banned: xml`<status code='301'/>`,
  revoked: xml`<status code='321'/>`,
  closed: xml`<status code='322'/>`,
  lost: xml`<status code='333'/>`,
  gone: undefined,
};
const self = xml`<status code='110'/>`;

/** Somebody did it, so that it has an actor and a reason; else it is the leaver's own status text. */
const isForced = (how: How): boolean => how === 'kicked' || how === 'banned' || how === 'revoked' || how === 'closed';

/** The body of an unavailable presence. */
export function departure(face: FaceState, room: Room, occupant: Occupant | undefined, why: Why, own?: string): Xml {
  const { how, by, reason, to } = why;
  const forced = isForced(how);
  const standing = occupant === undefined ? 'none' : standings[occupant.power].affiliation;
  const affiliation = how === 'banned' ? 'outcast' : how === 'gone' || how === 'revoked' ? 'none' : standing;
  const jid = own ?? (occupant === undefined ? undefined : itemJid(face, occupant));
  const because = reason === undefined || reason === '' ? undefined : xml`<reason>${reason}</reason>`;
  const actor = by === undefined || by === '' ? undefined : xml`<actor nick=${by}/>`;
  const venue = to === undefined ? undefined : roomJid(face, to);
  const status = because === undefined || forced || how === 'gone' ? undefined : xml`<status>${reason}</status>`;
  return xml`${status}<x xmlns='http://jabber.org/protocol/muc#user'>
    <item affiliation=${affiliation} role='none' jid=${jid}>${forced ? actor : undefined}${forced ? because : undefined}</item>
    ${how === 'gone' ? xml`<destroy jid=${venue}>${because}</destroy>` : codes[how]}${own === undefined ? undefined : self}
  </x>${occupant === undefined ? undefined : occupantIdOf(face, room, occupant)}`;
}

/** Tells every client, those about to be let in too, that it is out; then nobody is in and the room is not joined. */
export function expel(face: FaceState, room: Room, why: Why, out: Out): void {
  const were = clientsOf(room);
  for (const client of were) {
    out.stanzas.push({
      kind: 'presence',
      type: 'unavailable',
      from: ownJid(room, room.entering.get(client)?.nick ?? ''),
      to: [client],
      body: departure(face, room, room.me, why, client),
    });
  }
  room.clients.clear();
  room.everybody = [];
  room.entering.clear();
  for (const client of were) hides(face, room, client);
  clearOccupants(room);
}

/** Others leave, or we are made to. */
export const kicks: RoomFeature = {
  on: {
    out(face, room, change, out) {
      const occupant = room.people.of(change.person);
      if (occupant === undefined) return;
      if (occupant === room.me) {
        expel(face, room, change, out);
        return;
      }
      room.people.remove(occupant);
      if (room.everybody.length === 0) return;
      out.stanzas.push({
        kind: 'presence',
        type: 'unavailable',
        from: occupant.jid,
        to: room.everybody,
        body: departure(face, room, occupant, change),
      });
    },
    removed(face, room, event, out) {
      // Who puts somebody out says why in words of their own.
      const isOurs = event.reason !== undefined && (event.how === 'gone' || event.by === undefined);
      const reason = isOurs ? saidIn(event.reason, face.lang, face.context.translate).text : event.reason;
      expel(face, room, { ...event, reason }, out);
    },
  },
};
