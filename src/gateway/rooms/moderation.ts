/** Lists of ranks (XEP-0045 §8.5, §9.5 to §10.8, CHECKLIST 45-74), and what of a moderation can be refused before the network is asked (45-73). */
import { GatewayError } from '../../core/errors.ts';
import { child } from '../../xml/query.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import { MUC_ADMIN, type MucItem, mucAdmin } from '../../xmpp/xep/0045-muc.ts';
import type { Question } from '../face.ts';
import { shownAs } from '../shares.ts';
import { actsIn } from './acts.ts';
import { outcasts, shownAtMost } from './bans.ts';
import type { FaceState, RoomFeature } from './feature.ts';
import { contactJid } from './occupants.ts';
import { refuse, refuseWith, result } from './origin.ts';
import type { Occupant, Room } from './room.ts';
import { standings } from './standing.ts';

/** The role stands in lists of roles alone (45-74): Converse.js takes the nick for one that stands in a list of affiliations, and its moderators for none. */
function entry(face: FaceState, room: Room, occupant: Occupant, ofRoles: boolean): MucItem {
  const { affiliation, role } = standings[occupant.power];
  const jid = occupant === room.me ? shownAs(face.context) : contactJid(face, occupant.person);
  return { affiliation, ...(ofRoles && { role }), jid, nick: occupant.nick };
}

/** Everybody is known to everybody, so whoever is in may see the lists; who is banned only the network knows. */
function answer(face: FaceState, room: Room, stanza: Stanza): Outgoing | Question {
  if (!room.clients.has(stanza.from.full)) return refuse(stanza, 'not-allowed-there', room.jid);
  const [item, more] = mucAdmin.in(stanza.el)?.items ?? [];
  const { role, affiliation } = item ?? {};
  if (more !== undefined || (role === undefined) === (affiliation === undefined)) {
    return refuseWith(stanza, 'modify', 'bad-request', room.jid);
  }
  if (affiliation === 'outcast') return outcasts(face, room, stanza);
  if (role === 'none' || affiliation === 'none') return refuseWith(stanza, 'modify', 'bad-request', room.jid);
  const items: MucItem[] = [];
  for (const occupant of room.people.all()) {
    if (items.length === shownAtMost) break;
    const standing = standings[occupant.power];
    if (standing.role === role || standing.affiliation === affiliation)
      items.push(entry(face, room, occupant, role !== undefined));
  }
  return result(stanza, mucAdmin.write({ items }));
}

/** Lists on request; acting is an intent, answered when it is settled. */
export const moderation: RoomFeature = {
  hears: {
    iq(face, room, stanza) {
      if (stanza.type !== 'get' || stanza.to.resource !== '') return undefined;
      if (child(stanza.el, 'query', MUC_ADMIN) === undefined) return undefined;
      const answered = answer(face, room, stanza);
      return typeof answered === 'function' ? { stanzas: [], question: answered } : { stanzas: [answered] };
    },
  },
  checks(face, room, intent) {
    if (intent.kind !== 'moderate' || room === undefined) return;
    actsIn(room, intent);
    if (face.session !== undefined && face.session.rooms.moderate === undefined)
      throw new GatewayError('network-cannot');
  },
};
