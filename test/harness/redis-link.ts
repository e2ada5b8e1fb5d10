/** A Redis for the tests of one file, and the connection to it as the gateway makes it. */
import { afterAll, beforeAll } from 'vitest';
import { systemClock } from '../../src/ops/clock.ts';
import { connectRedis, type RedisLink } from '../../src/storage/redis/connect.ts';
import { type Redis, startRedis } from './redis.ts';
import { silentLog } from './silent-log.ts';

interface Used {
  readonly redis: Redis;
  readonly link: RedisLink;
}

/** Called at the top of a file: what it returns is there in its tests. */
export function useRedisLink(): () => Used {
  let redis: Redis | undefined;
  let link: RedisLink | undefined;
  beforeAll(async () => {
    redis = await startRedis();
    link = await connectRedis({ url: redis.url, name: 'test', clock: systemClock, log: silentLog });
  });
  afterAll(async () => {
    await link?.close();
    await redis?.[Symbol.asyncDispose]();
  });
  return () => {
    if (redis === undefined || link === undefined) throw new Error('Redis did not start');
    return { redis, link };
  };
}
