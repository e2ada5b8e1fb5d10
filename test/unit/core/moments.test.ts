/** Moments of which no two are the same. */
import { expect, test } from 'vitest';
import { createMoments } from '../../../src/core/moments.ts';

test('what comes later is later, within a millisecond too; the clock is followed, also where it is set back', () => {
  let now = 1_800_000_000_000;
  const moment = createMoments(() => now);
  const some = Array.from({ length: 100 }, moment);
  expect(some).toEqual([...new Set(some)].sort((a, b) => a - b));
  expect([some[0], Math.floor(some.at(-1) ?? 0)]).toEqual([now, now]);
  now += 1;
  expect(moment()).toBe(now);
  now -= 3_600_000;
  expect(moment()).toBe(now);
  expect(JSON.parse(JSON.stringify(some))).toEqual(some);
});
