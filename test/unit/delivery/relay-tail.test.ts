/** An edge and its workers over a real Redis: journals, and what an edge's restart or a lost connection must not lose. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createRelayTail, type RelayTail } from '../../../src/delivery/relay-tail.ts';
import { createRelayWire } from '../../../src/delivery/relay-wire.ts';
import { systemClock } from '../../../src/ops/clock.ts';
import type { JournalStore } from '../../../src/storage/ports.ts';
import { connectRedis, type RedisLink } from '../../../src/storage/redis/connect.ts';
import { createJournalStore } from '../../../src/storage/redis/journal.ts';
import { createJournalTail } from '../../../src/storage/redis/tail.ts';
import { type Redis, startRedis } from '../../harness/redis.ts';
import { silentLog } from '../../harness/silent-log.ts';
import { createPipe } from './pipe.ts';

let redis: Redis;
let link: RedisLink;
let journal: JournalStore;
let domain = '';
let count = 0;
/** When what the edges sent had been written. */
let written: number[] = [];
/** Whether the edges' stream is theirs. */
let isOurs = (): boolean => true;

beforeAll(async () => {
  redis = await startRedis();
  link = await connectRedis({ url: redis.url, name: 'test', clock: systemClock, log: silentLog });
  journal = createJournalStore(link);
});
beforeEach(() => {
  count++;
  written = [];
  isOurs = () => true;
  domain = `net${count}.test`;
});
afterAll(async () => {
  await link?.close();
  await redis?.[Symbol.asyncDispose]();
});

const worker = (name: string) =>
  createRelayWire({ journal, stream: `${domain}/${name}`, clock: systemClock, log: silentLog });

const edge = (pipe: ReturnType<typeof createPipe>['pipe']): RelayTail =>
  createRelayTail({
    pipe,
    tail: createJournalTail(link, journal, systemClock),
    journal,
    domain,
    clock: systemClock,
    log: silentLog,
    isOurs: () => isOurs(),
    rendered(text, at) {
      written.push(at);
      return text;
    },
  });

const has = (text: string) => (heard: string) => heard.includes(text);
const left = async (name: string): Promise<string> =>
  (await journal.after(`${domain}/${name}`, undefined, 1_000)).map(({ text }) => text).join('');

async function emptied(name: string): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if ((await left(name)) === '') return;
    await systemClock.sleep(5);
  }
  throw new Error(`${name} still has ${await left(name)}`);
}

/** Ends the edge's reading, as a Redis does that becomes a replica. */
async function breakOff(): Promise<void> {
  const clients = String(await link.redis.call('CLIENT', 'LIST'));
  const reader = /^id=(\d+) .* cmd=xread /m.exec(clients)?.[1] ?? '';
  expect(await link.redis.call('CLIENT', 'UNBLOCK', reader, 'ERROR')).toBe(1);
}

describe('faults', () => {
  test('114-15 a stanza for which the server ends the stream is given up; all others come', async () => {
    const { pipe, got } = createPipe();
    const heard: string[] = [];
    let streams = 0;
    let isDeaf = false;
    let answer = Promise.withResolvers<void>();
    const relay = edge(pipe);
    const connect = (): void => {
      streams++;
      isDeaf = false;
      answer = Promise.withResolvers();
      answer.promise.catch(() => undefined);
      pipe.up = true;
      relay.resume();
    };
    const end = (): void => {
      pipe.up = false;
      answer.reject(new Error('down'));
      relay.pause(true);
      setImmediate(connect);
    };
    pipe.write = (text) => {
      got.put(text);
      for (const [one] of text.matchAll(/<m n='.*?'\/>/g)) {
        if (one.includes('poison')) {
          isDeaf = true;
          setImmediate(end);
        }
        if (!isDeaf) heard.push(one);
      }
      return true;
    };
    pipe.barrier = () => (isDeaf ? answer.promise : Promise.resolve());
    const a = worker('a');
    for (const word of ['one', 'poison', 'two']) a.put(`<m n='${word}'/>`);
    await a.settled(1_000);
    connect();
    await emptied('a');
    expect(heard.at(-1)).toBe("<m n='two'/>");
    expect(heard).not.toContain("<m n='poison'/>");
    expect(heard.filter((one) => one === "<m n='two'/>")).toHaveLength(1);
    expect(streams).toBeLessThan(6);
    a.put("<m n='three'/>");
    await got.take(has("<m n='three'/>"), 'what comes later');
    await relay.close();
  });
});

