/** How far a plumbing is, written down a moment later, and again where that fails. */
import { expect, test } from 'vitest';
import { createMarks } from '../../../src/plumbing/marks.ts';
import { createManualClock } from '../../harness/manual-clock.ts';

function setUp() {
  const clock = createManualClock();
  const written: unknown[] = [];
  const failures: unknown[] = [];
  const names = [{ muc: 'm', room: 'r' }];
  const state = { isAway: false };
  const store = {
    async move(_: string, ...what: readonly unknown[]) {
      if (state.isAway) throw new Error('away');
      written.push(what);
    },
  };
  const onFailure = (error: unknown): void => void failures.push(error);
  const marks = createMarks(
    { plumbing: 'p', store, clock, fresh: () => names.splice(0), onFailure },
    { told: 'before' },
  );
  return { clock, written, failures, state, marks };
}

test('many moves are one write; nothing is none', async () => {
  const { clock, written, marks } = setUp();
  expect(marks.now).toEqual({ told: 'before' });
  marks.move({ told: 'a' });
  marks.move({ told: 'b', seen: { at: 1 } });
  expect([marks.now, written]).toEqual([{ told: 'b', seen: { at: 1 } }, []]);
  await clock.advance(200);
  marks.touch();
  await clock.advance(200);
  expect(written).toEqual([[{ told: 'b', seen: { at: 1 } }, [{ muc: 'm', room: 'r' }]]]);
});

test('what could not be written is written later, with what has come since', async () => {
  const { clock, written, failures, state, marks } = setUp();
  state.isAway = true;
  marks.move({ told: 'a' });
  await clock.advance(200);
  expect(failures).toHaveLength(1);
  state.isAway = false;
  marks.move({ seen: { at: 2 } });
  await marks.save();
  expect(written).toEqual([[{ told: 'a', seen: { at: 2 } }, [{ muc: 'm', room: 'r' }]]]);
});
