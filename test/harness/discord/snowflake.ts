/** Discord's ids: milliseconds since 2015 and a counter, so that they sort by time (API reference, "Snowflakes"). */

const epochMs = 1_420_070_400_000;
const counters = 4096n;

/** Makes ids that always grow, also where the clock stands still. */
export function snowflakes(now: () => number): () => string {
  let last = 0n;
  return () => {
    const first = BigInt(Math.max(0, Math.floor(now()) - epochMs)) << 22n;
    // The counter spills into the next millisecond, past the bits of workers.
    const next = last + 1n;
    last = first > last ? first : next % (1n << 22n) < counters ? next : ((last >> 22n) + 1n) << 22n;
    return last.toString();
  };
}

/** When it was made. */
export const timeOf = (id: string): number => Number(BigInt(id) >> 22n) + epochMs;

/** Is it written as an id? */
export const isId = (text: string): boolean => /^\d{1,20}$/.test(text);

/** Order by age: negative where the first is the older. */
export function byAge(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}
