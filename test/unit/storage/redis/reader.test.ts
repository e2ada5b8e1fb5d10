/** Readers of mailboxes and journals end when they shall, also where Redis is away just then. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from '../../../../src/ops/clock.ts';
import { connectRedis, type RedisLink } from '../../../../src/storage/redis/connect.ts';
import { createJournalStore } from '../../../../src/storage/redis/journal.ts';
import { journalKey } from '../../../../src/storage/redis/keys.ts';
import { forgetOldJournals } from '../../../../src/storage/redis/old-journals.ts';
import { createPost } from '../../../../src/storage/redis/post.ts';
import { unlessAborted } from '../../../../src/storage/redis/reader.ts';
import { createJournalTail } from '../../../../src/storage/redis/tail.ts';
import { type Redis, startRedis } from '../../../harness/redis.ts';
import { silentLog } from '../../../harness/silent-log.ts';

let redis: Redis;
let link: RedisLink;
beforeAll(async () => {
  redis = await startRedis();
});
beforeEach(async () => {
  await redis.restart();
  link = await connectRedis({ url: redis.url, name: 'test', clock: systemClock, log: silentLog });
});
afterEach(() => link?.close());
afterAll(() => redis?.[Symbol.asyncDispose]());

const readers = {
  'a mailbox': (signal: AbortSignal) => createPost(link, { cap: 10 }).receive('worker-a', signal),
  'a journal': async function* (signal: AbortSignal) {
    const journal = createJournalStore(link);
    await journal.append('irc.test/worker-a', () => '<a/>');
    yield* createJournalTail(link, journal, systemClock).follow('irc.test', signal);
  },
  'the journals of a domain that has none': (signal: AbortSignal) =>
    createJournalTail(link, createJournalStore(link), systemClock).follow(`empty-${Math.random()}.test`, signal),
};

test.each(Object.entries(readers))('%s', async (_, read) => {
  const duplicate = vi.spyOn(link.redis, 'duplicate');
  const stop = new AbortController();
  const reading = (async () => {
    for await (const _ of read(stop.signal));
  })();
  await expect.poll(() => duplicate.mock.results[0]?.value.status, { timeout: 20_000 }).toBe('ready');
  await redis.kill();
  await expect.poll(() => duplicate.mock.results[0]?.value.status, { timeout: 20_000 }).toBe('reconnecting');
  stop.abort();
  await reading;
});

test('what was read before, and what went wrong before, is told; a stop ends the waiting and leaves nobody to listen', async () => {
  const stop = new AbortController();
  const add = vi.spyOn(stop.signal, 'addEventListener');
  const remove = vi.spyOn(stop.signal, 'removeEventListener');
  expect(await unlessAborted(stop.signal, Promise.resolve(1))).toBe(1);
  await expect(unlessAborted(stop.signal, Promise.reject(new Error('away')))).rejects.toThrow('away');
  const never = unlessAborted(stop.signal, Promise.withResolvers<number>().promise);
  stop.abort();
  expect(await never).toBeNull();
  expect(await unlessAborted(stop.signal, Promise.reject(new Error('cut off')))).toBeNull();
  // The third went with the abort itself.
  expect([add.mock.calls.length, remove.mock.calls.length]).toEqual([3, 2]);
});

test('when an entry was written is told by the clock of who reads it', async () => {
  const journal = createJournalStore(link);
  const [ahead, behind] = [3_600_000, -5_000];
  for (const off of [ahead, behind]) {
    const domain = `off${off}.test`;
    const now = (): number => systemClock.now() + off;
    await journal.append(`${domain}/a`, () => 'said');
    const stop = new AbortController();
    for await (const { at } of createJournalTail(link, journal, { now }).follow(domain, stop.signal)) {
      expect(Math.abs(now() - at)).toBeLessThan(2_000);
      stop.abort();
    }
  }
});

test('while there is something to read it is looked for further journals four times a second, and not each time', async () => {
  const journal = createJournalStore(link);
  const streams = vi.fn(journal.streams);
  let now = 1_700_000_000_000;
  const tail = createJournalTail(link, { streams }, { now: () => now });
  const stop = new AbortController();
  const heard: string[] = [];
  await journal.append('busy.test/a', () => '1');
  for await (const { text } of tail.follow('busy.test', stop.signal)) {
    heard.push(text);
    if (text === '1') await journal.append('busy.test/b', () => 'of another');
    if (text === 'of another') stop.abort();
    else if (heard.length < 20) await journal.append('busy.test/a', () => `${heard.length + 1}`);
    else if (heard.length === 20) {
      expect(streams).toHaveBeenCalledTimes(1);
      now += 250;
      await journal.append('busy.test/a', () => 'later');
    }
  }
  expect(heard.slice(0, 20)).toEqual(Array.from({ length: 20 }, (_, n) => `${n + 1}`));
  expect(streams).toHaveBeenCalledTimes(2);
});

test('a journal that was forgotten is asked for no more', async () => {
  const journal = createJournalStore(link);
  const duplicate = vi.spyOn(link.redis, 'duplicate');
  const stop = new AbortController();
  let now = systemClock.now();
  let asked: () => string = () => '';
  let heard = 0;
  const last = await journal.append('old.test/gone', () => 'long ago');
  await journal.append('old.test/there', () => 'lately');
  for await (const { text } of createJournalTail(link, journal, { now: () => now }).follow('old.test', stop.signal)) {
    if (++heard === 2) {
      const xread = vi.spyOn(duplicate.mock.results[0]?.value, 'xread');
      asked = () => xread.mock.lastCall?.join(' ') ?? '';
      await journal.trim('old.test/gone', last ?? '');
      expect(await forgetOldJournals(link, 'old.test', now + 60_000, new Set(['there']))).toBe(1);
      now += 10_000;
      await journal.append('old.test/there', () => 'now');
    }
    if (text === 'now') stop.abort();
  }
  expect(asked()).toContain(journalKey('old.test/there'));
  expect(asked()).not.toContain(journalKey('old.test/gone'));
});
