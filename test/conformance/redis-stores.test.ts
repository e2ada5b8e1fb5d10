/** The stores in Redis keep the stores' promises, and those that only a server of its own can break: a kill, a lost reply, a full memory of marks. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Clock } from '../../src/bridge/contract.ts';
import { GatewayError } from '../../src/core/errors.ts';
import type { DeliveryKey } from '../../src/core/ids.ts';
import { systemClock } from '../../src/ops/clock.ts';
import { evaluateTogether, scriptTogether } from '../../src/storage/redis/batch.ts';
import { connectRedis, type RedisLink } from '../../src/storage/redis/connect.ts';
import { createJournalStore } from '../../src/storage/redis/journal.ts';
import { accountKeys, lifeKey, waitingKey } from '../../src/storage/redis/keys.ts';
import { createLeases } from '../../src/storage/redis/leases.ts';
import appendText from '../../src/storage/redis/lua/append.lua';
import { createOutboxStore } from '../../src/storage/redis/outbox.ts';
import { type PrivateServer, startPrivateServer } from '../../src/storage/redis/private-server.ts';
import { createWorkers, type RedisWorkers } from '../../src/storage/redis/workers.ts';
import { createManualClock, type ManualClock } from '../harness/manual-clock.ts';
import { silentLog } from '../harness/silent-log.ts';
import { tempDir } from '../harness/temp.ts';
import { caps, describeStores, entry, keyOf, newAccount } from './stores.ts';

const dir = tempDir('stores');
const clock: Clock = systemClock;
let server: PrivateServer;
let link: RedisLink;
let first: RedisWorkers;
let second: RedisWorkers;
let time: ManualClock;

const connect = (): Promise<RedisLink> =>
  connectRedis({ url: server.url, name: 'test', clock: systemClock, log: silentLog });

beforeAll(async () => {
  server = await startPrivateServer({ dir: dir.path, clock, log: silentLog });
  link = await connect();
  time = createManualClock();
  first = await createWorkers(link, { clock: time, log: silentLog });
  second = await createWorkers(link, { clock, log: silentLog });
});

afterAll(async () => {
  await first?.close();
  await second?.close();
  await link?.close();
  await server?.close();
  dir.remove();
});

describeStores('redis', () => ({
  outbox: createOutboxStore(link, clock),
  journal: createJournalStore(link),
  leases: createLeases(link, first, silentLog),
  others: createLeases(link, second, silentLog),
  async expire() {
    await link.redis.del(lifeKey(first.self));
  },
  revive: () => time.advance(4_000),
}));

/** Resolves when the flight that takes what was asked before has left. */
function departure({ batch }: RedisLink): Promise<void> {
  return new Promise((resolve, reject) => {
    const seal = () => {
      resolve();
      return { command: ['ping'] };
    };
    batch.add({ key: '', seal, done: () => undefined, failed: reject });
  });
}

