/** What is encrypted ends here (CHECKLIST 380): each message comes back to its sender, and once a conversation and hour it is said why, in words that any client shows. */
import { GatewayError } from '../core/errors.ts';
import { childText } from '../xml/query.ts';
import { writeError } from '../xmpp/error.ts';
import type { Outgoing } from '../xmpp/outgoing.ts';
import { reply, type Stanza } from '../xmpp/stanza.ts';
import { type Encryption, encryptionOf } from '../xmpp/xep/0380-encryption.ts';
import { textsFor } from './commands/texts.ts';
import { tellClient } from './contacts/answers.ts';
import type { Heard } from './face.ts';
import { placeName } from './labels.ts';
import type { FaceState } from './rooms/feature.ts';
import { originOf } from './rooms/origin.ts';

const againMs = 3_600_000;
const chatsAtMost = 4096;

/** What only its recipient could read, of a message that somebody said; undefined: nothing. */
export function secretIn({ kind, type, el }: Stanza): Encryption | undefined {
  if (kind !== 'message' || type === 'error' || type === 'headline') return undefined;
  return encryptionOf(el, childText(el, 'body'));
}

/** Why it was not delivered. */
export const notDelivered = ({ method }: Encryption, where: string, lang: string | undefined): GatewayError =>
  new GatewayError('encrypted', { text: textsFor(lang).notDecrypted(method, where), lang: textsFor(lang).language });

/** undefined: it is not encrypted. */
export function hearSecret(face: FaceState, stanza: Stanza): Heard | undefined {
  const secret = secretIn(stanza);
  if (secret === undefined) return undefined;
  const { on } = face.context.account;
  const { type, condition, details } = notDelivered(secret, placeName(on, face.context.domain), stanza.lang);
  const stanzas: Outgoing[] = [{ ...reply(stanza, 'error'), body: writeError({ type, condition, ...details }) }];
  // Each occupant of a room is a conversation, and so is each person of a server; a contact is one, whatever stands behind its address.
  const isContact = face.context.addresses.parse(stanza.to.local)?.is === 'person';
  const chat = `${stanza.from.full} ${isContact ? stanza.to.bare : stanza.to.full}`;
  const now = face.context.now();
  const last = face.explained.get(chat);
  if (last === undefined || now - last >= againMs) {
    if (face.explained.size >= chatsAtMost) face.explained.clear();
    face.explained.set(chat, now);
    const said = originOf(stanza, 'message', now);
    stanzas.push(
      ...tellClient(
        face,
        said,
        textsFor(stanza.lang).encryptionEnds(secret.method, placeName(on, face.context.domain)),
      ),
    );
  }
  return { stanzas };
}
