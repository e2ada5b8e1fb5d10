/** From a GatewayError to the error stanza that its sender gets, or to silence where none is due (GEN-03, GEN-06, GEN-08). */
import type { GatewayError } from '../../core/errors.ts';
import type { Element } from '../../xml/element.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import { type Translate, wordsOf } from '../translation.ts';
import { deny, isJoin } from './answers.ts';

/** Is somebody waiting for an answer to it? */
function isAsking(stanza: Stanza): boolean {
  switch (stanza.kind) {
    case 'iq':
      return stanza.type !== 'result' && stanza.type !== 'error';
    case 'message':
      return stanza.type !== 'error' && stanza.type !== 'headline';
    case 'presence':
      return isJoin(stanza);
    default:
      return stanza.kind satisfies never;
  }
}

const nothing: Element = { name: '', ns: '', attrs: {}, children: [] };

/** All that a refusal needs of a stanza that may have to be refused later: what a message says is not kept in memory for that. */
export const forRefusal = (stanza: Stanza): Stanza => (stanza.kind === 'message' ? { ...stanza, el: nothing } : stanza);

/** A presence that is no join is never answered with an error, but for one that the face took for a nick change; that one it answers itself. */
export function refuse(stanza: Stanza, error: GatewayError, translate?: Translate): readonly Outgoing[] {
  if (!isAsking(stanza)) return [];
  const { type, condition } = error;
  return [deny(stanza, { type, condition, ...wordsOf(error, stanza.lang, translate) })];
}
