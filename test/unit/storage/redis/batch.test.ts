/** Commands in flights: order, one flight at a time, scripts that Redis forgot, and an end that leaves nobody waiting. Against a real Redis. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Clock } from '../../../../src/bridge/contract.ts';
import { systemClock } from '../../../../src/ops/clock.ts';
import { type Call, evaluate, evaluateTogether, script, scriptTogether } from '../../../../src/storage/redis/batch.ts';
import { connectRedis, type RedisLink } from '../../../../src/storage/redis/connect.ts';
import { createManualClock, type ManualClock } from '../../../harness/manual-clock.ts';
import { type Redis, startRedis } from '../../../harness/redis.ts';
import { silentLog } from '../../../harness/silent-log.ts';

let redis: Redis;
let link: RedisLink;
const connect = (clock: Clock = systemClock): Promise<RedisLink> =>
  connectRedis({ url: redis.url, name: 'batch', clock, log: silentLog });

beforeAll(async () => {
  redis = await startRedis();
  link = await connect();
});
afterAll(async () => {
  await link?.close();
  await redis?.[Symbol.asyncDispose]();
});

const push = (list: string, text: string): Call => ({ command: ['rpush', list, text] });

describe('flights', () => {
  test('what is asked in one turn and behind it keeps its order, and each has its own answer', async () => {
    const answers: Promise<unknown>[] = [];
    for (let turn = 0; turn < 20; turn++) {
      for (let n = 0; n < 10; n++) answers.push(link.batch.ask(push('order', String(turn * 10 + n))));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await Promise.all(answers)).toEqual(Array.from({ length: 200 }, (_, n) => n + 1));
    expect(await link.redis.lrange('order', 0, -1)).toEqual(Array.from({ length: 200 }, (_, n) => String(n)));
  });

  test('a command that Redis refuses fails alone', async () => {
    const [before, wrong, behind] = await Promise.allSettled([
      link.batch.ask(push('alone', 'a')),
      link.batch.ask({ command: ['incr', 'alone'] }),
      link.batch.ask(push('alone', 'b')),
    ]);
    expect(before).toEqual({ status: 'fulfilled', value: 1 });
    expect(wrong).toMatchObject({ status: 'rejected', reason: { message: expect.stringContaining('WRONGTYPE') } });
    expect(behind).toEqual({ status: 'fulfilled', value: 2 });
  });

  test('a load is sealed when it leaves, and one that has nothing left to send goes nowhere', async () => {
    const sent: string[] = [];
    const words = ['first'];
    const answer = new Promise((resolve, reject) => {
      link.batch.add({
        key: '',
        seal: () => ({ command: ['echo', words.join(' ')] }),
        done: resolve,
        failed: reject,
      });
    });
    link.batch.add({
      key: '',
      seal: () => undefined,
      done: () => sent.push('done'),
      failed: () => sent.push('failed'),
    });
    words.push('and what came since');
    expect(await answer).toBe('first and what came since');
    await link.batch.ask({ command: ['ping'] });
    expect(sent).toEqual([]);
  });

  test('text comes back as it went, whatever it is', async () => {
    const odd = '\u0000\r\n"ü😀';
    expect(await link.batch.ask({ command: ['echo', odd] })).toBe(odd);
  });
});

describe('what may wait', () => {
  const late = { mayWait: true } as const;
  let clock: ManualClock;
  let slow: RedisLink;

  beforeAll(async () => {
    clock = createManualClock();
    slow = await connect(clock);
  });
  afterAll(() => slow?.close());

  /** Two flights have just left. */
  async function busy(): Promise<void> {
    for (let n = 0; n < 2; n++) await Promise.all([slow.batch.ask({ command: ['ping'] }), clock.advance(2)]);
  }

  /** Whether it is there after as much time as a flight takes that left at once. */
  async function isThere(list: string): Promise<boolean> {
    await link.batch.ask({ command: ['ping'] });
    await link.batch.ask({ command: ['ping'] });
    return (await link.redis.llen(list)) > 0;
  }

  test('after a silence it leaves at once', async () => {
    await clock.advance(60_000);
    expect(await slow.batch.ask(push('silence', 'a'), late)).toBe(1);
  });

  test('else it leaves ten milliseconds later', async () => {
    await busy();
    const answer = slow.batch.ask(push('ten', 'a'), late);
    await clock.advance(9);
    expect(await isThere('ten')).toBe(false);
    await clock.advance(1);
    expect(await answer).toBe(1);
  });

  test('with what somebody waits for it leaves sooner, in its place', async () => {
    await busy();
    const answers = [slow.batch.ask(push('with', 'a'), late), slow.batch.ask(push('with', 'b'))];
    await clock.advance(2);
    expect(await Promise.all(answers)).toEqual([1, 2]);
  });

  test('what has become much hurries', async () => {
    await busy();
    const answer = slow.batch.ask(push('much', 'a'), late);
    await clock.advance(2);
    expect(await isThere('much')).toBe(false);
    slow.batch.hurry();
    await clock.advance(2);
    expect(await answer).toBe(1);
  });
});

