/** How a process deals with what lies in its mailbox, in a real Redis: in order for each account, and none is held up by another. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type AccountId, accountId } from '../../src/core/ids.ts';
import { systemClock } from '../../src/ops/clock.ts';
import { readMailbox } from '../../src/process/mailbox.ts';
import type { Post } from '../../src/storage/process-ports.ts';
import { connectRedis, type RedisLink } from '../../src/storage/redis/connect.ts';
import { postOf } from '../../src/storage/redis/keys.ts';
import { createPost } from '../../src/storage/redis/post.ts';
import { createWorkers, type RedisWorkers } from '../../src/storage/redis/workers.ts';
import { type Redis, startRedis } from '../harness/redis.ts';
import { silentLog } from '../harness/silent-log.ts';

const [clock, log, self] = [systemClock, silentLog, 'worker-v'];
let redis: Redis;
let link: RedisLink;
let workers: RedisWorkers;
let post: Post;
/** In order. */
let taken: string[] = [];

beforeAll(async () => {
  redis = await startRedis();
  link = await connectRedis({ url: redis.url, name: 'test', clock, log });
  workers = await createWorkers(link, { self, clock, log });
});
beforeEach(async () => {
  await link.redis.del(postOf(link.names, self));
  post = createPost(link, { cap: 1_000 });
  taken = [];
});
afterAll(async () => {
  await workers?.close();
  await link?.close();
  await redis?.[Symbol.asyncDispose]();
});

const romeo = accountId('romeo');
const juliet = accountId('juliet');
const patiently = { timeout: 10_000, interval: 5 };
const atLast = <T>(what: () => T | Promise<T>, expected: T): Promise<void> =>
  expect.poll(what, patiently).toEqual(expected);
const takenAtLast = (total: number): Promise<void> => atLast(() => taken.length, total);
const lying = async () => (await post.oldest(self, 1_000)).map(({ text }) => text);

async function work(take: (text: string) => Promise<void>): Promise<{ end(): Promise<void> }> {
  const over = new AbortController();
  const reading = readMailbox({ post, self, clock, log, signal: over.signal, take });
  return {
    async end() {
      over.abort(new Error('over'));
      await reading;
    },
  };
}

test('what takes long holds up what is behind it for the same account alone; it lies there until it is done', async () => {
  const long = Promise.withResolvers<void>();
  const worker = await work(async (text) => {
    if (text === 'romeo: long') await long.promise;
    if (text === 'romeo: wrong') throw new Error('wrong');
    taken.push(text);
  });
  const say = (account: AccountId, ...texts: string[]) =>
    post.handOn(
      self,
      texts.map((text) => `${account}: ${text}`),
      { account },
    );
  await say(romeo, 'long', 'wrong', 'behind');
  await say(juliet, '1', '2');
  await post.send(self, ['for all']);
  await say(juliet, '3');
  await takenAtLast(4);
  expect(taken.filter((text) => text !== 'for all')).toEqual(['juliet: 1', 'juliet: 2', 'juliet: 3']);
  expect(taken.indexOf('for all')).toBeLessThan(3);
  await atLast(() => lying(), ['romeo: long', 'romeo: wrong', 'romeo: behind']);
  long.resolve();
  await takenAtLast(6);
  expect(taken.slice(4)).toEqual(['romeo: long', 'romeo: behind']);
  await atLast(() => lying(), []);
  await worker.end();
});

test('who ends while something takes long has done with that, and leaves what is behind it', async () => {
  const long = Promise.withResolvers<void>();
  const worker = await work(async (text) => {
    taken.push(text);
    await long.promise;
  });
  await post.handOn(self, ['1', '2'], { account: romeo });
  await takenAtLast(1);
  const killed = worker.end();
  long.resolve();
  await killed;
  expect([taken, await lying()]).toEqual([['1'], ['2']]);
});

test('of accounts whose texts all take long some fifty are served at once, and then the next', async () => {
  let [now, most] = [0, 0];
  const gate = Promise.withResolvers<void>();
  const worker = await work(async (text) => {
    most = Math.max(most, ++now);
    await gate.promise;
    now--;
    taken.push(text);
  });
  const accounts = Array.from({ length: 200 }, (_, n) => accountId(`account ${n}`));
  for (const account of accounts) await post.handOn(self, [`${account}: 1`, `${account}: 2`], { account });
  await atLast(() => now, 50);
  gate.resolve();
  await takenAtLast(400);
  expect(most).toBe(50);
  await atLast(() => lying(), []);
  await worker.end();
});
