/** Requests in a user's name (XEP-0356 §6.3), and what comes back inside of the server's own answer. */
import type { Element } from '../xml/element.ts';
import { type AskedAsUser, answerToUser, asUser } from '../xmpp/xep/0356-privilege.ts';
import { type IqAnswer, iqOutcome } from './client-iqs.ts';

export type { AskedAsUser };

/** For the user's bare JID, in the namespace that the host has announced. */
export const requestAsUser = asUser;

type Answer =
  | ({ readonly is: 'result' } & Pick<IqAnswer, 'payload'>)
  | { readonly is: 'error'; readonly condition: string };

/** What whoever was asked has said to the user: an error too comes inside of a result (CHECKLIST 356-40). */
export function answerAsUser(payload: Element | undefined): Answer {
  const inside = answerToUser(payload);
  const { condition, ...result } = inside === undefined ? { condition: 'undefined-condition' } : iqOutcome(inside);
  return condition === undefined ? { is: 'result', ...result } : { is: 'error', condition };
}
