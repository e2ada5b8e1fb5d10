/** mIRC formatting both ways. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readFormat, writeFormat } from '../../../../../bridges/irc/wire/format.ts';
import { nearestIndex, rgbOf } from '../../../../../bridges/irc/wire/palette.ts';
import type { Mark, RichText } from '../../../../../src/core/content.ts';

/** Per character what is in force: two texts with equal styles look the same, however their marks are cut. */
function styles({ plain, marks }: RichText): readonly string[] {
  return Array.from({ length: plain.length }, (_, at) => {
    const here = marks
      .filter(({ from, to }) => from <= at && at < to)
      .map(({ from: _from, to: _to, ...mark }) => JSON.stringify(mark));
    return plain[at] === '\n' ? '' : [...new Set(here)].sort().join();
  });
}

describe('readFormat', () => {
  test('a text without codes is returned with no marks', () =>
    expect(readFormat('plain, 12,5 é')).toEqual({ plain: 'plain, 12,5 é', marks: [] }));
  test.each<[string, string, Mark[]]>([
    ['\x02b\x02', 'b', [{ is: 'strong', from: 0, to: 1 }]],
    ['a \x1di\x1d b', 'a i b', [{ is: 'emphasis', from: 2, to: 3 }]],
    ['\x1fu', 'u', [{ is: 'underline', from: 0, to: 1 }]],
    ['\x1es\x0fx', 'sx', [{ is: 'deleted', from: 0, to: 1 }]],
    ['\x11c\x11', 'c', [{ is: 'code', from: 0, to: 1 }]],
    ['\x16r\x16', 'r', []],
    ['\x02\x02x', 'x', []],
    [
      '\x02a\x1db\x02c\x1d',
      'abc',
      [
        { is: 'strong', from: 0, to: 2 },
        { is: 'emphasis', from: 1, to: 3 },
      ],
    ],
    ['\x0304red\x03 x', 'red x', [{ is: 'colour', fore: 0xff0000, from: 0, to: 3 }]],
    ['\x034red', 'red', [{ is: 'colour', fore: 0xff0000, from: 0, to: 3 }]],
    ['\x030412', '12', [{ is: 'colour', fore: 0xff0000, from: 0, to: 2 }]],
    ['\x034,1x', 'x', [{ is: 'colour', fore: 0xff0000, back: 0, from: 0, to: 1 }]],
    ['\x034,x', ',x', [{ is: 'colour', fore: 0xff0000, from: 0, to: 2 }]],
    ['\x03,4x', ',4x', []],
    [
      '\x034,01a\x030b',
      'ab',
      [
        { is: 'colour', fore: 0xff0000, back: 0, from: 0, to: 1 },
        { is: 'colour', fore: 0xffffff, back: 0, from: 1, to: 2 },
      ],
    ],
    ['\x0399x', 'x', []],
    ['\x0399,4x', 'x', [{ is: 'colour', back: 0xff0000, from: 0, to: 1 }]],
    ['\x0398x', 'x', [{ is: 'colour', fore: 0xffffff, from: 0, to: 1 }]],
    ['\x04ff8800x\x04', 'x', [{ is: 'colour', fore: 0xff8800, from: 0, to: 1 }]],
    ['\x04FF8800,000001x', 'x', [{ is: 'colour', fore: 0xff8800, back: 1, from: 0, to: 1 }]],
    ['\x04FF88x', 'FF88x', []],
    ['\x031,1hidden\x03', 'hidden', [{ is: 'spoiler', from: 0, to: 6 }]],
    ['a\x07\x1b\x02b', 'ab', [{ is: 'strong', from: 1, to: 2 }]],
    ['a\tb\x02', 'a\tb', []],
  ])('%j', (text, plain, marks) => expect(readFormat(text)).toEqual({ plain, marks }));

  test('the four examples of the formatting page', () => {
    const plain = [
      'I love \x033IRC! \x03It is the \x037best protocol ever!',
      'This is a \x1d\x0313,9cool \x03message',
      'IRC \x02is \x034,12so \x03great\x0f!',
      "Rules: Don't spam 5\x0313,8,6\x03,7,8, and especially not \x029\x02\x1d!",
    ].map((text) => readFormat(text).plain);
    expect(plain).toEqual([
      'I love IRC! It is the best protocol ever!',
      'This is a cool message',
      'IRC is so great!',
      "Rules: Don't spam 5,6,7,8, and especially not 9!",
    ]);
  });

  test('any text: never throws, nothing but controls is lost, marks lie within', () => {
    const unit = fc.oneof(
      fc.constantFrom('\x02', '\x03', '\x04', '\x0f', '\x11', '\x16', '\x1d', '\x1f', ',', '1', '9', 'F'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    );
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        const { plain, marks } = readFormat(text);
        expect(plain).not.toMatch(/[\x00-\x08\x0b-\x1f]/);
        expect(marks.every(({ from, to }) => 0 <= from && from < to && to <= plain.length)).toBe(true);
      }),
      { numRuns: 10_000 },
    );
  });
  test('a megabyte of codes', () => {
    expect(readFormat('\x02a\x0304,12b\x03'.repeat(100_000)).plain).toHaveLength(200_000);
  });
});

