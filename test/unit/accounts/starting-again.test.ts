/** Accounts that could not be started: when they are tried again, and when no more. */
import { expect, test } from 'vitest';
import { createStartingAgain } from '../../../src/accounts/starting-again.ts';
import { accountId } from '../../../src/core/ids.ts';
import { createManualClock } from '../../harness/manual-clock.ts';
import { silentLog } from '../../harness/silent-log.ts';

const id = accountId('romeo');

function scene() {
  const clock = createManualClock();
  const state = { isAway: true, tries: 0 };
  async function start(): Promise<void> {
    state.tries++;
    if (state.isAway) throw new Error('the database is away');
  }
  return { clock, state, start, again: createStartingAgain({ clock, log: silentLog, startIfWanted: start }) };
}

test('until it can be, ever more seldom', async () => {
  const { clock, state, start, again } = scene();
  await again.start(id, start);
  await clock.advance(10_000);
  expect(state.tries).toBeGreaterThan(2);
  const before = state.tries;
  await clock.advance(600_000);
  expect(state.tries - before).toBeLessThan(25);
  state.isAway = false;
  await clock.advance(60_000);
  const { tries } = state;
  await clock.advance(600_000);
  expect([state.tries, clock.waiting]).toEqual([tries, 0]);
});

test('whoever comes meanwhile has it tried at once, and not twice as often', async () => {
  const { clock, state, start, again } = scene();
  for (let i = 0; i < 5; i++) await again.start(id, start);
  again.later(id);
  expect([state.tries, clock.waiting]).toEqual([5, 1]);
});

test('behind the end nothing is tried', async () => {
  const { clock, state, start, again } = scene();
  again.later(id);
  again.close();
  await again.start(id, start);
  await clock.advance(600_000);
  expect([state.tries, clock.waiting]).toEqual([1, 0]);
});
