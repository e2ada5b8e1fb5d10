/** Where a room is, for those who are sent or asked there: its JID, and the URI that joins it (XEP-0147, XEP-0045 §16.7.1). */
import type { Address } from '../../bridge/contract.ts';
import type { Content } from '../../core/content.ts';
import type { ChatId } from '../../core/ids.ts';
import { bareOf } from '../../core/jids.ts';
import { percentDecoded } from '../../core/percent.ts';
import { namesRooms, withWays } from '../text/ways.ts';
import type { FaceState } from './feature.ts';

/** As the bridge names it. */
export function addressOf({ context: { account } }: Pick<FaceState, 'context'>, chat: ChatId): Address {
  return { is: 'room', id: chat, ...(account.on !== undefined && { on: account.on }) };
}

/** As whoever is in it joined it; else as it is written. */
export function roomJid(face: Pick<FaceState, 'context' | 'rooms'>, chat: ChatId): string {
  const { addresses, domain } = face.context;
  return face.rooms.get(chat)?.jid ?? `${addresses.format(addressOf(face, chat))}@${domain}`;
}

/** What somebody has typed or pasted: an address, or the link that opens it. */
export function addressTyped(text: string): string {
  const typed = text.trim();
  return typed.startsWith('xmpp:') ? percentDecoded(typed.slice(5).replace(/\?.*$/s, '')) : typed;
}

/** A MUC hears it too, whose people may not come into other rooms. */
const isHeardElsewhere = (
  { context: { isPlumbed }, rooms }: Pick<FaceState, 'context' | 'rooms'>,
  here: ChatId,
): boolean =>
  isPlumbed !== undefined && rooms.get(here)?.everybody.some((client) => isPlumbed(bareOf(client))) === true;

/** The same content, as it leads whoever is in that chat to the other rooms that it names. */
export function leading<C extends Content<unknown>>(
  face: Pick<FaceState, 'context' | 'rooms'>,
  here: ChatId,
  said: C,
): C {
  const { text } = said;
  if (!namesRooms(text) || isHeardElsewhere(face, here)) return said;
  return { ...said, text: withWays(text, (chat) => (chat === here ? undefined : joinUri(roomJid(face, chat)))) };
}

/** Opens the room in clients that know such links. */
export function joinUri(room: string): string {
  const at = room.lastIndexOf('@');
  return `xmpp:${encodeURIComponent(room.slice(0, at))}${room.slice(at)}?join`;
}
