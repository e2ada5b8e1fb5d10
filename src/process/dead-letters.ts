/** How many dead letters a domain has, for whoever holds its stream: so the numbers of all processes add up. */
import type { Clock, Log } from '../bridge/contract.ts';
import { parseAccountId } from '../gateway/decode/account-key.ts';
import type { OutboxStore } from '../storage/ports.ts';

export interface DeadLetterCount {
  /** As it was five minutes ago at most; 0 before the first look has ended. */
  of(domain: string): number;
}

/** A look goes over all keys of Redis: not at each scrape. */
const everyMs = 5 * 60_000;
const accountsAtMost = 100_000;

/** Counts when it is asked and the last count is old: whoever asks gets the one before. */
export function createDeadLetterCount(
  store: Pick<OutboxStore, 'dead'>,
  clock: Pick<Clock, 'now'>,
  log: Pick<Log, 'warn'>,
): DeadLetterCount {
  let counts = new Map<string, number>();
  let lookedAt = Number.NEGATIVE_INFINITY;

  async function look(): Promise<void> {
    const found = new Map<string, number>();
    for (const [account, letters] of await store.dead(accountsAtMost)) {
      const domain = parseAccountId(account)?.domain ?? '';
      found.set(domain, (found.get(domain) ?? 0) + letters);
    }
    counts = found;
  }

  return {
    of(domain) {
      if (Math.abs(clock.now() - lookedAt) >= everyMs) {
        lookedAt = clock.now();
        look().catch((error: unknown) => log.warn({ error }, 'dead letters could not be counted'));
      }
      return counts.get(domain) ?? 0;
    },
  };
}
