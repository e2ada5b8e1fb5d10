/** Accounts that are wanted and could not be started, as the database was away: tried again, ever more seldom, until they can be. Nobody else might come for them. */
import type { Clock, Log } from '../bridge/contract.ts';
import type { AccountId } from '../core/ids.ts';
import { backoffMs } from '../core/retry.ts';

type Start = () => Promise<unknown>;

export interface StartingAgain {
  /** Starts it, and where that fails again and again. Resolves with the first try; never rejects. */
  start(id: AccountId, start: Start): Promise<void>;
  /** It has failed once. */
  later(id: AccountId, start: Start): void;
  /** Nothing is tried any more. */
  close(): void;
}

const retry = { firstMs: 2_000, maxMs: 60_000 };

/** For the accounts of one domain. */
export function createStartingAgain({ clock, log }: { readonly clock: Clock; readonly log: Log }): StartingAgain {
  /** Takes back the next try, by account. */
  const due = new Map<AccountId, () => void>();
  let closed = false;

  async function attempt(id: AccountId, start: Start, tries: number): Promise<void> {
    try {
      await start();
    } catch (error) {
      log.error({ account: id, error }, 'an account could not be started; it is tried again');
      later(id, start, tries);
    }
  }

  function later(id: AccountId, start: Start, tries: number): void {
    if (closed || due.has(id)) return;
    const again = (): void => {
      due.delete(id);
      void attempt(id, start, tries + 1);
    };
    due.set(id, clock.after(backoffMs(tries, retry), again));
  }

  return {
    start: (id, start) => attempt(id, start, 1),
    later: (id, start) => later(id, start, 1),
    close() {
      closed = true;
      for (const cancel of due.values()) cancel();
      due.clear();
    },
  };
}
