/** How an account's owner appears in XMPP, read from their own server (CHECKLIST 084-10): what is asked, how the answers are read, and what says that it may have changed. */
import { fitPicture, type Picture, pictureLimits } from '../core/picture.ts';
import type { Element } from '../xml/element.ts';
import { child } from '../xml/query.ts';
import type { Stanza } from '../xmpp/stanza.ts';
import { vcard } from '../xmpp/xep/0054-vcard.ts';
import { itemIn, itemsRequest, PUBSUB_EVENT } from '../xmpp/xep/0060-pubsub.ts';
import { AVATAR_DATA, AVATAR_METADATA, avatarData, avatarMetadata } from '../xmpp/xep/0084-user-avatar.ts';
import { avatarHashIn } from '../xmpp/xep/0153-avatar-hash.ts';
import { notify } from '../xmpp/xep/0163-pep.ts';
import { NICK, nickIn } from '../xmpp/xep/0172-nick.ts';

/** What the gateway's capabilities ask servers to tell it. */
export const profileFeatures: readonly string[] = [notify(AVATAR_METADATA), notify(NICK)];

export const metadataQuestion = itemsRequest(AVATAR_METADATA);
export const nickQuestion = itemsRequest(NICK);
export const cardQuestion = vcard.write({});
/** @param id as the metadata say */
export const dataQuestion = (id: string) => itemsRequest(AVATAR_DATA, id);

/** The id of the picture that lies in the node beside; null: there is none; undefined: nothing is said. */
export function readMetadata(payload: Element | undefined): string | null | undefined {
  const item = payload && itemIn(payload);
  const metadata = item && avatarMetadata.read(item.payload);
  if (metadata === undefined) return undefined;
  if (metadata.infos.length === 0) return null;
  return metadata.infos.find(({ url }) => url === undefined)?.id;
}

function decoded(base64: string | undefined): Picture | undefined {
  if (base64 === undefined || base64.length > pictureLimits.bytes * 2) return undefined;
  const picture = { bytes: Buffer.from(base64, 'base64') };
  return fitPicture(picture) === undefined ? undefined : picture;
}

/** undefined: none that could be shown. */
export function readData(payload: Element | undefined): Picture | undefined {
  const item = payload && itemIn(payload);
  return decoded(item && avatarData.read(item.payload)?.base64);
}

/** What a card says; undefined: it is none. `picture`: undefined where it has none that could be shown. */
export function readCard(
  payload: Element | undefined,
): { readonly picture: Picture | undefined; readonly nick: string | undefined } | undefined {
  const card = payload && vcard.read(payload);
  return card && { picture: decoded(card.photo?.base64), nick: card.nickname?.trim() || undefined };
}

/** The name in the node; undefined: there is none. */
export function readNick(payload: Element | undefined): string | undefined {
  const item = payload && itemIn(payload);
  return item && nickIn(item.payload);
}

/** Is it an event of the user's own nodes, sent by their server (XEP-0163 §4.3.1)? */
export function isProfileEvent({ kind, type, from, el }: Stanza): boolean {
  if (kind !== 'message' || type === 'error' || from.local === '' || from.resource !== '') return false;
  const event = child(el, 'event', PUBSUB_EVENT);
  const node = event && child(event, 'items')?.attrs.node;
  return node === AVATAR_METADATA || node === NICK;
}

/** What a client's presence says of its owner's picture: a hash, '' for none; undefined: nothing. */
export const pictureSaid = ({ kind, type, el }: Stanza): string | undefined =>
  kind === 'presence' && type === undefined ? avatarHashIn(el) : undefined;
