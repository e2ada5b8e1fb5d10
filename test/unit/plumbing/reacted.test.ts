/** Reactions of those for whom the herald speaks, in words. */
import { expect, test } from 'vitest';
import { createReactedInWords } from '../../../src/plumbing/reacted.ts';
import { parse } from '../../../src/xml/document.ts';

function setUp() {
  const reacted = createReactedInWords({
    find: (id) =>
      id.startsWith('r') ? { name: id, nick: 'romeo', text: 'but soft', isRetracted: id === 'r-gone' } : undefined,
    isThere: (name) => name !== 'lurker',
  });
  /** @param line that says what `name` has reacted with by now, to that message */
  return (line: string, name: string, emoji: readonly string[], to = 'r1'): string | undefined => {
    const all = emoji.map((one) => `<reaction>${one}</reaction>`).join('');
    return reacted(parse(`<reactions xmlns='urn:xmpp:reactions:0' id='${to}'>${all}</reactions>`), { id: line }, name)
      ?.text;
  };
}

const body = (text: string): string => `<body>${text}</body>`;

test('each emoji of each of them is said once', () => {
  const says = setUp();
  expect(says('a', 'tybalt', ['👍'])).toBe(body('* tybalt reacted with 👍 to romeo: “but soft”'));
  expect(says('b', 'tybalt', ['👍', '🎉'])).toBe(body('* tybalt reacted with 🎉 to romeo: “but soft”'));
  expect(says('c', 'tybalt', [])).toBeUndefined();
  expect(says('d', 'tybalt', ['👍'])).toBeUndefined();
  expect(says('e', 'benvolio', ['👍'])).toBe(body('* benvolio reacted with 👍 to romeo: “but soft”'));
  expect(says('f', 'tybalt', ['👍'], 'r2')).toBe(body('* tybalt reacted with 👍 to romeo: “but soft”'));
});

test('a line that the MUC did not take says the same again', () => {
  const says = setUp();
  const first = says('a', 'tybalt', ['👍']);
  expect([says('a', 'tybalt', ['👍']), says('b', 'tybalt', ['👍'])]).toEqual([first, undefined]);
});

test('nothing is said of what is gone or forgotten, nor for who is not in the room', () => {
  const says = setUp();
  expect(says('a', 'tybalt', ['👍'], 'r-gone')).toBeUndefined();
  expect(says('a', 'tybalt', ['👍'], 'forgotten')).toBeUndefined();
  expect(says('a', 'lurker', ['👍'])).toBeUndefined();
});
