/** What lies in the mailbox of a worker that ends goes to the others with all that is known of it, and Redis is not kept from everybody else meanwhile. */
import { expect, test } from 'vitest';
import { accountId } from '../../src/core/ids.ts';
import { systemClock as clock } from '../../src/ops/clock.ts';
import { createSuccession } from '../../src/process/succession.ts';
import { createPost } from '../../src/storage/redis/post.ts';
import { createWorkers } from '../../src/storage/redis/workers.ts';
import { useRedisLink } from '../harness/redis-link.ts';
import { silentLog } from '../harness/silent-log.ts';

const used = useRedisLink();

test('a full mailbox is not read anew for each handful that goes to others, who find it in its order and as whose it was', async () => {
  const { link } = used();
  const appear = (self: string) => createWorkers(link, { self, clock, log: silentLog, leavesThings: true });
  const [ending, heir] = [await appear('worker-a'), await appear('worker-b')];
  const post = createPost(link, { cap: 1_000 });
  const romeo = accountId('romeo');
  const texts = Array.from({ length: 1_000 }, (_, n) => `${n}`);
  await post.handOn('worker-a', texts, { account: romeo });
  expect(await post.survey('worker-a')).toContainEqual({ worker: 'worker-a', isAlive: true, accounts: new Map() });
  await ending.close();

  await link.redis.config('RESETSTAT');
  const signal = new AbortController().signal;
  const leases = { holder: async () => undefined };
  const parts = { post, leases, workers: ending, clock, log: silentLog, signal, restore: async () => undefined };
  await createSuccession(parts).leave();
  const reads = /cmdstat_xrange:calls=(\d+)/.exec(await link.redis.info('commandstats'))?.[1];
  expect(Number(reads)).toBeLessThan(15);

  const there = await post.oldest('worker-b', 2_000);
  expect(there.map(({ text }) => text)).toEqual(texts);
  const accounts = new Map([[romeo, there.at(-1)?.id]]);
  expect(await post.survey()).toEqual([{ worker: 'worker-b', isAlive: true, accounts }]);
  await heir.close();
});
