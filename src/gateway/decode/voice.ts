/** Forms to the room about the right to speak (XEP-0045 §7.13, §8.6; CHECKLIST 45-93): asked for, and granted by a moderator. */
import type { DurableIntent } from '../../core/intent.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import { booleanOf, dataForm, firstValueOf, formTypeOf } from '../../xmpp/xep/0004-data-forms.ts';
import { MUC_REQUEST } from '../../xmpp/xep/0045-muc.ts';
import type { Decoded } from '../face.ts';
import { answer, badRequest, ignored, notImplemented, originOf } from './answers.ts';
import type { Scope, Target } from './scope.ts';

type Room = Extract<Target, { is: 'room' }>;

/** undefined: the message has no such form. */
export function voiceForm(scope: Scope, stanza: Stanza, room: Room): Decoded | undefined {
  const form = dataForm.in(stanza.el);
  if (form === undefined || formTypeOf(form) !== MUC_REQUEST) return undefined;
  if (form.type !== 'submit') return ignored;
  const durable = (intent: DurableIntent): Decoded => {
    const origin = originOf(stanza, 'message', scope);
    return { is: 'durable', account: scope.key(stanza.from, room.on), intent, origin, opens: false };
  };
  const { chat } = room;
  const nick = firstValueOf(form, 'muc#roomnick');
  const allowed = booleanOf(form, 'muc#request_allow');
  if (allowed === false) return ignored;
  if (allowed === true) {
    if (nick === undefined || nick === '') return answer(badRequest(stanza, 'The form names nobody'));
    const alsoFine = ['helper', 'moderator', 'admin', 'owner'] as const;
    return durable({ kind: 'moderate', chat, targets: [{ nick, action: 'power', power: 'voiced', alsoFine }] });
  }
  const role = firstValueOf(form, 'muc#role') ?? 'participant';
  if (role !== 'participant') return answer(notImplemented(stanza, 'Only the right to speak can be asked for'));
  return durable({ kind: 'ask-voice', chat });
}
