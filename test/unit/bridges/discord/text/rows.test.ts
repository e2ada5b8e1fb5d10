/** CHECKLIST 393, 394: on which lines a mark is, what is one thing within a line, and what is taken out before anything is written. */
import { describe, expect, test } from 'vitest';
import { styles } from '../../../../../bridges/discord/text/markdown/line.ts';
import { rowsOf } from '../../../../../bridges/discord/text/markdown/rows.ts';
import type { Mark } from '../../../../../src/core/content.ts';
import { names } from './told.ts';

/** A line as "> " where it is quoted, and its pieces as "styles(text)"; code as "language: its lines". */
function told(plain: string, ...marks: readonly Mark[]): readonly string[] {
  return rowsOf({ plain, marks }, names).map((row) => {
    const sign = row.isQuoted ? '> ' : '';
    if (row.is === 'code') return `${sign}${row.language}: ${row.lines.join(' / ')}`;
    const pieces = row.pieces.map(({ shown, styles: held, atom }) => {
      const own = styles.filter((_, index) => (held & (1 << index)) !== 0).join('+');
      const said = atom === undefined ? shown : `{${atom.written}}`;
      return own === '' ? said : `${own}(${said})`;
    });
    return sign + pieces.join('');
  });
}
const over = (is: 'strong' | 'emphasis' | 'code' | 'quote' | 'block' | 'spoiler', from: number, to: number): Mark => ({
  is,
  from,
  to,
});

describe('lines', () => {
  test('394-01 a mark over lines is on each of them', () => {
    expect(told('ab\ncd\nef', over('strong', 1, 7))).toEqual(['astrong(b)', 'strong(cd)', 'strong(e)f']);
  });

  test('394-01 a mark that ends where a line begins is not on it', () => {
    expect(told('ab\ncd', over('strong', 0, 3))).toEqual(['strong(ab)', 'cd']);
    expect(told('ab\ncd', over('quote', 2, 5))).toEqual(['ab', '> cd']);
  });

  test('394-01 a mark is on words, not on the space around them', () => {
    expect(told(' ab  cd ', over('strong', 0, 8))).toEqual([' strong(ab  cd) ']);
    expect(told('ab cd', over('strong', 0, 3), over('strong', 3, 5))).toEqual(['strong(ab cd)']);
    expect(told('a   b', over('strong', 1, 4))).toEqual(['a   b']);
  });

  test('394-01 marks out of the text, turned round or in the middle of a character', () => {
    expect(told('ab', over('strong', -5, 99))).toEqual(['strong(ab)']);
    expect(told('ab', over('strong', 2, 1), over('strong', 1, 1), over('strong', Number.NaN, 1))).toEqual(['ab']);
    expect(told('a😀b', over('strong', 2, 3))).toEqual(['astrong(😀)b']);
  });

  test('394-01 marks of several kinds over each other', () => {
    expect(told('abc', over('strong', 0, 2), over('spoiler', 1, 3))).toEqual(['strong(a)spoiler+strong(b)spoiler(c)']);
  });
});

describe('blocks', () => {
  test('393-01 quotes with their signs, and without', () => {
    expect(told('> a\n>b\nc', over('quote', 0, 6))).toEqual(['> a', '> b', 'c']);
    expect(told('a\nb', over('quote', 0, 3))).toEqual(['> a', '> b']);
    expect(told('> a\nb', over('quote', 0, 5))).toEqual(['> > a', '> b']);
  });

  test('393-01 empty lines at the end of a quote are none of it, nor is a quote of nothing', () => {
    expect(told('> a\n> \nb', over('quote', 0, 6))).toEqual(['> a', 'b']);
    expect(told('> \n>', over('quote', 0, 4))).toEqual(['> ', '>']);
  });

  test('393-01 code with its fences, and without', () => {
    expect(told('```c++\na\nb\n```', over('block', 0, 14))).toEqual(['c++: a / b']);
    expect(told('```\na', over('block', 0, 5))).toEqual([': a']);
    expect(told('a\nb', over('block', 0, 3))).toEqual([': a / b']);
    expect(told('```not a name\na\n```', over('block', 0, 19))).toEqual([': not a name / a']);
  });

  test('393-01 what no block can hold is text', () => {
    expect(told('```\n\n```', over('block', 0, 8))).toEqual(['```', '', '```']);
    expect(told('a ``` b', over('block', 0, 7))).toEqual(['a ``` b']);
  });

  test('393-01 two blocks are two, code may be quoted', () => {
    expect(told('a\nb', over('block', 0, 1), over('block', 2, 3))).toEqual([': a', ': b']);
    expect(told('> ```\n> a\n> ```', over('quote', 0, 15), over('block', 0, 15))).toEqual(['> : a']);
  });
});

describe('things', () => {
  test('394-01 a mark over a part of an address, a name or code is not on it', () => {
    expect(told('see https://a.example/b now', over('strong', 0, 10))).toEqual([
      'strong(see) {https://a.example/b} now',
    ]);
    expect(told('abc', over('code', 0, 3), over('strong', 0, 2))).toEqual(['{`abc`}']);
    expect(told('abc', over('code', 0, 3), over('strong', 0, 3))).toEqual(['strong({`abc`})']);
  });

  test('394-01 signs within one keep those of the same kind from it', () => {
    expect(told('a*b', over('code', 0, 3), over('strong', 0, 3), over('spoiler', 0, 3))).toEqual(['spoiler({`a*b`})']);
    expect(told('https://a.example/*_', over('emphasis', 0, 20))).toEqual(['{https://a.example/*_}']);
  });

  test('394-01 what follows an address without a space goes with it', () => {
    expect(told('https://a.example/,b<c> d', over('strong', 18, 20))).toEqual(['{https://a.example/,b<c>} d']);
    expect(told('<https://a.example>b')).toEqual(['{<https://a.example>}b']);
  });

  test('394-01 of two things that overlap the first counts', () => {
    expect(told('https://a.example/@Ada @Ada')).toEqual(['{https://a.example/@Ada} {<@1>}']);
    expect(told('@Ada x', over('code', 0, 6))).toEqual(['{`@Ada x`}']);
  });

  test('394-01 code between as few backticks as it takes; of some there are not enough', () => {
    expect(told('a`b', over('code', 0, 3))).toEqual(['{``a`b``}']);
    expect(told('`a', over('code', 0, 2))).toEqual(['{`` `a``}']);
    expect(told('a`` `b', over('code', 0, 6))).toEqual(['a`` `b']);
  });
});

describe('what is taken out', () => {
  test('394-01 controls, and what stands for nothing', () => {
    expect(told('a\u0000b\u2060c\td\r\ne\rf')).toEqual(['abc\td', 'e', 'f']);
    expect(told('\u0002ab', over('strong', 1, 2))).toEqual(['strong(a)b']);
  });

  test('393-01 the signs of styling, where the marks are theirs', () => {
    expect(told('*a* *b*', over('strong', 0, 3))).toEqual(['strong(a) *b*']);
    expect(told('*_a_*', over('strong', 0, 5), over('emphasis', 1, 4))).toEqual(['strong+emphasis(a)']);
    expect(told('**', over('strong', 0, 2))).toEqual(['strong(**)']);
  });
});