describe('redis only', () => {
  test('of an account that is no more nothing stays, unless something waits for it', async () => {
    const outbox = createOutboxStore(link, clock);
    const leases = createLeases(link, first, silentLog);
    const left = async (waits: boolean): Promise<readonly number[]> => {
      const account = newAccount();
      const lease = await leases.acquire(account);
      const key = keyOf(await outbox.append(account, entry('good morrow'), undefined, caps));
      if (!waits) await outbox.settle(account, lease?.fence ?? 0, [{ key }]);
      await lease?.erase();
      const keys = accountKeys(account);
      return Promise.all([keys.lease, keys.fence, keys.outbox].map((one) => link.redis.exists(one)));
    };
    expect(await left(false)).toEqual([0, 0, 0]);
    expect(await left(true)).toEqual([0, 1, 1]);
  });

  test('kill -9 of Redis in the middle of 2,000 appends: what was accepted is there once and in order', async () => {
    const outbox = createOutboxStore(link, clock, { timeoutMs: 25_000 });
    const account = newAccount();
    const accepted: Promise<string>[] = [];
    for (let i = 0; i < 2_000; i++) {
      accepted.push(outbox.append(account, entry(`${i}`), i % 2 === 0 ? `mark ${i}` : undefined, caps).then(keyOf));
      if (i % 100 === 50) await accepted[i - 40];
      if (i === 700 || i === 1_400) process.kill(server.pid, 'SIGKILL');
    }
    const keys = await Promise.all(accepted);
    const stored = await outbox.after(account, undefined, 5_000);
    expect(stored.map((one) => one.key)).toEqual(keys);
    expect(stored.map((one) => one.origin.stanzaId)).toEqual(Array.from({ length: 2_000 }, (_, i) => `${i}`));
    expect(await outbox.append(account, entry('0'), 'mark 0', caps)).toEqual({ is: 'again' });
  });

  test('settles and journal entries outlive a kill -9 too', async () => {
    const outbox = createOutboxStore(link, clock);
    const journal = createJournalStore(link);
    const account = newAccount();
    const keys = (
      await Promise.all(Array.from({ length: 300 }, (_, i) => outbox.append(account, entry(`${i}`), `${i}`, caps)))
    ).map(keyOf);
    const settling = keys.map((key, i) => outbox.settle(account, 1, [{ key, mark: `${i}`, result: `r${i}` }]));
    const journaling = keys.map((_, i) => journal.append('kill.example/w', () => `<m n='${i}'/>`));
    process.kill(server.pid, 'SIGKILL');
    await Promise.all([...settling, ...journaling]);
    expect(await outbox.size(account)).toBe(0);
    expect(await outbox.append(account, entry('7'), '7', caps)).toEqual({ is: 'again', result: 'r7' });
    const texts = (await journal.after('kill.example/w', undefined, 1_000)).map((one) => one.text);
    expect([...new Set(texts)]).toEqual(keys.map((_, i) => `<m n='${i}'/>`));
  });

  test('dead letters are forgotten beyond a number and after a time, and each is counted', async () => {
    const told: (readonly [string, number])[] = [];
    const bounds = { deadLetters: 3, deadLettersMs: 1_000 };
    // Ids of dead letters begin with the time of Redis.
    const [seconds = ''] = await link.redis.time();
    let now = Number(seconds) * 1_000;
    const ours = { ...clock, now: () => now };
    const outbox = createOutboxStore(link, ours, bounds, (account, letters) => told.push([account, letters]));
    const account = newAccount();
    const bury = async (...texts: string[]): Promise<void> => {
      const all = await Promise.all(texts.map((t) => outbox.append(account, entry(t), undefined, caps)));
      await outbox.settle(
        account,
        1,
        all.map((one) => ({ key: keyOf(one), dead: 'timed-out' })),
      );
    };
    const texts = async (): Promise<number | undefined> => (await outbox.dead(1_000)).get(account);
    await bury('a', 'b', 'c');
    expect(told).toEqual([]);
    await bury('d', 'e');
    expect(told).toEqual([[account, 2]]);
    expect(await texts()).toBe(3);
    expect((await outbox.deadLetters(account, 9)).map(({ intent }) => intent)).toEqual(
      ['c', 'd', 'e'].map((t) => entry(t).intent),
    );
    now += 3_600_000;
    await outbox.forgetDead();
    expect(told.filter(([whose]) => whose === account)).toEqual([
      [account, 2],
      [account, 3],
    ]);
    expect(await texts()).toBeUndefined();
    await bury('f');
    expect(told.filter(([whose]) => whose === account)).toHaveLength(3);
  });

  test('a script that Redis has forgotten is loaded again', async () => {
    const outbox = createOutboxStore(link, clock);
    const account = newAccount();
    await link.redis.script('FLUSH');
    const many = await Promise.all(['a', 'b'].map((t) => outbox.append(account, entry(t), undefined, caps)));
    expect(many.map((one) => one.is)).toEqual(['new', 'new']);
  });

  test('while Redis is away an append waits its time, then its sender is told, and it is not sent afterwards', async () => {
    const outbox = createOutboxStore(link, time, { timeoutMs: 10_000 });
    const account = newAccount();
    process.kill(server.pid, 'SIGSTOP');
    try {
      const flying = outbox.append(newAccount(), entry('on its way'), undefined, caps).catch((error: unknown) => error);
      await departure(link);
      const waiting = outbox.append(account, entry('waiting'), undefined, caps).catch((error: unknown) => error);
      await time.advance(10_000);
      for (const error of [await flying, await waiting])
        expect(error instanceof GatewayError && error.code).toBe('storage-away');
    } finally {
      process.kill(server.pid, 'SIGCONT');
    }
    await outbox.append(newAccount(), entry('behind'), undefined, caps);
    expect(await outbox.size(account)).toBe(0);
  });

  test('who waits is told in time also where the clock is set back meanwhile', async () => {
    let backMs = 0;
    const outbox = createOutboxStore(link, { ...time, now: () => time.now() - backMs }, { timeoutMs: 10_000 });
    process.kill(server.pid, 'SIGSTOP');
    try {
      const waiting = outbox.append(newAccount(), entry('waiting'), undefined, caps).catch((error: unknown) => error);
      backMs = 7_200_000;
      await time.advance(10_000);
      await expect(Promise.race([waiting, 'nobody is told'])).resolves.toMatchObject({ code: 'storage-away' });
    } finally {
      process.kill(server.pid, 'SIGCONT');
    }
  });

  test('as many as an account may hold come in one turn, and are settled in one', async () => {
    const outbox = createOutboxStore(link, clock);
    const account = newAccount();
    const accepted = Array.from({ length: 10_001 }, (_, i) => outbox.append(account, entry(`${i}`), `${i}`, caps));
    const all = await Promise.all(accepted);
    expect(all.pop()).toEqual({ is: 'full' });
    const keys = all.map(keyOf);
    expect(new Set(keys).size).toBe(10_000);
    await outbox.settle(
      account,
      1,
      keys.map((key, i) => ({ key, mark: `${i}`, result: 'said' })),
    );
    expect(await outbox.size(account)).toBe(0);
    expect(await outbox.append(account, entry('9999'), '9999', caps)).toEqual({ is: 'again', result: 'said' });
  });

  test('marks outlive their hash: the young becomes the old, and the old one goes', async () => {
    const outbox = createOutboxStore(link, clock, { marks: 3 });
    const account = newAccount();
    const { young, old } = accountKeys(account);
    const append = (mark: string) => outbox.append(account, entry(mark), mark, caps);
    for (const mark of ['1', '2', '3', '4']) await append(mark);
    expect([await link.redis.hlen(young), await link.redis.hlen(old)]).toEqual([1, 3]);
    expect(await append('2')).toEqual({ is: 'again' });
    expect(await link.redis.pttl(old)).toBeGreaterThan(600_000);
    await link.redis.pexpire(young, 500_000);
    await append('5');
    expect([await link.redis.hlen(young), await link.redis.hlen(old)]).toEqual([1, 1]);
    expect((await append('4')).is).toBe('again');
    expect((await append('1')).is).toBe('new');
  });

  test('what failed is forgotten before the same comes again, in one flight with others too', async () => {
    const account = newAccount();
    const outbox = createOutboxStore(link, clock);
    const append = (to = account) => outbox.append(to, entry('x'), 'mark', caps);
    // Redis knows the script then.
    await outbox.settle(account, 1, [{ key: keyOf(await append()), mark: 'mark' }]);
    const key = keyOf(await append());
    const [, , again] = await Promise.all([
      append(newAccount()),
      outbox.settle(account, 1, [{ key, mark: 'mark' }]),
      append(),
    ]);
    expect(again.is).toBe('new');
    expect(await outbox.size(account)).toBe(1);
  });

  test('the same append sent twice, as after a lost reply, is answered twice alike and stored once', async () => {
    const account = newAccount();
    const outbox = createOutboxStore(link, clock);
    const { outbox: stream, young, old } = accountKeys(account);
    /** Without what stood before. */
    const append = async (token: string): Promise<readonly string[]> => {
      const shared = { keys: [waitingKey], args: ['10', '600000', '100'] };
      const args = [account, token, '', 'mmark', '[1,2]', '', '[3,4]'];
      const call = evaluateTogether(scriptTogether(appendText), shared, [stream, young, old], args);
      const answer = await link.batch.ask(call);
      return (typeof answer === 'string' ? answer.split(' ') : (answer as string[])).slice(1);
    };
    const [once, twice] = [await append('t'), await append('t')];
    expect(twice).toEqual(once);
    expect(await outbox.size(account)).toBe(2);
    expect(await append('u')).toEqual(['a', expect.stringMatching(/^n\d/)]);
    const [first] = await outbox.after(account, undefined, 1);
    if (first !== undefined) await outbox.settle(account, 1, [{ key: first.key, mark: 'mark', result: 'done' }]);
    expect(await append('t')).toEqual(once);
    expect(await append('u')).toEqual(['a=done', expect.stringMatching(/^n\d/)]);
  });

  test('what was accepted before the marks grew old is settled with its result all the same, among what is younger', async () => {
    const account = newAccount();
    const outbox = createOutboxStore(link, clock, { marks: 2 });
    const names = ['one', 'two', 'three'];
    const keys: DeliveryKey[] = [];
    for (const mark of names) keys.push(keyOf(await outbox.append(account, entry(mark), mark, caps)));
    const { young, old } = accountKeys(account);
    expect([await link.redis.hlen(young), await link.redis.hlen(old)]).toEqual([1, 2]);
    await outbox.settle(
      account,
      1,
      keys.map((key, n) => ({ key, mark: names[n] ?? '', result: `${n}` })),
    );
    for (const [n, mark] of names.entries())
      expect(await outbox.append(account, entry(mark), mark, caps)).toEqual({ is: 'again', result: `${n}` });
    expect([await outbox.size(account), await link.redis.sismember(waitingKey, account)]).toEqual([0, 0]);
  });

  test('dead letters are bounded', async () => {
    const outbox = createOutboxStore(link, clock, { deadLetters: 5 });
    const account = newAccount();
    const keys = (
      await Promise.all(Array.from({ length: 12 }, (_, i) => outbox.append(account, entry(`${i}`), undefined, caps)))
    ).map(keyOf);
    await outbox.settle(
      account,
      1,
      keys.map((key) => ({ key, dead: 'bug' })),
    );
    expect((await outbox.deadLetters(account, 100)).map((one) => one.origin.stanzaId)).toEqual([
      '7',
      '8',
      '9',
      '10',
      '11',
    ]);
    expect(await link.redis.pttl(accountKeys(account).dead)).toBeGreaterThan(29 * 86_400_000);
  });

  test('workers that live and workers that died are told apart', async () => {
    const third = await createWorkers(link, { self: 'third', clock: time, log: silentLog });
    expect(await second.alive()).toContain('third');
    await link.redis.del(lifeKey('third'));
    expect(await second.dead()).toContain('third');
    expect(await second.alive()).toContain(second.self);
    await second.bury('third');
    expect(await second.dead()).not.toContain('third');
    await third.close();
  });
});

