/** Where a room is, for those who are sent or asked there: its JID, and the URI that joins it (XEP-0147, XEP-0045 §16.7.1). */
import type { Address } from '../../bridge/contract.ts';
import type { ChatId } from '../../core/ids.ts';
import { percentDecoded } from '../../core/percent.ts';
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

/** Opens the room in clients that know such links. */
export function joinUri(room: string): string {
  const at = room.lastIndexOf('@');
  return `xmpp:${encodeURIComponent(room.slice(0, at))}${room.slice(at)}?join`;
}