describe('scripts', () => {
  const double = script("redis.call('rpush', KEYS[1], ARGV[1]); return ARGV[1] .. ARGV[1]");

  test('one that Redis does not know is loaded, and what was asked meanwhile comes behind it', async () => {
    const answers = await Promise.all([
      link.batch.ask(evaluate(double, ['script'], ['a'])),
      link.batch.ask(evaluate(double, ['script'], ['b'])),
    ]);
    expect(answers).toEqual(['aa', 'bb']);
    expect(await link.redis.lrange('script', 0, -1)).toEqual(['a', 'b']);
  });

  test('one that was flushed is loaded again', async () => {
    await link.redis.script('FLUSH');
    expect(await link.batch.ask(evaluate(double, ['script'], ['c']))).toBe('cc');
  });

  const noted = script("return redis.call('rpush', KEYS[1], ARGV[1])");

  test('one that Redis hears for the first time has its place among what was asked with it', async () => {
    const answers = [link.batch.ask(evaluate(noted, ['new'], ['a'])), link.batch.ask(push('new', 'b'))];
    expect(await Promise.all(answers)).toEqual([1, 2]);
  });

  test.each(['asked before', 'on its way'])(
    'a Redis that was restarted has forgotten them: what was %s keeps its order',
    async (when) => {
      const list = `restarted ${when}`;
      const ask = () =>
        Promise.all([
          link.batch.ask(push(list, 'a')),
          link.batch.ask(evaluate(noted, [list], ['b'])),
          link.batch.ask(push(list, 'c')),
        ]);
      if (when === 'on its way') process.kill(redis.running.pid, 'SIGSTOP');
      else await redis.kill();
      const answers = ask();
      if (when === 'on its way') {
        await expect.poll(() => link.batch.flying).toBe(true);
        await redis.kill();
      }
      await redis.restart();
      expect(await answers).toEqual([1, 2, 3]);
      expect(await link.redis.lrange(list, 0, -1)).toEqual(['a', 'b', 'c']);
    },
  );

  test('calls that go together are one command; each has its own keys, arguments and answer, and one that fails is alone', async () => {
    const count = scriptTogether("return {redis.call('incrby', KEYS[k + 1], ARGV[a + 1]), KEYS[1], ARGV[4], n}");
    const call = (own: string, args: readonly string[], shared = ['for all']) =>
      link.batch.ask(evaluateTogether(count, { keys: ['together:all'], args: shared }, [own], args));
    const evaluations = async (): Promise<number> => {
      const line = (await link.redis.info('commandstats')).split('\n').find((it) => it.includes('_evalsha:'));
      return Number(/calls=(\d+)/.exec(line ?? '')?.[1] ?? 0);
    };
    await link.redis.set('together:3', 'no number');
    await call('together:0', ['1']);
    const before = await evaluations();
    const [one, two, wrong, four] = await Promise.allSettled([
      call('together:1', ['1']),
      call('together:2', ['2', 'b', 'c']),
      call('together:3', ['3']),
      call('together:4', ['4']),
    ]);
    expect((await evaluations()) - before).toBe(1);
    expect(one).toEqual({ status: 'fulfilled', value: [1, 'together:all', 'for all', 1] });
    expect(two).toEqual({ status: 'fulfilled', value: [2, 'together:all', 'for all', 3] });
    expect(wrong).toMatchObject({ status: 'rejected', reason: { message: expect.stringContaining('not an integer') } });
    expect(four).toEqual({ status: 'fulfilled', value: [4, 'together:all', 'for all', 1] });
    // Who shares something else goes with others, in order.
    const all = ['a', 'a', 'b', 'a'].map((shared) => call('together:5', ['1'], [shared]));
    expect(await Promise.all(all)).toEqual([
      [1, 'together:all', 'a', 1],
      [2, 'together:all', 'a', 1],
      [3, 'together:all', 'b', 1],
      [4, 'together:all', 'a', 1],
    ]);
    expect((await evaluations()) - before).toBe(4);
  });

  test('more than one command should hold becomes two, in order', async () => {
    const note = scriptTogether("return redis.call('rpush', KEYS[k + 1], ARGV[a + 1])");
    const args = (n: number): string[] => [String(n), ...new Array<string>(300).fill('x')];
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => link.batch.ask(evaluate(note, ['many'], args(n)))),
    );
    expect(answers).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
    expect(await link.redis.lrange('many', 0, -1)).toEqual(Array.from({ length: 20 }, (_, n) => String(n)));
  });
});

describe('the end', () => {
  test('a Redis that goes and comes back answers what was asked in between', async () => {
    await redis.kill();
    const answer = link.batch.ask(push('later', 'kept'));
    await redis.restart();
    expect(await answer).toBe(1);
  });

  test('closed, it refuses what waits and what comes', async () => {
    const other = await connect();
    await redis.kill();
    const waiting = other.batch.ask(push('lost', 'a'));
    const refused = expect(waiting).rejects.toThrow('closed');
    await other.close();
    await refused;
    await expect(other.batch.ask(push('lost', 'b'))).rejects.toThrow('closed');
    await redis.restart();
  });
});
