/** The system's time, but a test can leap ahead in it: minutes and hours of waiting pass, and what falls due meanwhile is called in order. */
import type { Clock } from '../../src/bridge/contract.ts';
import { systemClock } from '../../src/ops/clock.ts';
import { settle } from './manual-clock.ts';

export interface LeapingClock extends Clock {
  /** Resolves when all that fell due was called; what answers over a socket comes behind it. */
  leap(ms: number): Promise<void>;
}

interface Timer {
  readonly at: number;
  readonly call: () => void;
  cancel: () => void;
}

export function createLeapingClock(): LeapingClock {
  let ahead = 0;
  const timers = new Set<Timer>();
  const now = (): number => systemClock.now() + ahead;

  function wait(timer: Timer): void {
    timer.cancel = systemClock.after(timer.at - now(), () => {
      timers.delete(timer);
      timer.call();
    });
  }

  function after(ms: number, call: () => void): () => void {
    const timer: Timer = { at: now() + ms, call, cancel: () => undefined };
    timers.add(timer);
    wait(timer);
    return () => {
      timers.delete(timer);
      timer.cancel();
    };
  }

  function first(until: number): Timer | undefined {
    let found: Timer | undefined;
    for (const one of timers) if (one.at <= until && (found === undefined || one.at < found.at)) found = one;
    return found;
  }

  return {
    now,
    after,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const cancel = after(ms, resolve);
        const stop = (): void => {
          cancel();
          reject(signal?.reason);
        };
        signal?.addEventListener('abort', stop, { once: true });
      }),
    async leap(ms) {
      const until = now() + ms;
      for (let one = first(until); one !== undefined; one = first(until)) {
        one.cancel();
        timers.delete(one);
        ahead += Math.max(0, one.at - now());
        one.call();
        await settle();
      }
      ahead += Math.max(0, until - now());
      for (const timer of timers) {
        timer.cancel();
        wait(timer);
      }
      await settle();
    },
  };
}
