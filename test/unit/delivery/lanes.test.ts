/** Lanes, case by case. */
import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../../src/core/errors.ts';
import { chatId, type DeliveryKey } from '../../../src/core/ids.ts';
import { tooLate } from '../../../src/delivery/attempt.ts';
import { markOf } from '../../../src/delivery/outbox.ts';
import { type OutboxStore, StaleFence } from '../../../src/storage/ports.ts';
import { settle } from '../../harness/manual-clock.ts';
import { origin, send } from './entries.ts';
import { account, chats, done, scene, started } from './lane-scene.ts';

describe('lanes', () => {
  test('lanes take turns within the concurrency, each one at a time', async () => {
    const it = scene();
    const lanes = await started(it);
    for (const chat of ['#a', '#a', '#b', '#c']) lanes.offer(await it.append(chat));
    expect(chats(it)).toEqual(['#a', '#b']);
    await it.end(0, done);
    expect(chats(it)).toEqual(['#a', '#b', '#c']);
    await it.end(1, done);
    expect(chats(it)).toEqual(['#a', '#b', '#c', '#a']);
  });

  test('a lane that has to wait asks for its wake-up and lets other lanes go on', async () => {
    const it = scene();
    const lanes = await started(it);
    for (const chat of ['#a', '#a', '#b']) lanes.offer(await it.append(chat));
    await it.end(0, new GatewayError('too-fast', { retryAfterMs: 7_000 }));
    await it.end(1, done);
    expect(it.wakes).toEqual([['#a', 7_000]]);
    expect(chats(it)).toEqual(['#a', '#b']);
    lanes.poke(chatId('#b'));
    await settle();
    expect(it.tries).toHaveLength(2);
    lanes.poke(chatId('#a'));
    await settle();
    expect(it.tries.at(-1)).toMatchObject({ key: it.tries[0]?.key, attempt: 2 });
  });

  test('what must wait for its owner goes on at a poke only', async () => {
    const it = scene();
    const lanes = await started(it);
    lanes.offer(await it.append());
    await it.end(0, new GatewayError('login-refused'));
    expect(it.wakes).toEqual([]);
    await it.clock.advance(3_600_000);
    expect(it.tries).toHaveLength(1);
    lanes.poke();
    await settle();
    expect(it.tries).toHaveLength(2);
  });

  test('what its owner never mends is given back to its sender after a day', async () => {
    const it = scene();
    const lanes = await started(it);
    const [first, second] = [await it.append(), await it.append()];
    for (const entry of [first, second]) lanes.offer(entry);
    await it.end(0, new GatewayError('login-refused'));
    await it.clock.advance(3_600_000);
    lanes.poke();
    await it.end(1, new GatewayError('login-refused'));
    await it.clock.advance(23 * 3_600_000);
    expect(it.failures).toEqual([]);
    // Whether it was sent all the same is asked first.
    await it.clock.advance(1);
    await it.end(2, new GatewayError('login-refused'));
    expect(it.failures).toEqual([]);
    await it.clock.advance(15 * 60_000 + 1);
    expect(it.failures).toEqual([
      [first.key, 'timed-out'],
      [second.key, 'timed-out'],
    ]);
    expect(it.tries).toHaveLength(3);
    await settle();
    expect(lanes.idle()).toBe(true);
  });

  test('an account that ends watches nothing any more', async () => {
    const it = scene();
    const lanes = await started(it);
    lanes.offer(await it.append());
    await it.end(0, new GatewayError('login-refused'));
    expect(it.clock.waiting).toBe(1);
    it.ended.abort();
    await settle();
    expect(it.clock.waiting).toBe(0);
  });

  test('one in flight behind a failed one that succeeds all the same is settled and not sent again', async () => {
    const it = scene({ limits: () => ({ concurrency: 9, window: 3 }) });
    const lanes = await started(it);
    const entries = [await it.append(), await it.append(), await it.append(), await it.append()];
    for (const entry of entries) lanes.offer(entry);
    await it.end(0, new GatewayError('network-away'));
    await it.end(1, done);
    expect(it.wakes).toEqual([]);
    expect(it.tries).toHaveLength(3);
    await it.end(2, new GatewayError('network-away'));
    expect(it.wakes).toHaveLength(1);
    lanes.poke();
    await settle();
    const again = it.tries.slice(3).map(({ key, attempt }) => [key, attempt]);
    expect(again).toEqual([
      [entries[0]?.key, 2],
      [entries[2]?.key, 2],
      [entries[3]?.key, 1],
    ]);
    expect(it.settled.map((one) => one.key)).toEqual([entries[1]?.key]);
  });

  test('a poke while the entry is in flight that then fails has it tried again at once, once', async () => {
    const it = scene();
    const lanes = await started(it);
    lanes.offer(await it.append());
    lanes.poke();
    for (const index of [0, 1]) await it.end(index, new GatewayError('network-away'));
    expect(it.tries.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(it.wakes).toHaveLength(1);
  });

  test('a poke while others are in flight restarts the lane when they have ended', async () => {
    const it = scene({ limits: () => ({ concurrency: 9, window: 2 }) });
    const lanes = await started(it);
    lanes.offer(await it.append());
    lanes.offer(await it.append());
    await it.end(0, new GatewayError('network-away'));
    lanes.poke();
    await settle();
    expect(it.tries).toHaveLength(2);
    await it.end(1, new GatewayError('network-away'));
    expect(it.tries.map((taken) => taken.attempt)).toEqual([1, 1, 2, 2]);
    expect(it.wakes).toEqual([]);
  });

  test('what is refused is told once and forgotten; its neighbours go on', async () => {
    const it = scene();
    const lanes = await started(it);
    const [first, second] = [await it.append(), await it.append()];
    lanes.offer(first);
    lanes.offer(second);
    await it.end(0, new GatewayError('not-allowed-there'));
    expect(it.failures).toEqual([[first.key, 'not-allowed-there']]);
    expect(it.settled).toEqual([{ key: first.key, mark: markOf(first.intent, first.origin) }]);
    expect(it.tries.at(-1)?.key).toBe(second.key);
  });

  test('a bug is told without detail, and its message becomes a dead letter', async () => {
    const it = scene();
    const lanes = await started(it, {
      execute: () => {
        throw new TypeError('secret detail');
      },
    });
    lanes.offer(await it.append());
    await settle();
    await settle();
    expect(it.failures.map(([, code]) => code)).toEqual(['bug']);
    expect((await it.memory.deadLetters(account, 9)).map((letter) => letter.reason)).toEqual(['bug']);
  });

  test('a listener that throws does not stop the lane', async () => {
    const it = scene();
    const lanes = await started(it, {
      onFailed: () => {
        throw new Error('no');
      },
    });
    lanes.offer(await it.append());
    await it.end(0, new GatewayError('banned'));
    expect(await it.memory.size(account)).toBe(0);
  });

  test('what is too old is not tried: messages after a day, joins after five minutes', async () => {
    const it = scene();
    const lanes = await started(it);
    const now = it.clock.now();
    const join = { kind: 'join', chat: chatId('#j'), nick: 'romeo' } as const;
    lanes.offer(await it.append('#a', now - 86_400_001));
    lanes.offer(await it.append('#j', now - 300_001, join));
    lanes.offer(await it.append('#b', now - 86_399_000));
    await settle();
    await settle();
    expect(chats(it)).toEqual(['#b']);
    expect(it.failures.map(([, code]) => code)).toEqual(['timed-out', 'timed-out']);
    expect(await it.memory.deadLetters(account, 9)).toHaveLength(1);
  });

  test.each([
    ['moderate', { kind: 'moderate', chat: chatId('#k'), targets: [{ nick: 'tybalt', action: 'kick' }] }],
    ['options', { kind: 'options', chat: chatId('#k'), change: { isModerated: true } }],
    ['nick', { kind: 'nick', chat: chatId('#k'), nick: 'montague' }],
  ] as const)('45-65 what somebody waits for is not done long after: %s', async (_, intent) => {
    const it = scene();
    const lanes = await started(it);
    const now = it.clock.now();
    lanes.offer(await it.append('#k', now - 299_000, intent));
    await settle();
    await it.end(0, new GatewayError('network-away'));
    await it.clock.advance(3_600_000);
    lanes.poke();
    await settle();
    await settle();
    expect(it.tries).toHaveLength(1);
    expect(it.failures.map(([, code]) => code)).toEqual(['timed-out']);
    expect(await it.memory.deadLetters(account, 9)).toEqual([]);
  });

  test('45-46 what is for whoever has a nick is not told to who has it long after', async () => {
    const it = scene();
    const lanes = await started(it);
    const intent = { ...send('#k', 'psst'), privately: 'juliet' };
    lanes.offer(await it.append('#k', it.clock.now() - 299_000, intent));
    await settle();
    await it.end(0, new GatewayError('network-away'));
    await it.clock.advance(3_600_000);
    lanes.poke();
    await settle();
    await settle();
    // It may have been sent: that is asked, and nothing else.
    expect(it.tries.slice(1).every(({ isLate }) => isLate)).toBe(true);
    await it.end(1, new GatewayError('network-away'));
    await it.clock.advance(16 * 60_000);
    lanes.poke();
    await settle();
    await settle();
    expect(it.failures.map(([, code]) => code)).toEqual(['timed-out']);
  });

  test('what is too old and may have been sent is asked for, for a quarter of an hour, where nobody can say so yet', async () => {
    const it = scene();
    const old = it.clock.now() - 86_400_001;
    for (const chat of ['#a', '#b']) await it.append(chat, old);
    const lanes = await started(it);
    expect(it.tries.map(({ attempt, isLate }) => [attempt, isLate])).toEqual([
      [2, true],
      [2, true],
    ]);
    await it.end(0, done);
    await it.end(1, new GatewayError('network-away'));
    expect([it.settled.length, it.failures.length]).toEqual([1, 0]);
    lanes.poke(chatId('#b'));
    await settle();
    await it.clock.advance(15 * 60_000);
    expect(it.tries.map(({ isLate }) => isLate)).toEqual([true, true, true]);
    await it.end(2, new GatewayError('network-away'));
    await it.clock.advance(1);
    lanes.poke(chatId('#b'));
    await settle();
    await settle();
    expect(it.tries).toHaveLength(3);
    expect(it.failures.map(([, code]) => code)).toEqual(['timed-out']);
  });

  test.each([
    ['outcome-unknown', true],
    ['network-away', false],
  ] as const)('too late: after %s it is told that it may have been sent: %s', async (code, mayBeThere) => {
    const it = scene();
    const errors: string[] = [];
    const lanes = await started(it, { onFailed: (_, error) => void errors.push(error.message) });
    lanes.offer(await it.append('#a', it.clock.now() - 86_390_000));
    await it.end(0, new GatewayError(code));
    for (let tries = 1; errors.length === 0 && tries < 9; tries++) {
      await it.clock.advance(6 * 60_000);
      lanes.poke();
      await settle();
      if (it.tries.length > tries) await it.end(tries, new GatewayError('network-away'));
    }
    const late = it.tries.slice(1);
    expect(late.map((taken) => [taken.isLate, taken.mayBeThere])).toEqual(late.map(() => [true, mayBeThere]));
    expect(errors).toEqual([tooLate(mayBeThere).message]);
    expect(errors[0]?.includes('may have been sent')).toBe(mayBeThere);
  });

  test('a thousand too old ones are no depth of recursion', async () => {
    const it = scene();
    const lanes = await started(it);
    for (let i = 0; i < 5_000; i++)
      lanes.offer({ key: `1-${i}` as DeliveryKey, intent: send('#a', 'x'), origin: origin(`${i}`, 0) });
    for (let i = 0; i < 50; i++) await settle();
    expect(it.failures).toHaveLength(5_000);
    expect(lanes.idle()).toBe(true);
  });

  test('a newer owner: nothing more is tried or settled, the account hears of it once', async () => {
    const it = scene();
    const stale: OutboxStore = { ...it.store, settle: () => Promise.reject(new StaleFence()) };
    const lanes = await started(it, { store: stale });
    lanes.offer(await it.append());
    lanes.offer(await it.append());
    await it.end(0, done);
    await it.end(1, done);
    lanes.offer(await it.append('#z'));
    lanes.poke();
    await settle();
    expect(it.lost).toEqual(['lost']);
    expect(chats(it)).toEqual(['#a', '#a']);
    expect(await it.memory.size(account)).toBe(3);
  });

  test('a store that is away is asked again, for reading and for settling', async () => {
    const it = scene();
    let fail = 2;
    const away = (): boolean => fail-- > 0;
    const shaky: OutboxStore = {
      ...it.store,
      after: (...of) => (away() ? Promise.reject(new Error('away')) : it.memory.after(...of)),
      settle: (...of) => (away() ? Promise.reject(new Error('away')) : it.store.settle(...of)),
    };
    await it.append();
    const lanes = await started(it, { store: shaky });
    await it.clock.advance(10_000);
    expect(it.tries).toHaveLength(1);
    fail = 2;
    await it.end(0, done);
    expect(lanes.idle()).toBe(false);
    await it.clock.advance(10_000);
    expect(it.settled).toHaveLength(1);
    expect(lanes.idle()).toBe(true);
  });

  test('a wake-up that does not come, since Redis is away or has lost it, is missed a minute later', async () => {
    const it = scene();
    const never = Promise.withResolvers<void>().promise;
    const lanes = await started(it, { wake: (chat) => (chat === chatId('#a') ? Promise.resolve() : never) });
    for (const chat of ['#a', '#b']) lanes.offer(await it.append(chat));
    await it.end(0, { is: 'again', afterMs: 5_000 });
    await it.end(1, { is: 'again', afterMs: 5_000 });
    await it.clock.advance(64_000);
    expect(it.tries).toHaveLength(2);
    await it.clock.advance(1_000);
    await settle();
    expect(it.tries.map(({ attempt }) => attempt)).toEqual([1, 1, 2, 2]);
    await it.end(2, { is: 'again', afterMs: 300_000 });
    await it.end(3, done);
    await it.clock.advance(60_000);
    expect(it.tries).toHaveLength(4);
    await it.clock.advance(300_000);
    await settle();
    expect(it.tries).toHaveLength(5);
  });

  test('a wake-up that can not be stored is kept in mind', async () => {
    const it = scene();
    const lanes = await started(it, { wake: () => Promise.reject(new Error('away')) });
    lanes.offer(await it.append());
    await it.end(0, new GatewayError('network-away', { retryAfterMs: 5_000 }));
    await it.clock.advance(4_999);
    expect(it.tries).toHaveLength(1);
    await it.clock.advance(1);
    expect(it.tries).toHaveLength(2);
  });

  test('closing starts nothing more and waits for what is in flight and its settling', async () => {
    const it = scene();
    const lanes = await started(it);
    lanes.offer(await it.append());
    lanes.offer(await it.append());
    let closed = false;
    void lanes.close().then(() => {
      closed = true;
    });
    await settle();
    expect(closed).toBe(false);
    await it.end(0, done);
    expect(closed).toBe(true);
    expect(it.tries).toHaveLength(1);
    expect(await it.memory.size(account)).toBe(1);
  });

  test('an abort ends the waiting; what failed because of it is neither told nor settled', async () => {
    const it = scene();
    const lanes = await started(it);
    lanes.offer(await it.append());
    const closing = lanes.close();
    it.ended.abort(new Error('over'));
    await closing;
    expect(it.tries[0]?.signal.aborted).toBe(true);
    await it.end(0, new Error('over'));
    expect(it.failures).toEqual([]);
    expect(await it.memory.size(account)).toBe(1);
  });

  test('without a session lanes run one at a time, and those that are settled are counted out', async () => {
    const it = scene();
    const out: string[] = [];
    const lanes = await started(it, { limits: () => undefined, onSettled: (chat) => out.push(chat) });
    lanes.offer(await it.append('#a'));
    lanes.offer(await it.append('#a'));
    lanes.offer(await it.append('#b'));
    expect(chats(it)).toEqual(['#a', '#b']);
    await it.end(0, done);
    await it.end(1, done);
    expect(out.sort()).toEqual(['#a', '#b']);
  });
});
