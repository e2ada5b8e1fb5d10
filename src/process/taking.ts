/** What of a mailbox is being dealt with: in order for each account, those of several side by side, for some take long; each is deleted when it is done with, not before. */
import type { Clock, Log } from '../bridge/contract.ts';
import type { AccountId } from '../core/ids.ts';
import type { Letter, Post } from '../storage/process-ports.ts';

export interface TakingParts {
  readonly post: Pick<Post, 'remove'>;
  /** Whose mailbox it is. */
  readonly self: string;
  readonly clock: Clock;
  readonly log: Log;
  /** What has not begun by then stays in the mailbox. */
  readonly signal: AbortSignal;
  take(text: string): Promise<void>;
}

export interface Taking {
  /** One that can't be dealt with costs only itself; what is for no account is dealt with before all behind it. Resolves when more may come; never rejects. */
  take(letters: readonly Letter[]): Promise<void>;
  /** Resolves when what has begun is done with, and deleted where Redis lets us. */
  over(): Promise<void>;
}

/** Accounts whose texts are dealt with at once. */
const sideBySide = 50;
/** Texts that wait for those before them: all of them come twice where others take us for dead. */
const waitingAtMost = 5_000;
const pauseMs = 1_000;

export function createTaking({ post, self, clock, log, signal, take }: TakingParts): Taking {
  /** What is being taken for each account, and what waits for that. */
  const lanes = new Map<AccountId, { readonly letters: Letter[]; readonly over: Promise<void> }>();
  let waiting = 0;
  let room: PromiseWithResolvers<void> | undefined;
  let taken: string[] = [];
  let removing: Promise<void> | undefined;

  async function takeOne({ id, text }: Letter): Promise<void> {
    if (text !== undefined)
      await take(text).catch((error: unknown) =>
        log.error({ error }, 'something in the mailbox could not be dealt with'),
      );
    taken.push(id);
    removing ??= removeTaken();
  }

  /** What was taken in one turn of the loop, or while others were being deleted, goes together. */
  async function removeTaken(): Promise<void> {
    do {
      await new Promise((resolve) => setImmediate(resolve));
      const ids = taken;
      taken = [];
      try {
        await post.remove(self, ids);
      } catch (error) {
        log.warn({ error }, 'what was taken from the mailbox can not be deleted at the moment');
        taken = [...ids, ...taken];
        if (signal.aborted) break;
        await clock.sleep(pauseMs, signal).catch(() => undefined);
      }
    } while (taken.length > 0);
    removing = undefined;
  }

  async function takeAll(account: AccountId, letters: Letter[]): Promise<void> {
    for (let letter = letters[0]; letter !== undefined && !signal.aborted; letter = letters[0]) {
      await takeOne(letter);
      letters.shift();
      waiting--;
      relieve();
    }
    lanes.delete(account);
    relieve();
  }

  const isFull = (): boolean => lanes.size >= sideBySide || waiting >= waitingAtMost;

  function relieve(): void {
    if (isFull() && !signal.aborted) return;
    room?.resolve();
    room = undefined;
  }

  function add(account: AccountId, letter: Letter): void {
    waiting++;
    const lane = lanes.get(account);
    if (lane !== undefined) return void lane.letters.push(letter);
    const letters = [letter];
    lanes.set(account, { letters, over: Promise.resolve().then(() => takeAll(account, letters)) });
  }

  signal.addEventListener('abort', relieve, { once: true });
  return {
    async take(letters) {
      for (const letter of letters) {
        if (signal.aborted) return;
        if (letter.account === undefined) await takeOne(letter);
        else add(letter.account, letter);
        if (!isFull()) continue;
        room ??= Promise.withResolvers();
        await room.promise;
      }
    },
    async over() {
      await Promise.all([...lanes.values()].map(({ over }) => over));
      await removing;
    },
  };
}
