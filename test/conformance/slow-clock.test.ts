/**
 * A Redis that another takes the place of, whose clock is behind and which has not heard the last of what the first did: streams number their entries by the clock. What comes
 * then is found behind all that was known before.
 */
import { beforeAll, expect, test } from 'vitest';
import { compareKeys } from '../../src/delivery/lane.ts';
import { createLanes } from '../../src/delivery/lanes.ts';
import { systemClock } from '../../src/ops/clock.ts';
import type { RedisLink } from '../../src/storage/redis/connect.ts';
import { createJournalStore } from '../../src/storage/redis/journal.ts';
import { accountKeys, journalKey } from '../../src/storage/redis/keys.ts';
import { createOutboxStore } from '../../src/storage/redis/outbox.ts';
import { useRedisLink } from '../harness/redis-link.ts';
import { silentLog } from '../harness/silent-log.ts';
import { caps, entry, keyOf, newAccount } from './stores.ts';

const used = useRedisLink();
let link: RedisLink;
beforeAll(() => {
  ({ link } = used());
});

/** The clock of Redis is an hour ahead while that is done to a stream; then another Redis is there, which has not heard of it. */
async function anHourAhead(stream: string, done: () => Promise<void>): Promise<void> {
  const heard = await link.redis.dumpBuffer(stream);
  await link.redis.call('XSETID', stream, `${systemClock.now() + 3_600_000}-7`);
  await done();
  await link.redis.call('RESTORE', stream, '0', heard ?? '', 'REPLACE');
}

test('what is accepted then is tried, behind what was', async () => {
  const account = newAccount();
  const outbox = createOutboxStore(link, systemClock);
  const tried: (string | undefined)[] = [];
  const ended = new AbortController();
  const lanes = createLanes({
    ...{ account, fence: 1, store: outbox, clock: systemClock, log: silentLog, signal: ended.signal },
    limits: () => ({ concurrency: 4, window: 4 }),
    async execute({ origin }) {
      tried.push(origin.stanzaId);
      return { is: 'done' };
    },
    wake: async () => undefined,
    onFailed: () => undefined,
    onLost: () => undefined,
  });
  lanes.poke();
  async function say(text: string): Promise<string> {
    const { intent, origin } = entry(text);
    const said = { intent, origin: { ...origin, at: systemClock.now() } };
    const appended = await outbox.append(account, said, undefined, caps);
    if (appended.is === 'new') lanes.offer({ ...said, ...appended });
    return keyOf(appended);
  }
  await say('before');
  await expect.poll(() => lanes.idle()).toBe(true);
  const keys: string[] = [];
  await anHourAhead(accountKeys(account).outbox, async () => {
    keys.push(await say('not heard'));
    lanes.poke();
    await expect.poll(() => tried.length).toBe(2);
    await expect.poll(() => lanes.idle()).toBe(true);
  });
  for (const text of ['1', '2', '3']) keys.push(await say(text));
  expect(keys).toEqual([...new Set(keys)].sort(compareKeys));
  await expect.poll(() => tried).toEqual(['before', 'not heard', '1', '2', '3']);
  // What was put where it would not be found is there no more, or whoever reads the outbox anew would send it once more.
  await expect.poll(() => outbox.size(account)).toBe(0);
  ended.abort();
});

test('what is put into a journal then is behind what was read, once, and is not trimmed with that', async () => {
  const journal = createJournalStore(link);
  const stream = 'slow.example/worker-a';
  const append = async (text: string): Promise<string> => (await journal.append(stream, () => text)) ?? '';
  await append('<before/>');
  let last = '';
  await anHourAhead(journalKey(stream), async () => {
    last = await append('<not-heard/>');
  });
  const next = await append('<then/>');
  expect((await journal.after(stream, last, 9)).map(({ id, text }) => [id, text])).toEqual([[next, '<then/>']]);
  expect((await journal.after(stream, undefined, 9)).map(({ text }) => text)).toEqual(['<before/>', '<then/>']);
  await append('<behind/>');
  await journal.trim(stream, last);
  expect((await journal.after(stream, undefined, 9)).map(({ text }) => text)).toEqual(['<then/>', '<behind/>']);
});
