/** What messages are called on both sides. */
import { expect, test } from 'vitest';
import { createNames, namesAtMost } from '../../../src/plumbing/names.ts';

test('both ways, those of before too; what is fresh is told once', () => {
  const names = createNames([{ muc: 'm1', room: 'r1' }]);
  names.add({ muc: 'm2', room: 'r2' });
  names.add({ muc: 'm1', room: 'r1' });
  expect([names.toMuc('r1'), names.toRoom('m2'), names.toRoom('m3')]).toEqual(['m1', 'r2', undefined]);
  expect(names.fresh()).toEqual([{ muc: 'm2', room: 'r2' }]);
  expect(names.fresh()).toEqual([]);
});

test('the oldest are forgotten', () => {
  const names = createNames([]);
  for (let i = 0; i <= namesAtMost; i++) names.add({ muc: `m${i}`, room: `r${i}` });
  expect([names.toMuc('r0'), names.toRoom('m0')]).toEqual([undefined, undefined]);
  expect(names.toMuc(`r${namesAtMost}`)).toBe(`m${namesAtMost}`);
});
