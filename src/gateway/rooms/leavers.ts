/**
 * Who left while something of theirs waits, behind other things or to be tried again: a join from before must not bring them in after all, and what they said while
 * they were in is said all the same.
 */
import type { ChatId } from '../../core/ids.ts';
import type { Origin } from '../../core/intent.ts';
import type { FaceState } from './feature.ts';

/** More are not kept in mind; the oldest are forgotten first. */
const rememberedAtMost = 1000;

const keyOf = (chat: ChatId, client: string): string => `${chat} ${client}`;

function remember(times: Map<string, number>, key: string, at: number): void {
  times.delete(key);
  times.set(key, at);
  const [oldest] = times.keys();
  if (times.size > rememberedAtMost && oldest !== undefined) times.delete(oldest);
}

/** A client that is not in says that it leaves. */
export function departs({ leavers, context }: FaceState, chat: ChatId, client: string): void {
  remember(leavers, keyOf(chat, client), (context.moment ?? context.now)());
}

/** A client that was in has left, or is lost. */
export function goesOut({ gone, context }: FaceState, chat: ChatId, client: string): void {
  remember(gone, keyOf(chat, client), context.now());
}

/** Has it left since it asked to come in? */
export function hasLeft({ leavers }: FaceState, chat: ChatId, { from, at }: Origin): boolean {
  const left = leavers.get(keyOf(chat, from));
  return left !== undefined && at < left;
}

/** Was it in when it asked for that? Only of who is not in now. */
export function wasIn({ gone }: FaceState, chat: ChatId, { from, at }: Origin): boolean {
  const left = gone.get(keyOf(chat, from));
  return left !== undefined && at <= left;
}
