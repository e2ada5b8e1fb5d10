/**
 * What comes from a MUC that is joined with a room of the network (src/design/plumbing.md), for the occupants that we have in it. A MUC asks for nothing of its
 * own: what its occupants ask of ours is answered, commands and registration are not for it.
 */
import { children } from '../../xml/query.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import { MUC_ADMIN, MUC_OWNER } from '../../xmpp/xep/0045-muc.ts';
import { COMMANDS } from '../../xmpp/xep/0050-commands.ts';
import { REGISTER } from '../../xmpp/xep/0077-registration.ts';
import { PING } from '../../xmpp/xep/0199-ping.ts';
import type { Decoded } from '../face.ts';
import { answer, ignored, mail, result, unavailable } from './answers.ts';
import type { Scope } from './scope.ts';

const notForIt: ReadonlySet<string> = new Set([COMMANDS, REGISTER, MUC_ADMIN, MUC_OWNER]);

/** undefined: it comes from somebody else, or is a question that anybody may ask. */
export function decodePlumbed(scope: Scope, stanza: Stanza): Decoded | undefined {
  if (scope.options.plumbed?.has(stanza.from.bare) !== true) return undefined;
  const target = scope.target(stanza.to);
  if (target?.is !== 'room' && target?.is !== 'contact') return ignored;
  if (stanza.kind === 'iq') return question(stanza);
  // Everybody whom we have there is told; the herald hears it.
  if (stanza.type === 'groupchat' && target.is === 'contact') return ignored;
  return mail(scope, stanza, target);
}

/** A herald that asks whether it is still in may be asked in turn (XEP-0410 §3.1). */
function question(stanza: Stanza): Decoded | undefined {
  if (stanza.type !== 'get' && stanza.type !== 'set') return undefined;
  const asked = children(stanza.el);
  if (stanza.type === 'get' && asked.some(({ ns }) => ns === PING)) return answer(result(stanza));
  return asked.some(({ ns }) => notForIt.has(ns)) ? answer(unavailable(stanza)) : undefined;
}
