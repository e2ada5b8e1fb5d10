/** What has rooms of its own: the gateway, and servers of a network; and what is asked about it. */
import type { Stanza } from '../../xmpp/stanza.ts';
import type { Decoded, Question } from '../face.ts';
import type { Scope, Target } from './scope.ts';

/** Where rooms are. */
export type Place = Extract<Target, { is: 'gateway' | 'server' }>;

/** A question about a place, of the account of whoever asks there. */
export function questionAt(scope: Scope, stanza: Stanza, { on }: Place, question: Question): Decoded {
  return { is: 'question', account: scope.key(stanza.from, on), stanza, question };
}
