/** How entries come to the lanes: straight from their append, or read from the store; each exactly once while it is unsettled. */
import type { Clock, Log } from '../bridge/contract.ts';
import type { AccountId, DeliveryKey } from '../core/ids.ts';
import { backoffMs } from '../core/retry.ts';
import type { Offered, OutboxEntry, OutboxStore } from '../storage/ports.ts';
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
  offer(entry: Offered): void;
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
 * What is offered may stand in the store behind entries that another process appended and nobody offered: what it was appended behind tells, and then the
 * store is read first, or they would be overtaken. Keys only grow: what is offered and stands before the place up to which the store was read has been read. While the store is read, the keys are known of
 * all that is in it by our knowledge, and of what has just left it: a read that overtakes a settling may still show it.
 */
export function createIntake({ account, store, clock, log, found, unsettled, onRead }: IntakeParts): Intake {
  let known = new Set<DeliveryKey>();
  const left = new Set<DeliveryKey>();
  const stopped = new AbortController();
  /** Offered while the store is read: what stands before them comes before them. */
  const held = new Map<DeliveryKey, OutboxEntry>();
  let readUpTo: DeliveryKey | undefined;
  /** Everything up to here that still waits has been found. */
  let foundUpTo: DeliveryKey | undefined;
  let reading = false;
  let once = false;
  let more = false;

  function takeRead(entry: OutboxEntry, attempt: number): void {
    if (known.has(entry.key) || left.has(entry.key)) return;
    known.add(entry.key);
    found(entry, attempt);
  }

  function takeOffered(entry: OutboxEntry): void {
    // Nothing is read beyond what has been found.
    if (isBehind(entry.key, foundUpTo)) foundUpTo = entry.key;
    else if (!isBehind(entry.key, readUpTo)) return;
    found(entry, 1);
  }

  /** Somebody else appended what stands before it, and that has not been read. Before the first read nothing is tried: it will have its place. */
  function hasGap({ behind }: Offered): boolean {
    return once && behind !== undefined && behind !== foundUpTo && isBehind(behind, foundUpTo);
  }

  function read(): void {
    more = true;
    if (reading) return;
    reading = true;
    void work();
  }

  async function readAll(): Promise<void> {
    for (;;) {
      const entries = await nextPage();
      if (stopped.signal.aborted) return;
      for (const entry of entries) takeRead(entry, once || held.has(entry.key) ? 1 : 2);
      readUpTo = entries.at(-1)?.key ?? readUpTo;
      if (readUpTo !== undefined && isBehind(readUpTo, foundUpTo)) foundUpTo = readUpTo;
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
      if (!reading && !hasGap(entry)) {
        takeOffered(entry);
        return;
      }
      held.set(entry.key, entry);
      if (!reading) read();
    },
    read,
    gone(key) {
      if (reading) left.add(key);
    },
    reading: () => reading,
    stop: () => stopped.abort(),
  };
}

const isBehind = (key: DeliveryKey, place: DeliveryKey | undefined): boolean =>
  place === undefined || compareKeys(key, place) > 0;
