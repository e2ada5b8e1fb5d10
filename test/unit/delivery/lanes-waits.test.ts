/** How long a lane waits for what has to be tried again, and what has it go on. */
import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../../src/core/errors.ts';
import { chatId } from '../../../src/core/ids.ts';
import { settle } from '../../harness/manual-clock.ts';
import { account, done, scene, started } from './lane-scene.ts';

const many = () => ({ concurrency: 9, window: 3 });
const again = (afterMs: number) => ({ is: 'again', afterMs }) as const;

describe('a lane waits', () => {
  test.each([
    [0, 1],
    [1, 0],
  ])('as long as the first of those that failed has to: %i ended before %i', async (earlier, later) => {
    const it = scene({ limits: many });
    const lanes = await started(it);
    for (let i = 0; i < 2; i++) lanes.offer(await it.append());
    const ms = [300_000, 1_000];
    await it.end(earlier, again(ms[earlier] ?? 0));
    await it.end(later, again(ms[later] ?? 0));
    expect(it.wakes).toEqual([['#a', 300_000]]);
  });

  test('as the first of them wants where that was read behind what was offered, too', async () => {
    const it = scene({ limits: many });
    const lanes = it.make();
    for (let i = 0; i < 2; i++) await it.append();
    lanes.offer(await it.append());
    lanes.poke();
    await settle();
    for (const index of [2, 1, 0]) await it.end(index, again(index === 0 ? 300_000 : 1_000));
    expect(it.wakes).toEqual([['#a', 300_000]]);
  });

  test('no longer than it has to where its window becomes wider while something is in flight', async () => {
    let window = 1;
    const it = scene({ limits: () => ({ concurrency: 9, window }) });
    const lanes = await started(it);
    for (let i = 0; i < 3; i++) lanes.offer(await it.append());
    lanes.widened(chatId('#a'));
    expect(it.tries).toHaveLength(1);
    window = 2;
    lanes.widened(chatId('#nowhere'));
    expect(it.tries).toHaveLength(1);
    lanes.widened(chatId('#a'));
    expect(it.tries).toHaveLength(2);
  });

  test('its time, though it was poked while what went well was in flight', async () => {
    const it = scene();
    const lanes = await started(it);
    lanes.offer(await it.append());
    lanes.poke();
    await it.end(0, done);
    lanes.offer(await it.append());
    await it.end(1, again(5_000));
    expect(it.wakes).toEqual([['#a', 5_000]]);
    expect(it.tries).toHaveLength(2);
  });

  test('no more where it was poked while several were in flight, of which others end before the last', async () => {
    const it = scene({ limits: many });
    const lanes = await started(it);
    for (let i = 0; i < 3; i++) lanes.offer(await it.append());
    await it.end(0, again(5_000));
    lanes.poke();
    for (const index of [1, 2]) await it.end(index, again(5_000));
    expect(it.tries.map(({ attempt }) => attempt)).toEqual([1, 1, 1, 2, 2, 2]);
    expect(it.wakes).toEqual([]);
  });

  test('anew where it fails anew: what was kept in mind of the first time is over', async () => {
    const it = scene();
    const lanes = await started(it);
    lanes.offer(await it.append());
    await it.end(0, again(5_000));
    lanes.poke(chatId('#a'));
    await it.end(1, again(300_000));
    await it.clock.advance(300_000);
    expect(it.tries).toHaveLength(2);
    await it.clock.advance(60_000);
    expect(it.tries).toHaveLength(3);
  });

  test('for its owner with one timer, however often it is poked', async () => {
    const it = scene();
    const lanes = await started(it);
    lanes.offer(await it.append());
    for (let i = 0; i < 3; i++) {
      await it.end(i, new GatewayError('login-refused'));
      expect(it.clock.waiting).toBe(1);
      lanes.poke();
    }
  });

  test('for nothing where the account ends: whoever follows tries it', async () => {
    const it = scene();
    const lanes = await started(it);
    lanes.offer(await it.append());
    let closed = false;
    void lanes.close().then(() => {
      closed = true;
    });
    await it.end(0, again(5_000));
    expect([closed, it.wakes, it.clock.waiting]).toEqual([true, [], 0]);
    expect(await it.memory.size(account)).toBe(1);
  });
});

test('a join that an earlier owner left for too long is asked for nowhere, and not said to be there', async () => {
  const it = scene();
  const errors: string[] = [];
  await it.append('#a', it.clock.now() - 300_001, { kind: 'join', chat: chatId('#a'), nick: 'romeo' });
  await started(it, { onFailed: (_, error) => void errors.push(error.message) });
  await settle();
  expect(it.tries).toEqual([]);
  expect(errors).toEqual(['It could not be delivered in time']);
});