describe('journals', () => {
  test('each worker’s stream comes in order, and is trimmed once the server has answered for it', async () => {
    const { pipe, got, barrier } = createPipe();
    const relay = edge(pipe);
    const [a, b] = [worker('a'), worker('b')];
    for (let n = 0; n < 50; n++) {
      a.put(`<a n='${n}'/>`);
      b.put(`<b n='${n}'/>`);
      if (n % 10 === 9) await Promise.all([a.settled(1_000), b.settled(1_000)]);
    }
    const before = Date.now();
    relay.resume();
    await got.take(has("<a n='49'/>"), 'the last of a');
    await got.take(has("<b n='49'/>"), 'the last of b');
    expect(Math.min(...written)).toBeGreaterThan(before - 60_000);
    expect(Math.max(...written)).toBeLessThanOrEqual(before + 1_000);
    const all = got.all.join('');
    for (const name of ['a', 'b']) {
      const found = [...all.matchAll(new RegExp(`<${name} n='(\\d+)'`, 'g'))].map((match) => Number(match[1]));
      expect(found).toEqual(Array.from({ length: 50 }, (_, n) => n));
    }
    expect(await left('a')).not.toBe('');
    (await barrier()).resolve();
    await emptied('a');
    await emptied('b');
    await relay.close();
  });

  test('a worker that comes later is heard too', async () => {
    const { pipe, got } = createPipe();
    const relay = edge(pipe);
    relay.resume();
    worker('a').put('<early/>');
    await got.take(has('<early/>'), 'the early one');
    worker('late').put('<late/>');
    await got.take(has('<late/>'), 'the late one');
    pipe.up = false;
    await relay.close();
  });

  test('what was written after the server was asked waits for its next answer; when all is answered for nothing is asked', async () => {
    const { pipe, got, barriers, barrier } = createPipe();
    const relay = edge(pipe);
    const wire = worker('a');
    relay.resume();
    wire.put('<one/>');
    await got.take(has('<one/>'), 'one');
    const first = await barrier();
    wire.put('<two/>');
    await got.take(has('<two/>'), 'two');
    first.resolve();
    await expect.poll(() => left('a')).not.toContain('<one/>');
    expect(await left('a')).toBe('<two/>');
    (await barrier()).resolve();
    await emptied('a');
    await relay.close();
    expect(barriers.all).toHaveLength(2);
  });

  test('while the server reads nothing, nothing more is written', async () => {
    const { pipe, got } = createPipe();
    const drained = Promise.withResolvers<void>();
    const { write } = pipe;
    pipe.write = (text) => write(text) && false;
    pipe.drained = () => drained.promise;
    const relay = edge(pipe);
    const wire = worker('a');
    relay.resume();
    for (const text of ['<one/>', '<two/>']) {
      wire.put(text);
      await wire.settled(1_000);
    }
    await got.take(has('<one/>'), 'one');
    for (let asked = 0; asked < 20; asked++) await link.redis.ping();
    expect(got.all).toEqual(['<one/>']);
    drained.resolve();
    await got.take(has('<two/>'), 'two');
    pipe.up = false;
    await relay.close();
  });

  test('an edge that restarts loses nothing and keeps the order', async () => {
    const first = createPipe();
    const before = edge(first.pipe);
    const wire = worker('a');
    wire.put('<one/>');
    await wire.settled(1_000);
    before.resume();
    await first.got.take(has('<one/>'), 'one');
    const closed = before.close();
    (await first.barrier()).reject(new Error('the server has gone'));
    await closed;
    wire.put('<two/>');
    await wire.settled(1_000);
    const second = createPipe();
    const after = edge(second.pipe);
    after.resume();
    await second.got.take(has('<two/>'), 'two');
    expect(second.got.all.join('')).toBe('<one/><two/>');
    (await second.barrier()).resolve();
    await emptied('a');
    await after.close();
  });

  test('what was written to a connection that died is not answered for by the next one’s barrier', async () => {
    const { pipe, got, barrier } = createPipe();
    const relay = edge(pipe);
    const wire = worker('a');
    wire.put('<one/>');
    relay.resume();
    await got.take(has('<one/>'), 'one');
    const old = await barrier();
    relay.resume();
    await got.take(has('<one/>'), 'one again');
    old.resolve();
    await journal.streams(domain);
    expect(await left('a')).toBe('<one/>');
    (await barrier()).resolve();
    await emptied('a');
    await relay.close();
  });

  test('while the stream is down nothing is taken for sent', async () => {
    const { pipe, got, barrier } = createPipe();
    const relay = edge(pipe);
    const wire = worker('a');
    relay.resume();
    wire.put('<one/>');
    await got.take(has('<one/>'), 'one');
    (await barrier()).resolve();
    await emptied('a');
    pipe.up = false;
    wire.put('<two/>');
    await wire.settled(1_000);
    expect(await left('a')).toBe('<two/>');
    pipe.up = true;
    relay.resume();
    await got.take(has('<two/>'), 'two');
    (await barrier()).resolve();
    await emptied('a');
    expect(got.all.join('')).toBe('<one/><two/>');
    await relay.close();
  });

  test('while the stream may be another’s nothing is written; where it is ours after all everything is, once', async () => {
    const { pipe, got } = createPipe();
    const relay = edge(pipe);
    const wire = worker('a');
    const asked = Promise.withResolvers<void>();
    isOurs = () => {
      asked.resolve();
      return false;
    };
    wire.put('<one/>');
    relay.resume();
    await asked.promise;
    wire.put('<two/>');
    await wire.settled(1_000);
    expect(got.all).toEqual([]);
    isOurs = () => true;
    await got.take(has('<two/>'), 'two');
    expect(got.all.join('')).toBe('<one/><two/>');
    pipe.up = false;
    await relay.close();
  });

  test('the stream was another’s: nothing is written, and it is left for that one', async () => {
    const { pipe, got } = createPipe();
    const relay = edge(pipe);
    const asked = Promise.withResolvers<void>();
    isOurs = () => {
      asked.resolve();
      return false;
    };
    worker('a').put('<one/>');
    relay.resume();
    await asked.promise;
    await relay.close();
    expect([got.all, await left('a')]).toEqual([[], '<one/>']);
  });

  test('a server that does not answer a barrier is asked again', async () => {
    const { pipe, barrier } = createPipe();
    const relay = edge(pipe);
    worker('a').put('<one/>');
    relay.resume();
    (await barrier()).reject(new Error('no answer'));
    (await barrier()).resolve();
    await emptied('a');
    await relay.close();
  });

  test('an edge that ends has the server answer for what it wrote: nobody says it again', async () => {
    const first = createPipe();
    const before = edge(first.pipe);
    const wire = worker('a');
    wire.put('<one/>');
    before.resume();
    await first.got.take(has('<one/>'), 'one');
    const closed = before.close();
    (await first.barrier()).resolve();
    await closed;
    expect(await left('a')).toBe('');
    wire.put('<two/>');
    await wire.settled(1_000);
    const second = createPipe();
    const after = edge(second.pipe);
    after.resume();
    await second.got.take(has('<two/>'), 'two');
    expect(second.got.all.join('')).toBe('<two/>');
    second.pipe.up = false;
    await after.close();
  });

  test('an edge whose reading is broken off says nothing twice by the same stream', async () => {
    const { pipe, got, barrier } = createPipe();
    const relay = edge(pipe);
    const wire = worker('a');
    wire.put('<one/>');
    relay.resume();
    await got.take(has('<one/>'), 'one');
    const answered = await barrier();
    await breakOff();
    wire.put('<two/>');
    await got.take(has('<two/>'), 'two');
    expect(got.all.join('')).toBe('<one/><two/>');
    answered.resolve();
    (await barrier()).resolve();
    await emptied('a');
    await relay.close();
  });

  test('nor what the server has answered for between that reading and its turn', async () => {
    const { pipe, got, barrier } = createPipe();
    const drained = Promise.withResolvers<void>();
    const { write } = pipe;
    pipe.write = (text) => write(text) && !text.includes('<two/>');
    pipe.drained = () => drained.promise;
    const relay = edge(pipe);
    const [a, b] = [worker('a'), worker('b')];
    a.put('<one/>');
    b.put('<other/>');
    await Promise.all([a.settled(1_000), b.settled(1_000)]);
    relay.resume();
    await got.take(has('<other/>'), 'other');
    const answered = await barrier();
    await breakOff();
    a.put('<two/>');
    await got.take(has('<two/>'), 'two');
    answered.resolve();
    await emptied('b');
    await link.redis.ping();
    b.put('<last/>');
    drained.resolve();
    await got.take(has('<last/>'), 'last');
    expect(got.all.join('')).toBe('<one/><other/><two/><last/>');
    pipe.up = false;
    await relay.close();
  });

  test('an edge ends though its server reads nothing more', async () => {
    const { pipe, got } = createPipe();
    const { write } = pipe;
    pipe.write = (text) => write(text) && false;
    pipe.drained = () => new Promise(() => {});
    const relay = edge(pipe);
    worker('a').put('<one/>');
    relay.resume();
    await got.take(has('<one/>'), 'one');
    await relay.close();
    expect(await left('a')).toBe('<one/>');
  });
});
