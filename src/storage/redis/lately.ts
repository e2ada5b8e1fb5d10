/** What was settled last: a Redis that comes back may not have heard of it. */
import type { AccountId } from '../../core/ids.ts';
import type { Settled } from '../ports.ts';

/** Of one account, under one fence. */
export interface SettledOnce {
  readonly account: AccountId;
  readonly fence: number;
  readonly settled: readonly Settled[];
}

export interface Lately {
  add(account: AccountId, fence: number, settled: readonly Settled[]): void;
  /** All that is remembered, in its order. */
  all(): readonly SettledOnce[];
}

/** Places that are written round and round: nothing is made for each message. @param remembered as much as is settled while a replica that keeps up is behind */
export function createLately(remembered: number): Lately {
  const accounts: AccountId[] = [];
  const fences: number[] = [];
  const all: Settled[] = [];
  let next = 0;

  return {
    add(account, fence, settled) {
      if (remembered === 0) return;
      for (const one of settled) {
        accounts[next] = account;
        fences[next] = fence;
        all[next] = one;
        next = (next + 1) % remembered;
      }
    },
    all() {
      const found: { readonly account: AccountId; readonly fence: number; readonly settled: Settled[] }[] = [];
      const start = all.length < remembered ? 0 : next;
      for (let i = 0; i < all.length; i++) {
        const at = (start + i) % all.length;
        const [account, fence, one] = [accounts[at], fences[at], all[at]];
        if (account === undefined || fence === undefined || one === undefined) continue;
        const last = found.at(-1);
        if (last?.account === account && last.fence === fence) last.settled.push(one);
        else found.push({ account, fence, settled: [one] });
      }
      return found;
    },
  };
}
