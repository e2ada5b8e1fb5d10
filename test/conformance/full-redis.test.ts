/**
 * A Redis whose memory is full takes nothing new, and what it has goes on its way: what is settled makes room, and its reflection is in the journal before (DESIGN.md §3). Else who is
 * killed then has told the network, and never tells the sender.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { accountId, type DeliveryKey } from '../../src/core/ids.ts';
import { systemClock } from '../../src/ops/clock.ts';
import type { JournalStore, OutboxStore } from '../../src/storage/ports.ts';
import { connectRedis, type RedisLink } from '../../src/storage/redis/connect.ts';
import { createJournalStore } from '../../src/storage/redis/journal.ts';
import { createLeases } from '../../src/storage/redis/leases.ts';
import { createOutboxStore } from '../../src/storage/redis/outbox.ts';
import { createWorkers } from '../../src/storage/redis/workers.ts';
import { type Redis, startRedis } from '../harness/redis.ts';
import { silentLog } from '../harness/silent-log.ts';
import { origin, send } from '../unit/delivery/entries.ts';

let redis: Redis;
let link: RedisLink;
let journal: JournalStore;
let outbox: OutboxStore;
beforeAll(async () => {
  redis = await startRedis();
});
beforeEach(async () => {
  redis.empty();
  link = await connectRedis({ url: redis.url, name: 'test', clock: systemClock, log: silentLog });
  journal = createJournalStore(link);
  outbox = createOutboxStore(link, systemClock);
  return async () => {
    await link.redis.config('SET', 'maxmemory', '0');
    await link.close();
  };
});
afterAll(() => redis?.[Symbol.asyncDispose]());

const account = accountId('romeo');
const stream = 'irc.test/worker';
const full = () => link.redis.config('SET', 'maxmemory', '1');

const append = (id: string, mark?: string) =>
  outbox.append(account, { intent: send('#a', id), origin: origin(id) }, mark, { account: 100 });

async function accepted(id: string, mark?: string): Promise<DeliveryKey> {
  const was = await append(id, mark);
  if (was.is !== 'new') throw new Error('it was not accepted');
  return was.key;
}

test.each([
  ['without a mark', undefined],
  ['with one', 'a mark'],
])('what is settled %s has its reflection in the journal', async (_, mark) => {
  const key = await accepted('1', mark);
  await full();
  const results = await Promise.allSettled([
    journal.append(stream, () => '<m/>'),
    outbox.settle(account, 1, [{ key, mark, result: 'said' }]),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
  expect((await journal.after(stream, undefined, 9)).map(({ text }) => text)).toEqual(['<m/>']);
  expect(await outbox.size(account)).toBe(0);
  if (mark !== undefined) expect(await append('1', mark)).toEqual({ is: 'again', result: 'said' });
});

test('the journals of several domains that are refused in one flight, and such as begin then, are written and found', async () => {
  const streams = [stream, 'discord.test/worker'];
  await full();
  await Promise.all(streams.map((one) => journal.append(one, () => '<m/>')));
  expect(await Promise.all(streams.map((one) => journal.length(one)))).toEqual([1, 1]);
  expect(await journal.streams('irc.test')).toEqual([stream]);
  expect(await journal.streams('discord.test')).toEqual(['discord.test/worker']);
});

test('what can not be delivered becomes a dead letter', async () => {
  const key = await accepted('1');
  await full();
  await outbox.settle(account, 1, [{ key, dead: 'timed-out' }]);
  expect(await outbox.deadLetters(account, 9)).toMatchObject([{ reason: 'timed-out' }]);
  expect(await outbox.size(account)).toBe(0);
});

test('nothing is accepted, and its sender is told', async () => {
  await accepted('1');
  await full();
  await expect(append('2')).rejects.toMatchObject({ code: 'storage-away' });
  expect(await outbox.size(account)).toBe(1);
});

test('who lives shows life, and others can follow: what workers have said is read, and goes', async () => {
  const ttlMs = 600;
  const mine = await createWorkers(link, { self: 'edge-one', clock: systemClock, log: silentLog, ttlMs });
  const lease = await createLeases(link, mine, silentLog).acquire(account);
  await full();
  await systemClock.sleep(2 * ttlMs);
  expect([mine.isShown, await mine.alive(), lease?.lost.aborted]).toEqual([true, ['edge-one'], false]);
  const other = await createWorkers(link, { self: 'edge-two', clock: systemClock, log: silentLog, ttlMs });
  await mine.close();
  expect((await createLeases(link, other, silentLog).acquire(account))?.fence).toBeGreaterThan(lease?.fence ?? 0);
  await other.close();
});

test('a process starts', async () => {
  await full();
  const another = await connectRedis({ url: redis.url, name: 'test', clock: systemClock, log: silentLog });
  await another.close();
});
