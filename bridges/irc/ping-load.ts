/** How many PINGs the sessions of a network spend behind what is said: where they are many, who talks fast shares theirs (receipts.ts). */

export interface PingLoad {
  /** One is sent. @param now epoch milliseconds */
  spent(now: number): void;
  isHigh(now: number): boolean;
}

/** Five hundred a second, and no less than so many milliseconds of it. */
const high = { count: 50, ms: 100 };

/** For the sessions of a network. */
export function createPingLoad(): PingLoad {
  let since = 0;
  let count = 0;
  let before = 0;

  function look(now: number): void {
    const passed = now - since;
    if (passed >= 0 && passed < high.ms) return;
    before = passed >= high.ms && passed < 2 * high.ms ? count : 0;
    count = 0;
    since = now;
  }

  return {
    spent(now) {
      look(now);
      count++;
    },
    isHigh(now) {
      look(now);
      return Math.max(before, count) >= high.count;
    },
  };
}
