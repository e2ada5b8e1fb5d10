/** Redis by TLS: whom we trust, what is said of whom we do not, and that everything which connects does it so. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountId, chatId } from '../../../../src/core/ids.ts';
import { createJobs } from '../../../../src/delivery/jobs.ts';
import { systemClock } from '../../../../src/ops/clock.ts';
import type { RedisAddress } from '../../../../src/storage/redis/address.ts';
import { connectRedis, type RedisLink } from '../../../../src/storage/redis/connect.ts';
import { createPost } from '../../../../src/storage/redis/post.ts';
import { createWorkers } from '../../../../src/storage/redis/workers.ts';
import { type Authority, type Certificate, makeAuthority } from '../../../harness/certificate.ts';
import { type Redis, startRedis } from '../../../harness/redis.ts';
import { refusalOf } from '../../../harness/redis-refusal.ts';
import { silentLog } from '../../../harness/silent-log.ts';
import { type TempDir, tempDir } from '../../../harness/temp.ts';

let dir: TempDir;
let authority: Authority;
let redis: Redis;
let ca: string;

beforeAll(async () => {
  dir = tempDir('redis-tls');
  authority = makeAuthority(dir.path);
  ca = readFileSync(authority.ca, 'utf8');
  redis = await startWith(authority.issue(['localhost', '127.0.0.1']), ['--requirepass', 'right']);
});

afterAll(async () => {
  await redis?.[Symbol.asyncDispose]();
  dir?.remove();
});

const startWith = (certificate: Certificate, args: readonly string[] = []): Promise<Redis> =>
  startRedis('everysec', { tls: { ...certificate, ca: authority.ca }, args });

const withPassword = (url: string, password: string): string => url.replace('//', `//:${password}@`);

const connect = (address: RedisAddress & { readonly withinMs?: number }): Promise<RedisLink> =>
  connectRedis({ ...address, name: 't', clock: systemClock, log: silentLog });

const refusal = (address: RedisAddress & { readonly withinMs?: number }): Promise<string> =>
  refusalOf(connect(address));

test('the link, readers of mailboxes and timers all trust the authority that is named', async () => {
  const link = await connect({ url: withPassword(redis.url, 'right'), tls: { ca } });
  const workers = await createWorkers(link, { clock: systemClock, log: silentLog });
  const post = createPost(link, { cap: 10 });
  const stop = new AbortController();
  const received = post.receive(workers.self, stop.signal)[Symbol.asyncIterator]();
  await post.send(workers.self, ['hello']);
  expect((await received.next()).value).toMatchObject([{ text: 'hello' }]);
  stop.abort();
  const woken = Promise.withResolvers<string>();
  const jobs = await createJobs({
    connection: link.redis,
    clock: systemClock,
    log: silentLog,
    onWake: (account) => woken.resolve(account),
    sweep: () => undefined,
  });
  await jobs.wake(accountId('a'), chatId('c'), 0);
  expect(await woken.promise).toBe('a');
  expect(await link.batch.ask({ command: ['set', 'a', '1'] })).toBe('OK');
  await jobs.close();
  await workers.close();
  await link.close();
});

test('an address instead of a name is compared with the certificate, too', async () => {
  const link = await connect({ url: withPassword(redis.url, 'right').replace('localhost', '127.0.0.1'), tls: { ca } });
  expect(link.up).toBe(true);
  await link.close();
});

describe('one sentence with the remedy, at once', () => {
  test('an authority that nobody here knows', async () => {
    expect(await refusal({ url: withPassword(redis.url, 'right') })).toMatch(
      /localhost:\d+ is of an authority that is not trusted here \(\w+\): give the authority's certificate.*ca: PATH/,
    );
  });

  test('the wrong authority', async () => {
    await using other = disposable(tempDir('redis-tls-other'));
    const wrong = readFileSync(makeAuthority(other.path).ca, 'utf8');
    expect(await refusal({ url: withPassword(redis.url, 'right'), tls: { ca: wrong } })).toMatch(/not trusted here/);
  });

  test('a certificate for another name', async () => {
    await using named = await startWith(authority.issue(['redis.example.org']));
    expect(await refusal({ url: named.url, tls: { ca } })).toMatch(/is for other names: write one of them/);
  });

  test('a certificate that has expired', async () => {
    await using old = await startWith(authority.issue(['localhost'], -1));
    expect(await refusal({ url: old.url, tls: { ca } })).toMatch(/has expired: renew it there/);
  });

  test('a wrong password, without repeating it', async () => {
    const said = await refusal({ url: withPassword(redis.url, 'hunter2'), tls: { ca } });
    expect(said).toMatch(/refuses the password: set the right one/);
    expect(said).not.toContain('hunter2');
  });

  test('a port that does not speak TLS', async () => {
    await using plain = await startRedis();
    const url = `rediss://localhost:${plain.port}`;
    expect(await refusal({ url, withinMs: 500 })).toMatch(/does not answer by TLS: start it, give the port/);
  });

  test('a Redis that wants a certificate of ours, which is given then', async () => {
    const strict = authority.issue(['localhost']);
    await using wants = await startWith(strict, ['--tls-auth-clients', 'yes']);
    expect(await refusal({ url: wants.url, tls: { ca } })).toMatch(/wants a certificate of Isthmus: give it/);
    const [cert, key] = [readFileSync(strict.cert, 'utf8'), readFileSync(strict.key, 'utf8')];
    const link = await connect({ url: wants.url, tls: { ca, cert, key } });
    expect(link.up).toBe(true);
    await link.close();
  });
});

const disposable = (dir: TempDir) => ({ path: dir.path, [Symbol.asyncDispose]: async () => dir.remove() });
