/** How often something may be done because somebody else wished it: a few times at once, then now and then. */

export interface Allowance {
  /** False: not now. */
  take(): boolean;
}

/** Begins full; a clock that is set back adds nothing. */
export function createAllowance(now: () => number, burst: number, everyMs: number): Allowance {
  let tokens = burst;
  let since = now();
  return {
    take() {
      const grown = Math.floor(Math.max(0, now() - since) / everyMs);
      tokens = Math.min(burst, tokens + grown);
      since = tokens === burst ? now() : since + grown * everyMs;
      if (tokens < 1) return false;
      tokens--;
      return true;
    },
  };
}
