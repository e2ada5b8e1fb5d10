/** What is sent to Redis again, since its answer was lost with the connection, is done once, and answered as it would have been. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { accountId } from '../../src/core/ids.ts';
import { systemClock } from '../../src/ops/clock.ts';
import { connectRedis, type RedisLink } from '../../src/storage/redis/connect.ts';
import { createJournalStore } from '../../src/storage/redis/journal.ts';
import { accountKeys, postOf } from '../../src/storage/redis/keys.ts';
import { createLeases } from '../../src/storage/redis/leases.ts';
import postText from '../../src/storage/redis/lua/post.lua';
import recordAgainText from '../../src/storage/redis/lua/record-again.lua';
import { createOutboxStore } from '../../src/storage/redis/outbox.ts';
import { createPost } from '../../src/storage/redis/post.ts';
import { createWorkers } from '../../src/storage/redis/workers.ts';
import { type DeafLine, startDeafLine } from '../harness/deaf-line.ts';
import { type Redis, startRedis } from '../harness/redis.ts';
import { silentLog } from '../harness/silent-log.ts';
import { caps, entry, keyOf } from './stores.ts';

const clock = systemClock;
const account = accountId('romeo');
let redis: Redis;
let line: DeafLine;
/** By the line. */
let link: RedisLink;
/** By another way. */
let other: RedisLink;

beforeAll(async () => {
  redis = await startRedis();
  line = await startDeafLine(redis.port);
  const connect = (port: number) =>
    connectRedis({ url: `redis://127.0.0.1:${port}`, name: 'test', clock, log: silentLog });
  [link, other] = await Promise.all([connect(line.port), connect(redis.port)]);
});
beforeEach(() => other.redis.flushall());
afterAll(async () => {
  await link?.close();
  await other?.close();
  await line?.[Symbol.asyncDispose]();
  await redis?.[Symbol.asyncDispose]();
});

test('a text for a mailbox lies there once, and comes once where it was read meanwhile', async () => {
  const workers = await createWorkers(other, { self: 'worker-w', clock, log: silentLog });
  const [post, theirs] = [createPost(link, { cap: 10 }), createPost(other, { cap: 10 })];
  const lying = async () => (await theirs.oldest('worker-w', 10)).map(({ text }) => text);
  await post.send('worker-w', ['0']);
  const lost = line.loseAnswerTo('}:post');
  expect(await post.handOn('worker-w', ['1', '2'], { account })).toBe('sent');
  await lost;
  expect(await lying()).toEqual(['0', '1', '2']);

  const stop = new AbortController();
  const again = line.loseAnswerTo('}:post');
  const sending = post.handOn('worker-w', ['3'], { account });
  const heard: string[] = [];
  for await (const letters of theirs.receive('worker-w', stop.signal)) {
    heard.push(...letters.map(({ text = '' }) => text));
    await theirs.remove(
      'worker-w',
      letters.map(({ id }) => id),
    );
    if (heard.includes('3')) stop.abort();
  }
  await again;
  expect(await sending).toBe('sent');
  expect(heard).toEqual(['0', '1', '2', '3']);
  expect(await lying()).toEqual([]);
  await workers.close();
});

test('what is put into a journal lies there once, and comes once where it was read and answered for meanwhile', async () => {
  const stream = 'irc.test/worker-w';
  const [journal, theirs] = [createJournalStore(link), createJournalStore(other)];
  const lying = async () => (await theirs.after(stream, undefined, 10)).map(({ text }) => text);
  await journal.append(stream, () => '<one/>');
  const lost = line.loseAnswerTo(':journal:');
  const id = await journal.append(stream, () => '<two/>');
  await lost;
  expect((await theirs.after(stream, undefined, 10)).map((one) => [one.id === id, one.text])).toEqual([
    [false, '<one/>'],
    [true, '<two/>'],
  ]);

  const again = line.loseAnswerTo(':journal:');
  const putting = journal.append(stream, () => '<three/>');
  await expect.poll(lying).toContain('<three/>');
  const read = (await theirs.after(stream, undefined, 10)).at(-1)?.id ?? '';
  await theirs.trim(stream, read);
  await again;
  expect([await putting, await lying()]).toEqual([read, []]);
  await journal.append(stream, () => '<four/>');
  expect(await lying()).toEqual(['<four/>']);
});