describe('writeFormat', () => {
  test.each<[string, RichText, string]>([
    ['plain text as it is', { plain: 'a é', marks: [] }, 'a é'],
    ['bold', { plain: 'a b c', marks: [{ is: 'strong', from: 2, to: 3 }] }, 'a \x02b\x02 c'],
    [
      'a colour with two digits',
      { plain: '12', marks: [{ is: 'colour', fore: 0xff0000, from: 0, to: 2 }] },
      '\x030412\x03',
    ],
    [
      'text after a colour that begins with a digit',
      { plain: 'a5', marks: [{ is: 'colour', fore: 0xff0000, from: 0, to: 1 }] },
      '\x0304a\x03\x02\x025',
    ],
    [
      'a comma and a digit after a colour',
      { plain: ',5', marks: [{ is: 'colour', fore: 0xff0000, from: 0, to: 2 }] },
      '\x0304\x02\x02,5\x03',
    ],
    ['a spoiler', { plain: 'x', marks: [{ is: 'spoiler', from: 0, to: 1 }] }, '\x0301,01x\x03'],
    ['each line by itself', { plain: 'a\nb', marks: [{ is: 'strong', from: 0, to: 3 }] }, '\x02a\x0f\n\x02b\x02'],
    ['controls in the text are dropped', { plain: '\x01ACTION\x02x\x01', marks: [] }, 'ACTIONx'],
    [
      'marks that IRC lacks are dropped',
      {
        plain: 'x',
        marks: [
          { is: 'quote', from: 0, to: 1 },
          { is: 'link', href: 'https://e.org', from: 0, to: 1 },
        ],
      },
      'x',
    ],
    ['a mark beyond the text', { plain: 'x', marks: [{ is: 'strong', from: -3, to: 99 }] }, '\x02x\x02'],
    [
      'controls between a colour and a digit',
      { plain: 'a\x075', marks: [{ is: 'colour', fore: 0xff0000, from: 0, to: 1 }] },
      '\x0304a\x03\x02\x025',
    ],
    [
      'two colours that IRC has one for',
      { plain: 'x', marks: [{ is: 'colour', fore: 0xfe0101, back: 0xfd0000, from: 0, to: 1 }] },
      '\x0304x\x03',
    ],
    ['an empty mark', { plain: 'x', marks: [{ is: 'strong', from: 1, to: 1 }] }, 'x'],
    [
      'a colour that IRC lacks becomes the nearest',
      { plain: 'x', marks: [{ is: 'colour', fore: 0xfe0101, from: 0, to: 1 }] },
      '\x0304x\x03',
    ],
  ])('%s', (_, rich, text) => expect(writeFormat(rich)).toBe(text));

  const place = fc
    .tuple(fc.nat(12), fc.nat(12))
    .map(([one, other]) => ({ from: Math.min(one, other), to: Math.max(one, other) }));
  const colour = fc.integer({ min: 0, max: 98 }).map((index) => rgbOf(index) ?? 0);
  const mark: fc.Arbitrary<Mark> = fc.oneof(
    fc
      .tuple(
        place,
        fc.constantFrom(
          'strong' as const,
          'emphasis' as const,
          'underline' as const,
          'deleted' as const,
          'code' as const,
        ),
      )
      .map(([where, is]): Mark => ({ ...where, is })),
    fc.tuple(place, colour).map(([where, fore]): Mark => ({ ...where, is: 'colour', fore })),
    fc.tuple(place, colour, colour).map(([where, fore, back]): Mark => ({ ...where, is: 'colour', fore, back })),
    fc.tuple(place, colour).map(([where, back]): Mark => ({ ...where, is: 'colour', back })),
    place.map((where): Mark => ({ ...where, is: 'spoiler' })),
  );
  const rich = fc.record({
    plain: fc.string({ unit: fc.constantFrom('a', '1', ',', ' ', 'é', '\n'), maxLength: 12 }),
    marks: fc.array(mark, { maxLength: 5 }),
  });

  test('what was written and read looks the same when it is written and read again', () => {
    fc.assert(
      fc.property(rich, (text) => {
        const read = readFormat(writeFormat(text));
        expect(read.plain).toBe(text.plain);
        expect(styles(readFormat(writeFormat(read)))).toEqual(styles(read));
      }),
      { numRuns: 10_000 },
    );
  });
  test('marks without overlapping colours look the same when written and read', () => {
    fc.assert(
      fc.property(rich, (text) => {
        const marks = text.marks.filter(
          ({ is }, index) =>
            (is !== 'colour' && is !== 'spoiler') ||
            text.marks.findIndex((other) => other.is === 'colour' || other.is === 'spoiler') === index,
        );
        const known = {
          plain: text.plain,
          marks: marks.map((one) =>
            one.is === 'colour' && one.fore === one.back ? { is: 'spoiler' as const, from: one.from, to: one.to } : one,
          ),
        };
        expect(styles(readFormat(writeFormat(known)))).toEqual(styles(known));
      }),
      { numRuns: 10_000 },
    );
  });
  test('each line of what is written can be read alone', () => {
    fc.assert(
      fc.property(rich, (text) => {
        const written = writeFormat(text);
        const alone = written.split('\n').flatMap((line) => [...styles(readFormat(line)), '']);
        expect(alone.slice(0, -1)).toEqual(styles(readFormat(written)));
      }),
      { numRuns: 2000 },
    );
  });
});

test('every colour of the palette is nearest to itself, and 99 is none', () => {
  for (let index = 0; index <= 98; index++) expect(rgbOf(nearestIndex(rgbOf(index) ?? -1))).toBe(rgbOf(index));
  expect(rgbOf(99)).toBeUndefined();
});
