/** Moments of which no two are the same: of what happens within one millisecond, too, it is known what came first. */

/** More of them than happen in a millisecond; JSON and a double have room for them. */
const step = 1 / 1_024;

/** Epoch milliseconds, with fractions where one would be the last one again. A clock that is set back is followed. */
export function createMoments(now: () => number): () => number {
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    const at = now();
    last = at <= last && last < at + 1 ? last + step : at;
    return last;
  };
}