test('an entry of the millisecond of the one before it is known again, and where memory is full one that is not there is put there', async () => {
  const key = 'journal';
  for (const [id, text] of [
    ['5-1', '<one/>'],
    ['5-2', '<two/>'],
  ] as const)
    await other.redis.xadd(key, id, 't', text);
  const again = (last: string, text: string) => other.redis.eval(recordAgainText, 1, key, last, text);
  expect([await again('5-1', '<two/>'), await other.redis.xlen(key)]).toEqual(['5-2', 2]);
  await other.redis.config('SET', 'maxmemory', '1');
  try {
    await again('5-2', '<three/>');
  } finally {
    await other.redis.config('SET', 'maxmemory', '0');
  }
  expect((await other.redis.xrange(key, '-', '+')).map(([, [, text]]) => text)).toEqual([
    '<one/>',
    '<two/>',
    '<three/>',
  ]);
});

test('of several flights of texts each is known again, by its whole number', async () => {
  const workers = await createWorkers(other, { self: 'worker-w', clock, log: silentLog });
  const { names } = other;
  const post = (call: string, text: string) =>
    other.redis.eval(
      postText,
      4,
      ...[names.workers, 'highest', 'posted', postOf(names, 'worker-w')],
      ...[call, '', '60000', '10', '4', 'worker-w', account, '', '', '1', text],
    );
  for (const call of ['11', '1', '2', '11', '1', '2']) expect(await post(call, call)).toBe('s');
  const lying = await createPost(other, { cap: 10 }).oldest('worker-w', 10);
  expect(lying.map(({ text }) => text)).toEqual(['11', '1', '2']);
  await workers.close();
});

test('a text that was refused is so again, and what is remembered of texts is the last flight alone', async () => {
  const workers = await createWorkers(other, { self: 'worker-w', clock, log: silentLog });
  const post = createPost(link, { cap: 10 });
  const lost = line.loseAnswerTo('}:post');
  expect(await post.handOn('worker-x', ['1'], { account })).toBe('gone');
  await lost;
  for (const text of ['2', '3', '4'])
    await Promise.all([post.send('worker-w', [text]), post.send('worker-x', [text]), post.send('worker-w', [text])]);
  const [posted = ''] = await other.redis.keys('isthmus:posted:*');
  expect(await other.redis.get(posted)).toMatch(/^ \d+:sgs$/);
  expect(await other.redis.pttl(posted)).toBeGreaterThan(3_600_000);
  await workers.close();
});

test('a dead letter is requeued once, and its owner is told so; likewise where it is dropped', async () => {
  const outbox = createOutboxStore(link, clock);
  const theirs = createOutboxStore(other, clock);
  for (const said of ['0', '1', '2']) {
    const key = keyOf(await theirs.append(account, entry(said), undefined, caps));
    await theirs.settle(account, 1, [{ key, dead: 'bug' }]);
  }
  const [known, first, second] = await theirs.deadLetters(account, 10);
  if (known === undefined || first === undefined || second === undefined) throw new Error('they died');
  // Redis knows the script then.
  expect(await outbox.requeue(account, known.key)).toBe(true);
  const requeued = line.loseAnswerTo(`}:outbox\r\n`);
  expect(await outbox.requeue(account, first.key)).toBe(true);
  await requeued;
  expect((await theirs.after(account, undefined, 10)).map(({ origin }) => origin.stanzaId)).toEqual(['0', '1']);
  expect(await outbox.requeue(account, first.key)).toBe(false);
  const dropped = line.loseAnswerTo('xdel');
  expect(await outbox.drop(account, second.key)).toBe(true);
  await dropped;
  expect(await outbox.drop(account, second.key)).toBe(false);
  expect(await theirs.deadLetters(account, 10)).toEqual([]);
});

test('an account that was taken is ours, and is free where it was given back', async () => {
  const self = 'worker-w';
  const workers = await createWorkers(link, { self, clock, log: silentLog });
  const leases = createLeases(link, workers, silentLog);
  const { lease, fence } = accountKeys(account);
  const lost = line.loseAnswerTo(fence);
  const taken = await leases.acquire(account);
  await lost;
  expect(taken?.fence).toBe(Number(await other.redis.get(fence)));
  expect(await leases.holder(account)).toBe(self);
  const again = line.loseAnswerTo(lease);
  await taken?.release();
  await again;
  expect(await other.redis.get(lease)).toBeNull();
  expect((await leases.acquire(account))?.fence).toBeGreaterThan(taken?.fence ?? 0);
  await workers.close();
});

test('whoever puts something into a mailbox when the connection is closed is told', async () => {
  const closed = await connectRedis({ url: redis.url, name: 'closed', clock, log: silentLog });
  const post = createPost(closed, { cap: 10 });
  await closed.close();
  for (let n = 0; n < 2; n++) await expect(post.send('worker-w', ['late'])).rejects.toThrow('closed');
});
