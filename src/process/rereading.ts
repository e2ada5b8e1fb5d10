/** What is kept in memory as the database has it is read again when another process says that it has changed: where that fails, until it can be. */
import type { Clock, Log } from '../bridge/contract.ts';
import { backoffMs } from '../core/retry.ts';

interface Known {
  read(): Promise<void>;
}

export interface RereadingParts {
  readonly clock: Clock;
  readonly log: Log;
  /** Aborted: nothing is tried any more. */
  readonly signal: AbortSignal;
}

const retry = { firstMs: 500, maxMs: 30_000 };

/** Resolves with the first try, for what comes behind it must not wait for the database; never rejects. */
export function createRereading({ clock, log, signal }: RereadingParts): (known: Known) => Promise<void> {
  /** One read at a time of each: an older one that ends later would bring back what was. */
  const turns = new Map<Known, Promise<void>>();
  const trying = new Set<Known>();

  async function read(known: Known): Promise<void> {
    const mine = (turns.get(known) ?? Promise.resolve()).then(() => known.read());
    turns.set(
      known,
      mine.catch(() => undefined),
    );
    await mine;
  }

  async function keepTrying(known: Known): Promise<void> {
    for (let attempt = 1; trying.has(known); attempt++) {
      await clock.sleep(backoffMs(attempt, retry), signal).catch(() => undefined);
      if (signal.aborted) return;
      await read(known).then(
        () => trying.delete(known),
        () => undefined,
      );
    }
  }

  return async (known) => {
    try {
      await read(known);
    } catch (error) {
      if (trying.has(known) || signal.aborted) return;
      log.warn({ error }, 'what another process has changed could not be read from the database; it is tried again');
      trying.add(known);
      void keepTrying(known);
    }
  };
}
