/** Settles in batches: what ended in one turn goes out together, one call at a time, again and again until the store has taken it. */
import type { Clock, Log } from '../bridge/contract.ts';
import type { GatewayError } from '../core/errors.ts';
import type { AccountId } from '../core/ids.ts';
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
  readonly idle: boolean;
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
  let busy = false;
  let stopped = false;
  const ended = new AbortController();

  async function work(): Promise<void> {
    while (batch.length > 0 && !stopped) {
      const settled = batch;
      const whose = items;
      batch = [];
      items = [];
      await settle(settled);
      if (stopped) break;
      for (const item of whose) onSettled(item);
    }
    busy = false;
    if (!stopped) onIdle();
  }

  async function settle(settled: readonly Settled[]): Promise<void> {
    for (let attempt = 1; !stopped; attempt++) {
      try {
        return await store.settle(account, fence, settled);
      } catch (error) {
        if (error instanceof StaleFence) {
          stopped = true;
          return onLost();
        }
        log.warn({ account, error }, 'settling waits for the store');
        await clock.sleep(backoffMs(attempt, retry), ended.signal).catch(() => undefined);
      }
    }
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
      setImmediate(() => void work());
    },
    get idle() {
      return !busy || stopped;
    },
    stop() {
      stopped = true;
      ended.abort();
    },
  };
}
