/** Mailboxes in a real Redis, and the order of what goes through them while workers and edges come and go. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type AccountId, accountId } from '../../src/core/ids.ts';
import { createForwarding, type Forwarding } from '../../src/delivery/forwarding.ts';
import { systemClock } from '../../src/ops/clock.ts';
import { readMailbox } from '../../src/process/mailbox.ts';
import { createSuccession } from '../../src/process/succession.ts';
import type { Letter, Post } from '../../src/storage/process-ports.ts';
import { connectRedis, type RedisLink } from '../../src/storage/redis/connect.ts';
import { createPost } from '../../src/storage/redis/post.ts';
import { createWorkers, type RedisWorkers } from '../../src/storage/redis/workers.ts';
import { createManualClock, type ManualClock } from '../harness/manual-clock.ts';
import { type Redis, startRedis } from '../harness/redis.ts';
import { seededRandom } from '../harness/seed.ts';
import { silentLog } from '../harness/silent-log.ts';

const clock = systemClock;
const cap = 1_000;
let redis: Redis;
let link: RedisLink;
let post: Post;
/** What the workers of a test have taken, in order. */
let taken: string[] = [];
/** Of edges, and of what workers do by the clock; it is moved on by those who wait for something. */
let time: ManualClock;
const ends: (() => Promise<void>)[] = [];

beforeAll(async () => {
  redis = await startRedis();
  link = await connectRedis({ url: redis.url, name: 'test', clock, log: silentLog });
  post = createPost(link, { cap });
});
beforeEach(async () => {
  await link.redis.flushall();
  taken = [];
  time = createManualClock();
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});
afterAll(async () => {
  await link?.close();
  await redis?.[Symbol.asyncDispose]();
});

const romeo = accountId('romeo');
const juliet = accountId('juliet');
const nobody = async (): Promise<undefined> => undefined;

async function appear(name: string): Promise<RedisWorkers> {
  const workers = await createWorkers(link, { self: name, clock, log: silentLog, leavesThings: true });
  ends.push(() => workers.close());
  return workers;
}

/** Its process is gone, and its time is up. */
async function die(workers: RedisWorkers): Promise<void> {
  await workers.close();
}

function edge(fence?: number): Forwarding {
  const signal = new AbortController().signal;
  const workers = { alive: async () => living() };
  return createForwarding({ post, leases: { holder: nobody }, workers, clock: time, signal, fence: () => fence });
}

/** Time goes on until that is so. */
async function atLast<T>(what: () => T | Promise<T>, expected: T): Promise<void> {
  const look = async (): Promise<T> => {
    await time.advance(200);
    return what();
  };
  await expect.poll(look, { timeout: 20_000, interval: 5 }).toEqual(expected);
}

const takenAtLast = (total: number): Promise<void> => atLast(() => taken.length, total);

async function whileTimeGoesOn(work: Promise<unknown>): Promise<void> {
  let isOver = false;
  const done = work.finally(() => (isOver = true));
  while (!isOver) await time.advance(50);
  await done;
}

async function living(): Promise<readonly string[]> {
  return (await post.survey()).flatMap(({ worker, isAlive }) => (isAlive ? worker : []));
}

function succession(workers: RedisWorkers, signal: AbortSignal) {
  return createSuccession({
    ...{ post, leases: { holder: nobody }, workers, clock: time, log: silentLog, signal },
    restore: nobody,
  });
}

interface Work {
  /** In good order. */
  stop(): Promise<void>;
  /** What it has read and not taken lies there still. */
  kill(): Promise<void>;
}

/** Reads its mailbox, looks after the dead, until it dies. */
async function work(name: string): Promise<Work> {
  const workers = await appear(name);
  const over = new AbortController();
  const its = succession(workers, over.signal);
  await its.begin();
  const take = async (text: string): Promise<void> => void taken.push(text);
  const loops = [
    readMailbox({ post, self: name, clock: time, log: silentLog, signal: over.signal, take }),
    its.lookAround(),
  ];
  async function kill(): Promise<void> {
    over.abort(new Error('killed'));
    await Promise.all(loops);
    await workers.close();
  }
  ends.push(kill);
  return {
    kill,
    async stop() {
      await kill();
      await its.leave();
    },
  };
}

