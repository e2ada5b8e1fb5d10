/** Am I still in? (XEP-0410) Answered at once by who asks, whatever nick is asked for (410-03), and never by the network. */
import { PING, ping } from '../../xmpp/xep/0199-ping.ts';
import { SELF_PING_OPTIMIZATION } from '../../xmpp/xep/0410-self-ping.ts';
import type { RoomFeature } from './feature.ts';
import { refuseWith, result } from './origin.ts';
import { isAmong } from './room.ts';

/** In the room or not, told by the full JID that asks. */
export const selfPing: RoomFeature = {
  namespaces: [SELF_PING_OPTIMIZATION, PING],
  hears: {
    iq(_, room, stanza) {
      if (stanza.type !== 'get' || !ping.has(stanza.el)) return undefined;
      const isIn = stanza.to.resource === '' || isAmong(room, stanza.from.full);
      return { stanzas: [isIn ? result(stanza) : refuseWith(stanza, 'cancel', 'not-acceptable', room.jid)] };
    },
  },
};
