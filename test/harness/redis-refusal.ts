/** What an operator reads whose Redis can't be had. */
import { expect } from 'vitest';
import { StorageProblem } from '../../src/storage/problem.ts';
import type { RedisLink } from '../../src/storage/redis/connect.ts';

/** The sentence with its remedy; fails where the connection comes about, or fails in other words. */
export async function refusalOf(connecting: Promise<RedisLink>): Promise<string> {
  const error = await connecting.then(
    async (link) => {
      await link.close();
      return undefined;
    },
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(StorageProblem);
  return String(error);
}