const lying = async (worker: string): Promise<readonly (string | undefined)[]> =>
  (await post.oldest(worker, 1_000)).map(({ text }) => text);

const range = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from + 1 }, (_, n) => `${from + n}`);

async function say(by: Forwarding, account: AccountId, from: number, to: number): Promise<void> {
  await Promise.all(range(from, to).map((text) => by.forward(account, text)));
}

describe('one mailbox', () => {
  const self = 'worker-w';
  beforeEach(() => appear(self));

  test('in order, each once, and there until it is removed; another reader finds what was not', async () => {
    const stop = new AbortController();
    await post.send(self, ['1', '2']);
    await post.send(self, ['3']);
    const heard: Letter[] = [];
    const reading = (async () => {
      for await (const letters of post.receive(self, stop.signal)) {
        heard.push(...letters);
        if (letters.some(({ text }) => text === '4')) stop.abort();
      }
    })();
    await atLast(() => heard.length, 3);
    await post.remove(
      self,
      heard.slice(1, 3).map(({ id }) => id),
    );
    await post.send(self, ['4']);
    await reading;
    expect(heard.map(({ text }) => text)).toEqual(['1', '2', '3', '4']);
    expect(await lying(self)).toEqual(['1', '4']);
    for await (const letters of createPost(link, { cap }).receive(self, new AbortController().signal)) {
      expect(letters.map(({ text }) => text)).toEqual(['1', '4']);
      break;
    }
  });

  test('what was taken, and Redis refuses to delete (as where it can not write to its disk), is not taken again', async () => {
    const worker = await work('worker-v');
    await link.redis.call('ACL', 'SETUSER', 'default', '-xdel');
    await post.send('worker-v', ['1', '2']);
    await takenAtLast(2);
    for (let n = 0; n < 40; n++) await time.advance(200).then(() => clock.sleep(5));
    await link.redis.call('ACL', 'SETUSER', 'default', '+xdel');
    await post.send('worker-v', ['3']);
    await atLast(() => taken.includes('3'), true);
    await atLast(() => lying('worker-v').then(({ length }) => length), 0);
    await worker.kill();
    expect(taken).toEqual(['1', '2', '3']);
  });

  test('how much lies there, and since when', async () => {
    expect(await post.held(self)).toEqual({ entries: 0, since: undefined });
    await post.send(self, ['1', '2']);
    const { entries, since = 0 } = await post.held(self);
    expect(entries).toBe(2);
    expect(since).toBeGreaterThan(1_700_000_000_000);
  });

  test('over its cap it refuses', async () => {
    await post.send(self, range(1, cap));
    await expect(post.send(self, ['more'])).rejects.toMatchObject({ code: 'queue-full' });
  });

  test('a reader that waits ends with its signal', async () => {
    const stop = new AbortController();
    const reading = (async () => {
      for await (const _ of post.receive(self, stop.signal)) throw new Error('nothing was sent');
    })();
    stop.abort();
    await reading;
  });

  test('whose texts lie there, with the newest of each', async () => {
    await post.handOn(self, ['1'], { account: romeo });
    await post.handOn(self, ['2'], { account: juliet });
    await post.handOn(self, ['3'], { account: romeo });
    await post.send(self, ['for nobody']);
    const [first, second, third] = await post.oldest(self, 3);
    expect([first?.text, second?.text, third?.text]).toEqual(['1', '2', '3']);
    const accounts = new Map([
      [romeo, third?.id],
      [juliet, second?.id],
    ]);
    expect(await post.survey()).toEqual([{ worker: self, isAlive: true, accounts }]);
  });

  test('the same of a full mailbox', async () => {
    const accounts = [romeo, juliet, accountId('nurse')];
    for (let from = 1; from <= cap; from += 37)
      await post.handOn(self, range(from, Math.min(cap, from + 36)), { account: accounts[from % 3] ?? romeo });
    const letters = await post.oldest(self, 2 * cap);
    expect(letters).toHaveLength(cap);
    const newest = new Map(accounts.map((one) => [one, letters.findLast(({ account }) => account === one)?.id]));
    expect((await post.survey())[0]?.accounts).toEqual(newest);
  });

  test('only behind what is still there', async () => {
    await post.handOn(self, ['1'], { account: romeo });
    const [first] = await post.oldest(self, 1);
    expect(await post.handOn(self, ['2'], { account: romeo, behind: first?.id })).toBe('sent');
    await post.move(self, [{ id: first?.id ?? '', account: romeo, text: '1', to: undefined }]);
    expect(await post.handOn(self, ['3'], { account: romeo, behind: first?.id })).toBe('moved');
    expect(await lying(self)).toEqual(['2']);
  });

  test('what an edge heard is handed on until one that followed it has handed something on: then it comes too late', async () => {
    expect(await post.handOn(self, ['1'], { account: romeo, fence: 7 })).toBe('sent');
    expect(await post.handOn(self, ['2'], { account: romeo, fence: 7 })).toBe('sent');
    expect(await post.handOn(self, ['3'], { account: juliet, fence: 1_700_000_000_001 })).toBe('sent');
    expect(await post.handOn(self, ['late'], { account: romeo, fence: 7 })).toBe('outdated');
    expect(await post.handOn(self, ['4'], { account: romeo })).toBe('sent');
    expect(await post.handOn(self, ['5'], { account: romeo, fence: 1_700_000_000_002 })).toBe('sent');
    expect(await post.handOn(self, ['late'], { account: juliet, fence: 1_700_000_000_001 })).toBe('outdated');
    expect(await lying(self)).toEqual(range(1, 5));
  });

  test('an edge that was followed tells whose lines it heard too late', async () => {
    const [before, after] = [edge(1), edge(2)];
    await before.forward(romeo, '1');
    await after.forward(romeo, '2');
    await expect(before.forward(romeo, 'late')).rejects.toMatchObject({ code: 'storage-away' });
    expect(await lying(self)).toEqual(['1', '2']);
  });
});

