/** What keeps the event loop is told, with whose work it was. */
import { expect, test } from 'vitest';
import { createStalls } from '../../../src/ops/stalls.ts';
import { createManualClock } from '../../harness/manual-clock.ts';
import { silentLog } from '../../harness/silent-log.ts';

function scene() {
  const clock = createManualClock();
  const lines: Record<string, unknown>[] = [];
  let stood = 0;
  let count = 0;
  const stalls = createStalls({
    clock,
    log: { ...silentLog, warn: (fields) => lines.push({ ...fields }) },
    onStall: () => count++,
    monotonic: () => clock.now() + stood,
  });
  stalls.begin();
  const work = (account: string, ms: number, within: () => void = () => undefined): void => {
    stalls.enter(account);
    within();
    stood += ms;
    stalls.leave();
  };
  const stand = (ms: number): void => {
    stood += ms;
  };
  return { clock, lines, stalls, work, stand, count: () => count };
}

test('work at an account that takes too long is told with the account, once; the timer adds nothing', async () => {
  const it = scene();
  it.work('a', 200);
  it.work('b', 450);
  await it.clock.advance(100);
  expect(it.lines).toEqual([{ account: 'b', ms: 450 }]);
  expect(it.count()).toBe(1);
});

test('what begins within belongs to what it began in', async () => {
  const it = scene();
  it.work('a', 150, () => it.work('b', 150));
  expect(it.lines).toEqual([{ account: 'a', ms: 300 }]);
});

test('what nobody claims is seen by the timer, with the account that was worked at last', async () => {
  const it = scene();
  it.stand(300);
  await it.clock.advance(100);
  it.work('a', 1);
  it.stand(1_000);
  await it.clock.advance(100);
  it.stand(150);
  await it.clock.advance(100);
  expect(it.lines).toEqual([{ ms: 300 }, { lately: 'a', ms: 1_001 }]);
});

test('the log is not flooded, and what was left out is counted', async () => {
  const it = scene();
  for (let i = 0; i < 25; i++) it.work('a', 300);
  expect(it.lines).toHaveLength(10);
  expect(it.count()).toBe(25);
  await it.clock.advance(60_000);
  it.lines.length = 0;
  it.work('b', 300);
  expect(it.lines).toEqual([{ account: 'b', ms: 300, untold: 15 }]);
});

test('what takes long before it begins is nobody’s business, but for work at accounts', async () => {
  const clock = createManualClock();
  const lines: object[] = [];
  let stood = 0;
  const log = { warn: (fields: object) => lines.push(fields) };
  const stalls = createStalls({ clock, log, onStall: () => undefined, monotonic: () => clock.now() + stood });
  stood += 5_000;
  await clock.advance(1_000);
  stalls.begin();
  await clock.advance(1_000);
  expect(lines).toEqual([]);
});

test('closed, it looks no longer', async () => {
  const it = scene();
  it.stalls.close();
  it.stand(5_000);
  await it.clock.advance(1_000);
  expect(it.lines).toEqual([]);
});

test('by the machine’s own clock too', () => {
  const lines: object[] = [];
  const clock = createManualClock();
  const stalls = createStalls({ clock, log: { warn: (fields) => lines.push(fields) }, onStall: () => undefined });
  stalls.enter('a');
  const until = performance.now() + 250;
  while (performance.now() < until) Math.sqrt(2);
  stalls.leave();
  expect(lines).toEqual([expect.objectContaining({ account: 'a' })]);
});
