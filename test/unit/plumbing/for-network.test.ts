/** Lines for a room that we are not in wait, in order; how far the MUC was heard is written down when they have gone. */
import { expect, test } from 'vitest';
import { plainText } from '../../../src/core/content.ts';
import { chatId } from '../../../src/core/ids.ts';
import { createForNetwork } from '../../../src/plumbing/for-network.ts';
import type { Meant } from '../../../src/plumbing/to-network.ts';
import type { PlumbingMarks } from '../../../src/storage/plumbing-ports.ts';

function setUp() {
  const state = { isIn: false, now: 0 };
  const accepted: string[] = [];
  const lost: string[] = [];
  let now: PlumbingMarks = {};
  const lines = createForNetwork({
    isOpen: () => state.isIn,
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
    now: () => state.now,
  });
  const chat = chatId('#verona');
  const meant = (id: string): Meant => ({ id, intent: { kind: 'send', chat, content: { text: plainText(id) } } });
  const say = (id: string): void => {
    lines.marks.move({ seen: { id, at: 1 } });
    lines.accept(meant(id));
  };
  const setSubject = (id: string): void => lines.accept({ id, intent: { kind: 'topic', chat, text: id } });
  return { lines, state, accepted, lost, say, setSubject };
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

test('there is a bound, the oldest go, and which is told', () => {
  const { lines, state, accepted, lost, say } = setUp();
  for (let i = 0; i < 2_002; i++) say(`${i}`);
  state.isIn = true;
  lines.flush();
  expect(lost).toEqual(['0', '1']);
  expect([accepted.length, accepted[0], accepted.at(-1)]).toEqual([2_000, '2', '2001']);
});

test('nothing that was said waits for more than a day', () => {
  const { lines, state, accepted, lost, say, setSubject } = setUp();
  say('a');
  setSubject('the ball');
  state.now = 3_600_000;
  say('b');
  state.now = 86_400_000;
  state.isIn = true;
  lines.flush();
  expect([accepted, lost, lines.marks.now.seen]).toEqual([['the ball', 'b'], ['a'], { id: 'b', at: 1 }]);
});