describe('whose process is gone', () => {
  test('it is buried when its mailbox is empty, and not before; from then on nothing is put there', async () => {
    const [a, b] = [await appear('worker-a'), await appear('worker-b')];
    await b.bury('worker-a');
    expect(await b.alive()).toContain('worker-a');
    await post.handOn('worker-a', ['1'], { account: romeo });
    await die(a);
    await b.bury('worker-a');
    expect(await b.dead()).toEqual(['worker-a']);
    await post.move(
      'worker-a',
      (await post.oldest('worker-a', 1)).map((one) => ({ ...one, to: 'worker-b' })),
    );
    await b.bury('worker-a');
    expect(await b.dead()).toEqual([]);
    expect(await post.handOn('worker-a', ['2'], { account: romeo })).toBe('gone');
    expect(await lying('worker-b')).toEqual(['1']);
  });

  test('of several that move the same, the first does, all of it; to one that is gone too nothing is moved', async () => {
    for (const name of ['worker-a', 'worker-b', 'worker-c']) await appear(name);
    await post.handOn('worker-a', range(1, 20), { account: romeo });
    const letters = await post.oldest('worker-a', 20);
    const to = (worker: string) => letters.map((letter) => ({ ...letter, to: worker }));
    await post.move('worker-a', to('worker-x'));
    expect(await lying('worker-a')).toEqual(range(1, 20));
    await Promise.all(['worker-b', 'worker-c', 'worker-b'].map((worker) => post.move('worker-a', to(worker))));
    expect([await lying('worker-a'), await lying('worker-b'), await lying('worker-c')]).toEqual([[], range(1, 20), []]);
  });
});

