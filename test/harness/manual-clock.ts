/** Time that stands still until a test moves it. */
import type { Clock } from '../../src/bridge/contract.ts';

export interface ManualClock extends Clock {
  /** Moves time on, calling what falls due in order; promises are settled between the calls. */
  advance(ms: number): Promise<void>;
  /** Somebody sets it: what falls due does so when it would have. */
  jump(ms: number): void;
  /** How many timers wait. */
  readonly waiting: number;
}

export function createManualClock(start = 1_700_000_000_000): ManualClock {
  let now = start;
  let next = 0;
  const timers = new Map<number, { at: number; call: () => void }>();

  function after(ms: number, call: () => void): () => void {
    const id = next++;
    timers.set(id, { at: now + ms, call });
    return () => timers.delete(id);
  }

  function due(until: number): [number, { at: number; call: () => void }] | undefined {
    let first: [number, { at: number; call: () => void }] | undefined;
    for (const one of timers) if (one[1].at <= until && (first === undefined || one[1].at < first[1].at)) first = one;
    return first;
  }

  return {
    now: () => now,
    after,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const cancel = after(ms, resolve);
        signal?.addEventListener(
          'abort',
          () => {
            cancel();
            reject(signal.reason);
          },
          { once: true },
        );
      }),
    async advance(ms) {
      const until = now + ms;
      for (let one = due(until); one !== undefined; one = due(until)) {
        timers.delete(one[0]);
        now = Math.max(now, one[1].at);
        one[1].call();
        await settle();
      }
      now = until;
      await settle();
    },
    jump(ms) {
      now += ms;
      for (const timer of timers.values()) timer.at += ms;
    },
    get waiting() {
      return timers.size;
    },
  };
}

/** Lets every promise that can settle do so. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
