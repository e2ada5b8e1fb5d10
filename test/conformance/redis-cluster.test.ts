/** The stores over a Redis Cluster keep the promises that they keep over one Redis, while slots move and when a master dies. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Log } from '../../src/bridge/contract.ts';
import { type AccountId, accountId, deliveryKey } from '../../src/core/ids.ts';
import { systemClock } from '../../src/ops/clock.ts';
import { evaluate, script } from '../../src/storage/redis/batch.ts';
import { connectRedis, type RedisLink } from '../../src/storage/redis/connect.ts';
import { createJournalStore } from '../../src/storage/redis/journal.ts';
import { accountKeys, journalKey, lifeOf } from '../../src/storage/redis/keys.ts';
import { createLeases } from '../../src/storage/redis/leases.ts';
import { lookOver } from '../../src/storage/redis/looks.ts';
import { createOutboxStore } from '../../src/storage/redis/outbox.ts';
import { createPost } from '../../src/storage/redis/post.ts';
import { slotOf, slots } from '../../src/storage/redis/slots.ts';
import { createWorkers, type RedisWorkers } from '../../src/storage/redis/workers.ts';
import { createManualClock, type ManualClock } from '../harness/manual-clock.ts';
import { type ClusterNode, type RedisCluster, startRedisCluster } from '../harness/redis-cluster.ts';
import { silentLog } from '../harness/silent-log.ts';
import { caps, describeStores, entry, keyOf } from './stores.ts';

const patient = { timeoutMs: 60_000 };
const patiently = { timeout: 60_000 };
/** After which the first process renews its sign of life, by a clock of its own: as others see it, it does not expire while it stands still. */
const renewedMs = 200_000;
let cluster: RedisCluster;
let link: RedisLink;
let first: RedisWorkers;
let second: RedisWorkers;
let time: ManualClock;
let accounts = 0;

const connect = (log: Log = silentLog, url = cluster.url): Promise<RedisLink> =>
  connectRedis({ url, name: 'test', clock: systemClock, log });
const slotOfAccount = (account: AccountId): number => slotOf(accountKeys(account).outbox);

/** A new account whose keys are with that node. */
async function accountAt(node: ClusterNode): Promise<AccountId> {
  for (;;) {
    const account = accountId(`account ${accounts++}`);
    if ((await cluster.ownerOf(slotOfAccount(account))) === node) return account;
  }
}

const masterAt = (i: number): ClusterNode => {
  const node = cluster.masters[i];
  if (node === undefined) throw new Error(`there is no master ${i}`);
  return node;
};

/** So many for each of some accounts, the later ones when the first are there; numbers tell their order. */
async function appendMany(to: readonly AccountId[], count: number, at: (i: number) => Promise<void>): Promise<void> {
  const outbox = createOutboxStore(link, systemClock, patient);
  const accepted = new Map(to.map((account) => [account, [] as Promise<string>[]]));
  const doings: Promise<void>[] = [];
  for (let i = 0; i < count; i++) {
    for (const [account, keys] of accepted)
      keys.push(outbox.append(account, entry(`${i}`), i % 2 === 0 ? `mark ${i}` : undefined, caps).then(keyOf));
    doings.push(at(i));
    if (i % 50 === 49) await Promise.all([...accepted.values()].map((keys) => keys[i - 40]));
  }
  await Promise.all(doings);
  for (const [account, keys] of accepted) {
    const all = await Promise.all(keys);
    const stored = await outbox.after(account, undefined, 2 * count);
    expect(stored.map(({ origin }) => origin.stanzaId)).toEqual(Array.from({ length: count }, (_, i) => `${i}`));
    expect(stored.map(({ key }) => key)).toEqual(all);
    expect(await outbox.append(account, entry('0'), 'mark 0', caps)).toEqual({ is: 'again' });
  }
}

beforeAll(async () => {
  cluster = await startRedisCluster({ withReplica: true });
  link = await connect();
  time = createManualClock();
  first = await createWorkers(link, { clock: time, log: silentLog, ttlMs: 3 * renewedMs });
  second = await createWorkers(link, { clock: systemClock, log: silentLog });
}, 120_000);

afterAll(async () => {
  await first?.close();
  await second?.close();
  await link?.close();
  await cluster?.[Symbol.asyncDispose]();
});

describeStores('redis cluster', () => ({
  outbox: createOutboxStore(link, systemClock),
  journal: createJournalStore(link),
  leases: createLeases(link, first, silentLog),
  others: createLeases(link, second, silentLog),
  async expire() {
    await link.redis.del(lifeOf(link.names, first.self));
  },
  revive: () => time.advance(renewedMs),
}));

