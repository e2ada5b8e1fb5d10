/** What the lease of an account leaves behind when the account ends. */
import { expect, test } from 'vitest';
import { accept, calm, key, setUp } from './runner-world.ts';

test('that of one that is forgotten leaves nothing; that of one that is to come back does', async () => {
  const ends: string[] = [];
  const test = setUp((made) => ({
    ...made,
    async acquire(id) {
      const lease = await made.acquire(id);
      if (lease === undefined) return undefined;
      const noted = (how: string, end: Promise<void>): Promise<void> => {
        ends.push(how);
        return end;
      };
      return {
        ...lease,
        release: () => noted('released', lease.release()),
        erase: (as) => noted('erased', lease.erase(as)),
      };
    },
  }));
  await test.runner.open(key);
  await calm(test);
  expect(ends).toEqual(['erased']);
  await accept(test);
  await test.runner.open(key);
  await calm(test);
  await test.runner.stop('keep', 'The end');
  expect(ends).toEqual(['erased', 'released']);
});
