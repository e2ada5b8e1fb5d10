/** The order of delivery keys, which is that of the ids of a stream in Redis. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareKeys } from '../../../src/delivery/lane.ts';

test('keys stand in the order of their two numbers, whatever their lengths', () => {
  const number = fc.oneof(fc.nat(12), fc.nat(), fc.integer({ min: 1_700_000_000_000, max: 1_700_000_000_012 }));
  const key = fc.tuple(number, number);
  fc.assert(
    fc.property(key, key, (a, b) => {
      const wanted = Math.sign(a[0] - b[0] || a[1] - b[1]);
      expect(Math.sign(compareKeys(a.join('-'), b.join('-')))).toBe(wanted);
    }),
  );
});
