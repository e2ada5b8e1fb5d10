/** When the sessions of a network spend many PINGs. */
import { expect, test } from 'vitest';
import { createPingLoad } from '../../../../bridges/irc/ping-load.ts';

/** Spends them evenly; resolves to whether that was many. */
function spends(count: number, everyMs: number, load = createPingLoad(), from = 1_000_000): boolean {
  for (let n = 0; n < count; n++) load.spent(from + n * everyMs);
  return load.isHigh(from + count * everyMs);
}

test.each([
  ['two hundred a second', 400, 5, false],
  ['a hundred at once', 100, 0, true],
  ['five hundred a second', 1_000, 2, true],
  ['five thousand a second', 10_000, 0.2, true],
  ['fifty at once each second', 500, 20, false],
])('%s', (_, count, everyMs, isHigh) => expect(spends(count, everyMs)).toBe(isHigh));

test('it is over a moment later, and when the clock is set back', () => {
  const load = createPingLoad();
  expect(spends(1_000, 1, load, 10_000_000)).toBe(true);
  expect([load.isHigh(10_001_050), load.isHigh(10_001_300)]).toEqual([true, false]);
  expect(spends(1_000, 1, load, 20_000_000)).toBe(true);
  expect(load.isHigh(10_000_000)).toBe(false);
});
