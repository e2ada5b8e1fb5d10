/** Whose work is done is said before and after it, whatever comes of it. */
import { expect, test } from 'vitest';
import { attending } from '../../../src/accounts/attending.ts';
import { accountId } from '../../../src/core/ids.ts';

test('what is done is told, a failure too; without anybody who wants to know it is the function itself', () => {
  const told: string[] = [];
  const watch = { enter: (id: string) => told.push(`+${id}`), leave: () => told.push('-') };
  const attend = attending(watch, accountId('a'));
  expect(attend((one: number) => one + 2)(1)).toBe(3);
  expect(() =>
    attend((why: string) => {
      throw new Error(why);
    })('no'),
  ).toThrow('no');
  expect(told).toEqual(['+a', '-', '+a', '-']);
  const work = (): void => undefined;
  expect(attending(undefined, accountId('a'))(work)).toBe(work);
});
