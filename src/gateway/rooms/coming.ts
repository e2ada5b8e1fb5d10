/** Clients whose join is tried again (a throttle, a guild in an outage): they are neither in nor out, and what they show meanwhile is what they come in with. */
import type { ChatId } from '../../core/ids.ts';
import type { Shown } from '../shown.ts';
import type { FaceState } from './feature.ts';

const rememberedAtMost = 1000;

const keyOf = (chat: ChatId, client: string): string => `${chat} ${client}`;

/** Its join could not be carried out, and will be tried again. */
export function comesLater({ coming }: FaceState, chat: ChatId, client: string, shown: Shown): void {
  if (coming.size < rememberedAtMost) coming.set(keyOf(chat, client), shown);
}

/** It shows something else. False: no join of its is known to wait. */
export function showsBefore({ coming }: FaceState, chat: ChatId, client: string, shown: () => Shown): boolean {
  const key = keyOf(chat, client);
  if (!coming.has(key)) return false;
  coming.set(key, shown());
  return true;
}

/** It is being let in now, or comes no more. What it showed last; undefined: it did not wait. */
export function cameOrWent({ coming }: FaceState, chat: ChatId, client: string): Shown | undefined {
  if (coming.size === 0) return undefined;
  const key = keyOf(chat, client);
  const shown = coming.get(key);
  coming.delete(key);
  return shown;
}
