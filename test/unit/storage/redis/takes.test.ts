/** Whether Redis takes what is written, asked of real ones. */
import { expect, test } from 'vitest';
import { systemClock } from '../../../../src/ops/clock.ts';
import { createMetrics } from '../../../../src/ops/metrics.ts';
import { connectRedis } from '../../../../src/storage/redis/connect.ts';
import { redisTakes } from '../../../../src/storage/redis/takes.ts';
import { startRedis } from '../../../harness/redis.ts';
import { silentLog } from '../../../harness/silent-log.ts';

test('a Redis that is full, a replica or away takes nothing; one that is back does', async () => {
  await using redis = await startRedis();
  const link = await connectRedis({ url: redis.url, name: 'takes', clock: systemClock, log: silentLog });
  const metrics = createMetrics();
  const up = async (): Promise<string | undefined> => /^isthmus_redis_up (\d)$/m.exec(await metrics.text())?.[1];
  try {
    expect(await up()).toBeUndefined();
    metrics.redis(redisTakes(link));
    expect(await up()).toBe('1');
    redis.limit(1);
    expect(await up()).toBe('0');
    redis.limit(0);
    expect(await up()).toBe('1');
    await link.redis.call('replicaof', '127.0.0.1', '1');
    expect(await up()).toBe('0');
    await link.redis.call('replicaof', 'no', 'one');
    await expect.poll(up).toBe('1');
    await redis.kill();
    expect(await up()).toBe('0');
    await redis.restart();
    await expect.poll(up, { timeout: 5_000 }).toBe('1');
  } finally {
    await link.close();
  }
});
