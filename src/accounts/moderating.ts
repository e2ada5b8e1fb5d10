/**
 * What is said in a room waits for what a moderator does there, but not for all of it: a hundred who are kicked at the pace that an IRC server takes are a minute
 * and a half. What would undo the rest of it, or mix with it, waits for its end.
 */
import type { Clock } from '../bridge/contract.ts';
import type { ChatId } from '../core/ids.ts';
import type { DurableIntent } from '../core/intent.ts';
import { sparseMap } from '../core/sparse.ts';

export interface Moderating {
  /** What that intent has to wait for; undefined: nothing. Rejects never. */
  before(intent: DurableIntent): Promise<unknown> | undefined;
  /** Ends as the work does; it holds the room for a while. */
  run<T>(chat: ChatId, work: Promise<T>): Promise<T>;
}

export interface ModeratingParts {
  readonly clock: Pick<Clock, 'after'>;
  /** See `ExecutorParts`, like the next. */
  readonly alone: Set<ChatId>;
  readonly beside: Map<ChatId, number>;
  /** The room is not held any more, though what held it goes on. */
  freed(chat: ChatId): void;
}

const heldMs = 5_000;
const waits: ReadonlySet<DurableIntent['kind']> = new Set(['leave', 'moderate']);

/** For one account. */
export function createModerating({ clock, alone, beside, freed }: ModeratingParts): Moderating {
  const going = sparseMap<ChatId, Promise<unknown>>();
  function count(chat: ChatId, by: 1 | -1): void {
    const now = (beside.get(chat) ?? 0) + by;
    if (now > 0) beside.set(chat, now);
    else beside.delete(chat);
  }
  return {
    before: ({ kind, chat }) => (going.size > 0 && waits.has(kind) ? going.get(chat) : undefined),
    async run(chat, work) {
      alone.add(chat);
      let isHeld = true;
      const cancel = clock.after(heldMs, () => {
        isHeld = false;
        alone.delete(chat);
        count(chat, 1);
        freed(chat);
      });
      const over = work.then(
        () => undefined,
        () => undefined,
      );
      going.set(chat, over);
      try {
        return await work;
      } finally {
        cancel();
        if (isHeld) alone.delete(chat);
        else count(chat, -1);
        if (going.get(chat) === over) going.delete(chat);
      }
    },
  };
}
