/** When lanes are at rest, whose turn it is, and what an account that ends leaves alone. */
import { describe, expect, test } from 'vitest';
import type { OutboxStore } from '../../../src/storage/ports.ts';
import { settle } from '../../harness/manual-clock.ts';
import { account, chats, done, scene, started } from './lane-scene.ts';

describe('at rest', () => {
  test('are lanes in which nothing waits, not even for its time', async () => {
    const it = scene();
    const lanes = await started(it);
    expect(it.idle).toHaveLength(1);
    lanes.offer(await it.append());
    await it.end(0, { is: 'again', afterMs: 5_000 });
    expect(lanes.idle()).toBe(false);
    lanes.poke();
    await settle();
    expect(it.idle).toHaveLength(1);
    await it.end(1, done);
    expect(lanes.idle()).toBe(true);
    expect(it.idle).toHaveLength(2);
  });

  test('are no lanes whose store is still read: something may have been left there', async () => {
    const it = scene();
    await it.append();
    const gate = Promise.withResolvers<void>();
    const lanes = it.make({
      store: { ...it.store, after: (...of) => gate.promise.then(() => it.memory.after(...of)) },
    });
    lanes.poke();
    await settle();
    expect([lanes.idle(), it.idle]).toEqual([false, []]);
    gate.resolve();
    await settle();
    await settle();
    expect(chats(it)).toEqual(['#a']);
  });
});

describe('turns', () => {
  test('a lane that could take all of them lets the others have theirs', async () => {
    const it = scene({ limits: () => ({ concurrency: 3, window: 3 }) });
    for (const chat of ['#a', '#a', '#a', '#b', '#b']) await it.append(chat);
    await started(it);
    expect(chats(it)).toEqual(['#a', '#b', '#a']);
  });

  test('lanes in which something waits are kept, however many there are', async () => {
    const it = scene();
    const lanes = await started(it);
    const all = Array.from({ length: 70 }, (_, i) => `#${i}`);
    for (const [i, chat] of all.entries()) {
      lanes.offer(await it.append(chat));
      await it.end(i, { is: 'again' });
    }
    expect(lanes.view().map(({ chat }) => chat)).toEqual(all);
    for (const i of all.keys()) {
      lanes.poke();
      await it.end(all.length + i, done);
    }
    expect(it.settled.map(({ result }) => result)).toEqual(all.map(() => 'ok'));
    expect(await it.memory.size(account)).toBe(0);
  });
});

test('settling is one call at a time: what ends meanwhile goes together with the next', async () => {
  const it = scene({ limits: () => ({ concurrency: 9, window: 9 }) });
  const calls: string[][] = [];
  const answers: (() => void)[] = [];
  const slow: OutboxStore = {
    ...it.store,
    settle(_account, _fence, settled) {
      calls.push(settled.map(({ key }) => key));
      return new Promise((resolve) => answers.push(resolve));
    },
  };
  const lanes = await started(it, { store: slow });
  const keys: string[] = [];
  for (let i = 0; i < 4; i++) {
    const entry = await it.append();
    keys.push(entry.key);
    lanes.offer(entry);
  }
  for (const i of keys.keys()) await it.end(i, done);
  expect(calls).toEqual([keys.slice(0, 1)]);
  answers[0]?.();
  await settle();
  expect(calls).toEqual([keys.slice(0, 1), keys.slice(1)]);
  expect(lanes.idle()).toBe(false);
  answers[1]?.();
  await settle();
  expect([calls.length, lanes.idle()]).toEqual([2, true]);
});

describe('an account that ends', () => {
  test('is waited for no longer where nothing is under way', async () => {
    const it = scene();
    const lanes = await started(it);
    await lanes.close();
    lanes.offer(await it.append());
    lanes.poke();
    await settle();
    expect(it.tries).toEqual([]);
  });

  test('and is no longer ours tries nothing that comes, and waits for nothing that is under way', async () => {
    const it = scene();
    const lanes = await started(it);
    lanes.offer(await it.append());
    it.ended.abort();
    lanes.offer(await it.append('#b'));
    lanes.poke();
    await settle();
    expect(chats(it)).toEqual(['#a']);
    await lanes.close();
  });

  test.each(['closed', 'aborted'])('asks a store that is away no more: %s', async (how) => {
    const it = scene();
    let reads = 0;
    const away: OutboxStore = {
      ...it.store,
      after: () => {
        reads++;
        return Promise.reject(new Error('away'));
      },
    };
    const lanes = await started(it, { store: away });
    if (how === 'closed') await lanes.close();
    else it.ended.abort();
    await it.clock.advance(60_000);
    expect([reads, it.clock.waiting]).toEqual([1, 0]);
  });
});
