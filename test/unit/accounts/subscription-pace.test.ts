/** How often somebody is asked for a subscription (CHECKLIST ROS-32). */
import { expect, test } from 'vitest';
import { createSubscriptionPace } from '../../../src/accounts/subscription-pace.ts';
import { createManualClock, settle } from '../../harness/manual-clock.ts';

test('ROS-32 three times a minute, each user by themselves; a clock that is set back changes nothing', async () => {
  const clock = createManualClock();
  const pace = createSubscriptionPace(clock);
  const asked: string[] = [];
  const { signal } = new AbortController();
  const turn = (owner: string) => void pace.turn(owner, signal).then(() => asked.push(owner));
  for (const owner of ['romeo', 'romeo', 'paris']) turn(owner);
  await settle();
  expect(asked).toEqual(['romeo', 'paris']);
  clock.jump(-3_600_000);
  turn('romeo');
  await clock.advance(20_000);
  expect(asked).toEqual(['romeo', 'paris', 'romeo']);
  await clock.advance(20_000);
  expect(asked).toEqual(['romeo', 'paris', 'romeo', 'romeo']);
});
