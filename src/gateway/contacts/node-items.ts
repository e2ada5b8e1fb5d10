/** What stands in the nodes of a contact: their picture and what there is to know of it (XEP-0084), their name (XEP-0172), their card (XEP-0292). */
import type { PersonCard } from '../../bridge/contract.ts';
import type { PictureInfo, PictureRow } from '../../storage/avatar-ports.ts';
import type { Item } from '../../xmpp/xep/0060-pubsub.ts';
import { avatarData, avatarMetadata } from '../../xmpp/xep/0084-user-avatar.ts';
import { nickElement } from '../../xmpp/xep/0172-nick.ts';
import { vcard4 } from '../../xmpp/xep/0292-vcard4.ts';
import { photoOf, pictureOf } from '../photos.ts';
import type { FaceState } from '../rooms/feature.ts';
import { cardOf, type Say } from './person-card.ts';

/** The id of an item that is the only one of its kind. */
const current = 'current';

/** What there is to know of a picture; undefined: an empty element, which says that there is none (084-01). */
export function metadataOf(picture: PictureInfo | undefined): Item {
  if (picture === undefined) return { id: current, payload: avatarMetadata.write({ infos: [] }) };
  const { hash, bytes, type, width, height } = picture;
  return { id: hash, payload: avatarMetadata.write({ infos: [{ bytes, id: hash, type, width, height }] }) };
}

/** The same of a contact's; undefined: nothing is known yet. */
export function metadataItem(face: FaceState, avatar: string | null | undefined): Item | undefined {
  const photo = avatar === undefined ? undefined : photoOf(face, avatar);
  return photo === undefined || photo === 'unknown' ? undefined : metadataOf(pictureOf(face, avatar));
}

/** The picture; the same bytes as in the card (398-01). */
export const dataOf = ({ hash, base64 }: PictureRow): Item => ({ id: hash, payload: avatarData.write({ base64 }) });

/** undefined: they have no name. */
export const nickItem = (name: string | undefined): Item | undefined =>
  name === undefined || name === '' ? undefined : { id: current, payload: nickElement(name) };

/** All that is known of somebody. */
export function cardItem(card: PersonCard, say: Say): Item {
  const { fullName = card.nick, nickname, description } = cardOf(card, say);
  const more = { ...(nickname !== undefined && { nickname }), ...(description !== undefined && { note: description }) };
  return { id: current, payload: vcard4({ fullName, ...more }) };
}
