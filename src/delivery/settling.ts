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
  /** The entry is out of the store. */
  onSettled(item: Item): void;
  /** Nothing is left to settle. */
  onIdle(): void;
  onLost(): void;
}

export interface Settling {
  add(item: Item, how: { readonly result: string } | { readonly error: GatewayError }): void;
  /** What has ended and is not out of the store yet. */
  keys(): readonly DeliveryKey[];
  idle(): boolean;
  stop(): void;
}

const retry = { firstMs: 100, maxMs: 5_000 };

export function createSettling({
  account,
  fence,
  store,
  clock,
  log,
  onSettled,
  onIdle,
  onLost,
}: SettlingParts): Settling {
  let items: Item[] = [];
  let batch: Settled[] = [];
  /** With the call that is on its way. */
  let underWay: readonly Item[] = [];
  let busy = false;
  let stopped = false;
  const ended = new AbortController();

  /** The whole of what has come since, one call at a time. */
  function work(): void {
    const settled = batch;
    const whose = items;
    batch = [];
    items = [];
    underWay = whose;
    settle(settled, whose, 1);
  }

  function settle(settled: readonly Settled[], whose: readonly Item[], attempt: number): void {
    store.settle(account, fence, settled).then(
      () => settledAll(whose),
      (error: unknown) => {
        if (stopped) return;
        if (error instanceof StaleFence) {
          stopped = true;
          onLost();
          return;
        }
        log.warn({ account, error }, 'settling waits for the store');
        const again = (): void => (stopped ? undefined : settle(settled, whose, attempt + 1));
        clock.sleep(backoffMs(attempt, retry), ended.signal).then(again, again);
      },
    );
  }

  function settledAll(whose: readonly Item[]): void {
    if (stopped) return;
    underWay = [];
    for (const item of whose) onSettled(item);
    if (stopped) return;
    if (batch.length > 0) {
      work();
      return;
    }
    busy = false;
    onIdle();
  }

  return {
    add(item, how) {
      if (stopped) return;
      const { key, intent, origin } = item.entry;
      const mark = markOf(intent, origin);
      items.push(item);
      batch.push({
        key,
        mark,
        result: 'result' in how ? how.result : undefined,
        dead: 'error' in how && isDeadLetter(intent, how.error) ? how.error.code : undefined,
      });
      if (busy) return;
      busy = true;
      setImmediate(() => (stopped ? undefined : work()));
    },
    keys: () => [...underWay, ...items].map(({ entry }) => entry.key),
    idle: () => !busy || stopped,
    stop() {
      stopped = true;
      ended.abort();
    },
  };
}
