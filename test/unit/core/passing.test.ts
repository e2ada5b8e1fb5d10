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
