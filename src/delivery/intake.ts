/** How entries come to the lanes: straight from their append, or read from the store; each exactly once while it is unsettled. */
import type { Clock, Log } from '../bridge/contract.ts';
import type { AccountId, DeliveryKey } from '../core/ids.ts';
import { backoffMs } from '../core/retry.ts';
import type { OutboxEntry, OutboxStore } from '../storage/ports.ts';
import { compareKeys } from './lane.ts';

export interface IntakeParts {
  readonly account: AccountId;
  readonly store: OutboxStore;
  readonly clock: Clock;
  readonly log: Log;
  /** @param attempt 2 for what was there before us: it may have been sent */
  found(entry: OutboxEntry, attempt: number): void;
  /** Everything that was found and is not out of the store yet; asked for when a read begins. */
  unsettled(): Iterable<DeliveryKey>;
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
 * kept apart from what is known. Keys only grow: what is offered and stands before that place has been read. While the store is read, the keys are known of
 * all that is in it by our knowledge, and of what has just left it: a read that overtakes a settling may still show it.
 */
export function createIntake({ account, store, clock, log, found, unsettled, onRead }: IntakeParts): Intake {
  let known = new Set<DeliveryKey>();
  const left = new Set<DeliveryKey>();
  const stopped = new AbortController();
  /** Offered while the store is read: what stands before them comes before them. */
  const held = new Map<DeliveryKey, OutboxEntry>();
  let readUpTo: DeliveryKey | undefined;
  let reading = false;
  let once = false;
  let more = false;

  function takeRead(entry: OutboxEntry, attempt: number): void {
    if (known.has(entry.key) || left.has(entry.key)) return;
    known.add(entry.key);
    found(entry, attempt);
  }

  function takeOffered(entry: OutboxEntry): void {
    if (readUpTo === undefined || compareKeys(entry.key, readUpTo) > 0) found(entry, 1);
  }

  async function readAll(): Promise<void> {
    for (;;) {
      const entries = await nextPage();
      if (stopped.signal.aborted) return;
      for (const entry of entries) takeRead(entry, once || held.has(entry.key) ? 1 : 2);
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
    known = new Set(unsettled());
    do {
      more = false;
      await readAll();
      once = true;
    } while (more && !stopped.signal.aborted);
    reading = false;
    known = new Set();
    if (stopped.signal.aborted) return;
    for (const entry of held.values()) takeOffered(entry);
    held.clear();
    left.clear();
    onRead();
  }

  return {
    offer(entry) {
      if (reading) held.set(entry.key, entry);
      else takeOffered(entry);
    },
    read() {
      more = true;
      if (reading) return;
      reading = true;
      void work();
    },
    gone(key) {
      if (reading) left.add(key);
    },
    reading: () => reading,
    stop: () => stopped.abort(),
  };
}
