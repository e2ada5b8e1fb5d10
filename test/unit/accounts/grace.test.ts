/** The while for which an account without rooms is kept. */
import { expect, test } from 'vitest';
import { createGrace } from '../../../src/accounts/grace.ts';
import { createManualClock } from '../../harness/manual-clock.ts';

test('it is no longer where it begins again while it runs; ended, it is over without a word, and may begin anew', async () => {
  const clock = createManualClock();
  let over = 0;
  const grace = createGrace(clock, () => over++);
  grace.begin();
  await clock.advance(300_000);
  grace.begin();
  await clock.advance(300_000);
  expect([over, grace.isOn]).toEqual([1, false]);
  await clock.advance(600_000);
  expect(over).toBe(1);
  grace.begin();
  grace.end();
  await clock.advance(600_000);
  expect([over, grace.isOn]).toEqual([1, false]);
});
