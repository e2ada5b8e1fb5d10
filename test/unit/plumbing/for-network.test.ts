/** Lines for a room that we are not in wait, in order; how far the MUC was heard is written down when they have gone. */
import { expect, test } from 'vitest';
import { chatId } from '../../../src/core/ids.ts';
import { createForNetwork } from '../../../src/plumbing/for-network.ts';
import type { Meant } from '../../../src/plumbing/to-network.ts';
import type { PlumbingMarks } from '../../../src/storage/plumbing-ports.ts';

function setUp() {
  const state = { isIn: false };
  const accepted: string[] = [];
  const lost: string[] = [];
  let now: PlumbingMarks = {};
  const lines = createForNetwork({
    isIn: () => state.isIn,
    accept: ({ id }) => void accepted.push(id),
    marks: {
      get now() {
        return now;
      },
      move: (marks) => {
        now = { ...now, ...marks };
      },
    },
    onLost: (id) => void lost.push(id),
  });
  const meant = (id: string): Meant => ({ id, intent: { kind: 'topic', chat: chatId('#verona'), text: id } });
  const say = (id: string): void => {
    lines.marks.move({ seen: { id, at: 1 } });
    lines.accept(meant(id));
  };
  return { lines, state, accepted, lost, say };
}

test('what is said while we are out goes when we are in, and is not seen before', () => {
  const { lines, state, accepted, say } = setUp();
  for (const id of ['a', 'b']) say(id);
  lines.marks.move({ told: 'r1' });
  expect([accepted, lines.marks.now]).toEqual([[], { told: 'r1' }]);
  state.isIn = true;
  lines.flush();
  expect([accepted, lines.marks.now.seen]).toEqual([['a', 'b'], { id: 'b', at: 1 }]);
  say('c');
  lines.flush();
  expect([accepted, lines.marks.now.seen]).toEqual([['a', 'b', 'c'], { id: 'c', at: 1 }]);
});

test('there is a bound, and what is over it is told', () => {
  const { lost, say } = setUp();
  for (let i = 0; i < 2_002; i++) say(`${i}`);
  expect(lost).toEqual(['2000', '2001']);
});
