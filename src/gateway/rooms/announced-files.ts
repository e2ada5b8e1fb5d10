/**
 * Files that are announced before they can be fetched (XEP-0447 §3.3, CHECKLIST 447-01): the network hears of them with their address. Their sender waits for
 * the announcement to come back, for only by the room's name for it can the address be attached: Dino sends none before.
 */
import { join, write } from '../../xml/writer.ts';
import { originId } from '../../xmpp/xep/0359-stanza-ids.ts';
import { announcedIn } from '../text/files.ts';
import { stanzaIdElement } from './archived.ts';
import { type RoomFeature, silence } from './feature.ts';
import { occupantIdOf } from './occupants.ts';
import { refuse } from './origin.ts';
import { lineBody } from './speaking.ts';

/** Comes back to its sender alone, for whom it is of use. */
export const announcedFiles: RoomFeature = {
  hears: {
    message(face, room, stanza) {
      const { type, from, to, id, el } = stanza;
      const files = announcedIn(el);
      if (type !== 'groupchat' || to.resource !== '' || files.length === 0) return undefined;
      const { me, clients } = room;
      if (!clients.has(from.full))
        return { stanzas: [refuse(stanza, 'not-in-room', room.jid, 'You are not in this room')] };
      if (me === undefined) return silence;
      const stanzaId = face.context.newId();
      const said = lineBody(join(files.map((file) => write(file))), occupantIdOf(face, room, me), originId.in(el)?.id);
      const body = join([said, stanzaIdElement(room.jid, stanzaId)]);
      return {
        stanzas: [
          { kind: 'message', type: 'groupchat', from: me.jid, to: [from.full], id: id ?? stanzaId, body, keep: true },
        ],
      };
    },
  },
};
