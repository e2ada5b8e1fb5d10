/** What is said in words to a client that asked for what can't be, beside the answer that its protocol has: once a conversation and hour. */
import type { Outgoing } from '../xmpp/outgoing.ts';
import type { Stanza } from '../xmpp/stanza.ts';
import { tellClient } from './contacts/answers.ts';
import type { FaceState } from './rooms/feature.ts';
import { originOf } from './rooms/origin.ts';

const againMs = 3_600_000;
const chatsAtMost = 4096;

/** Nothing where that client was told so there within the hour. @param about what it is about: each matter is told apart */
export function explain(face: FaceState, stanza: Stanza, about: string, text: string): readonly Outgoing[] {
  // Each occupant of a room is a conversation, and so is each person of a server; a contact is one, whatever stands behind its address.
  const isContact = face.context.addresses.parse(stanza.to.local)?.is === 'person';
  const chat = `${about} ${stanza.from.full} ${isContact ? stanza.to.bare : stanza.to.full}`;
  const now = face.context.now();
  const last = face.explained.get(chat);
  if (last !== undefined && now - last < againMs) return [];
  if (face.explained.size >= chatsAtMost) face.explained.clear();
  face.explained.set(chat, now);
  return tellClient(face, originOf(stanza, 'message', now), text);
}
