/** CHECKLIST 394: what our reader sees in a line is what Discord's clients see, whatever signs stand in it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noNames } from '../../../../../bridges/discord/text/index.ts';
import { readMarkdown } from '../../../../../bridges/discord/text/markdown/blocks.ts';
import { type Shown, shownByDiscord } from './oracle.ts';

function shownByUs(markdown: string): Shown {
  const { plain, marks } = readMarkdown(markdown, noNames);
  const shown: string[] = [];
  let at = 0;
  for (const char of plain) {
    const over = marks.filter(({ from, to }) => from <= at && at < to).map(({ is }) => is);
    shown.push(`${char}:${[...new Set(over)].sort().join()}`);
    at += char.length;
  }
  return shown;
}

const line = (signs: readonly string[], length: number) =>
  fc.array(fc.constantFrom(...signs), { maxLength: length }).map((all) => `x${all.join('')}`);

/** Runs that people do not write, and of which no two clients make the same. */
const isOdd = (markdown: string): boolean => /\*{4}|_{4}|~{3}|\|{3}|``/.test(markdown);

describe('394-01 as Discord reads it', () => {
  test.each([
    ['x *a* **b** ***c*** _d_ __e__ ___f___'],
    ['x ***a* b** ***c** d* *e **f*** **g *h***'],
    ['x snake_case_name _a_b_ a_b_ __c_d__'],
    ['x **a*b** *a**b* **a** b**'],
    ['x * a* *a * *a *b* **a **'],
    ['x \\*a* *b\\* **c\\** d** \\\\*e*'],
    ['x ~~a~b~~ ~~c~~_ ||d|e|| ||f|'],
    ['x `a*b` *c`d*e` **f`g**`'],
    ['x https://a.example/_b_*c* *https://a.example/d*'],
    ['x é_a_ 你_好_ 😀*b*😀'],
    ['x **bold ~~deleted *slanted* ||hidden||~~**'],
  ])('%j', (markdown) => expect(shownByUs(markdown)).toEqual(shownByDiscord(markdown)));

  const few = ['*', '**', '_', '__', 'a', ' ', 'b', '\\'];
  test.each([
    ['stars', ['*', '**', 'a', ' ', 'b']],
    ['underscores', ['_', '__', 'a', ' ', 'b', '-']],
    ['both', few],
    ['pairs', ['~~', '||', '*', '_', 'a', ' ', '~', '|', '\\']],
    ['code', ['`', '*', '_', 'a', ' ', '\\', '~~']],
    ['addresses', ['https://a.example/', '*', '_', 'a', ' ', '.', '"', '**']],
    ['everything', [...few, '~~', '||', '`', 'https://b.example', 'é', '😀', ',', '__']],
  ] as const)('whatever is made of %s', (_, signs) => {
    fc.assert(
      fc.property(line(signs, 12), (markdown) => {
        fc.pre(!isOdd(markdown));
        expect(shownByUs(markdown)).toEqual(shownByDiscord(markdown));
      }),
      { numRuns: 10_000 },
    );
  });
});
