/** A Redis that has lost what it held is told from one in which nothing waits, by what SQL remembers of it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Log } from '../../../../src/bridge/contract.ts';
import { systemClock } from '../../../../src/ops/clock.ts';
import { connectRedis, type RedisLink } from '../../../../src/storage/redis/connect.ts';
import { watchContinuity } from '../../../../src/storage/redis/continuity.ts';
import { type Database, openDatabase } from '../../../../src/storage/sql/database.ts';
import { createRedisNames } from '../../../../src/storage/sql/redis-names.ts';
import { type Redis, startRedis } from '../../../harness/redis.ts';
import { silentLog } from '../../../harness/silent-log.ts';

let redis: Redis;
let link: RedisLink;
let database: Database;
const told: string[] = [];
const log: Log = { ...silentLog, error: (_: object, message: string) => void told.push(message) };

beforeAll(async () => {
  redis = await startRedis('always');
  link = await connectRedis({ url: redis.url, name: 'test', clock: systemClock, log: silentLog });
  database = await openDatabase(':memory:', silentLog);
});

afterAll(async () => {
  await link?.close();
  await database?.close();
  await redis?.[Symbol.asyncDispose]();
});

const watch = (): Promise<void> => watchContinuity({ link, names: createRedisNames(database), log });

test('a new one is no loss, nor one that was killed and is back; one that was emptied is told of, once', async () => {
  await watch();
  await redis.restart();
  await link.redis.ping();
  await watch();
  expect(told).toEqual([]);
  await link.redis.flushall();
  await watch();
  expect(told).toEqual([expect.stringMatching(/^Redis is not the one that was here before/)]);
  await watch();
  expect(told).toHaveLength(1);
});

test('it is seen too when it is back after an outage', async () => {
  told.length = 0;
  await watch();
  await link.redis.flushall();
  await redis.restart();
  await expect.poll(() => told.length).toBeGreaterThan(0);
});
