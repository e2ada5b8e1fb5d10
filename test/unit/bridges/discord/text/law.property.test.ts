/** CHECKLIST 394: what is written is read back as what it was, whatever it holds; and reading takes steps in proportion to the text. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { longestMessage, noNames } from '../../../../../bridges/discord/text/index.ts';
import { readMarkdown } from '../../../../../bridges/discord/text/markdown/blocks.ts';
import { type Piece, styles } from '../../../../../bridges/discord/text/markdown/line.ts';
import { lengthOf } from '../../../../../bridges/discord/text/markdown/parts.ts';
import { type Row, rowsOf } from '../../../../../bridges/discord/text/markdown/rows.ts';
import { writeMarkdown } from '../../../../../bridges/discord/text/markdown/write.ts';
import type { Mark, RichText } from '../../../../../src/core/content.ts';

const runs = 10_000;
const signs = [...'*_~|`\\<>#@:[]()-.!+/ \n1', '**', '__', '~~', '||', '```', '> ', '>>> ', '# ', '-# ', '1. ', '* '];
const wholes = [
  'https://a.example/',
  '<https://x.example>',
  '<@1>',
  '<:cat:77>',
  '<t:1:F>',
  '](http://c.example)',
  '@here',
];
const words = ['a', 'b', 'é', '😀', 'e\u0301', ' ', '  ', ':smile:', 'http', '¯\\_(ツ)_/¯'];
const hostile = (length: number) =>
  fc.array(fc.constantFrom(...signs, ...wholes, ...words), { maxLength: length }).map((all) => all.join(''));
const kinds = ['strong', 'emphasis', 'underline', 'deleted', 'spoiler', 'code', 'quote', 'block'] as const;

const marksOver = ({ length }: string) =>
  fc.array(
    fc
      .tuple(fc.constantFrom(...kinds), fc.nat(length), fc.nat(length))
      .map(([is, one, other]): Mark => ({ is, from: Math.min(one, other), to: Math.max(one, other) })),
    { maxLength: 5 },
  );
const content = hostile(10).chain((plain) => marksOver(plain).map((marks): RichText => ({ plain, marks })));

const written = (text: RichText, limit = 1_000_000): readonly string[] =>
  writeMarkdown(text, noNames, limit, false).parts;

const sign = (row: Row): string => (row.isQuoted ? '> ' : '');
const shownIn = (pieces: readonly Piece[]): string => pieces.map(({ shown }) => shown).join('');
const linesOf = (row: Row): readonly string[] =>
  row.is === 'code' ? [`\`\`\`${row.language}`, ...row.lines, '```'] : [shownIn(row.pieces)];

/** What is to be read: without the brackets around addresses, quotes and blocks with their signs. */
const plainOf = (text: RichText): string =>
  rowsOf(text, noNames)
    .flatMap((row) => linesOf(row).map((line) => sign(row) + line))
    .join('\n');

/** "character:marks" for every character that is to be seen. */
function wanted(text: RichText): string {
  return rowsOf(text, noNames)
    .flatMap((row) => {
      if (row.is === 'code') return linesOf(row).map((line) => `${sign(row)}${each(line, 'block')}`);
      return [sign(row) + row.pieces.map(toldOf).join('')];
    })
    .join('');
}
const each = (text: string, marks: string): string =>
  Array.from(text.replaceAll(/\s/g, ''), (char) => `${char}:${marks} `).join('');
/** A link is over its text; where it leads stands behind that. */
function toldOf({ shown, styles: held, atom }: Piece): string {
  const own = styles.filter((_, index) => (held & (1 << index)) !== 0);
  const all = [...own, ...(atom?.mark === undefined ? [] : [atom.mark.is])].sort().join();
  const marked = atom?.marked ?? shown.length;
  return each(shown.slice(0, marked), all) + each(shown.slice(marked), own.sort().join());
}

function seen({ plain, marks }: RichText): string {
  let told = '';
  let at = 0;
  for (const char of plain) {
    const over = marks.filter(({ from, to }) => from <= at && at < to).map(({ is }) => is);
    const isSign = over.includes('quote') && char === '>' && (at === 0 || plain[at - 1] === '\n');
    const own = over.includes('block') ? ['block'] : [...new Set(over.filter((is) => is !== 'quote'))];
    told += isSign ? '> ' : each(char, own.sort().join());
    at += char.length;
  }
  return told;
}

