/** A Redis that comes back without what it held (no append-only file, a lost disk, FLUSHALL): what runs goes on, and is found. */
import { beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/ops/clock.ts';
import type { RedisLink } from '../../src/storage/redis/connect.ts';
import { createJournalStore } from '../../src/storage/redis/journal.ts';
import { nameKey } from '../../src/storage/redis/keys.ts';
import { createLeases } from '../../src/storage/redis/leases.ts';
import { createWorkers } from '../../src/storage/redis/workers.ts';
import { createManualClock } from '../harness/manual-clock.ts';
import type { Redis } from '../harness/redis.ts';
import { useRedisLink } from '../harness/redis-link.ts';
import { silentLog } from '../harness/silent-log.ts';
import { newAccount } from './stores.ts';

const used = useRedisLink();
let redis: Redis;
let link: RedisLink;
beforeAll(() => {
  ({ redis, link } = used());
});

async function emptied(): Promise<void> {
  redis.empty();
  await redis.restart();
  await link.redis.ping();
}

test('a journal is found by whoever reads those of its domain', async () => {
  const journal = createJournalStore(link);
  await journal.append('irc.test/worker-a', () => '<m/>');
  expect(await journal.streams('irc.test')).toEqual(['irc.test/worker-a']);
  await emptied();
  await journal.append('irc.test/worker-a', () => '<m/>');
  expect(await journal.streams('irc.test')).toEqual(['irc.test/worker-a']);
});

test('who runs an account runs it still; one that another has taken since is lost', async () => {
  await link.redis.set(nameKey, 'this one');
  const time = createManualClock();
  const workers = await createWorkers(link, { self: 'worker-a', clock: time, log: silentLog });
  const others = await createWorkers(link, { self: 'worker-b', clock: systemClock, log: silentLog });
  const [kept, taken] = [newAccount(), newAccount()];
  const leases = createLeases(link, workers, silentLog);
  const [one, other] = [await leases.acquire(kept), await leases.acquire(taken)];
  await emptied();
  await link.redis.set(nameKey, 'another one');
  const theirs = createLeases(link, others, silentLog);
  expect(await theirs.acquire(taken)).toBeDefined();
  await time.advance(4_000);
  await expect.poll(() => other?.lost.aborted).toBe(true);
  await expect.poll(() => leases.holder(kept)).toBe('worker-a');
  expect(one?.lost.aborted).toBe(false);
  expect(await theirs.acquire(kept)).toBeUndefined();
  await one?.release();
  expect((await theirs.acquire(kept))?.fence).toBeGreaterThan(one?.fence ?? 0);
  await workers.close();
  await others.close();
});

test('an account that ended elsewhere while its holder was taken for dead is not taken back', async () => {
  await link.redis.set(nameKey, 'this one');
  const time = createManualClock();
  const workers = await createWorkers(link, { self: 'worker-c', clock: time, log: silentLog });
  const account = newAccount();
  const lease = await createLeases(link, workers, silentLog).acquire(account);
  await workers.declareDead('worker-c');
  const others = await createWorkers(link, { self: 'worker-d', clock: systemClock, log: silentLog });
  await (await createLeases(link, others, silentLog).acquire(account))?.erase();
  await time.advance(4_000);
  await expect.poll(() => lease?.lost.aborted).toBe(true);
  await workers.close();
  await others.close();
});