test('who was buried and comes to itself is among the living again', async () => {
  const clock = createManualClock();
  const ghost = await createWorkers(link, { clock, log: silentLog });
  await link.redis.del(lifeKey(ghost.self));
  await second.bury(ghost.self);
  expect([await second.alive(), await second.dead()].flat()).not.toContain(ghost.self);
  await clock.advance(4_000);
  await expect.poll(() => second.alive()).toContain(ghost.self);
  await ghost.close();
});

describe('leases and the life of their worker', () => {
  test('an outage alone takes nothing away: whose sign expired shows it again and keeps what nobody took', async () => {
    const leases = createLeases(link, first, silentLog);
    const [kept, taken] = [newAccount(), newAccount()];
    const [one, other] = [await leases.acquire(kept), await leases.acquire(taken)];
    await link.redis.del(lifeKey(first.self));
    const thief = await createLeases(link, second, silentLog).acquire(taken);
    await time.advance(4_000);
    await expect.poll(() => other?.lost.aborted).toBe(true);
    expect(one?.lost.aborted).toBe(false);
    expect(await leases.holder(kept)).toBe(first.self);
    expect(await leases.holder(taken)).toBe(second.self);
    expect(thief?.lost.aborted).toBe(false);
  });

  test('of two that find the same holder dead at once, one takes over', async () => {
    const names = ['dead', 'one', 'other'];
    const all = await Promise.all(names.map((self) => createWorkers(link, { self, clock, log: silentLog })));
    const [dead, one, other] = all.map((each) => createLeases(link, each, silentLog));
    const account = newAccount();
    const before = await dead?.acquire(account);
    await link.redis.del(lifeKey('dead'));
    const taken = await Promise.all([one?.acquire(account), other?.acquire(account)]);
    const [mine, ...more] = taken.filter((lease) => lease !== undefined);
    expect(more).toEqual([]);
    expect(mine?.fence).toBeGreaterThan(before?.fence ?? 0);
    for (const each of all) await each.close();
  });

  test('a worker that closes lets go of everything at once', async () => {
    const third = await createWorkers(link, { clock: time, log: silentLog });
    const account = newAccount();
    const before = await createLeases(link, third, silentLog).acquire(account);
    await third.close();
    const after = await createLeases(link, second, silentLog).acquire(account);
    expect(after?.fence).toBeGreaterThan(before?.fence ?? 0);
  });

  test('a sign of life is renewed well before it expires', async () => {
    await link.redis.pexpire(lifeKey(first.self), 60_000);
    await time.advance(3_400);
    await expect.poll(() => link.redis.pttl(lifeKey(first.self))).toBeLessThanOrEqual(10_000);
  });
});
