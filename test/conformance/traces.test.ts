/** What is remembered in Redis of an account goes with what it was about: nothing is touched by who comes late, and nothing stays for ever. */
import { beforeAll, expect, test } from 'vitest';
import { systemClock as clock } from '../../src/ops/clock.ts';
import type { RedisLink } from '../../src/storage/redis/connect.ts';
import { accountKeys, lifeKey } from '../../src/storage/redis/keys.ts';
import { createLeases } from '../../src/storage/redis/leases.ts';
import renewText from '../../src/storage/redis/lua/renew.lua';
import { createOutboxStore } from '../../src/storage/redis/outbox.ts';
import { createWorkers } from '../../src/storage/redis/workers.ts';
import { createManualClock } from '../harness/manual-clock.ts';
import { useRedisLink } from '../harness/redis-link.ts';
import { silentLog } from '../harness/silent-log.ts';
import { caps, entry, keyOf, newAccount } from './stores.ts';

const used = useRedisLink();
let link: RedisLink;
beforeAll(() => {
  ({ link } = used());
});

test.each(['release', 'erase'] as const)(
  'who was taken for dead and does not know it takes nothing from who followed: %s',
  async (how) => {
    // It does not look after its sign of life.
    const dead = await createWorkers(link, { clock: createManualClock(), log: silentLog });
    const living = await createWorkers(link, { clock, log: silentLog });
    const account = newAccount();
    const before = await createLeases(link, dead, silentLog).acquire(account);
    await link.redis.del(lifeKey(dead.self));
    const followed = createLeases(link, living, silentLog);
    const after = await followed.acquire(account);
    await before?.[how]();
    expect(await followed.holder(account)).toBe(living.self);
    expect(await link.redis.get(accountKeys(account).fence)).toBe(String(after?.fence));
    await dead.close();
    await living.close();
  },
);

test('nothing of an account that is erased is left, not even how often it had been begun', async () => {
  const workers = await createWorkers(link, { clock, log: silentLog });
  const account = newAccount();
  await (await createLeases(link, workers, silentLog).acquire(account))?.erase();
  expect(await link.redis.keys(`*${account}*`)).toEqual([]);
  await workers.close();
});

test('what was forgotten and given again is not touched by a second copy of what settled it before', async () => {
  const outbox = createOutboxStore(link, clock);
  const account = newAccount();
  const append = () => outbox.append(account, entry('x'), 'mark', caps);
  const key = keyOf(await append());
  await outbox.settle(account, 1, [{ key, mark: 'mark' }]);
  const next = keyOf(await append());
  await outbox.settle(account, 1, [{ key, mark: 'mark' }]);
  await outbox.settle(account, 1, [{ key, mark: 'mark', result: 'said' }]);
  expect(await append()).toEqual({ is: 'again' });
  expect((await outbox.after(account, undefined, 9)).map((one) => one.key)).toEqual([next]);
});

test('what is requeued when nothing else waits is found after a restart, and is not remembered for ever', async () => {
  const outbox = createOutboxStore(link, clock);
  const account = newAccount();
  const key = keyOf(await outbox.append(account, entry('a'), undefined, caps));
  await outbox.settle(account, 1, [{ key, dead: 'bug' }]);
  expect(await outbox.waiting()).not.toContain(account);
  await link.redis.del(accountKeys(account).young);
  const [letter] = await outbox.deadLetters(account, 1);
  expect(await outbox.requeue(account, letter?.key ?? key)).toBe(true);
  expect(await outbox.waiting()).toContain(account);
  expect(await link.redis.pttl(accountKeys(account).young)).toBeGreaterThan(600_000);
});

test('the fence of an account grows also where the clock of Redis is behind the one that gave the last', async () => {
  const workers = await createWorkers(link, { clock, log: silentLog });
  const account = newAccount();
  const leases = createLeases(link, workers, silentLog);
  const ahead = clock.now() + 3_600_000;
  await link.redis.set(accountKeys(account).fence, `${ahead}`);
  for (const more of [1, 2]) {
    const lease = await leases.acquire(account);
    expect(lease?.fence).toBe(ahead + more);
    await lease?.release();
  }
  await workers.close();
});

test('a lease is written anew by its holder, twice like once and where memory is full, and by nobody else', async () => {
  const account = newAccount();
  const { lease, fence } = accountKeys(account);
  const renew = (from: string, to: string, by: number) =>
    link.redis.eval(renewText, 2, lease, fence, from, to, `${by}`);
  // Nothing is known of it: whoever had it may have been followed.
  expect(await renew('w 1', 'w 2', 7)).toBe(0);
  await link.redis.mset(lease, 'w 1', fence, '7');
  await link.redis.config('SET', 'maxmemory', '1');
  try {
    expect([await renew('w 1', 'w 2', 7), await renew('w 1', 'w 2', 7)]).toEqual([1, 1]);
  } finally {
    await link.redis.config('SET', 'maxmemory', '0');
  }
  expect(await renew('w 1', 'w 3', 7)).toBe(0);
  await link.redis.del(lease);
  expect([await renew('w 2', 'w 3', 6), await link.redis.get(lease)]).toEqual([0, null]);
  expect([await renew('w 2', 'w 3', 8), await link.redis.mget(lease, fence)]).toEqual([1, ['w 3', '8']]);
});
