/** Asking for the right to speak (XEP-0045 §7.13, CHECKLIST 45-93): where it is needed, of a network that knows whom to ask. */
import { GatewayError } from '../../core/errors.ts';
import { MUC_REQUEST } from '../../xmpp/xep/0045-muc.ts';
import type { RoomFeature } from './feature.ts';

/** Announced where somebody can be asked; what makes no sense is refused before. */
export const voice: RoomFeature = {
  features: ({ session }) => (session?.rooms.askVoice === undefined ? [] : [MUC_REQUEST]),
  checks(face, room, intent) {
    if (intent.kind !== 'ask-voice' || room === undefined) return;
    const speaks = room.settings.isModerated !== true && room.me?.power !== 'visitor';
    if (speaks) throw new GatewayError('bad-request', { text: 'Everybody may speak in this room' });
    if (room.me !== undefined && room.me.power !== 'visitor' && room.me.power !== 'participant') {
      throw new GatewayError('bad-request', { text: 'You may speak in this room already' });
    }
    if (face.session !== undefined && face.session.rooms.askVoice === undefined) {
      throw new GatewayError('network-cannot', { text: 'Ask a moderator in the room for the right to speak' });
    }
  },
};
