/** Commands beside a gateway reach its Redis as it does: by TLS, with the authority and the password that the configuration names. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isRunning, withRedis } from '../../../src/cli/gateway-stores.ts';
import { systemClock } from '../../../src/ops/clock.ts';
import type { Config, RedisTls } from '../../../src/ops/config/config.ts';
import { Remedy } from '../../../src/ops/fatal.ts';
import { Secret } from '../../../src/ops/secret.ts';
import { redisAddress } from '../../../src/process/redis-address.ts';
import { lock } from '../../../src/storage/redis/private-lock.ts';
import { createWorkers } from '../../../src/storage/redis/workers.ts';
import { bareConfig } from '../../harness/bare-config.ts';
import { makeAuthority } from '../../harness/certificate.ts';
import { type Redis, startRedis } from '../../harness/redis.ts';
import { silentLog } from '../../harness/silent-log.ts';
import { tempDir } from '../../harness/temp.ts';

const dir = tempDir('commands-tls');
const authority = makeAuthority(dir.path);
const ca = readFileSync(authority.ca, 'utf8');
let redis: Redis;

beforeAll(async () => {
  const tls = { ...authority.issue(['localhost']), ca: authority.ca };
  redis = await startRedis('everysec', { tls, args: ['--requirepass', 'right'] });
});

afterAll(async () => {
  await redis?.[Symbol.asyncDispose]();
  dir.remove();
});

function config(tls: RedisTls, password = 'right'): Config {
  const url = new Secret(redis.url.replace('//', `//:${password}@`));
  const { storage, ...rest } = bareConfig();
  return { ...rest, storage: { ...storage, redis: { is: 'url', url, tls } } };
}

test('a command by TLS sees whether the gateway runs', async () => {
  expect(await isRunning(config({ ca }))).toBe(false);
  const running = await withRedis(config({ ca }), async (link) => {
    const worker = await createWorkers(link, { clock: systemClock, log: silentLog });
    const seen = await isRunning(config({ ca }));
    await worker.close();
    return seen;
  });
  expect(running).toBe(true);
});

test('whom it can not trust, and a wrong password, is a remedy', async () => {
  const work = async (): Promise<void> => undefined;
  const refused = (given: Config) => withRedis(given, work).catch((error: unknown) => error);
  const [stranger, wrong] = [await refused(config({})), await refused(config({ ca }, 'hunter2'))];
  expect(stranger).toBeInstanceOf(Remedy);
  expect(String(stranger)).toMatch(/authority that is not trusted here/);
  expect(stranger).toMatchObject({ remedy: expect.stringContaining("Give the authority's certificate") });
  expect(wrong).toBeInstanceOf(Remedy);
  expect(String(wrong)).toMatch(/refuses the password/);
  expect(String(wrong)).not.toContain('hunter2');
});

test('the address has all that the configuration says, its secrets revealed', () => {
  const { storage, ...rest } = bareConfig();
  const url = new Secret('rediss+sentinel://a/m');
  const given = {
    is: 'url',
    url,
    tls: { ca: 'c', cert: 'd', key: new Secret('k') },
    sentinelPassword: new Secret('s'),
  };
  expect(redisAddress({ ...rest, storage: { ...storage, redis: { ...given, is: 'url' } } })).toEqual({
    url: 'rediss+sentinel://a/m',
    tls: { ca: 'c', cert: 'd', key: 'k' },
    sentinelPassword: 's',
  });
  const unix = { ...rest, storage: { ...storage, redis: { is: 'unix', path: '/r.sock' } as const } };
  expect(redisAddress(unix)).toEqual({ url: '/r.sock' });
  expect(redisAddress(bareConfig())).toBeUndefined();
});

test("a gateway's own Redis that does not answer is nobody's to start or to name otherwise", async () => {
  const { storage, ...rest } = bareConfig();
  const data = join(dir.path, 'data');
  mkdirSync(join(data, 'redis'), { recursive: true });
  const unlock = await lock(join(data, 'redis', 'lock.sock'), systemClock);
  const silent = withRedis({ ...rest, storage: { ...storage, data } }, async () => undefined);
  await expect(silent).rejects.toMatchObject({
    message: 'The gateway runs, and its own Redis does not answer',
    remedy: expect.stringContaining('The log of the gateway says why'),
  });
  await unlock?.();
}, 20_000);