describe('what is spread over nodes', () => {
  test('accounts that wait, dead letters and ids are found wherever they are', async () => {
    const outbox = createOutboxStore(link, systemClock);
    const spread = await Promise.all([0, 1, 2].map((i) => accountAt(masterAt(i))));
    const keys = await Promise.all(
      spread.map((account) => outbox.append(account, entry('a'), undefined, caps).then(keyOf)),
    );
    expect(await outbox.waiting()).toEqual(expect.arrayContaining(spread));
    expect(await outbox.ids('account ', '')).toEqual(expect.arrayContaining(spread));
    await Promise.all(
      spread.map(async (account, i) =>
        outbox.settle(account, 1, keys[i] === undefined ? [] : [{ key: keys[i], dead: 'bug' }]),
      ),
    );
    expect(await outbox.waiting()).not.toEqual(expect.arrayContaining(spread.slice(0, 1)));
    const dead = await outbox.dead(100_000);
    expect(spread.map((account) => dead.get(account))).toEqual([1, 1, 1]);
    for (const account of spread) await outbox.erase(account);
    expect((await outbox.dead(100_000)).size).toBe(dead.size - 3);
  });

  test('an entry leaves its outbox when what its sender is told is in the journal, and not before', async () => {
    const outbox = createOutboxStore(link, systemClock, patient);
    const journal = createJournalStore(link);
    const domains = Array.from({ length: 100 }, (_, i) => `j${i}.example`);
    const at = async (node: ClusterNode): Promise<string> => {
      for (const domain of domains)
        if ((await cluster.ownerOf(slotOf(journalKey(`${domain}/w`)))) === node) return `${domain}/w`;
      throw new Error('none of them');
    };
    const stream = await at(masterAt(2));
    const account = await accountAt(masterAt(1));
    await journal.append(stream, () => '<m/>');
    const key = keyOf(await outbox.append(account, entry('a'), 'a', caps));
    // The script is known there.
    await outbox.settle(account, 1, [{ key: deliveryKey('1-1') }]);
    await masterAt(2).client.call('CLIENT', 'PAUSE', '60000', 'WRITE');
    const told = journal.append(stream, () => '<m/>');
    let isSettled = false;
    const settled = outbox.settle(account, 1, [{ key, mark: 'a', result: 'r' }]).then(() => (isSettled = true));
    // Others of the account do not wait.
    await outbox.append(account, entry('b'), 'b', caps);
    expect(isSettled).toBe(false);
    expect(await outbox.size(account)).toBe(2);
    await masterAt(2).client.call('CLIENT', 'UNPAUSE');
    await told;
    await settled;
    expect(await outbox.size(account)).toBe(1);
  });

  test('whoever is with a node that does not answer waits alone', async () => {
    const outbox = createOutboxStore(link, systemClock, patient);
    const [waits, goes] = [await accountAt(masterAt(0)), await accountAt(masterAt(1))];
    await masterAt(0).client.call('CLIENT', 'PAUSE', '60000', 'WRITE');
    let hasWaited = true;
    const waiting = outbox.append(waits, entry('a'), undefined, caps).finally(() => (hasWaited = false));
    for (let i = 0; i < 20; i++) expect((await outbox.append(goes, entry(`${i}`), undefined, caps)).is).toBe('new');
    expect(hasWaited).toBe(true);
    await masterAt(0).client.call('CLIENT', 'UNPAUSE');
    expect((await waiting).is).toBe('new');
  });

  test('what failed is forgotten before the same comes again, where both have waited for its node', async () => {
    const outbox = createOutboxStore(link, systemClock, patient);
    const account = await accountAt(masterAt(1));
    const key = keyOf(await outbox.append(account, entry('x'), 'mark', caps));
    // The script is known there.
    await outbox.settle(account, 1, [{ key: deliveryKey('1-1') }]);
    await masterAt(1).client.call('CLIENT', 'PAUSE', '60000', 'WRITE');
    const before = outbox.append(account, entry('y'), undefined, caps);
    await expect.poll(() => link.batch.flying).toBe(true);
    const settled = outbox.settle(account, 1, [{ key, mark: 'mark' }]);
    const again = outbox.append(account, entry('x'), 'mark', caps);
    await masterAt(1).client.call('CLIENT', 'UNPAUSE');
    await Promise.all([before, settled]);
    expect((await again).is).toBe('new');
    expect(await outbox.size(account)).toBe(2);
  });

  test('a text leaves its mailbox behind what came of it', async () => {
    const outbox = createOutboxStore(link, systemClock, patient);
    const post = createPost(link, { cap: 10 });
    const home = await cluster.ownerOf(slotOf(link.names.workers));
    const other = cluster.masters.find((one) => one !== home) ?? home;
    const account = await accountAt(other);
    const stop = new AbortController();
    await post.send(second.self, ['text']);
    const mail = post.receive(second.self, stop.signal)[Symbol.asyncIterator]();
    const [letter] = (await mail.next()).value ?? [];
    expect(letter?.text).toBe('text');
    await other.client.call('CLIENT', 'PAUSE', '60000', 'WRITE');
    const appended = outbox.append(account, entry('text'), undefined, caps);
    const removed = post.remove(second.self, [letter?.id ?? '']);
    await link.batch.ask({ command: ['exists', link.names.workers] });
    expect((await post.held(second.self)).entries).toBe(1);
    await other.client.call('CLIENT', 'UNPAUSE');
    expect((await appended).is).toBe('new');
    await expect.poll(async () => (await post.held(second.self)).entries, patiently).toBe(0);
    stop.abort();
    await removed;
  });
});

