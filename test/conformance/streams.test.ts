/** Who holds the component streams, over a real Redis: of two edges one, whatever stands still. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../src/ops/clock.ts';
import { createReadiness } from '../../src/ops/readiness.ts';
import { type Hold, holdStreams } from '../../src/process/standby.ts';
import { connectRedis, type RedisLink } from '../../src/storage/redis/connect.ts';
import { lifeKey } from '../../src/storage/redis/keys.ts';
import { createLeases } from '../../src/storage/redis/leases.ts';
import { createWorkers, type RedisWorkers } from '../../src/storage/redis/workers.ts';
import { createManualClock, type ManualClock } from '../harness/manual-clock.ts';
import { type Redis, startRedis } from '../harness/redis.ts';
import { silentLog } from '../harness/silent-log.ts';

let redis: Redis;
let link: RedisLink;

beforeAll(async () => {
  redis = await startRedis();
  link = await connectRedis({ url: redis.url, name: 'test', clock: systemClock, log: silentLog });
});
beforeEach(() => link.redis.flushall());
afterAll(async () => {
  await link?.close();
  await redis?.[Symbol.asyncDispose]();
});

interface Edge {
  readonly workers: RedisWorkers;
  /** Its own: while it is not moved on, the edge stands still. */
  readonly time: ManualClock;
  /** Its clock goes on, and nothing that waits for it happens. */
  standsStill(ms: number): void;
  hold(): Promise<Hold>;
}

async function edge(name: string): Promise<Edge> {
  const time = createManualClock();
  let still = 0;
  const clock = { ...time, now: () => time.now() + still };
  const workers = await createWorkers(link, { self: name, clock, log: silentLog });
  const leases = createLeases(link, workers, silentLog);
  const { signal } = new AbortController();
  const parts = { leases, workers, readiness: createReadiness(), clock: time, log: silentLog, signal };
  const standsStill = (ms: number): void => {
    still += ms;
  };
  return { workers, time, standsStill, hold: () => holdStreams(parts) };
}

const patiently = { timeout: 10_000 };

test('an edge that stood still while another one followed has lost the streams when it comes to itself', async () => {
  const [first, second] = [await edge('edge-first'), await edge('edge-second')];
  const held = await first.hold();
  let follower: Hold | undefined;
  void second.hold().then((hold) => (follower = hold));
  await link.redis.del(lifeKey('edge-first'));
  const followed = async (): Promise<number | undefined> => {
    await second.time.advance(1_000);
    return follower?.lease.fence;
  };
  await expect.poll(followed, patiently).toBeGreaterThan(held.lease.fence);
  expect(held.lease.lost.aborted).toBe(false);
  await first.time.advance(4_000);
  await expect.poll(() => held.lease.lost.aborted, patiently).toBe(true);
  expect(follower?.lease.lost.aborted).toBe(false);
  await Promise.all([first.workers.close(), second.workers.close()]);
});

test('a sign of life that was put up twice, since its first answer was lost, hides no expiry', async () => {
  const [first, second] = [await edge('edge-first'), await edge('edge-second')];
  const held = await first.hold();
  await link.redis.del(lifeKey('edge-first'));
  const follower = await second.hold();
  expect(follower.lease.fence).toBeGreaterThan(held.lease.fence);
  first.standsStill(10_000);
  await link.redis.set(lifeKey('edge-first'), first.workers.life);
  await first.time.advance(4_000);
  await expect.poll(() => held.lease.lost.aborted, patiently).toBe(true);
  expect(follower.lease.lost.aborted).toBe(false);
  await Promise.all([first.workers.close(), second.workers.close()]);
});

test('an edge that stood still and was not followed keeps them; who stands by has them when it ends', async () => {
  const [first, second] = [await edge('edge-first'), await edge('edge-second')];
  const held = await first.hold();
  await link.redis.del(lifeKey('edge-first'));
  await first.time.advance(4_000);
  await expect.poll(() => first.workers.alive(), patiently).toContain('edge-first');
  let isFollowed = false;
  void second.hold().then(() => (isFollowed = true));
  const followed = async (): Promise<boolean> => {
    await second.time.advance(1_000);
    return isFollowed;
  };
  for (let i = 0; i < 5; i++) expect(await followed()).toBe(false);
  expect(held.lease.lost.aborted).toBe(false);
  await held.lease.release();
  await expect.poll(followed, patiently).toBe(true);
  await Promise.all([first.workers.close(), second.workers.close()]);
});

test('who stood still does not know whose the streams are until its sign of life is up again and they were looked after', async () => {
  const { workers, time, standsStill } = await edge('edge-first');
  let looked = 0;
  workers.onRevived(async () => {
    if (++looked < 3) throw new Error('Redis is away');
  });
  expect(workers.isShown).toBe(true);
  standsStill(9_999);
  expect(workers.isShown).toBe(true);
  standsStill(1);
  expect(workers.isShown).toBe(false);
  await link.redis.del(lifeKey('edge-first'));
  const lookedSoOften = (times: number): Promise<void> => {
    const look = async (): Promise<number> => {
      if (looked < times) await time.advance(3_400);
      return looked;
    };
    return expect.poll(look, patiently).toBe(times);
  };
  await lookedSoOften(1);
  expect(workers.isShown).toBe(false);
  await lookedSoOften(2);
  expect(workers.isShown).toBe(false);
  await lookedSoOften(3);
  await expect.poll(() => workers.isShown, patiently).toBe(true);
  standsStill(-60_000);
  expect(workers.isShown).toBe(false);
  await workers.close();
});
