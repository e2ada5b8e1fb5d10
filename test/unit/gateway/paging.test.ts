/** CHECKLIST 059-01, 030-05 and 313-05's rules of pages, for a list that is there as a whole. */
import { describe, expect, test } from 'vitest';
import { pageOf } from '../../../src/gateway/paging.ts';
import type { ResultSet } from '../../../src/xmpp/xep/0059-result-sets.ts';

const list = (size: number) => Array.from({ length: size }, (_, i) => `i${i}`);
const page = (size: number, asked?: ResultSet) => pageOf(list(size), (one) => one, asked);

describe('059-01 pages', () => {
  test.each<readonly [string, ResultSet | undefined, number, string | undefined, number]>([
    ['the first hundred where nobody says how many', undefined, 100, 'i0', 0],
    ['as many as asked', { max: 5 }, 5, 'i0', 0],
    ['not more than five hundred', { max: 10_000 }, 500, 'i0', 0],
    ['behind an item', { max: 5, after: 'i9' }, 5, 'i10', 10],
    ['before an item', { max: 5, before: 'i9' }, 5, 'i4', 4],
    ['before one near the begin', { max: 5, before: 'i2' }, 2, 'i0', 0],
    ['the last page, in order', { max: 5, before: '' }, 5, 'i995', 995],
    ['the first page, asked for as one behind nothing', { max: 5, after: '' }, 5, 'i0', 0],
    ['by index', { max: 5, index: 500 }, 5, 'i500', 500],
  ])('%s', (_, asked, length, id, index) => {
    const { items, set } = page(1000, asked);
    expect([items.length, items[0], set.first]).toEqual([length, id, { index, id }]);
    expect([set.last, set.count]).toEqual([items.at(-1), 1000]);
  });

  test.each<readonly [string, number, ResultSet]>([
    ['how many there are', 7, { max: 0 }],
    ['behind the last', 7, { after: 'i6' }],
    ['before the first', 7, { before: 'i0' }],
    ['beyond the end', 7, { index: 100 }],
    ['of nothing', 0, {}],
  ])('%s: the count alone', (_, size, asked) => expect(page(size, asked)).toEqual({ items: [], set: { count: size } }));

  test('from place to place everything comes once', () => {
    const seen: string[] = [];
    for (let after: string | undefined; ; after = seen.at(-1)) {
      const { items } = page(95, { max: 10, ...(after !== undefined && { after }) });
      if (items.length === 0) break;
      seen.push(...items);
    }
    expect(seen).toEqual(list(95));
  });

  test('a place that is not there', () => {
    for (const asked of [{ after: 'x' }, { before: 'x' }])
      expect(() => page(3, asked)).toThrowError(expect.objectContaining({ code: 'no-such-item' }));
  });
});
