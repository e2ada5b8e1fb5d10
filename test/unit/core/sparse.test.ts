/** Maps and sets that hold nothing mostly: they show what a Map and a Set show. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sparseMap, sparseSet } from '../../../src/core/sparse.ts';

const steps = fc.array(
  fc.record({ do: fc.constantFrom('put', 'delete', 'clear'), key: fc.integer({ min: 0, max: 3 }), value: fc.nat() }),
);

test('a sparse map shows what a Map shows', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const [ours, theirs] = [sparseMap<number, number>(), new Map<number, number>()];
      for (const { do: what, key, value } of all) {
        if (what === 'put') expect(ours.set(key, value)).toBe(ours);
        if (what === 'put') theirs.set(key, value);
        if (what === 'delete') expect(ours.delete(key)).toBe(theirs.delete(key));
        if (what === 'clear') ours.clear();
        if (what === 'clear') theirs.clear();
        expect([...ours]).toEqual([...theirs]);
        expect([...ours.entries()]).toEqual([...theirs.entries()]);
        expect([...ours.keys()]).toEqual([...theirs.keys()]);
        expect([...ours.values()]).toEqual([...theirs.values()]);
        expect([ours.size, ours.get(key), ours.has(key)]).toEqual([theirs.size, theirs.get(key), theirs.has(key)]);
        const seen: unknown[] = [];
        ours.forEach((held, name, map) => {
          seen.push([name, held, map === ours]);
        });
        expect(seen).toEqual([...theirs].map(([name, held]) => [name, held, true]));
      }
    }),
  );
});

test('a sparse set shows what a Set shows', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const [ours, theirs] = [sparseSet<number>(), new Set<number>()];
      for (const { do: what, key } of all) {
        if (what === 'put') expect(ours.add(key)).toBe(ours);
        if (what === 'put') theirs.add(key);
        if (what === 'delete') expect(ours.delete(key)).toBe(theirs.delete(key));
        if (what === 'clear') ours.clear();
        if (what === 'clear') theirs.clear();
        expect([[...ours], [...ours.keys()], [...ours.values()]]).toEqual([[...theirs], [...theirs], [...theirs]]);
        expect([...ours.entries()]).toEqual([...theirs.entries()]);
        expect([ours.size, ours.has(key)]).toEqual([theirs.size, theirs.has(key)]);
        const seen: unknown[] = [];
        ours.forEach((held, same, set) => {
          seen.push([held, same, set === ours]);
        });
        expect(seen).toEqual([...theirs].map((held) => [held, held, true]));
      }
    }),
  );
});

test('who walks over one while it is emptied sees the rest of it, and nothing twice', () => {
  const map = sparseMap<number, string>();
  map.set(1, 'a').set(2, 'b').set(3, 'c');
  const seen: unknown[] = [];
  for (const key of map.keys()) {
    seen.push(key);
    map.delete(key);
  }
  expect(seen).toEqual([1, 2, 3]);
  expect(map.size).toBe(0);
});
