/** A Redis Cluster: how it is addressed, whom we trust, what is said of what is none, and that everything which connects uses it. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Log } from '../../../../src/bridge/contract.ts';
import { accountId, chatId } from '../../../../src/core/ids.ts';
import { createJobs } from '../../../../src/delivery/jobs.ts';
import { systemClock } from '../../../../src/ops/clock.ts';
import { StorageProblem } from '../../../../src/storage/problem.ts';
import { clusterOf, isCluster, type RedisAddress, withoutSecrets } from '../../../../src/storage/redis/address.ts';
import { connectRedis, type RedisLink } from '../../../../src/storage/redis/connect.ts';
import { watchContinuity } from '../../../../src/storage/redis/continuity.ts';
import { type DumpedKey, dumpKeys, isEmptyRedis, restoreKey } from '../../../../src/storage/redis/dump.ts';
import { createJournalStore } from '../../../../src/storage/redis/journal.ts';
import { layoutKey } from '../../../../src/storage/redis/keys.ts';
import { createOutboxStore } from '../../../../src/storage/redis/outbox.ts';
import { createPost } from '../../../../src/storage/redis/post.ts';
import { createJournalTail } from '../../../../src/storage/redis/tail.ts';
import { createWorkers } from '../../../../src/storage/redis/workers.ts';
import { caps, entry, keyOf } from '../../../conformance/stores.ts';
import { type Authority, makeAuthority } from '../../../harness/certificate.ts';
import { startRedis } from '../../../harness/redis.ts';
import { type RedisCluster, startRedisCluster } from '../../../harness/redis-cluster.ts';
import { refusalOf } from '../../../harness/redis-refusal.ts';
import { silentLog } from '../../../harness/silent-log.ts';
import { type TempDir, tempDir } from '../../../harness/temp.ts';

const patiently = { timeout: 60_000 };

type Where = RedisAddress & { readonly withinMs?: number };
const connect = (where: Where, log: Log = silentLog): Promise<RedisLink> =>
  connectRedis({ ...where, name: 't', clock: systemClock, log });

const refusal = (where: Where): Promise<string> => refusalOf(connect(where));

describe('addresses', () => {
  test.each([
    [
      'redis+cluster://a,b:7000',
      {
        seeds: [
          { host: 'a', port: 6379 },
          { host: 'b', port: 7000 },
        ],
        node: {},
      },
    ],
    ['redis+cluster://me:s%40cret@[::1]/', { seeds: [{ host: '::1', port: 6379 }], node: { password: 's@cret' } }],
    ['rediss+cluster://a', { node: { tls: {} } }],
  ])('%s', (url, expected) => {
    expect(isCluster(url)).toBe(true);
    expect(clusterOf({ url })).toMatchObject(expected);
  });

  test.each(['redis+cluster://', 'redis+cluster://a,', 'redis+cluster://a/1'])('%s is none', (url) => {
    expect(() => clusterOf({ url })).toThrow(StorageProblem);
  });

  test('shown without user and password', () => {
    expect(withoutSecrets('rediss+cluster://me:secret@a,b:1')).toBe('rediss+cluster://a,b:1');
  });
});

describe('a cluster', () => {
  let cluster: RedisCluster;
  let link: RedisLink;
  beforeAll(async () => {
    cluster = await startRedisCluster();
    link = await connect({ url: cluster.url });
  }, 120_000);
  afterAll(async () => {
    await link?.close();
    await cluster?.[Symbol.asyncDispose]();
  });

  test('timers come over it', async () => {
    const woken = Promise.withResolvers<string>();
    const parts = { connection: link.redis, clock: systemClock, log: silentLog, sweep: () => undefined };
    const jobs = await createJobs({ ...parts, onWake: (account) => woken.resolve(account) });
    await jobs.wake(accountId('other'), chatId('c'), 100_000);
    await jobs.wake(accountId('a'), chatId('c'), 10);
    expect(await woken.promise).toBe('a');
    expect((await jobs.view()).counts).toMatchObject({ delayed: expect.any(Number) });
    await jobs.unwake(accountId('other'));
    await jobs.close();
  });

  test('mail and journals are read as they come', async () => {
    const stop = new AbortController();
    const workers = await createWorkers(link, { self: 'worker-a', clock: systemClock, log: silentLog });
    const [post, journal] = [createPost(link, { cap: 10 }), createJournalStore(link)];
    const mail = post.receive(workers.self, stop.signal)[Symbol.asyncIterator]();
    const first = mail.next();
    await post.send(workers.self, ['hello']);
    expect((await first).value).toMatchObject([{ text: 'hello' }]);
    const tail = createJournalTail(link, journal, systemClock).follow('x.example', stop.signal)[Symbol.asyncIterator]();
    const next = tail.next();
    await journal.append('x.example/worker-a', () => '<m/>');
    expect((await next).value).toMatchObject({ stream: 'x.example/worker-a', text: '<m/>' });
    expect(await journal.streams('x.example')).toEqual(['x.example/worker-a']);
    await journal.remove('x.example/worker-a');
    stop.abort();
    await workers.close();
  });

  test('mail is moved, and the dead are buried', async () => {
    const [clock, log] = [systemClock, silentLog];
    const [a, b] = [
      await createWorkers(link, { self: 'worker-c', clock, log, leavesThings: true }),
      await createWorkers(link, { self: 'worker-d', clock, log }),
    ];
    const [post, account] = [createPost(link, { cap: 10 }), accountId('romeo')];
    await post.handOn('worker-c', ['1', '2'], { account });
    await a.close();
    expect(await b.dead()).toEqual(['worker-c']);
    const letters = await post.oldest('worker-c', 10);
    expect(await post.survey()).toContainEqual({
      ...{ worker: 'worker-c', isAlive: false },
      accounts: new Map([[account, letters[1]?.id]]),
    });
    await post.move(
      'worker-c',
      letters.map((letter) => ({ ...letter, to: 'worker-d' })),
    );
    expect((await post.oldest('worker-d', 10)).map(({ text }) => text)).toEqual(['1', '2']);
    expect((await post.held('worker-c')).entries).toBe(0);
    await b.bury('worker-c');
    expect(await b.dead()).toEqual([]);
    expect(await post.handOn('worker-c', ['3'], { account })).toBe('gone');
    await b.close();
  });

  test('what one Redis had comes into it by backup and restore, and back; raw data of another kind is refused', async () => {
    await using other = await startRedis();
    const single = await connect({ url: other.url });
    const accounts = Array.from({ length: 20 }, (_, i) => accountId(`kept ${i}`));
    const fill = createOutboxStore(single, systemClock);
    for (const account of accounts) await fill.append(account, entry('a'), 'a', caps);
    const settled = accounts[0] ?? accountId('');
    const [first] = await fill.after(settled, undefined, 1);
    if (first !== undefined) await fill.settle(settled, 1, [{ key: first.key, mark: 'a', result: 'r' }]);
    const take = async (from: RedisLink, to: RedisLink): Promise<void> => {
      const all: DumpedKey[] = [];
      for await (const one of dumpKeys(from)) all.push(one);
      for (const one of all) await restoreKey(to, one);
    };
    await cluster.empty();
    expect(await isEmptyRedis(link)).toBe(true);
    await take(single, link);
    expect(await isEmptyRedis(link)).toBe(false);
    const outbox = createOutboxStore(link, systemClock);
    expect([...(await outbox.waiting())].sort()).toEqual(accounts.slice(1).sort());
    expect(await outbox.append(settled, entry('a'), 'a', caps)).toEqual({ is: 'again', result: 'r' });
    other.empty();
    await take(link, single);
    expect([...(await fill.waiting())].sort()).toEqual(accounts.slice(1).sort());
    await single.redis.set(layoutKey, 'cluster 1');
    await single.close();
    expect(await refusal({ url: other.url })).toMatch(
      /another kind of Redis .*: use an empty one, and take what there/,
    );
  });

  test('where a part of it has lost what it held, that is told, once', async () => {
    const told: object[] = [];
    let name: string | undefined;
    const names = {
      get: async () => name,
      async set(given: string) {
        name = given;
      },
    };
    const log: Log = { ...silentLog, error: (fields: object) => void told.push(fields) };
    const watch = (): Promise<void> => watchContinuity({ link, names, log });
    await watch();
    await watch();
    expect(told).toEqual([]);
    await cluster.masters[1]?.client.flushall();
    await watch();
    expect(told).toEqual([expect.objectContaining({ of: 64 })]);
    await watch();
    expect(told).toHaveLength(1);
    await cluster.masters[2]?.client.flushall();
    await cluster.masters[2]?.server.restart();
    await expect.poll(() => told.length, patiently).toBeGreaterThan(1);
  }, 120_000);

  test('a node that was killed and is back has what was accepted; what needed it waited', async () => {
    const warnings: string[] = [];
    const log: Log = { ...silentLog, warn: (_: object, message: string) => void warnings.push(message) };
    const own = await connect({ url: cluster.url }, log);
    const outbox = createOutboxStore(own, systemClock, { timeoutMs: 60_000 });
    const accounts = Array.from({ length: 12 }, (_, i) => accountId(`waits ${i}`));
    await Promise.all(accounts.map((account) => outbox.append(account, entry('0'), '0', caps).then(keyOf)));
    await cluster.masters[0]?.server.kill();
    const waiting = Promise.all(accounts.map((account) => outbox.append(account, entry('1'), '1', caps).then(keyOf)));
    await expect.poll(() => warnings, patiently).toContainEqual(expect.stringMatching(/^A node of the Redis Cluster/));
    await cluster.masters[0]?.server.restart();
    await waiting;
    const sizes = await Promise.all(accounts.map((account) => outbox.size(account)));
    expect(new Set(sizes)).toEqual(new Set([2]));
    await own.close();
    await expect(own.batch.ask({ command: ['get', 'a'] })).rejects.toThrow('closed');
  }, 120_000);
});

describe('by TLS and with a password', () => {
  let dir: TempDir;
  let authority: Authority;
  let cluster: RedisCluster;
  beforeAll(async () => {
    dir = tempDir('redis-cluster-tls');
    authority = makeAuthority(dir.path);
    const tls = { ...authority.issue(['localhost', '127.0.0.1']), ca: authority.ca };
    cluster = await startRedisCluster({ tls, password: 'right' });
  }, 120_000);
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]();
    dir?.remove();
  });

  test('every node is asked so', async () => {
    const link = await connect({ url: cluster.url, tls: { ca: readFileSync(authority.ca, 'utf8') } });
    const outbox = createOutboxStore(link, systemClock);
    const accounts = Array.from({ length: 12 }, (_, i) => accountId(`account ${i}`));
    for (const account of accounts) await outbox.append(account, entry('a'), undefined, caps);
    expect([...(await outbox.waiting())].sort()).toEqual([...accounts].sort());
    await link.close();
  });

  test('a wrong password and a strange authority are told in a sentence', async () => {
    const tls = { ca: readFileSync(authority.ca, 'utf8') };
    const wrong = await refusal({ url: cluster.url.replace('right', 'hunter2'), tls });
    expect(wrong).toMatch(/refuses the password: set the right one/);
    expect(wrong).not.toContain('hunter2');
    expect(await refusal({ url: cluster.url })).toMatch(/of an authority that is not trusted here/);
  });
});

describe('what is none', () => {
  test('one Redis, and nobody', async () => {
    await using redis = await startRedis();
    const url = redis.url.replace('redis:', 'redis+cluster:');
    expect(await refusal({ url })).toMatch(/is no Redis Cluster: write redis:/);
    expect(await refusal({ url: 'redis+cluster://127.0.0.1:1', withinMs: 500 })).toMatch(/can't be used .*: start it/);
  });

  test('a cluster of which slots are missing', async () => {
    await using redis = await startRedis('everysec', { cluster: true });
    const url = redis.url.replace('redis:', 'redis+cluster:');
    expect(await refusal({ url, withinMs: 5_000 })).toMatch(/The Redis Cluster at .* is not whole .*: start its nodes/);
  });
});
