/** Memory is saved while there is little to do. */
import { expect, test } from 'vitest';
import { createThrift } from '../../../src/ops/thrift.ts';
import { createManualClock } from '../../harness/manual-clock.ts';

function scene() {
  const clock = createManualClock();
  const told: boolean[] = [];
  const state = { busy: 0, collected: 0 };
  const thrift = createThrift({
    clock,
    busy: () => state.busy,
    saveMemory: (on) => void told.push(on),
    collect: () => void state.collected++,
  });
  return { clock, told, state, thrift };
}

test('what loading the program left behind is collected when it begins, and nothing is saved before', async () => {
  const { clock, told, state, thrift } = scene();
  await clock.advance(60_000);
  expect([told, state.collected]).toEqual([[], 0]);
  thrift.begin();
  expect([told, state.collected]).toEqual([[true, false], 1]);
});

test('fifteen seconds of rest in a row begin the saving, a busy one ends it', async () => {
  const { clock, told, state, thrift } = scene();
  thrift.begin();
  told.length = 0;
  await clock.advance(10_000);
  state.busy = 0.5;
  await clock.advance(1_000);
  state.busy = 0.05;
  await clock.advance(14_000);
  expect(told).toEqual([]);
  await clock.advance(1_000);
  expect(told).toEqual([true]);
  state.busy = 0.5;
  await clock.advance(1_000);
  expect(told).toEqual([true, false]);
});

test('closed, it looks no longer and saves no more', async () => {
  const { clock, told, thrift } = scene();
  thrift.begin();
  thrift.close();
  told.length = 0;
  await clock.advance(60_000);
  expect(told).toEqual([]);
});

test('V8 can be asked for both while the program runs', () => {
  const clock = createManualClock();
  const thrift = createThrift({ clock });
  thrift.begin();
  thrift.close();
});
