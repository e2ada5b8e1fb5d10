/** Exponential backoff with full jitter: the one rule by which anything here waits before it tries again. */

export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

/**
 * How long to wait before try `attempt` (1 = the first retry). Between half of and the whole of firstMs·2^(attempt-1), at most maxMs.
 * @param random a number in [0, 1)
 */
export function backoffMs(attempt: number, { firstMs, maxMs }: Backoff, random: () => number = Math.random): number {
  const full = Math.min(maxMs, firstMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(full / 2 + (full / 2) * random());
}
