/**
 * The room's own picture (XEP-0486). Its hash stands in service discovery (§3.3), it is on the room's card, a change is status 104; and the presence of the room's
 * own address names it, which is what clients read (CHECKLIST 486-03).
 */
import { child } from '../../xml/query.ts';
import { type Xml, xml } from '../../xml/writer.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import { VCARD, vcard } from '../../xmpp/xep/0054-vcard.ts';
import { avatarHashField } from '../../xmpp/xep/0486-muc-avatars.ts';
import { photoOf, pictureOf, writePhoto } from '../photos.ts';
import type { EventOf, FaceState, Out, RoomFeature } from './feature.ts';
import { result } from './origin.ts';
import type { Room } from './room.ts';

const changed = xml`<x xmlns='http://jabber.org/protocol/muc#user'><status code='104'/></x>`;

const mayHave = ({ session }: FaceState): boolean => session?.avatars?.ofRoom !== undefined;

const ofItself = (room: Room, to: readonly string[], body: Xml): Outgoing => ({
  kind: 'presence',
  from: room.jid,
  to,
  body,
});

/** To all who are in: it has another picture, which is known, or none any more (486-02, 486-03). */
export function tellPicture(face: FaceState, room: Room, avatar: string | null | undefined, out: Out): void {
  const photo = photoOf(face, avatar);
  if (!mayHave(face) || photo === 'unknown' || room.everybody.length === 0) return;
  const to = room.everybody;
  out.stanzas.push({ kind: 'message', type: 'groupchat', from: room.jid, to, id: face.context.newId(), body: changed });
  out.stanzas.push(ofItself(room, to, writePhoto(photo)));
}

function change(face: FaceState, room: Room, { change: { avatar } }: EventOf<'room'>, out: Out): void {
  const { settings } = room;
  // What is told first after a restart is no change.
  const isFirst = Object.keys(settings).length === 0;
  if (avatar === undefined || isFirst || (settings.avatar ?? null) === avatar) return;
  tellPicture(face, room, avatar, out);
}

/** Before the settings in the list, which overwrite what was. */
export const picture: RoomFeature = {
  features: (face) => (mayHave(face) ? [VCARD] : []),
  info(face, { settings }) {
    const known = mayHave(face) ? pictureOf(face, settings.avatar) : undefined;
    return known === undefined ? [] : [avatarHashField(known.hash)];
  },
  joining(face, room, { client }, out) {
    const known = mayHave(face) ? pictureOf(face, room.settings.avatar) : undefined;
    if (known !== undefined) out.stanzas.push(ofItself(room, [client], writePhoto(known.hash)));
  },
  on: { room: change },
  hears: {
    /** No card is an empty card (XEP-0054 §3.3). */
    iq(_, { chat }, stanza) {
      if (stanza.type !== 'get' || stanza.to.resource !== '') return undefined;
      if (child(stanza.el, 'vCard', VCARD) === undefined) return undefined;
      return {
        stanzas: [],
        async question({ roomPicture }) {
          const found = await roomPicture?.(chat);
          const photo = found === undefined ? {} : { photo: { type: found.type, base64: found.base64 } };
          return [result(stanza, vcard.write(photo))];
        },
      };
    },
  },
};
