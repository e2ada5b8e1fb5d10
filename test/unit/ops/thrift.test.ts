/** Memory is saved while there is little to do. */
import { expect, test } from 'vitest';
import { createThrift } from '../../../src/ops/thrift.ts';
import { createManualClock } from '../../harness/manual-clock.ts';

function scene() {
  const clock = createManualClock();
  const told: boolean[] = [];
  const state = { busy: 0 };
  const thrift = createThrift({ clock, busy: () => state.busy, saveMemory: (on) => void told.push(on) });
  return { clock, told, state, thrift };
}

test('while the program is loaded memory is saved, whatever there is to do', async () => {
  const { clock, told, state } = scene();
  state.busy = 1;
  await clock.advance(60_000);
  expect(told).toEqual([true]);
});

test('from the beginning on a busy second ends the saving, three that rest in a row begin it', async () => {
  const { clock, told, state, thrift } = scene();
  thrift.begin();
  await clock.advance(10_000);
  expect(told).toEqual([true]);
  state.busy = 0.5;
  await clock.advance(1_000);
  expect(told).toEqual([true, false]);
  for (const busy of [0.05, 0.05, 0.5, 0.05, 0.05]) {
    state.busy = busy;
    await clock.advance(1_000);
  }
  expect(told).toEqual([true, false]);
  await clock.advance(1_000);
  expect(told).toEqual([true, false, true]);
});

test('closed, it looks no longer and saves no more', async () => {
  const { clock, told, state, thrift } = scene();
  thrift.begin();
  thrift.close();
  state.busy = 1;
  await clock.advance(10_000);
  expect(told).toEqual([true, false]);
});

test('what V8 takes for it can be set while the program runs', () => {
  const clock = createManualClock();
  const thrift = createThrift({ clock });
  thrift.begin();
  thrift.close();
});
