/** The system's time, behind the contract's Clock. */
import type { Clock } from '../bridge/contract.ts';

/** The longest that one timer of Node can wait. */
const longestTimerMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, call) {
    let left = Math.max(0, ms);
    let timer: NodeJS.Timeout;
    const wait = () => {
      const step = Math.min(left, longestTimerMs);
      left -= step;
      timer = setTimeout(left > 0 ? wait : call, step);
    };
    wait();
    return () => clearTimeout(timer);
  },
  sleep(ms, signal) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const stop = () => {
        cancel();
        reject(signal?.reason);
      };
      const cancel = systemClock.after(ms, () => {
        signal?.removeEventListener('abort', stop);
        resolve();
      });
      signal?.addEventListener('abort', stop, { once: true });
    });
  },
};
