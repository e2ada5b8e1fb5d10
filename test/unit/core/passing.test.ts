/** What comes and goes by its name: it answers as a Map does, whatever comes when. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPassing } from '../../../src/core/passing.ts';

test('it answers as a Map does', () => {
  // Few names, and some that end alike: they share a place.
  const name = fc.constantFrom(
    '',
    'a',
    '1763742340123-0',
    '1763742340123-1',
    '1763742340124-0',
    'm1',
    'm2',
    'xm2',
    'ä',
  );
  const step = fc.record({ name, value: fc.option(fc.nat({ max: 5 }), { nil: undefined }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const passing = createPassing<number>();
      const map = new Map<string, number>();
      for (const { name, value } of steps) {
        if (value === undefined) {
          passing.delete(name);
          map.delete(name);
        } else if (value === 0) {
          expect(passing.add(name, value)).toBe(!map.has(name));
          if (!map.has(name)) map.set(name, value);
        } else {
          passing.set(name, value);
          map.set(name, value);
        }
        expect(passing.get(name)).toBe(map.get(name));
        expect(passing.size()).toBe(map.size);
        expect(passing.values().toSorted()).toEqual([...map.values()].sort());
      }
    }),
    { numRuns: 500 },
  );
});

test('it keeps its order while hundreds come and go', () => {
  const passing = createPassing<number>();
  for (let n = 0; n < 1_000; n++) {
    passing.set(`1763742340123-${n}`, n);
    if (n < 100) continue;
    expect(passing.get(`1763742340123-${n - 100}`)).toBe(n - 100);
    passing.delete(`1763742340123-${n - 100}`);
    expect(passing.get(`1763742340123-${n - 100}`)).toBeUndefined();
  }
  expect(passing.values()).toEqual(Array.from({ length: 100 }, (_, at) => 900 + at));
  expect(passing.size()).toBe(100);
});
