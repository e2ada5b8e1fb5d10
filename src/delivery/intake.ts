/** How entries come to the lanes: straight from their append, or read from the store; each exactly once while it is unsettled. */
import type { Clock, Log } from '../bridge/contract.ts';
import type { AccountId, DeliveryKey } from '../core/ids.ts';
import { backoffMs } from '../core/retry.ts';
import type { OutboxEntry, OutboxStore } from '../storage/ports.ts';

export interface IntakeParts {
  readonly account: AccountId;
  readonly store: OutboxStore;
  readonly clock: Clock;
  readonly log: Log;
  /** @param attempt 2 for what was there before us: it may have been sent */
  found(entry: OutboxEntry, attempt: number): void;
  /** The store has been read to its end. */
  onRead(): void;
}

export interface Intake {
  offer(entry: OutboxEntry): void;
  /** Reads what is behind the last entry read; asked again while it reads, it reads once more. */
  read(): void;
  /** The entry is out of the store. */
  gone(key: DeliveryKey): void;
  reading(): boolean;
  stop(): void;
}

const page = 500;
const retry = { firstMs: 100, maxMs: 5_000 };

/**
 * What is offered may stand in the store behind entries that another process appended and nobody offered; so the place up to which the store was read is
 * kept apart from the keys that are known. A read that overtakes a settling may still show what has just left: such keys are remembered while one is on its way.
 */
export function createIntake({ account, store, clock, log, found, onRead }: IntakeParts): Intake {
  const known = new Set<DeliveryKey>();
  const left = new Set<DeliveryKey>();
  const stopped = new AbortController();
  /** Offered while the store is read: what stands before them comes before them. */
  const held = new Map<DeliveryKey, OutboxEntry>();
  let readUpTo: DeliveryKey | undefined;
  let reading = false;
  let once = false;
  let more = false;

  function take(entry: OutboxEntry, attempt: number): void {
    if (known.has(entry.key) || left.has(entry.key)) return;
    known.add(entry.key);
    found(entry, attempt);
  }

  async function readAll(): Promise<void> {
    for (;;) {
      const entries = await nextPage();
      if (stopped.signal.aborted) return;
      for (const entry of entries) take(entry, once || held.has(entry.key) ? 1 : 2);
      readUpTo = entries.at(-1)?.key ?? readUpTo;
      if (entries.length < page) return;
    }
  }

  async function nextPage(): Promise<readonly OutboxEntry[]> {
    for (let attempt = 1; !stopped.signal.aborted; attempt++) {
      try {
        return await store.after(account, readUpTo, page);
      } catch (error) {
        log.warn({ account, error }, 'reading the outbox waits for the store');
        await clock.sleep(backoffMs(attempt, retry), stopped.signal).catch(() => undefined);
      }
    }
    return [];
  }

  async function work(): Promise<void> {
    do {
      more = false;
      await readAll();
      once = true;
    } while (more && !stopped.signal.aborted);
    reading = false;
    if (stopped.signal.aborted) return;
    for (const entry of held.values()) take(entry, 1);
    held.clear();
    left.clear();
    onRead();
  }

  return {
    offer(entry) {
      if (reading) held.set(entry.key, entry);
      else take(entry, 1);
    },
    read() {
      more = true;
      if (reading) return;
      reading = true;
      void work();
    },
    gone(key) {
      known.delete(key);
      if (reading) left.add(key);
    },
    reading: () => reading,
    stop: () => stopped.abort(),
  };
}
