/** How entries come to the lanes, offered or read: case by case. */
import { describe, expect, test } from 'vitest';
import type { OutboxStore } from '../../../src/storage/ports.ts';
import { settle } from '../../harness/manual-clock.ts';
import { chats, done, scene, started } from './lane-scene.ts';

describe('the intake of lanes', () => {
  test('an offered entry is tried at once, as attempt 1, without another look into the store', async () => {
    const it = scene();
    let reads = 0;
    const lanes = await started(it, {
      store: { ...it.store, after: (...of) => it.memory.after(...of).finally(() => reads++) },
    });
    expect(reads).toBe(1);
    lanes.offer(await it.append());
    expect(it.tries.map((taken) => taken.attempt)).toEqual([1]);
    await it.end(0, done);
    expect(it.settled.map((one) => one.result)).toEqual(['ok']);
    expect(lanes.idle()).toBe(true);
    expect(it.idle.length).toBeGreaterThan(0);
    expect(reads).toBe(1);
  });

  test('what an earlier owner left is attempt 2, and comes before what is offered meanwhile', async () => {
    const it = scene();
    const old = await it.append();
    const lanes = it.make();
    const fresh = await it.append();
    lanes.offer(fresh);
    expect(it.tries).toEqual([]);
    lanes.poke();
    await settle();
    expect(it.tries.map(({ key, attempt }) => [key, attempt])).toEqual([[old.key, 2]]);
    await it.end(0, done);
    expect(it.tries.map(({ key, attempt }) => [key, attempt])).toEqual([
      [old.key, 2],
      [fresh.key, 1],
    ]);
  });

  test('what another process appended is read before what is offered behind it, and is a first attempt', async () => {
    const it = scene();
    const lanes = await started(it);
    const elsewhere = await it.append();
    const own = await it.append();
    lanes.offer({ ...own, behind: elsewhere.key });
    expect(it.tries).toEqual([]);
    await settle();
    await it.end(0, done);
    expect(it.tries.map(({ key, attempt }) => [key, attempt])).toEqual([
      [elsewhere.key, 1],
      [own.key, 1],
    ]);
  });

  test('an entry that is offered before the first poke waits for it, whatever it stands behind', async () => {
    const it = scene();
    const lanes = it.make();
    const old = await it.append();
    lanes.offer({ ...(await it.append()), behind: old.key });
    await settle();
    await settle();
    expect(it.tries).toEqual([]);
  });

  test('an entry that is offered twice, or offered and read, is tried once', async () => {
    const it = scene();
    const lanes = await started(it);
    const entry = await it.append();
    lanes.offer(entry);
    lanes.offer(entry);
    lanes.poke();
    await settle();
    await it.end(0, done);
    lanes.poke();
    await settle();
    expect(it.tries).toHaveLength(1);
  });

  test('a read that shows what has just been settled does not bring it back', async () => {
    const it = scene();
    const gate = Promise.withResolvers<void>();
    let held = false;
    const slow: OutboxStore = {
      ...it.store,
      async after(...of) {
        const entries = await it.memory.after(...of);
        if (held) await gate.promise;
        return entries;
      },
    };
    const lanes = await started(it, { store: slow });
    lanes.offer(await it.append());
    held = true;
    lanes.poke();
    await settle();
    await it.end(0, done);
    gate.resolve();
    await settle();
    expect(it.tries).toHaveLength(1);
    expect(lanes.idle()).toBe(true);
  });

  test('what is offered while the store is read waits for that, and is tried once though the read shows it', async () => {
    const it = scene();
    const gate = Promise.withResolvers<void>();
    let slow = false;
    const lanes = await started(it, {
      store: {
        ...it.store,
        after: async (...of) => {
          if (slow) await gate.promise;
          return it.memory.after(...of);
        },
      },
    });
    slow = true;
    lanes.poke();
    const entry = await it.append();
    lanes.offer(entry);
    await settle();
    expect(it.tries).toEqual([]);
    gate.resolve();
    await settle();
    await it.end(0, done);
    expect(it.tries.map(({ key, attempt }) => [key, attempt])).toEqual([[entry.key, 1]]);
  });

  test('all that an earlier owner left is read, page after page, and nothing of it twice', async () => {
    const it = scene({ limits: () => ({ concurrency: 2_000, window: 2_000 }) });
    const keys: string[] = [];
    for (let i = 0; i < 1_001; i++) keys.push((await it.append()).key);
    const lanes = it.make();
    lanes.poke();
    lanes.poke();
    for (let turns = 0; turns < 9; turns++) await settle();
    expect(it.tries.map(({ key }) => key)).toEqual(keys);
  });

  test('what was appended here, one behind the other, is offered without another look into the store', async () => {
    const it = scene();
    const reads: unknown[] = [];
    const left = await it.append();
    const lanes = await started(it, {
      store: { ...it.store, after: (...of) => it.memory.after(...of).finally(() => reads.push(of)) },
    });
    let behind = left.key;
    for (let i = 0; i < 3; i++) {
      const entry = await it.append();
      lanes.offer({ ...entry, behind });
      behind = entry.key;
    }
    await it.end(0, done);
    expect(it.tries.map(({ attempt }) => attempt)).toEqual([2, 1]);
    expect(reads).toHaveLength(1);
  });

  test('what was read, tried and settled before it is offered is not tried again', async () => {
    const it = scene();
    const lanes = await started(it);
    const entry = await it.append();
    lanes.poke();
    await settle();
    await it.end(0, done);
    expect(it.settled).toHaveLength(1);
    lanes.offer(entry);
    await settle();
    expect(it.tries.map(({ attempt }) => attempt)).toEqual([1]);
  });

  test('what is offered while the first read shows it is a first attempt, and what lay there is not', async () => {
    const it = scene({ limits: () => ({ concurrency: 9, window: 9 }) });
    await it.append();
    const gate = Promise.withResolvers<void>();
    const lanes = it.make({
      store: { ...it.store, after: (...of) => gate.promise.then(() => it.memory.after(...of)) },
    });
    lanes.poke();
    lanes.offer(await it.append());
    gate.resolve();
    await settle();
    await settle();
    expect(it.tries.map(({ attempt }) => attempt)).toEqual([2, 1]);
  });

  test('entries that others appended before an offered one are found by a poke', async () => {
    const it = scene();
    const lanes = await started(it);
    await it.append('#b');
    lanes.offer(await it.append('#a'));
    lanes.poke();
    await settle();
    expect(chats(it)).toEqual(['#a', '#b']);
    expect(it.tries.map((taken) => taken.attempt)).toEqual([1, 1]);
  });
});
