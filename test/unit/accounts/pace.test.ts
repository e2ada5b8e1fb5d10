/** 45-20: how many stanzas a turn of the loop is spent on for those who come in. */
import { expect, test } from 'vitest';
import { createPace } from '../../../src/accounts/pace.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('what fits into a turn need not wait, and the next turn has room again', async () => {
  const pace = createPace(10);
  expect([pace.take(4), pace.take(6), pace.take(0)]).toEqual([undefined, undefined, undefined]);
  await turn();
  expect(pace.take(10)).toBeUndefined();
});

test('what does not fit waits for a turn, in the order of asking; nothing that is smaller overtakes it', async () => {
  const pace = createPace(10);
  const gone: string[] = [];
  const asks = (name: string, stanzas: number): void => {
    void pace.take(stanzas)?.then(() => gone.push(name));
  };
  expect(pace.take(6)).toBeUndefined();
  asks('first', 6);
  asks('small', 1);
  asks('large', 25);
  asks('last', 10);
  expect(gone).toEqual([]);
  const turns: (readonly string[])[] = [];
  for (let n = 0; n < 3; n++) {
    await turn();
    await Promise.resolve();
    turns.push([...gone]);
  }
  expect(turns).toEqual([
    ['first', 'small'],
    ['first', 'small', 'large'],
    ['first', 'small', 'large', 'last'],
  ]);
});
