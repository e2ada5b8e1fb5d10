/** A gateway is one process (--role all), or edges and workers: who finds another one that lives is refused, and takes nothing from it. */
import { existsSync } from 'node:fs';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../src/ops/clock.ts';
import { alone } from '../../src/process/alone.ts';
import type { Role } from '../../src/process/stores.ts';
import { whereabouts } from '../../src/process/whereabouts.ts';
import type { RedisLink } from '../../src/storage/redis/connect.ts';
import { lifeKey, oneRedis } from '../../src/storage/redis/keys.ts';
import { createLeases } from '../../src/storage/redis/leases.ts';
import { createWorkers, type RedisWorkers, type WorkersOptions } from '../../src/storage/redis/workers.ts';
import { createManualClock } from '../harness/manual-clock.ts';
import { run } from '../harness/process.ts';
import { useRedisLink } from '../harness/redis-link.ts';
import { silentLog } from '../harness/silent-log.ts';
import { newAccount } from './stores.ts';

const used = useRedisLink();
let link: RedisLink;
let open: RedisWorkers[];
beforeAll(() => {
  ({ link } = used());
});
beforeEach(() => {
  open = [];
});
afterEach(async () => {
  for (const one of open) await one.close();
  await link.redis.flushall();
});

async function shown(self: string, options: Partial<WorkersOptions> = {}): Promise<RedisWorkers> {
  const made = await createWorkers(link, { self, clock: systemClock, log: silentLog, ttlMs: 1_500, ...options });
  open.push(made);
  return made;
}

const only = (options: Partial<WorkersOptions> = {}): Promise<RedisWorkers> =>
  shown('all', { claims: { instead: undefined }, ...options });

const begin = (role: Role, signal = new AbortController().signal): Promise<string | undefined> =>
  alone({ link, role, clock: systemClock, log: silentLog, signal });

test('a second process with --role all is refused, and the first keeps what it has', async () => {
  const account = newAccount();
  const lease = await createLeases(link, await only(), silentLog).acquire(account);
  await expect(begin('all')).rejects.toThrow('--role all runs with this Redis already');
  await expect(only()).rejects.toThrow('Another process of the same name');
  expect(lease?.lost.aborted).toBe(false);
});

test('edges and workers are refused beside it, and it beside them; these are at home with each other', async () => {
  const first = await only();
  for (const role of ['edge', 'worker'] as const) await expect(begin(role)).rejects.toThrow('--role all');
  await first.close();
  await shown('worker-one');
  await expect(begin('all')).rejects.toThrow('--role worker');
  expect(await begin('edge')).toBeUndefined();
  expect(await begin('worker')).toBeUndefined();
});

test('one that was killed is waited for until its sign of life expires', async () => {
  await link.redis.sadd(oneRedis.workers, 'all');
  await link.redis.set(lifeKey('all'), 'of-elsewhere', 'PX', 1_200);
  expect(await begin('all')).toBeUndefined();
  expect(await link.redis.exists(lifeKey('all'))).toBe(0);
});

test.runIf(existsSync('/proc/sys/kernel/random/boot_id'))('one that was killed here is not waited for', async () => {
  const ended = run('true', [], { name: 'true' });
  await ended.exited;
  const sign = `-${whereabouts().replace(/\d+-$/, `${ended.pid}-`)}abc`;
  await link.redis.sadd(oneRedis.workers, 'all');
  await link.redis.set(lifeKey('all'), sign, 'PX', 60_000);
  const instead = await begin('all');
  expect(instead).toBe(sign);
  const heir = await only({ claims: { instead } });
  expect(await link.redis.get(lifeKey('all'))).toBe(heir.life);
  // Of two that followed it at once, too, one is refused.
  await expect(only({ claims: { instead } })).rejects.toThrow('Another process of the same name');
});

test('a stop ends the waiting', async () => {
  await only();
  const abort = new AbortController();
  const beginning = begin('all', abort.signal);
  abort.abort(new Error('stopped'));
  await expect(beginning).rejects.toThrow('stopped');
});

test('who stood still until another followed gives up what it had, and the other one goes on', async () => {
  const time = createManualClock();
  const first = await only({ clock: time });
  let taken = 0;
  first.onTaken(() => taken++);
  const account = newAccount();
  const lease = await createLeases(link, first, silentLog).acquire(account);
  await link.redis.del(lifeKey('all'));
  const heir = await only();
  expect((await createLeases(link, heir, silentLog).acquire(account))?.fence).toBeGreaterThan(lease?.fence ?? 0);
  await time.advance(600);
  await expect.poll(() => taken).toBe(1);
  await expect.poll(() => lease?.lost.aborted).toBe(true);
  expect(first.isShown).toBe(false);
  await first.close();
  expect(await link.redis.get(lifeKey('all'))).toBe(heir.life);
});

test('whose sign has expired alone is put up again', async () => {
  const time = createManualClock();
  const first = await only({ clock: time });
  first.onTaken(() => expect.unreachable());
  await link.redis.del(lifeKey('all'));
  await time.advance(600);
  await expect.poll(() => link.redis.get(lifeKey('all'))).toBe(first.life);
});
