/** Who left before they were in: a join that still waits, behind other things or to be tried again, must not bring them in after all. */
import type { ChatId } from '../../core/ids.ts';
import type { Origin } from '../../core/intent.ts';
import type { FaceState } from './feature.ts';

/** More are not kept in mind; the oldest are forgotten first. */
const rememberedAtMost = 1000;

const keyOf = (chat: ChatId, client: string): string => `${chat} ${client}`;

/** A client that is not in says that it leaves. */
export function departs({ leavers, context }: FaceState, chat: ChatId, client: string): void {
  const key = keyOf(chat, client);
  leavers.delete(key);
  leavers.set(key, (context.moment ?? context.now)());
  const [oldest] = leavers.keys();
  if (leavers.size > rememberedAtMost && oldest !== undefined) leavers.delete(oldest);
}

/** Has it left since it asked to come in? */
export function hasLeft({ leavers }: FaceState, chat: ChatId, { from, at }: Origin): boolean {
  const left = leavers.get(keyOf(chat, from));
  return left !== undefined && at < left;
}
