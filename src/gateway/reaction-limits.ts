/** Networks that take few reactions, or few kinds (XEP-0444 §2.2, CHECKLIST 444-10): announced where that is so, and whatever else comes is refused, never cut to fit. */
import type { Session } from '../bridge/contract.ts';
import { GatewayError } from '../core/errors.ts';
import type { ChatId } from '../core/ids.ts';
import type { DataForm } from '../xmpp/xep/0004-data-forms.ts';
import { restrictionsForm } from '../xmpp/xep/0444-reactions.ts';

/** Without the sign that only asks for colours: networks differ in it (444-05). */
export const bareEmoji = (emoji: string): string => emoji.replaceAll('\ufe0f', '');

/** For service discovery of that chat's address; none where anything goes, or nothing. */
export function reactionForms(session: Session | undefined, chat: ChatId): readonly DataForm[] {
  if (session?.reactions === undefined) return [];
  const { emojiPerPerson, emoji } = session.limits(chat);
  const form = restrictionsForm({ perPerson: emojiPerPerson, emoji });
  return form === undefined ? [] : [form];
}

/** Throws what tells the rule, where that set breaks it; whoever sent it shows what was there before (§3.3). */
export function mustBeTaken(session: Session, chat: ChatId, emoji: readonly string[]): void {
  const { emojiPerPerson = Number.POSITIVE_INFINITY, emoji: allowed } = session.limits(chat);
  const asked = new Set(emoji.map(bareEmoji));
  const known = allowed && new Set([...allowed].map(bareEmoji));
  if (asked.size > emojiPerPerson) throw broken(`at most ${emojiPerPerson} to a message from one person`);
  if (known === undefined || [...asked].every((one) => known.has(one))) return;
  throw broken(`only ${[...known].join(' ')}`);
}

const broken = (rule: string): GatewayError =>
  new GatewayError('bad-value', { text: `Reactions that are taken here: ${rule}` });
