/** What is encrypted ends here (CHECKLIST 380): each message comes back to its sender, and once a conversation and hour it is said why, in words that any client shows. */
import { GatewayError } from '../core/errors.ts';
import { childText } from '../xml/query.ts';
import { writeError } from '../xmpp/error.ts';
import type { Outgoing } from '../xmpp/outgoing.ts';
import { reply, type Stanza } from '../xmpp/stanza.ts';
import { type Encryption, encryptionOf } from '../xmpp/xep/0380-encryption.ts';
import { textsFor } from './commands/texts.ts';
import { explain } from './explaining.ts';
import type { Heard } from './face.ts';
import { placeName } from './labels.ts';
import type { FaceState } from './rooms/feature.ts';

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
  const words = textsFor(stanza.lang).encryptionEnds(secret.method, placeName(on, face.context.domain));
  stanzas.push(...explain(face, stanza, 'encryption', words));
  return { stanzas };
}
