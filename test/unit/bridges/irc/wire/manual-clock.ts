/** A clock that a test moves: nothing happens until it does. */
export interface ManualClock {
  now(): number;
  after(ms: number, call: () => void): () => void;
  /** Moves on and calls what is due, in order. */
  advance(ms: number): void;
  /** Calls that wait. */
  readonly waiting: number;
}

export function createManualClock(start = 1_000_000): ManualClock {
  let now = start;
  let timers: { readonly at: number; readonly call: () => void }[] = [];
  return {
    now: () => now,
    after(ms, call) {
      const timer = { at: now + ms, call };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const due = timers.filter((timer) => timer.at <= end).sort((one, other) => one.at - other.at)[0];
        if (due === undefined) break;
        timers = timers.filter((timer) => timer !== due);
        now = Math.max(now, due.at);
        due.call();
      }
      now = end;
    },
    get waiting() {
      return timers.length;
    },
  };
}

/** Resolves in the next turn of the loop, behind what is scheduled for this one. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
