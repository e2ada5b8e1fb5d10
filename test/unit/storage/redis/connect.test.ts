/** Addresses of Redis as operators write them, and what they are told where one is wrong. */
import { createConnection, createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../../src/ops/clock.ts';
import { StorageProblem } from '../../../../src/storage/problem.ts';
import { addressOf, withoutSecrets } from '../../../../src/storage/redis/address.ts';
import { connectRedis } from '../../../../src/storage/redis/connect.ts';
import { freePort } from '../../../harness/ports.ts';
import { startRedis } from '../../../harness/redis.ts';
import { refusalOf } from '../../../harness/redis-refusal.ts';
import { silentLog } from '../../../harness/silent-log.ts';

describe('addresses', () => {
  test.each([
    ['redis://example.org', { host: 'example.org', port: 6379 }],
    ['redis://example.org:7000/3', { host: 'example.org', port: 7000, db: 3 }],
    ['redis://me:s%40cret@example.org', { host: 'example.org', port: 6379, username: 'me', password: 's@cret' }],
    ['redis://me:50%25@example.org', { host: 'example.org', port: 6379, username: 'me', password: '50%' }],
    ['redis://me:50%off@example.org', { host: 'example.org', port: 6379, username: 'me', password: '50%off' }],
    ['redis://:secret@[::1]:7000', { host: '::1', port: 7000, password: 'secret' }],
    ['rediss://[::1]:7001', { host: '::1', port: 7001, tls: {} }],
    ['rediss://example.org', { host: 'example.org', port: 6379, tls: { servername: 'example.org' } }],
    ['unix:///run/redis/redis.sock', { path: '/run/redis/redis.sock' }],
    ['/run/redis/redis.sock', { path: '/run/redis/redis.sock' }],
  ])('%s', (url, expected) => {
    expect(addressOf({ url })).toEqual(expected);
  });

  test.each(['', 'example.org', 'http://example.org', 'redis://', 'redis://host/name'])('%j is none', (url) => {
    expect(() => addressOf({ url })).toThrow(StorageProblem);
  });

  test('shown without user and password', () => {
    expect(withoutSecrets('redis://me:secret@example.org:7000/3')).toBe('redis://example.org:7000/3');
    expect(withoutSecrets('not an address: secret')).toBe('the configured address');
  });
});

/** The line to a Redis, on which it calls itself older than it is. @param version as many characters as it has of its own */
async function startOlder(to: number, version: string) {
  const server = createServer((near) => {
    const far = createConnection(to, '127.0.0.1');
    far.setEncoding('latin1');
    near.on('error', () => far.destroy()).on('close', () => far.destroy());
    far.on('error', () => near.destroy()).on('close', () => near.destroy());
    near.on('data', (bytes) => void far.write(bytes));
    far.on('data', (text: string) => {
      near.write(text.replace(/redis_version:\d\.\d/, `redis_version:${version}`), 'latin1');
    });
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { port, [Symbol.asyncDispose]: () => new Promise<void>((resolve) => void server.close(() => resolve())) };
}

describe('first contact', () => {
  test('nobody there: a sentence with the remedy, without the password', async () => {
    const port = await freePort();
    const error = await connectRedis({
      url: `redis://:secret@127.0.0.1:${port}`,
      name: 't',
      clock: systemClock,
      log: silentLog,
      withinMs: 300,
    }).catch((e: Error) => e);
    expect(error).toBeInstanceOf(StorageProblem);
    expect(String(error)).toMatch(/127\.0\.0\.1.*ECONNREFUSED.*private/);
    expect(String(error)).not.toContain('secret');
  });

  test.each(['redis', 'redis+sentinel', 'redis+cluster'])(
    'whoever is stopped meanwhile waits no longer for one that is not there: %s',
    { timeout: 6_000 },
    async (scheme) => {
      const url = `${scheme}://127.0.0.1:${await freePort()}${scheme.endsWith('sentinel') ? '/mymaster' : ''}`;
      const stopped = new AbortController();
      const log = { ...silentLog, warn: () => stopped.abort(new Error('stopped while starting')) };
      const cancel = systemClock.after(1_000, () => stopped.abort(new Error('stopped while starting')));
      const { signal } = stopped;
      const connecting = connectRedis({ url, name: 't', clock: systemClock, log, signal });
      await expect(connecting).rejects.toThrow(StorageProblem);
      cancel();
    },
  );

  test('a wrong password is told at once, and is not repeated', async () => {
    await using redis = await startRedis();
    const open = await connectRedis({ url: redis.url, name: 't', clock: systemClock, log: silentLog });
    await open.redis.config('SET', 'requirepass', 'right');
    const url = redis.url.replace('//', '//:wrong@');
    const error = await connectRedis({ url, name: 't', clock: systemClock, log: silentLog }).catch((e: Error) => e);
    expect(String(error)).toMatch(/refuses the password/);
    expect(String(error)).not.toContain('wrong');
    await open.close();
  });

  test('one of before 6.2 is refused with a sentence', async () => {
    await using redis = await startRedis();
    await using old = await startOlder(redis.port, '6.0');
    const refusal = await refusalOf(
      connectRedis({ url: `redis://127.0.0.1:${old.port}`, name: 't', clock: systemClock, log: silentLog }),
    );
    expect(refusal).toMatch(/is of version 6\.0\S*, which is too old: install 6\.2 or newer/);
    await using enough = await startOlder(redis.port, '6.2');
    const url = `redis://127.0.0.1:${enough.port}`;
    const link = await connectRedis({ url, name: 't', clock: systemClock, log: silentLog });
    expect(link.up).toBe(true);
    await link.close();
  });

  test('a database that it has not is refused: its first one, which may be of another gateway, is not taken for it', async () => {
    await using redis = await startRedis();
    const refusal = await refusalOf(
      connectRedis({ url: `${redis.url}/99`, name: 't', clock: systemClock, log: silentLog }),
    );
    expect(refusal).toMatch(/has no database of that number: give a smaller one/);
  });

  test('a node of a Redis Cluster by the address of one Redis is refused, with what to write instead', async () => {
    await using redis = await startRedis('everysec', { cluster: true });
    const error = await connectRedis({ url: redis.url, name: 't', clock: systemClock, log: silentLog }).catch(
      (e: Error) => e,
    );
    expect(error).toBeInstanceOf(StorageProblem);
    expect(String(error)).toMatch(/is a node of a Redis Cluster: write redis\+cluster:/);
  });

  test('a connection has its name, and closing it leaves nothing behind', async () => {
    await using redis = await startRedis();
    const link = await connectRedis({ url: redis.url, name: 'isthmus-test', clock: systemClock, log: silentLog });
    expect(await link.redis.client('LIST')).toContain('name=isthmus-test');
    expect(link.up).toBe(true);
    await link.close();
    expect(link.up).toBe(false);
    await expect(link.batch.ask({ command: ['ping'] })).rejects.toThrow('closed');
  });

  test('a command that Redis refuses fails alone', async () => {
    await using redis = await startRedis();
    const link = await connectRedis({ url: redis.url, name: 't', clock: systemClock, log: silentLog });
    const three = await Promise.allSettled(
      [['set', 'a', '1'], ['nonsense'], ['get', 'a']].map((command) => link.batch.ask({ command })),
    );
    expect(three.map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    await link.close();
  });
});