describe('394-01 reading what was written', () => {
  test('any text without marks says just what it said, and nothing in it means anything', () => {
    fc.assert(
      fc.property(hostile(14), (plain) => {
        const text = { plain, marks: [] };
        const back = readMarkdown(written(text).join(''), noNames);
        const bare = plain.replaceAll(/<(https:\/\/x\.example)>/g, '$1');
        // Brackets around an address are what Discord itself does not show.
        if (!/<\w*(?:https?:\/\/|<)/.test(plain)) expect(back.plain).toBe(bare.trim() === '' ? '' : plain);
        expect(back.plain).toBe(bare.trim() === '' ? '' : plainOf(text));
        expect(back.marks).toEqual([]);
      }),
      { numRuns: runs },
    );
  });

  test('so does any text with marks, each over the words that it was over', () => {
    fc.assert(
      fc.property(content, (text) => {
        fc.pre(plainOf(text).trim() !== '');
        const back = readMarkdown(written(text).join(''), noNames);
        expect(back.plain.trimEnd()).toBe(plainOf(text).trimEnd());
        expect(seen(back)).toBe(wanted(text));
      }),
      { numRuns: runs },
    );
  });

  test('what was read is written so that it is read the same', () => {
    fc.assert(
      fc.property(hostile(14), (markdown) => {
        const text = readMarkdown(markdown, noNames);
        const back = readMarkdown(written(text).join(''), noNames);
        expect(back.plain.trimEnd()).toBe(plainOf(text).trimEnd());
        if (back.plain !== '') expect(seen(back)).toBe(wanted(text).trim() === '' ? '' : wanted(text));
      }),
      { numRuns: runs },
    );
  });

  test('MSG-05 in parts that fit, from which nothing is lost', () => {
    const long = fc.array(content, { minLength: 1, maxLength: 12 }).map(
      (all): RichText => ({
        plain: all.map(({ plain }) => plain.repeat(3)).join(' '),
        marks: all.flatMap(({ marks }) => marks),
      }),
    );
    fc.assert(
      fc.property(long, (text) => {
        const parts = written(text, 200);
        for (const part of parts) expect(lengthOf(part)).toBeLessThanOrEqual(200);
        const back = parts.map((part) => readMarkdown(part, noNames).plain).join('\n');
        const [got, expected] = [back, plainOf(text)].map((one) => one.replaceAll(/[\s>]/g, '').replaceAll('```', ''));
        expect(got).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('394-01 reading takes steps in proportion to the text', () => {
  const steps = (markdown: string): number => {
    const work = { steps: 0 };
    readMarkdown(markdown, noNames, work);
    return work.steps;
  };
  const units = [
    ...signs,
    ...wholes,
    ...words,
    '*a ',
    '**a ',
    '_a ',
    '[a](',
    '[a](http://b',
    '`a``',
    '~~a',
    '||a',
    '<https://',
    '***a',
  ];

  test.each([...units, ...units.map((unit, at) => unit + (units[(at * 7 + 3) % units.length] ?? ''))])(
    'of %j',
    (unit) => {
      const [few, many] = [steps(unit.repeat(500)), steps(unit.repeat(4_000))];
      expect(many).toBeLessThanOrEqual(8.2 * few + 200);
      expect(few).toBeLessThanOrEqual(40 * unit.length * 500 + 200);
    },
  );

  test('of anything', () => {
    fc.assert(
      fc.property(hostile(30), hostile(8), (head, unit) => {
        const [few, many] = [steps(head + unit.repeat(100)), steps(head + unit.repeat(800))];
        expect(many).toBeLessThanOrEqual(8.5 * few + 400);
      }),
      { numRuns: runs / 10 },
    );
  });

  test('a long text of nothing but signs is read at all', () => {
    expect(readMarkdown('*_~|`[('.repeat(20_000), noNames).plain.length).toBeGreaterThan(longestMessage);
  });
});
