/** Discord's ids tell the time at which they were made (API reference, "Snowflakes"). */

const epochMs = 1_420_070_400_000;
const counterBits = 22n;

/** Epoch milliseconds. */
export const timeOf = (id: string): number => Number(BigInt(id) >> counterBits) + epochMs;

/** The first that could be made then. */
export const idAt = (ms: number): string => (BigInt(Math.max(0, Math.floor(ms) - epochMs)) << counterBits).toString();

/** Negative where the first is the older. */
export function byAge(one: string, other: string): number {
  if (one.length !== other.length) return one.length - other.length;
  return one < other ? -1 : one > other ? 1 : 0;
}
