/** CHECKLIST 428-01: places in code points and in UTF-16 units, both ways. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { counting } from '../../../../src/xmpp/xep/0426-character-counting.ts';

test('428-01 emoji count as one, joined ones as many', () => {
  const { points, units, length } = counting('a😀b👩‍🚀');
  expect([points(0), points(1), points(3), points(4)]).toEqual([0, 1, 2, 3]);
  expect([units(1), units(2), units(3), units(99)]).toEqual([1, 3, 4, 9]);
  expect(length).toBe(6);
  expect(points(2)).toBe(1);
  expect([points(-1), units(-5), units(Number.NaN)]).toEqual([0, 0, 0]);
});

test('428-01 there and back again is where it began', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      const { points, units, length } = counting(text);
      expect(length).toBe(Array.from(text).length);
      for (let at = 0; at <= length; at++) expect(points(units(at))).toBe(at);
      expect(units(length)).toBe(text.length);
    }),
    { numRuns: 10_000 },
  );
});
