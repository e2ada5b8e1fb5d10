/** The rooms that a face knows: by the network's id, and by the JID that clients use. */
import type { ChatId } from '../../core/ids.ts';
import { bareOf } from '../../core/jids.ts';
import type { FaceState } from './feature.ts';
import { createRoom, type Room } from './room.ts';

/** Opens it. */
export function addRoom(face: FaceState, room: Room): void {
  face.rooms.set(room.chat, room);
  face.byJid.set(room.jid, room);
}

/** Closes it; nobody is told. */
export function dropRoom(face: FaceState, room: Room): void {
  if (face.rooms.get(room.chat) === room) face.rooms.delete(room.chat);
  if (face.byJid.get(room.jid) === room) face.byJid.delete(room.jid);
}

/** That room, where it is open; all open rooms where none is named. */
export function roomsOf(face: FaceState, chat: ChatId | undefined): readonly Room[] {
  if (chat === undefined) return [...face.rooms.values()];
  const room = face.rooms.get(chat);
  return room === undefined ? [] : [room];
}

/** A room that is not open, so that stanzas to it can be answered like any: nobody is in it. */
export function closedRoom(chat: ChatId, jid: string): Room {
  const at = jid.indexOf('@');
  return createRoom(chat, jid.slice(0, Math.max(0, at)), jid.slice(at + 1));
}

/** The open room, or a new one under the JID that the client used. */
export function openRoom(face: FaceState, chat: ChatId, jid: string): Room {
  const known = face.rooms.get(chat);
  if (known !== undefined) return known;
  const room = closedRoom(chat, bareOf(jid));
  addRoom(face, room);
  return room;
}
