/** Durable time against a real Redis: wake-ups come, outlive their asker, replace each other; the sweep comes round; closing is quick. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AccountId, accountId, type ChatId, chatId } from '../../../src/core/ids.ts';
import { createJobs, type Jobs } from '../../../src/delivery/jobs.ts';
import { systemClock } from '../../../src/ops/clock.ts';
import { connectRedis, type RedisLink } from '../../../src/storage/redis/connect.ts';
import { createErrorLog } from '../../harness/error-log.ts';
import { type Redis, startRedis } from '../../harness/redis.ts';
import { silentLog } from '../../harness/silent-log.ts';

const account = accountId('juliet@example.org 7');
const chat = chatId('#a:b');
let redis: Redis;
let link: RedisLink;
let count = 0;

beforeAll(async () => {
  redis = await startRedis();
  link = await connectRedis({ url: redis.url, name: 'jobs', clock: systemClock, log: silentLog });
});

afterAll(async () => {
  await link?.close();
  await redis?.[Symbol.asyncDispose]();
});

const begin = (
  prefix: string,
  onWake: (account: AccountId, chat: ChatId) => Promise<void> | void,
  sweep = (): void => undefined,
): Promise<Jobs> =>
  createJobs({ connection: link.redis, onWake, sweep, sweepEveryMs: 200, clock: systemClock, log: silentLog, prefix });
const fresh = (): string => `{t${count++}}`;

describe('jobs', () => {
  test('those of one account are taken back, whatever chat they are of, and no others', async () => {
    const woken: string[] = [];
    const prefix = fresh();
    const jobs = await begin(prefix, (who, where) => void woken.push(`${who} ${where}`));
    const other = accountId('nurse@example.org 7');
    for (const name of ['#a', '#b']) await jobs.wake(account, chatId(name), 300);
    await jobs.wake(other, chat, 300);
    await jobs.unwake(account);
    const left = await Promise.all(
      (await link.redis.keys(`${prefix}:*`)).map((key) => link.redis.hgetall(key).catch(() => ({}))),
    );
    expect(JSON.stringify(left)).not.toContain('juliet');
    await expect.poll(() => woken).toEqual([`${other} ${chat}`]);
    await jobs.close();
  });

  test('a wake-up comes with what it is about', async () => {
    const woken = Promise.withResolvers<[AccountId, ChatId]>();
    const jobs = await begin(fresh(), (...about) => woken.resolve(about));
    await jobs.wake(account, chat, 20);
    expect(await woken.promise).toEqual([account, chat]);
    await jobs.close();
  });

  test('a wake-up outlives who asked for it', async () => {
    const prefix = fresh();
    const asker = await begin(prefix, () => undefined);
    await asker.wake(account, chat, 300);
    await asker.close();
    const woken = Promise.withResolvers<ChatId>();
    const other = await begin(prefix, (_, chat) => woken.resolve(chat));
    expect(await woken.promise).toBe(chat);
    await other.close();
  });

  test('a later wake-up of a lane takes the place of an earlier one, other lanes keep theirs', async () => {
    const woken: string[] = [];
    const both = Promise.withResolvers<void>();
    const jobs = await begin(fresh(), (_, chat) => {
      woken.push(chat);
      if (woken.length === 2) both.resolve();
    });
    await jobs.wake(account, chat, 600_000);
    await jobs.wake(account, chatId('#other'), 30);
    await jobs.wake(account, chat, 60);
    await both.promise;
    expect(woken.sort()).toEqual(['#a:b', '#other']);
    await jobs.close();
  });

  test('one that is asked for while the lane is being woken is not lost', async () => {
    const again = Promise.withResolvers<void>();
    let times = 0;
    const jobs: Jobs = await begin(fresh(), async () => {
      times++;
      if (times === 1) await jobs.wake(account, chat, 20);
      else again.resolve();
    });
    await jobs.wake(account, chat, 0);
    await again.promise;
    expect(times).toBe(2);
    await jobs.close();
  });

  test('a wake-up that fails is tried again', async () => {
    const second = Promise.withResolvers<void>();
    let times = 0;
    const jobs = await begin(fresh(), () => {
      times++;
      if (times === 1) throw new Error('not now');
      second.resolve();
    });
    await jobs.wake(account, chat, 0);
    await second.promise;
    await jobs.close();
  });

  test('the sweep comes round', async () => {
    const twice = Promise.withResolvers<void>();
    let times = 0;
    const jobs = await begin(
      fresh(),
      () => undefined,
      () => {
        if (++times === 2) twice.resolve();
      },
    );
    await twice.promise;
    await jobs.close();
  });

  test('the sweep comes round also where Redis has lost what it held', async () => {
    let sweeps = 0;
    const jobs = await begin(
      fresh(),
      () => undefined,
      () => void sweeps++,
    );
    await expect.poll(() => sweeps).toBeGreaterThan(0);
    redis.empty();
    const before = sweeps;
    await expect.poll(() => sweeps).toBeGreaterThan(before + 1);
    await jobs.close();
  });

  test('while Redis is away the log says so once, not at every try of each connection', async () => {
    await using own = await startRedis();
    const ours = await connectRedis({ url: own.url, name: 'jobs', clock: systemClock, log: silentLog });
    const lines: string[] = [];
    const log = createErrorLog([], lines);
    const nothing = (): void => undefined;
    const jobs = await createJobs({ connection: ours.redis, onWake: nothing, sweep: nothing, clock: systemClock, log });
    const tries = Promise.withResolvers<void>();
    let count = 0;
    ours.redis.on('reconnecting', () => void (++count === 5 && tries.resolve()));
    await own.kill();
    await tries.promise;
    await own.restart();
    await ours.redis.ping();
    await jobs.close();
    await ours.close();
    const refused = lines.filter((line) => line.includes('ECONNREFUSED'));
    expect(refused).toHaveLength(1);
    expect(refused[0]).toContain('background work waits');
  });

  test('nothing done is kept, and closing does not wait for a job at work', async () => {
    const prefix = fresh();
    const started = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const jobs = await begin(prefix, () => {
      started.resolve();
      return held.promise;
    });
    await jobs.wake(account, chat, 0);
    await started.promise;
    await jobs.close();
    held.resolve();
    expect(await link.redis.ping()).toBe('PONG');
  });
});
