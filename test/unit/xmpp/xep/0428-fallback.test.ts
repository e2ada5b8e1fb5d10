/** Ranges of code points, whatever a sender claims. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rangesOf, without } from '../../../../src/xmpp/xep/0428-fallback.ts';

describe('428-01 428-02 ranges', () => {
  test.each([
    ['abcdef', [{ start: 1, end: 3 }], 'adef'],
    ['abcdef', [{ start: 2 }], 'ab'],
    ['abcdef', [{ end: 2 }], 'cdef'],
    ['abcdef', [{}], ''],
    ['abcdef', [{ start: 4, end: 99 }], 'abcd'],
    ['abcdef', [{ start: 9, end: 12 }], 'abcdef'],
    ['abcdef', [{ start: 3, end: 3 }], 'abcdef'],
    ['abcdef', [{ start: 4, end: 2 }], 'abcdef'],
    [
      'abcdef',
      [
        { start: 4, end: 5 },
        { start: 0, end: 1 },
      ],
      'bcdf',
    ],
    [
      'abcdef',
      [
        { start: 0, end: 3 },
        { start: 2, end: 4 },
      ],
      'ef',
    ],
    ['😀😀b', [{ start: 1, end: 2 }], '😀b'],
    ['👩‍👩‍👧b', [{ start: 0, end: 5 }], 'b'],
    ['e\u0301&<b', [{ start: 1, end: 3 }], 'e<b'],
  ])('%j without %j', (text, ranges, rest) => expect(without(text, ranges).rest).toBe(rest));

  test('what stays is a subsequence of code points, and no half of one', () => {
    const bound = fc.oneof(fc.nat(12), fc.nat());
    const range = fc.record({ start: bound, end: bound }, { requiredKeys: [] });
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 12 }), fc.array(range, { maxLength: 4 }), (text, ranges) => {
        const points = Array.from(text);
        const kept = points.filter(
          (_, i) => !ranges.some(({ start = 0, end = points.length }) => i >= start && i < end),
        );
        const { rest, moved } = without(text, ranges);
        expect(rest).toBe(kept.join(''));
        expect(points.map((_, i) => moved(i + 1) - moved(i)).reduce((sum, one) => sum + one, 0)).toBe(kept.length);
      }),
    );
  });
});

describe('428-02 461-04 only what is known', () => {
  const known = new Set(['urn:known']);
  const mark = (to: string | undefined, bodies: readonly { start?: number; end?: number }[], subjects = 0) => ({
    ...(to !== undefined && { for: to }),
    bodies,
    subjects: Array.from({ length: subjects }, () => ({})),
  });

  test.each([
    ['nothing marked', [], 'quote text'],
    ['a known one', [mark('urn:known', [{ start: 0, end: 6 }])], 'text'],
    ['an unknown one', [mark('urn:other', [{ start: 0, end: 6 }])], 'quote text'],
    ['for nothing in particular', [mark(undefined, [{ start: 0, end: 6 }])], 'quote text'],
    ['both', [mark('urn:other', [{ start: 0, end: 6 }]), mark('urn:known', [{ start: 6 }])], 'quote '],
    ['the whole message', [mark('urn:known', [])], ''],
    ['the subject only', [mark('urn:known', [], 1)], 'quote text'],
  ])('%s', (_, marks, rest) => expect(without('quote text', rangesOf(marks, known)).rest).toBe(rest));
});
