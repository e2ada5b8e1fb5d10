/** Parts of a long text: none over the budget, nothing lost, no character broken, formatting carried on. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readFormat } from '../../../../../bridges/irc/wire/format.ts';
import { lines, split } from '../../../../../bridges/irc/wire/split.ts';

const bytes = (text: string) => Buffer.byteLength(text);

describe('lines', () => {
  test.each([
    ['one', ['one']],
    ['', []],
    ['a\nb\r\nc\rd', ['a', 'b', 'c', 'd']],
    ['\n\na\n\n', ['a']],
    [' \n', [' ']],
  ])('%j', (text, expected) => expect(lines(text)).toEqual(expected));
});

describe('split', () => {
  test('what fits is left alone', () => {
    expect(split('', 10)).toEqual(['']);
    expect(split('0123456789', 10)).toEqual(['0123456789']);
    expect(split('ééééé', 10)).toEqual(['ééééé']);
  });
  test('at a space where one is near', () =>
    expect(split('hello brave new world', 12)).toEqual(['hello brave ', 'new world']));
  test('within a word where none is', () => {
    expect(split('0123456789abc', 10)).toEqual(['0123456789', 'abc']);
    expect(split('a 0123456789abc', 10)).toEqual(['a 01234567', '89abc']);
  });
  test('between graphemes: families, flags and accents stay whole', () => {
    const family = '👨‍👩‍👧‍👦';
    expect(split(family.repeat(3), bytes(family) + 5)).toEqual([family, family, family]);
    expect(split('🇩🇪🇫🇷🇯🇵', 12)).toEqual(['🇩🇪', '🇫🇷', '🇯🇵']);
    expect(split('e\u0301'.repeat(4), 7)).toEqual(['e\u0301e\u0301', 'e\u0301e\u0301']);
    expect(split('aaaaaaa \u0301bbb', 9)).toEqual(['aaaaaaa', ' \u0301bbb']);
  });
  test('a grapheme larger than the budget is cut between code points, in time linear to its length', () => {
    const hostile = `e${'\u0301'.repeat(200_000)}`;
    const parts = split(hostile, 400);
    expect(parts.join('')).toBe(hostile);
    expect(Math.max(...parts.map(bytes))).toBeLessThanOrEqual(400);
    expect(split('📷'.repeat(3), 4)).toEqual(['📷', '📷', '📷']);
  });
  test('a megabyte of family emoji, of words and of spaces', () => {
    for (const text of [
      '👨‍👩‍👧‍👦'.repeat(40_000),
      'word '.repeat(200_000),
      ' '.repeat(1_000_000),
      'é '.repeat(300_000),
    ]) {
      const parts = split(text, 400);
      expect(parts.join('')).toBe(text);
      expect(parts.every((part) => bytes(part) <= 400)).toBe(true);
    }
  });

  test('any text: joined it is the text, no part is over the budget, none begins within a surrogate pair', () => {
    const unit = fc.oneof(
      fc.constantFrom(' ', 'a', 'é', '👨‍👩‍👧‍👦', '🇩🇪', 'e\u0301', '\u0301', '中', '\ud800', '\udc00', '\t'),
      fc.string({ minLength: 1, maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 60 }), fc.integer({ min: 4, max: 60 }), (units, budget) => {
        const text = units.join('');
        const parts = split(text, budget);
        expect(parts.join('')).toBe(text);
        expect(parts.every((part) => bytes(part) <= budget && (part !== '' || text === ''))).toBe(true);
        if (text.isWellFormed()) expect(parts.every((part) => part.isWellFormed())).toBe(true);
      }),
      { numRuns: 10_000 },
    );
  });
  test('with room for it, no grapheme is broken', () => {
    const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
    const count = (text: string) => [...segmenter.segment(text)].length;
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', ' ', '👨‍👩‍👧‍👦', 'e\u0301', '🇩🇪x', 'ü'), { maxLength: 60 }),
        (units) => {
          const text = units.join('');
          const parts = split(text, 40);
          expect(parts.reduce((sum, part) => sum + count(part), 0)).toBe(count(text));
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('formatting', () => {
  test('goes on in the next part', () => {
    const parts = split(`\x02\x0304,12${'bold '.repeat(20)}\x0f${'plain '.repeat(20)}`, 60);
    expect(parts[1]).toMatch(/^\x0304,12\x02bold/);
    expect(parts.at(-1)).toMatch(/^plain/);
  });
  test('a colour code is not cut apart', () => {
    for (let lead = 90; lead < 102; lead++) {
      const parts = split(`${'x'.repeat(lead)}\x0304,12${'y'.repeat(30)}`, 100);
      expect(parts.map((part) => readFormat(part).plain).join('')).toBe(`${'x'.repeat(lead)}${'y'.repeat(30)}`);
    }
  });
  test.each(['\x0304', '\x04ff0000', '\x0304,12\x04ff0000'])(
    'a colour that is carried on (%j) takes nothing from a text that begins with a comma',
    (code) => {
      const text = `${code}${'a'.repeat(60 - code.length)}${',5'.repeat(60)}`;
      const parts = split(text, 60);
      for (const part of parts) expect(bytes(part)).toBeLessThanOrEqual(60);
      expect(parts.map((part) => readFormat(part).plain).join('')).toBe(readFormat(text).plain);
    },
  );

  test('colours of both kinds are carried on', () => {
    const parts = split(`\x0304,12\x04FF8800${'x'.repeat(200)}`, 100);
    expect(parts[1]).toMatch(/^\x0312,12\x04FF8800x/);
  });
  test('any codes: each part shows what the whole showed there', () => {
    const unit = fc.constantFrom(
      '\x02',
      '\x1d',
      '\x1f',
      '\x1e',
      '\x11',
      '\x0f',
      '\x16',
      '\x0304',
      '\x031,2',
      '\x03',
      '\x04FF0000',
      '\x0412',
      'a',
      'é',
      '5',
      ',',
      ' ',
      'word',
    );
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 120 }), (units) => {
        const text = units.join('');
        const parts = split(text, 70);
        const whole = readFormat(text);
        expect(parts.map((part) => readFormat(part).plain).join('')).toBe(whole.plain);
        let at = 0;
        const styles: string[] = [];
        for (const part of parts) {
          const read = readFormat(part);
          for (let index = 0; index < read.plain.length; index++) styles[at++] = styleAt(read, index);
        }
        expect(styles).toEqual(Array.from({ length: whole.plain.length }, (_, index) => styleAt(whole, index)));
        for (const part of parts) expect(bytes(part)).toBeLessThanOrEqual(70);
      }),
      { numRuns: 10_000 },
    );
  });
});

function styleAt({ marks }: ReturnType<typeof readFormat>, at: number): string {
  return marks
    .filter(({ from, to }) => from <= at && at < to)
    .map(({ from: _, to: __, ...mark }) => JSON.stringify(mark))
    .sort()
    .join();
}
