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
  reading(): boolean;
  stop(): void;
}

const page = 500;
const retry = { firstMs: 100, maxMs: 5_000 };

/** Of one account. */
export function createIntake(parts: IntakeParts): Intake {
  return new Reader(parts);
}

/**
 * What is offered may stand in the store behind entries that another process appended and nobody offered: what it was appended behind tells, and then the
 * store is read first, or they would be overtaken. Keys only grow: what is offered and stands before the place up to which the store was read has been read. While the store is read, the keys are known of
 * all that was in it by our knowledge when that began, and of what was found since: a read that overtakes a settling may still show it.
 */
class Reader implements Intake {
  readonly #parts: IntakeParts;
  /** While it reads. */
  #known: Set<DeliveryKey> | undefined;
  /** Offered while the store is read: what stands before them comes before them. */
  #held: Map<DeliveryKey, OutboxEntry> | undefined;
  #stopped = false;
  /** Made by who waits first. */
  #ended: AbortController | undefined;
  #readUpTo: DeliveryKey | undefined;
  /** Everything up to here that still waits has been found. */
  #foundUpTo: DeliveryKey | undefined;
  #reading = false;
  #once = false;
  #more = false;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  offer(entry: Offered): void {
    if (!this.#reading && !this.#hasGap(entry)) {
      this.#takeOffered(entry);
      return;
    }
    this.#held ??= new Map();
    this.#held.set(entry.key, entry);
    if (!this.#reading) this.read();
  }

  read(): void {
    this.#more = true;
    if (this.#reading) return;
    this.#reading = true;
    void this.#work();
  }

  reading(): boolean {
    return this.#reading;
  }

  stop(): void {
    this.#stopped = true;
    this.#ended?.abort();
  }

  /** Asked again behind each wait. */
  #isStopped(): boolean {
    return this.#stopped;
  }

  #takeRead(entry: OutboxEntry, attempt: number): void {
    if (this.#known?.has(entry.key) === true) return;
    this.#known?.add(entry.key);
    this.#parts.found(entry, attempt);
  }

  #takeOffered(entry: OutboxEntry): void {
    // Nothing is read beyond what has been found.
    if (isBehind(entry.key, this.#foundUpTo)) this.#foundUpTo = entry.key;
    else if (!isBehind(entry.key, this.#readUpTo)) return;
    this.#parts.found(entry, 1);
  }

  /** Somebody else appended what stands before it, and that has not been read. Before the first read nothing is tried: it will have its place. */
  #hasGap({ behind }: Offered): boolean {
    const foundUpTo = this.#foundUpTo;
    return this.#once && behind !== undefined && behind !== foundUpTo && isBehind(behind, foundUpTo);
  }

  async #readAll(): Promise<void> {
    for (;;) {
      const entries = await this.#nextPage();
      if (this.#isStopped()) return;
      for (const entry of entries) this.#takeRead(entry, this.#once || this.#held?.has(entry.key) === true ? 1 : 2);
      this.#readUpTo = entries.at(-1)?.key ?? this.#readUpTo;
      if (this.#readUpTo !== undefined && isBehind(this.#readUpTo, this.#foundUpTo)) this.#foundUpTo = this.#readUpTo;
      if (entries.length < page) return;
    }
  }

  async #nextPage(): Promise<readonly OutboxEntry[]> {
    const { store, account, clock, log } = this.#parts;
    for (let attempt = 1; !this.#isStopped(); attempt++) {
      try {
        return await store.after(account, this.#readUpTo, page);
      } catch (error) {
        log.warn({ account, error }, 'reading the outbox waits for the store');
        if (this.#isStopped()) break;
        this.#ended ??= new AbortController();
        await clock.sleep(backoffMs(attempt, retry), this.#ended.signal).catch(() => undefined);
      }
    }
    return [];
  }

  async #work(): Promise<void> {
    this.#known = new Set(this.#parts.unsettled());
    do {
      this.#more = false;
      await this.#readAll();
      this.#once = true;
    } while (this.#more && !this.#isStopped());
    this.#reading = false;
    this.#known = undefined;
    if (this.#isStopped()) return;
    const held = this.#held?.values() ?? [];
    for (const entry of held) this.#takeOffered(entry);
    this.#held = undefined;
    this.#parts.onRead();
  }
}

const isBehind = (key: DeliveryKey, place: DeliveryKey | undefined): boolean =>
  place === undefined || compareKeys(key, place) > 0;
