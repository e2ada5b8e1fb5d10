/** A replica that takes its master's place, and has not heard the last of what that did: who runs an account runs it still, and is the only one. */
import { beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/ops/clock.ts';
import type { RedisLink } from '../../src/storage/redis/connect.ts';
import { accountKeys } from '../../src/storage/redis/keys.ts';
import { createLeases } from '../../src/storage/redis/leases.ts';
import { createOutboxStore } from '../../src/storage/redis/outbox.ts';
import { createWorkers } from '../../src/storage/redis/workers.ts';
import { createManualClock } from '../harness/manual-clock.ts';
import { useRedisLink } from '../harness/redis-link.ts';
import { silentLog } from '../harness/silent-log.ts';
import { entry, keyOf, newAccount } from './stores.ts';

const used = useRedisLink();
let link: RedisLink;
beforeAll(() => {
  ({ link } = used());
});

/** Two workers whose signs of life stay up, for nobody renews them and nobody waits so long. */
async function setUp() {
  const one = await createWorkers(link, { self: 'worker-a', clock: createManualClock(), log: silentLog });
  const other = await createWorkers(link, { self: 'worker-b', clock: createManualClock(), log: silentLog });
  return {
    ours: createLeases(link, one, silentLog),
    theirs: createLeases(link, other, silentLog),
    account: newAccount(),
    close: async () => void (await Promise.all([one.close(), other.close()])),
  };
}

/** Redis is as it was before that was done, and the connection to it is made anew. @param meanwhile before we are there again */
async function unheard<T>(keys: readonly string[], done: () => Promise<T>, meanwhile = async () => {}): Promise<T> {
  const { redis } = link;
  const before = await Promise.all(keys.map((key) => redis.get(key)));
  const result = await done();
  for (const [i, key] of keys.entries()) await (before[i] == null ? redis.del(key) : redis.set(key, before[i]));
  await meanwhile();
  const back = Promise.withResolvers<void>();
  redis.once('ready', () => back.resolve());
  redis.disconnect(true);
  await back.promise;
  return result;
}

test('what was settled, and waits there again, is settled again: nobody who comes later sends it a second time', async () => {
  const { redis, names } = link;
  const store = createOutboxStore(link, systemClock);
  const account = newAccount();
  const { outbox, young } = accountKeys(account);
  const append = (mark: string) => store.append(account, entry(mark), mark, { account: 9 });
  const [said, refused, waiting] = [
    keyOf(await append('said')),
    keyOf(await append('refused')),
    keyOf(await append('waiting')),
  ];
  for (const key of [outbox, young]) await redis.copy(key, `${key}:before`);
  await store.settle(account, 1, [{ key: said, mark: 'said', result: 'told' }]);
  await store.settle(account, 1, [{ key: refused, mark: 'refused' }]);
  await unheard([], async () => {
    for (const key of [outbox, young]) await redis.rename(`${key}:before`, key);
    await redis.sadd(names.waiting(account), account);
  });
  await expect.poll(async () => (await store.after(account, undefined, 9)).map(({ key }) => key)).toEqual([waiting]);
  expect(await append('said')).toEqual({ is: 'again', result: 'told' });
  expect(await append('refused')).toMatchObject({ is: 'new' });
  await store.erase(account);
});

test('a lease that it does not know is there again, with its fence', async () => {
  const { ours, theirs, account, close } = await setUp();
  const { lease, fence } = accountKeys(account);
  await (await ours.acquire(account))?.release();
  const held = await unheard([lease, fence], () => ours.acquire(account));
  await expect.poll(() => ours.holder(account)).toBe('worker-a');
  expect(held?.lost.aborted).toBe(false);
  expect(await link.redis.get(fence)).toBe(`${held?.fence}`);
  expect(await theirs.acquire(account)).toBeUndefined();
  await close();
});

test('whoever has taken the account since has a greater fence, and the one before knows at once that it has lost', async () => {
  const { ours, theirs, account, close } = await setUp();
  const { lease, fence } = accountKeys(account);
  await (await ours.acquire(account))?.release();
  let taken: number | undefined;
  const held = await unheard(
    [lease, fence],
    () => ours.acquire(account),
    async () => {
      await systemClock.sleep(2);
      taken = (await theirs.acquire(account))?.fence;
    },
  );
  expect(taken).toBeGreaterThan(held?.fence ?? 0);
  await expect.poll(() => held?.lost.aborted).toBe(true);
  expect(await ours.holder(account)).toBe('worker-b');
  await close();
});

test('what another had, and has given back, is not taken back', async () => {
  const { ours, theirs, account, close } = await setUp();
  const { lease } = accountKeys(account);
  const held = await ours.acquire(account);
  const nothing = async (): Promise<void> => {};
  await unheard([], nothing, async () => {
    await link.redis.del(lease);
    await (await theirs.acquire(account))?.release();
  });
  await expect.poll(() => held?.lost.aborted).toBe(true);
  expect(await ours.holder(account)).toBeUndefined();
  await close();
});
