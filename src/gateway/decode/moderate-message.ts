/** A moderator's wish to take back what somebody said (XEP-0425 §3, CHECKLIST 425): an intent, answered when the network has done it. */
import { FASTEN, MODERATION, moderationIn } from '../../xmpp/xep/0425-moderation.ts';
import { answer, badRequest, originOf } from './answers.ts';
import type { IqEntry, IqHandler } from './iq.ts';
import type { Target } from './scope.ts';

type Room = Extract<Target, { is: 'room' }>;

const set: IqHandler<Room> = (scope, stanza, payload, target) => {
  const wish = moderationIn(payload);
  if (wish === undefined) return answer(badRequest(stanza, 'Messages can be retracted, nothing else'));
  const { id, reason } = wish;
  const because = reason === undefined || reason === '' ? {} : { reason };
  return {
    is: 'durable',
    account: scope.key(stanza.from, target.on),
    intent: { kind: 'retract', chat: target.chat, target: { stanzaId: id }, moderates: true, ...because },
    origin: originOf(stanza, 'iq', scope),
    opens: false,
  };
};

/** In the form of today and in that of version 0.2 (425-03). */
export const moderateMessage: readonly IqEntry<Room>[] = [
  { ns: MODERATION, name: 'moderate', set },
  { ns: FASTEN, name: 'apply-to', set },
];