describe('a worker goes while people talk', () => {
  test('it is killed: what lies in its mailbox is taken before what comes later', async () => {
    const a = await appear('worker-a');
    const talking = edge();
    await say(talking, romeo, 1, 30);
    await die(a);
    await time.advance(1_100);
    await work('worker-b');
    await say(talking, romeo, 31, 60);
    await takenAtLast(60);
    expect(taken).toEqual(range(1, 60));
  });

  test('it stops: it has others take what still came for it, at once', async () => {
    const a = await appear('worker-a');
    await say(edge(), romeo, 1, 520);
    await appear('worker-b');
    await a.close();
    await succession(a, new AbortController().signal).leave();
    expect(await lying('worker-b')).toEqual(range(1, 520));
    expect(await a.dead()).toEqual([]);
  });

  test('it stops and nobody else is there: what came for it waits for the next', async () => {
    const a = await appear('worker-a');
    await say(edge(), romeo, 1, 5);
    await a.close();
    await succession(a, new AbortController().signal).leave();
    await work('worker-b');
    await say(edge(), romeo, 6, 9);
    await takenAtLast(9);
    expect(taken).toEqual(range(1, 9));
  });

  test('the edge is another one meanwhile, and knows nothing of what was before', async () => {
    const a = await appear('worker-a');
    await say(edge(), romeo, 1, 30);
    await die(a);
    await work('worker-b');
    await say(edge(), romeo, 31, 60);
    await takenAtLast(60);
    expect(taken).toEqual(range(1, 60));
  });

  test('of what nobody can read, and of what was for an edge that is gone, nothing stays', async () => {
    const [a, x] = [await appear('worker-a'), await appear('edge-x')];
    await post.handOn('worker-a', ['sealed'], { account: romeo });
    await post.send('worker-a', ['for whoever it is']);
    await post.send('edge-x', ['page']);
    await Promise.all([die(a), die(x)]);
    const open = { ...post, oldest: async (worker: string, max: number) => unsealed(await post.oldest(worker, max)) };
    const b = await appear('worker-b');
    const over = new AbortController();
    const parts = { leases: { holder: nobody }, workers: b, clock: time, log: silentLog, signal: over.signal };
    const looking = createSuccession({ ...parts, post: open, restore: nobody }).lookAround();
    await atLast(() => b.dead(), []);
    over.abort(new Error('over'));
    await looking;
    expect(await lying('worker-b')).toEqual(['for whoever it is']);
  });

  test('accounts are brought back by every worker that saw the dead one, though another has buried it', async () => {
    const [a, b] = [await appear('worker-a'), await appear('worker-b')];
    const over = new AbortController();
    const restored: boolean[] = [];
    const its = createSuccession({
      ...{ post, leases: { holder: nobody }, workers: b, clock: time, log: silentLog, signal: over.signal },
      restore: async (mine) => void restored.push(mine(romeo)),
    });
    await its.begin();
    const looking = its.lookAround();
    await die(a);
    await b.bury('worker-a');
    await atLast(() => restored.length, 2);
    expect(restored[1]).toBe(true);
    over.abort(new Error('over'));
    await looking;
  });

  test('whatever comes and goes: nobody’s texts are taken in another order, and none is lost', async () => {
    const random = seededRandom(20_261_122);
    const pick = (n: number): number => Math.floor(random() * n);
    const accounts = Array.from({ length: 12 }, (_, n) => accountId(`account ${n}`));
    const working: Work[] = [await work('worker-0'), await work('worker-1')];
    let by = edge();
    let said = 0;
    for (let round = 1; round <= 10; round++) {
      const saying = Array.from({ length: 40 }, () => {
        const account = accounts[pick(accounts.length)] ?? romeo;
        return by.forward(account, `${account}: ${String(++said).padStart(5, '0')}`);
      });
      const deed = pick(4);
      if (deed === 0) by = edge();
      else if (deed === 1 || working.length < 2) working.push(await work(`worker-${round + 1}`));
      else await working.splice(pick(working.length), 1)[0]?.[deed === 2 ? 'stop' : 'kill']();
      await whileTimeGoesOn(Promise.all(saying));
    }
    await takenAtLast(said);
    for (const account of accounts) {
      const its = taken.filter((text) => text.startsWith(`${account}:`));
      expect(its).toEqual([...its].sort());
    }
    expect(new Set(taken).size).toBe(said);
  });
});

const unsealed = (letters: readonly Letter[]): readonly Letter[] =>
  letters.map((letter) => (letter.text === 'sealed' ? { ...letter, text: undefined } : letter));
