/** What is said to the room itself and not in it (45-45), and requests that no other feature knows (GEN-01). Last in the list. */
import { child } from '../../xml/query.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import { DATA_FORMS } from '../../xmpp/xep/0004-data-forms.ts';
import { MUC_USER } from '../../xmpp/xep/0045-muc.ts';
import { type RoomFeature, silence } from './feature.ts';
import { isRequest, refuse, refuseWith } from './origin.ts';

/** Words of the room's own that no feature took. */
function isRequestToRoom({ el }: Stanza): boolean {
  return child(el, 'x', MUC_USER) !== undefined || child(el, 'x', DATA_FORMS) !== undefined;
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
    iq(_, __, stanza) {
      if (!isRequest(stanza)) return silence;
      return { stanzas: [refuse(stanza, 'not-available')] };
    },
  },
};
