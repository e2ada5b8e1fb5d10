/** The last answer of a pure function is remembered, and no other. */
import { expect, test } from 'vitest';
import { rememberingLast } from '../../../src/core/remembered.ts';

test('the same question is answered with the same object until another is asked', () => {
  let made = 0;
  const ask = rememberingLast((text: string) => ({ text, nth: ++made }));
  const first = ask('a');
  expect(ask('a')).toBe(first);
  expect(ask('b')).toEqual({ text: 'b', nth: 2 });
  expect(ask('a')).toEqual({ text: 'a', nth: 3 });
});

test('what makes undefined is asked once, too', () => {
  let made = 0;
  const ask = rememberingLast((_: undefined) => void made++);
  ask(undefined);
  ask(undefined);
  expect(made).toBe(1);
});
