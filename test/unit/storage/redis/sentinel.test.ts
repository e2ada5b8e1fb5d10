/** A Redis that another takes the place of: by Sentinel, or by whoever makes it a replica. What was accepted stays in order, and nothing needs a restart. */
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../../src/ops/clock.ts';
import { StorageProblem } from '../../../../src/storage/problem.ts';
import { addressOf, withoutSecrets } from '../../../../src/storage/redis/address.ts';
import { connectRedis, type RedisLink } from '../../../../src/storage/redis/connect.ts';
import { createJournalStore } from '../../../../src/storage/redis/journal.ts';
import { createOutboxStore } from '../../../../src/storage/redis/outbox.ts';
import { createPost } from '../../../../src/storage/redis/post.ts';
import { remarksOn } from '../../../../src/storage/redis/settings.ts';
import { createWorkers } from '../../../../src/storage/redis/workers.ts';
import { caps, entry, keyOf, newAccount } from '../../../conformance/stores.ts';
import { makeAuthority } from '../../../harness/certificate.ts';
import { type Redis, startRedis } from '../../../harness/redis.ts';
import { type Sentinel, startSentinel } from '../../../harness/redis-sentinel.ts';
import { silentLog } from '../../../harness/silent-log.ts';
import { tempDir } from '../../../harness/temp.ts';

const patient = { timeoutMs: 60_000 };

function connect(url: string, warnings: string[] = [], withinMs = 30_000): Promise<RedisLink> {
  const log = { ...silentLog, warn: (_: object, message: string) => void warnings.push(message) };
  return connectRedis({ url, name: 't', clock: systemClock, log, withinMs });
}

describe('addresses', () => {
  test.each([
    [
      'redis+sentinel://a,b:7000/mymaster',
      {
        sentinels: [
          { host: 'a', port: 26379 },
          { host: 'b', port: 7000 },
        ],
        name: 'mymaster',
      },
    ],
    [
      'redis+sentinel://me:s%40cret@[::1]/m/3',
      { sentinels: [{ host: '::1', port: 26379 }], password: 's@cret', db: 3 },
    ],
    ['rediss+sentinel://a/m', { tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true }],
  ])('%s', (url, expected) => {
    expect(addressOf({ url })).toMatchObject(expected);
  });

  test.each(['redis+sentinel://a', 'redis+sentinel://a/', 'redis+sentinel:///m', 'redis+sentinel://a,/m'])(
    '%s is none',
    (url) => {
      expect(() => addressOf({ url })).toThrow(StorageProblem);
    },
  );

  test('shown without user and password', () => {
    expect(withoutSecrets('redis+sentinel://me:secret@a,b:1/m')).toBe('redis+sentinel://a,b:1/m');
  });
});

