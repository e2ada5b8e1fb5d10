/** Functions in one table for all of a kind, and parts that are made late. */
import { expect, test } from 'vitest';
import { type HoldsLate, ifMade, lateParts, withFunctions } from '../../../src/core/sharing-functions.ts';

interface Counter {
  add(by: number): number;
  readonly isZero: boolean;
}

const counting: Counter & ThisType<{ count: number }> = {
  add(by) {
    this.count += by;
    return this.count;
  },
  get isZero() {
    return this.count === 0;
  },
};

test('each has what it holds, and the functions of all', () => {
  const [one, other] = [withFunctions(counting, { count: 0 }), withFunctions(counting, { count: 5 })];
  expect([one.add(1), one.add(1), other.add(1)]).toEqual([1, 2, 6]);
  expect([one.isZero, withFunctions(counting, { count: 0 }).isZero]).toEqual([false, true]);
  expect(one.add).toBe(other.add);
  expect(Object.keys(one)).toEqual(['count']);
});

interface Late {
  readonly list: string[];
  readonly greeting: string;
}
type Whole = Late & HoldsLate & { readonly name: string };

test('a part is made when it is first asked for, of the whole whose it is, and once', () => {
  const made: string[] = [];
  const late = lateParts<Late, Whole>({
    list({ name }) {
      made.push(name);
      return [];
    },
    greeting: (whole) => `Hello, ${whole.name} of ${whole.list.length}`,
  });
  const held = (name: string) => withFunctions(late, { late: undefined, name });
  const [romeo, juliet]: readonly Whole[] = [held('romeo'), held('juliet')];
  if (romeo === undefined || juliet === undefined) throw new Error('both are there');
  expect([made, ifMade(romeo, 'list')]).toEqual([[], undefined]);
  romeo.list.push('tybalt');
  expect(romeo.greeting).toBe('Hello, romeo of 1');
  expect([ifMade(romeo, 'list'), ifMade(juliet, 'list')]).toEqual([['tybalt'], undefined]);
  expect(juliet.greeting).toBe('Hello, juliet of 0');
  expect(made).toEqual(['romeo', 'juliet']);
});
