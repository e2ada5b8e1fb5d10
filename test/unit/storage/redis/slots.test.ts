/** Slots of a Redis Cluster, as its specification has them, and a tag for each. */
import { expect, test } from 'vitest';
import { slotOf, slots, slotTags } from '../../../../src/storage/redis/slots.ts';

test.each([
  ['123456789', 0x31c3],
  ['foo', 12_182],
  ['{foo}', 12_182],
  ['before{foo}behind{bar}', 12_182],
  ['foo{}{bar}', 8_363],
  ['foo{{bar}}zap', slotOf('{bar')],
  ['{foo', slotOf('{foo')],
])('%s is in slot %i', (key, slot) => {
  expect(slotOf(key)).toBe(slot);
});

test('every slot has a tag of its own, always the same', () => {
  const tags = slotTags();
  expect(tags.map(slotOf)).toEqual(Array.from({ length: slots }, (_, slot) => slot));
  expect(slotTags()).toEqual(tags);
  expect([tags[0], tags[12_182]]).toMatchInlineSnapshot(`
    [
      "1bz",
      "foo",
    ]
  `);
});
