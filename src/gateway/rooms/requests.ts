/** What is said to the room itself and not in it (45-45), and requests that no other feature knows (GEN-01). Last in the list. */
import { child } from '../../xml/query.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import { DATA_FORMS } from '../../xmpp/xep/0004-data-forms.ts';
import { MUC_OWNER, MUC_USER, mucOwner } from '../../xmpp/xep/0045-muc.ts';
import { type RoomFeature, silence } from './feature.ts';
import { isRequest, refuse, refuseWith, result } from './origin.ts';
import type { Room } from './room.ts';
import { standings } from './standing.ts';

/** Invitations, declines and requests for voice: nothing that is passed on yet. */
function isRequestToRoom({ el }: Stanza): boolean {
  return child(el, 'x', MUC_USER) !== undefined || child(el, 'x', DATA_FORMS) !== undefined;
}

/** Nothing can be configured yet: an empty form for its owners, and for nobody else (45-81). */
function configuration(room: Room, stanza: Stanza): Outgoing {
  const isOwner = room.me !== undefined && standings[room.me.power].affiliation === 'owner';
  if (!isOwner || !room.clients.has(stanza.from.full)) return refuse(stanza, 'not-allowed-there', room.jid);
  return stanza.type === 'get' ? result(stanza, mucOwner.write({})) : refuse(stanza, 'not-implemented', room.jid);
}

/** The last word on whatever no other feature took. */
export const requests: RoomFeature = {
  hears: {
    message(_, room, stanza) {
      if (stanza.to.resource !== '' || stanza.type === 'groupchat' || stanza.type === 'headline') return silence;
      if (isRequestToRoom(stanza)) return { stanzas: [refuse(stanza, 'not-implemented', room.jid)] };
      if (child(stanza.el, 'body') === undefined) return silence;
      return { stanzas: [refuseWith(stanza, 'modify', 'bad-request', room.jid)] };
    },
    iq(_, room, stanza) {
      if (!isRequest(stanza)) return silence;
      if (child(stanza.el, 'query', MUC_OWNER) !== undefined) return { stanzas: [configuration(room, stanza)] };
      return { stanzas: [refuse(stanza, 'not-available')] };
    },
  },
};
