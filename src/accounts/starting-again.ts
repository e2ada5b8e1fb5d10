/** Accounts that are wanted and could not be started, as the database was away: tried again, ever more seldom, until they can be. Nobody else might come for them. */
import type { Clock, Log } from '../bridge/contract.ts';
import type { AccountId } from '../core/ids.ts';
import { backoffMs } from '../core/retry.ts';

export interface StartingAgain {
  /** The first try; where it fails it is looked at again and again. Resolves with the first; never rejects. */
  start(id: AccountId, first: () => Promise<unknown>): Promise<void>;
  /** It has failed so often. */
  later(id: AccountId, tries?: number): void;
  /** Nothing is tried any more. */
  close(): void;
}

interface StartingAgainParts {
  readonly clock: Clock;
  readonly log: Log;
  /** Starts it where it is wanted still, for whatever reason: somebody may have come for another one meanwhile. */
  startIfWanted(id: AccountId): Promise<unknown>;
}

const retry = { firstMs: 2_000, maxMs: 60_000 };

/** For the accounts of one domain. */
export function createStartingAgain({ clock, log, startIfWanted }: StartingAgainParts): StartingAgain {
  /** Takes back the next try, by account. */
  const due = new Map<AccountId, () => void>();
  let closed = false;

  async function attempt(id: AccountId, start: () => Promise<unknown>, tries: number): Promise<void> {
    try {
      await start();
    } catch (error) {
      log.error({ account: id, error }, 'an account could not be started; it is tried again');
      later(id, tries);
    }
  }

  function later(id: AccountId, tries = 1): void {
    if (closed || due.has(id)) return;
    const again = (): void => {
      due.delete(id);
      void attempt(id, () => startIfWanted(id), tries + 1);
    };
    due.set(id, clock.after(backoffMs(tries, retry), again));
  }

  return {
    start: (id, first) => attempt(id, first, 1),
    later,
    close() {
      closed = true;
      for (const cancel of due.values()) cancel();
      due.clear();
    },
  };
}