describe('a slot that moves', () => {
  test('in the middle of appends: nothing is lost, twice, or in another order', async () => {
    const [one, other] = [await accountAt(masterAt(0)), await accountAt(masterAt(1))];
    const errors = ['MOVED', 'ASK', 'TRYAGAIN'];
    const seen = await Promise.all(errors.map(cluster.errors));
    const { outbox, young } = accountKeys(one);
    const keys = [outbox, young, link.names.waiting(one)];
    let asked: Promise<unknown> | undefined;
    await appendMany([one, other], 2_000, async (i) => {
      if (i === 500)
        await cluster.move(slotOfAccount(one), masterAt(2), async () => {
          expect(await link.redis.get(`${outbox}:nothing`)).toBeNull();
          asked = link.batch.ask(evaluate(script("return 'behind'"), keys, []));
          await expect.poll(() => cluster.errors('TRYAGAIN'), patiently).toBeGreaterThan(seen[2] ?? 0);
        });
      if (i === 800) await cluster.move(slotOfAccount(other), masterAt(2));
      if (i === 1_500) await cluster.move(slotOfAccount(one), masterAt(1));
    });
    expect(await asked).toBe('behind');
    for (const [i, name] of errors.entries()) expect(await cluster.errors(name)).toBeGreaterThan(seen[i] ?? 0);
  }, 120_000);

  test('that of all processes: mail arrives once and in order, signs and leases stay', async () => {
    const post = createPost(link, { cap: 10_000 });
    const workers = await createWorkers(link, { clock: systemClock, log: silentLog });
    const stop = new AbortController();
    const heard: string[] = [];
    const reading = (async () => {
      for await (const letters of post.receive(workers.self, stop.signal)) {
        heard.push(...letters.map(({ text = '' }) => text));
        const ids = letters.map(({ id }) => id);
        await post.remove(workers.self, ids);
      }
    })();
    const lease = await createLeases(link, workers, silentLog).acquire(await accountAt(masterAt(0)));
    const sent: Promise<unknown>[] = [];
    const slot = slotOf(link.names.workers);
    const home = await cluster.ownerOf(slot);
    const away = cluster.masters.find((one) => one !== home) ?? home;
    for (let i = 0; i < 600; i++) {
      sent.push(post.handOn(workers.self, [`${i}`], { account: accountId('romeo') }));
      if (i === 200) sent.push(cluster.move(slot, away));
      if (i % 20 === 19) await sent[i - 15];
    }
    await Promise.all(sent);
    await expect.poll(() => heard.length, patiently).toBeGreaterThanOrEqual(600);
    expect(heard).toEqual(Array.from({ length: 600 }, (_, i) => `${i}`));
    expect(await workers.alive()).toContain(workers.self);
    expect(lease?.lost.aborted).toBe(false);
    stop.abort();
    await reading;
    await workers.close();
  }, 120_000);

  test('a look at all keys that slots moved under is done again', async () => {
    const [from, to] = [masterAt(1), masterAt(0)];
    const outbox = createOutboxStore(link, systemClock);
    const account = await accountAt(from);
    await outbox.append(account, entry('a'), undefined, caps);
    // It has been looked at where the account goes to, and not yet where it comes from, when it moves.
    const nodes = { nodes: () => [to, from, masterAt(2)].map(({ client }) => client) };
    const seen: string[] = [];
    let pages = 0;
    for await (const keys of lookOver(nodes, 'isthmus:*', systemClock)) {
      seen.push(...keys);
      if (pages++ === 0) await cluster.move(slotOfAccount(account), to);
    }
    expect(seen).toContain(accountKeys(account).outbox);
  }, 120_000);
});

