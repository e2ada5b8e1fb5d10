/** Settles in batches: what ended in one turn goes out together, one call at a time, again and again until the store has taken it. */
import type { Clock, Log } from '../bridge/contract.ts';
import type { GatewayError } from '../core/errors.ts';
import type { AccountId, DeliveryKey } from '../core/ids.ts';
import { backoffMs } from '../core/retry.ts';
import { type OutboxStore, type Settled, StaleFence } from '../storage/ports.ts';
import { isDeadLetter } from './attempt.ts';
import type { Item } from './lane.ts';
import { markOf } from './outbox.ts';

export interface SettlingParts {
  readonly account: AccountId;
  readonly fence: number;
  readonly store: OutboxStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Nothing is left to settle. */
  onIdle(): void;
  onLost(): void;
}

export interface Settling {
  add(item: Item, how: { readonly result: string } | { readonly error: GatewayError }): void;
  /** What has ended and is not out of the store yet. */
  keys(): readonly DeliveryKey[];
  idle(): boolean;
}

const retry = { firstMs: 100, maxMs: 5_000 };

export function createSettling(parts: SettlingParts): Settling {
  return new Batches(parts);
}

/** An object of a class: each account has one, and every message passes it. */
class Batches implements Settling {
  readonly #parts: SettlingParts;
  #items: Item[] = [];
  #batch: Settled[] = [];
  /** With the call that is on its way. */
  #underWay: readonly Item[] = [];
  #busy = false;
  /** The account has a newer owner. */
  #lost = false;

  constructor(parts: SettlingParts) {
    this.#parts = parts;
  }

  add(item: Item, how: { readonly result: string } | { readonly error: GatewayError }): void {
    if (this.#lost) return;
    const { key, intent, origin } = item.entry;
    const mark = markOf(intent, origin);
    this.#items.push(item);
    this.#batch.push({
      key,
      mark,
      result: 'result' in how ? how.result : undefined,
      dead: 'error' in how && isDeadLetter(intent, how.error) ? how.error.code : undefined,
    });
    if (this.#busy) return;
    this.#busy = true;
    setImmediate(Batches.#begin, this);
  }

  keys(): readonly DeliveryKey[] {
    return [...this.#underWay, ...this.#items].map(({ entry }) => entry.key);
  }

  idle(): boolean {
    return !this.#busy || this.#lost;
  }

  static #begin(batches: Batches): void {
    batches.#work();
  }

  /** The whole of what has come since, one call at a time. */
  #work(): void {
    const settled = this.#batch;
    this.#underWay = this.#items;
    this.#batch = [];
    this.#items = [];
    this.#settle(settled, 1);
  }

  #settle(settled: readonly Settled[], attempt: number): void {
    const { store, account, fence, log, clock, onLost } = this.#parts;
    store.settle(account, fence, settled).then(
      () => this.#settledAll(),
      (error: unknown) => {
        if (error instanceof StaleFence) {
          this.#lost = true;
          onLost();
          return;
        }
        log.warn({ account, error }, 'settling waits for the store');
        clock.after(backoffMs(attempt, retry), () => this.#settle(settled, attempt + 1));
      },
    );
  }

  #settledAll(): void {
    this.#underWay = [];
    if (this.#batch.length > 0) {
      this.#work();
      return;
    }
    this.#busy = false;
    this.#parts.onIdle();
  }
}
