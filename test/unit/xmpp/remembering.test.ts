/** The bounded cache: what is computed once, what is forgotten, what is never kept. */
import { describe, expect, test } from 'vitest';
import { remembering } from '../../../src/xmpp/remembering.ts';

/** A cache of four whose computations are counted. */
function counted(): { readonly ask: (text: string) => { text: string } | undefined; readonly asked: string[] } {
  const asked: string[] = [];
  const compute = (text: string) => {
    asked.push(text);
    return text === 'none' ? undefined : { text };
  };
  return { ask: remembering(compute, 4, 10), asked };
}

describe('remembering', () => {
  test('the same text is computed once, and its value shared', () => {
    const { ask, asked } = counted();
    const first = ask('a');
    expect(ask('a')).toBe(first);
    expect(asked).toEqual(['a']);
  });

  test('what is asked for again and again outlives any number of others', () => {
    const { ask, asked } = counted();
    for (let n = 0; n < 100; n++) {
      ask('a');
      ask(`other ${n}`);
    }
    expect(asked.filter((text) => text === 'a')).toEqual(['a']);
  });

  test('at most twice the size is remembered', () => {
    const { ask, asked } = counted();
    for (const text of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']) ask(text);
    asked.length = 0;
    ask('a');
    expect(asked).toEqual(['a']);
  });

  test('long texts, and those that come to nothing, are computed each time', () => {
    const { ask, asked } = counted();
    for (const text of ['eleven long', 'eleven long', 'none', 'none']) ask(text);
    expect(asked).toEqual(['eleven long', 'eleven long', 'none', 'none']);
  });
});