describe('a holder that comes to itself', () => {
  /** Another that takes a lease: it has looked at the holder's sign when `looked` resolves, and goes on when it may. */
  function thief() {
    const looked = Promise.withResolvers<void>();
    const may = Promise.withResolvers<void>();
    const ask: RedisLink['batch']['ask'] = async (...asked) => {
      looked.resolve();
      await may.promise;
      return link.batch.ask(...asked);
    };
    const leases = createLeases({ ...link, batch: { ...link.batch, ask } }, second, silentLog);
    return { leases, looked: looked.promise, goOn: may.resolve };
  }

  test.each([0, 1, 2])(
    'behind the look at its sign and before the taking: it keeps its leases (node %i)',
    async (i) => {
      const account = await accountAt(masterAt(i));
      const leases = createLeases(link, first, silentLog);
      const held = await leases.acquire(account);
      const before = await link.redis.get(accountKeys(account).lease);
      await link.redis.del(lifeOf(link.names, first.self));
      const { leases: its, looked, goOn } = thief();
      const taking = its.acquire(account);
      await looked;
      await time.advance(renewedMs);
      await expect.poll(() => link.redis.get(accountKeys(account).lease), patiently).not.toBe(before);
      goOn();
      expect(await taking).toBeUndefined();
      expect(held?.lost.aborted).toBe(false);
      expect(await leases.holder(account)).toBe(first.self);
      await held?.release();
      expect(await link.redis.get(accountKeys(account).lease)).toBeNull();
    },
  );

  test('behind the taking: it knows that it has lost what was taken, and keeps what was not', async () => {
    const [taken, kept] = [await accountAt(masterAt(0)), await accountAt(masterAt(1))];
    const leases = createLeases(link, first, silentLog);
    const [one, other] = [await leases.acquire(taken), await leases.acquire(kept)];
    await link.redis.del(lifeOf(link.names, first.self));
    const grabbed = await createLeases(link, second, silentLog).acquire(taken);
    expect(grabbed?.fence).toBeGreaterThan(one?.fence ?? 0);
    await time.advance(renewedMs);
    await expect.poll(() => one?.lost.aborted, patiently).toBe(true);
    expect(other?.lost.aborted).toBe(false);
    expect(await createLeases(link, second, silentLog).acquire(kept)).toBeUndefined();
    // What it takes now stands under its new life.
    const later = await accountAt(masterAt(2));
    await leases.acquire(later);
    await time.advance(renewedMs);
    expect(await createLeases(link, second, silentLog).acquire(later)).toBeUndefined();
  });
});

describe('a master that is killed', () => {
  test('in the middle of appends: its replica follows, what that had is there, in order and once', async () => {
    const warnings: string[] = [];
    const own = await connect({ ...silentLog, warn: (_: object, message: string) => void warnings.push(message) });
    const outbox = createOutboxStore(own, systemClock, patient);
    const [dying, living] = [await accountAt(masterAt(0)), await accountAt(masterAt(1))];
    const accepted: Promise<string>[] = [];
    const append = (account: AccountId, i: number) =>
      accepted.push(outbox.append(account, entry(`${i}`), `mark ${i}`, caps).then(keyOf));
    for (let i = 0; i < 500; i++) for (const account of [dying, living]) append(account, i);
    await Promise.all(accepted);
    expect(await masterAt(0).client.wait(1, 30_000)).toBe(1);
    for (let i = 500; i < 1_500; i++) {
      for (const account of [dying, living]) append(account, i);
      if (i === 1_000) await masterAt(0).server.kill();
      if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(accepted);
    expect(await cluster.ownerOf(slotOfAccount(dying))).toBe(cluster.replica);
    const numbers = async (account: AccountId): Promise<readonly number[]> =>
      (await outbox.after(account, undefined, 5_000)).map(({ origin }) => Number(origin.stanzaId));
    const whole = Array.from({ length: 1_500 }, (_, i) => i);
    expect(await numbers(living)).toEqual(whole);
    const said = await numbers(dying);
    expect(said).toEqual([...new Set(said)].sort((a, b) => a - b));
    expect(said.slice(0, 500)).toEqual(whole.slice(0, 500));
    expect(said.at(-1)).toBe(1_499);
    expect(warnings).toContainEqual(expect.stringMatching(/^A node of the Redis Cluster is away/));
    expect(warnings).toContainEqual(expect.stringMatching(/min-replicas-to-write is 0/));
    await own.close();
  }, 120_000);
});

test('every slot has a set for the accounts that wait, in that slot, and none is of two', () => {
  const sets = link.names.allWaiting();
  expect(sets.map(slotOf)).toEqual(Array.from({ length: slots }, (_, slot) => slot));
  expect(new Set(sets).size).toBe(slots);
});
