/** A page of a list that is there as a whole (XEP-0059 §2). */
import { GatewayError } from '../core/errors.ts';
import type { ResultSet } from '../xmpp/xep/0059-result-sets.ts';

/** For who does not say how many; and the most that anybody gets at once. */
const usual = 100;
const most = 500;

export interface Page<Item> {
  readonly items: readonly Item[];
  /** What the answer says of it. */
  readonly set: ResultSet;
}

/** [from, to) of what is asked for. */
function range<Item>(
  all: readonly Item[],
  keyOf: (item: Item) => string,
  { after, before, index }: ResultSet,
  max: number,
): readonly [number, number] {
  const place = (key: string): number => {
    const found = all.findIndex((item) => keyOf(item) === key);
    if (found < 0) throw new GatewayError('no-such-item', { text: 'There is no such place in the list' });
    return found;
  };
  if (before !== undefined) {
    const to = before === '' ? all.length : place(before);
    return [Math.max(0, to - max), to];
  }
  const from = after ? place(after) + 1 : (index ?? 0);
  return [from, Math.min(all.length, from + max)];
}

/** @param keyOf names an item; opaque to clients and unique in the list. Throws where the page begins or ends at what is not in it. */
export function pageOf<Item>(all: readonly Item[], keyOf: (item: Item) => string, asked: ResultSet = {}): Page<Item> {
  const max = Math.min(asked.max ?? usual, most);
  const [from, to] = range(all, keyOf, asked, max);
  const items = all.slice(from, to);
  const [first, last] = [items[0], items.at(-1)];
  const count = all.length;
  if (first === undefined || last === undefined) return { items, set: { count } };
  return { items, set: { first: { index: from, id: keyOf(first) }, last: keyOf(last), count } };
}
