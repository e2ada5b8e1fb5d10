/** Ids by the thousand: each is another, and they sort as they were made. */
import { expect, test } from 'vitest';
import { countingIds } from '../../../src/core/counting.ts';

test('ids of a prefix differ, begin alike and sort as they were made, over the borders of blocks', () => {
  const next = countingIds('a.');
  const ids = Array.from({ length: 4_000 }, next);
  expect(new Set(ids).size).toBe(4_000);
  expect([...ids].sort()).toEqual(ids);
  expect([ids[0], ids[35], ids[1_295], ids[1_296]]).toEqual(['a.0000000', 'a.000000z', 'a.00000zz', 'a.0000100']);
});
