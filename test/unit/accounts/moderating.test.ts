/** What a moderator does that takes long: who waits for it, and for how long. */
import { expect, test } from 'vitest';
import type { DurableIntent } from '../../../src/core/intent.ts';
import { settle } from '../../harness/manual-clock.ts';
import { verona } from './account-world.ts';
import { say, setUp } from './executing.ts';

const kick: DurableIntent = { kind: 'moderate', chat: verona, targets: [{ nick: 'juliet', action: 'kick' }] };

/** A session whose server takes its time with each. */
function slow() {
  const met = setUp();
  const ends: (() => void)[] = [];
  const moderate = (): Promise<void> => {
    met.calls.push('moderate');
    return new Promise((resolve) => ends.push(resolve));
  };
  Object.assign(met.session.rooms ?? {}, { moderate });
  met.state.current = met.session;
  return { ...met, ends };
}

test('what is said behind it waits for five seconds and no longer', async () => {
  const { execute, taken, alone, beside, calls, clock, ends } = slow();
  const kicking = execute(taken(kick));
  await settle();
  await clock.advance(4_999);
  expect([[...alone], beside.size]).toEqual([[verona], 0]);
  await clock.advance(1);
  expect([alone.size, [...beside], calls]).toEqual([0, [[verona, 1]], ['moderate', 'freed #verona']]);
  await execute(taken(say('hello')));
  expect(calls.at(-1)).toBe('send #verona hello');
  ends[0]?.();
  expect(await kicking).toMatchObject({ is: 'done' });
  expect(beside.size).toBe(0);
});

test('what is done soon holds the room no longer, nor lets it go once more', async () => {
  const { execute, taken, alone, calls, clock, ends } = slow();
  const kicking = execute(taken(kick));
  await settle();
  ends[0]?.();
  await kicking;
  expect(alone.size).toBe(0);
  await clock.advance(60_000);
  expect(calls).toEqual(['moderate']);
});

test('what else is moderated there, and leaving, wait for its end', async () => {
  const { execute, taken, alone, calls, clock, ends, state } = slow();
  state.isIn = true;
  const kicking = execute(taken(kick));
  await settle();
  await clock.advance(5_000);
  const more = [execute(taken(kick)), execute(taken({ kind: 'leave', chat: verona }))];
  await settle();
  expect(calls).toEqual(['moderate', 'freed #verona']);
  ends[0]?.();
  await kicking;
  await settle();
  expect(calls.slice(2)).toEqual(['moderate']);
  ends[1]?.();
  await Promise.all(more);
  expect(calls.slice(3)).toEqual(['leave #verona undefined', 'left #verona']);
  expect(alone.size).toBe(0);
});