describe('a master with a Sentinel', () => {
  let sentinel: Sentinel;
  beforeAll(async () => {
    sentinel = await startSentinel();
  });
  afterAll(() => sentinel?.[Symbol.asyncDispose]());

  test('a name that it does not know is told with the remedy', async () => {
    const error = await connect(sentinel.url.replace('mymaster', 'mimaster'), [], 1_500).catch((e: Error) => e);
    expect(String(error)).toMatch(/know no master of that name: compare it/);
  });

  test('kill -9 of the master in the middle of 2,000 appends: the link follows, what its replica had is there, in order and once', async () => {
    const warnings: string[] = [];
    const link = await connect(sentinel.url, warnings);
    expect(warnings).toContainEqual(expect.stringMatching(/min-replicas-to-write is 0/));
    const outbox = createOutboxStore(link, systemClock, patient);
    const journal = createJournalStore(link);
    const workers = await createWorkers(link, { clock: systemClock, log: silentLog });
    const post = createPost(link, { cap: 10 });
    const stop = new AbortController();
    const mailbox = post.receive(workers.self, stop.signal)[Symbol.asyncIterator]();
    const account = newAccount();
    const accepted: Promise<string>[] = [];
    const append = (i: number) => accepted.push(outbox.append(account, entry(`${i}`), `mark ${i}`, caps).then(keyOf));
    for (let i = 0; i < 500; i++) append(i);
    await Promise.all(accepted);
    expect(await link.redis.wait(1, 30_000)).toBe(1);
    for (let i = 500; i < 2_000; i++) {
      append(i);
      if (i === 1_000) await sentinel.master().kill();
      if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(accepted);
    const behind = (await outbox.append(account, entry('behind'), undefined, caps).then(keyOf)).toString();
    expect(await journal.append('failover.example/w', () => '<m/>')).toMatch(/-/);
    await post.send(workers.self, ['hello']);
    expect((await mailbox.next()).value).toMatchObject([{ text: 'hello' }]);
    const stored = await outbox.after(account, undefined, 5_000);
    const said = stored.map(({ origin }) => origin.stanzaId);
    const numbers = said.slice(0, -1).map(Number);
    expect([said.at(-1), stored.at(-1)?.key]).toEqual(['behind', behind]);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    expect(numbers.slice(0, 500)).toEqual(Array.from({ length: 500 }, (_, i) => i));
    stop.abort();
    await workers.close();
    await link.close();
  }, 120_000);
});

describe('Sentinels by TLS, with a password of their own', () => {
  const dir = tempDir('sentinel-tls');
  const { ca: authority, issue } = makeAuthority(dir.path);
  const ca = readFileSync(authority, 'utf8');
  let sentinel: Sentinel;
  beforeAll(async () => {
    const certificate = issue(['localhost', '127.0.0.1']);
    const passwords = { redis: 'of-redis', sentinel: 'of-sentinels' };
    sentinel = await startSentinel({ tls: { ...certificate, ca: authority }, passwords });
  });
  afterAll(async () => {
    await sentinel?.[Symbol.asyncDispose]();
    dir.remove();
  });

  const link = (redis: string, sentinelPassword: string, tls = { ca }, withinMs = 30_000): Promise<RedisLink> => {
    const url = sentinel.url.replace('//', `//:${redis}@`);
    return connectRedis({ url, sentinelPassword, tls, name: 't', clock: systemClock, log: silentLog, withinMs });
  };

  test('are followed', async () => {
    const there = await link('of-redis', 'of-sentinels');
    expect(await there.batch.ask({ command: ['set', 'a', '1'] })).toBe('OK');
    await there.close();
  });

  test('each wrong password, and another authority, has a sentence of its own', async () => {
    const said = (refused: Promise<unknown>) => refused.then(() => 'not refused', String);
    expect(await said(link('of-redis', 'hunter2'))).toMatch(/The Sentinels of .* refuse the password: give theirs/);
    expect(await said(link('hunter2', 'of-sentinels'))).toMatch(/Redis at .* refuses the password: set the right one/);
    const other = tempDir('sentinel-other');
    const wrong = { ca: readFileSync(makeAuthority(other.path).ca, 'utf8') };
    other.remove();
    expect(await said(link('of-redis', 'of-sentinels', wrong, 1_000))).toMatch(
      /The Sentinels of .* can't be reached .*: start them, and compare their addresses and the authority/,
    );
  });
});

describe('a Redis that becomes a replica', () => {
  let redis: Redis;
  let other: Redis;
  beforeEach(async () => {
    redis = await startRedis();
    other = await startRedis();
  });
  afterEach(async () => {
    await redis?.[Symbol.asyncDispose]();
    await other?.[Symbol.asyncDispose]();
  });

  test('is not written to: what needs it waits, in order, until there is a master', async () => {
    const warnings: string[] = [];
    const link = await connect(redis.url, warnings);
    const operator = await connect(redis.url);
    const outbox = createOutboxStore(link, systemClock, patient);
    const account = newAccount();
    await outbox.append(account, entry('0'), undefined, caps);
    const before = await link.redis.client('ID');
    await operator.redis.replicaof('127.0.0.1', 1);
    let count = 1;
    const waiting = Array.from({ length: 200 }, () => outbox.append(account, entry(`${count++}`), undefined, caps));
    await expect.poll(() => warnings, { timeout: 30_000 }).toContainEqual(expect.stringMatching(/is a replica now/));
    await expect.poll(() => link.redis.client('ID'), { timeout: 30_000 }).not.toBe(before);
    expect(await outbox.size(account)).toBe(1);
    await operator.redis.replicaof('NO', 'ONE');
    const keys = (await Promise.all(waiting)).map(keyOf);
    const stored = await outbox.after(account, undefined, 5_000);
    expect(stored.slice(1).map(({ key }) => key)).toEqual(keys);
    expect(stored.map(({ origin }) => Number(origin.stanzaId))).toEqual(Array.from({ length: 201 }, (_, i) => i));
    expect(warnings.filter((warning) => /is a replica now/.test(warning))).toHaveLength(1);
    await operator.close();
    await link.close();
  });

  test('what is asked beside the hot path waits for a master, too', async () => {
    const link = await connect(redis.url);
    const operator = await connect(redis.url);
    const before = await link.redis.client('ID');
    await operator.redis.replicaof('127.0.0.1', 1);
    const beside = link.redis.set('beside', '1');
    await expect.poll(() => link.redis.client('ID'), { timeout: 30_000 }).not.toBe(before);
    expect(await operator.redis.get('beside')).toBeNull();
    await operator.redis.replicaof('NO', 'ONE');
    expect(await beside).toBe('OK');
    await operator.close();
    await link.close();
  });

  test('is refused at the start', async () => {
    const operator = await connect(redis.url);
    await operator.redis.replicaof('127.0.0.1', other.port);
    const error = await connect(redis.url).catch((e: Error) => e);
    expect(String(error)).toMatch(/is a replica, which takes no writes: give the address of its master/);
    await operator.close();
  });

  test('one that misses its replicas is waited for', async () => {
    const link = await connect(redis.url);
    const operator = await connect(redis.url);
    const outbox = createOutboxStore(link, systemClock, patient);
    const account = newAccount();
    await operator.redis.config('SET', 'min-replicas-to-write', '1');
    const refused = await connect(redis.url).catch((e: Error) => e);
    expect(String(refused)).toMatch(/takes no writes while too few of its replicas are there: start them/);
    const waiting = outbox.append(account, entry('0'), undefined, caps);
    const plain = link.batch.ask({ command: ['set', 'plain', '1'] });
    await link.redis.ping();
    await operator.redis.config('SET', 'min-replicas-to-write', '0');
    expect((await waiting).is).toBe('new');
    expect(await plain).toBe('OK');
    await operator.close();
    await link.close();
  });
});

test('settings that take from what is promised are named, each with what to set', () => {
  const good = { appendonly: 'yes', maxmemory: '0', 'maxmemory-policy': 'noeviction', 'min-replicas-to-write': '0' };
  expect(remarksOn(good, 0)).toEqual([]);
  expect(remarksOn({}, 3)).toEqual([]);
  expect(remarksOn({ ...good, 'min-replicas-to-write': '1' }, 1)).toEqual([]);
  expect(remarksOn({ ...good, appendonly: 'no' }, 0)).toEqual([expect.stringMatching(/no append-only file/)]);
  expect(remarksOn({ ...good, maxmemory: '100', 'maxmemory-policy': 'allkeys-lru' }, 0)).toEqual([
    expect.stringMatching(/allkeys-lru\): set noeviction/),
  ]);
  expect(remarksOn(good, 1)).toEqual([expect.stringMatching(/min-replicas-to-write is 0.*set 1/)]);
});
