/** Ranges and conditions of requests, as RFC 9110 has them: by examples, and by what is so of any. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { partOf, rangeHolds, statusBefore } from '../../../src/ops/byte-ranges.ts';

const whole = { is: 'whole' };
const none = { is: 'none' };
const part = (first: number, last: number) => ({ is: 'part', first, last });

describe('RFC 9110 §14: of 100 octets', () => {
  test.each([
    [undefined, whole],
    ['bytes=0-0', part(0, 0)],
    ['bytes=0-99', part(0, 99)],
    ['bytes=10-', part(10, 99)],
    ['bytes=10-1000', part(10, 99)],
    ['bytes=99-99', part(99, 99)],
    ['bytes=-1', part(99, 99)],
    ['bytes=-100', part(0, 99)],
    ['bytes=-1000', part(0, 99)],
    ['BYTES = 1-2', part(1, 2)],
    ['bytes=, 1-2 ,', part(1, 2)],
    ['bytes=100-', none],
    ['bytes=100-200', none],
    ['bytes=-0', none],
    ['bytes=100-,-0', none],
    ['bytes=5-6,200-', part(5, 6)],
    ['bytes=0-1,3-4', whole],
    ['bytes=2-1', whole],
    ['bytes=0-1,2-1', whole],
    ['bytes=', whole],
    ['bytes=-', whole],
    ['bytes=,', whole],
    ['bytes=a-b', whole],
    ['bytes=1.5-2', whole],
    ['bytes=+1-2', whole],
    ['bytes 0-1', whole],
    ['lines=0-1', whole],
    ['bytes=0-1 x', whole],
    [`bytes=${'9'.repeat(400)}-`, none],
    [`bytes=0-${'9'.repeat(400)}`, part(0, 99)],
    [`bytes=-${'9'.repeat(400)}`, part(0, 99)],
    [`bytes=${'200-,'.repeat(40)}`, whole],
  ])('%s', (range, expected) => {
    expect(partOf(range, 100)).toEqual(expected);
  });

  test.each(['bytes=0-', 'bytes=0-0', 'bytes=-1', 'bytes=5-'])('of nothing %s is the whole of it', (range) => {
    expect(partOf(range, 0)).toEqual(whole);
  });

  test('any one range is what the octets say', () => {
    const sizes = fc.integer({ min: 1, max: 50 });
    const ends = fc.option(fc.integer({ min: 0, max: 70 }), { nil: undefined });
    fc.assert(
      fc.property(sizes, ends, ends, (size, from, to) => {
        const all = Array.from({ length: size }, (_, n) => n);
        const said =
          from === undefined
            ? to === undefined
              ? all
              : all.slice(Math.max(0, size - to))
            : all.slice(from, to === undefined ? size : to + 1);
        const isNone = from === undefined && to === undefined;
        const isOff = isNone || (from !== undefined && to !== undefined && to < from);
        const got = partOf(`bytes=${from ?? ''}-${to ?? ''}`, size);
        if (isOff) expect(got).toEqual(whole);
        else if (said.length === 0) expect(got).toEqual(none);
        else expect(got).toEqual(part(said[0] ?? -1, said.at(-1) ?? -1));
      }),
    );
  });

  test('whatever is asked for, nothing beyond the file is sent', () => {
    const words = fc.constantFrom('bytes', '=', '-', ',', ' ', '0', '1', '7', '99', '18446744073709551616');
    fc.assert(
      fc.property(fc.array(words, { maxLength: 12 }), fc.integer({ min: 0, max: 100 }), (said, size) => {
        const got = partOf(said.join(''), size);
        if (got.is === 'part') expect(0 <= got.first && got.first <= got.last && got.last < size).toBe(true);
      }),
    );
  });
});

describe('RFC 9110 §13: conditions', () => {
  test.each([
    [{}, undefined],
    [{ 'if-none-match': '"a"' }, 304],
    [{ 'if-none-match': 'W/"a"' }, 304],
    [{ 'if-none-match': '"b", "a"' }, 304],
    [{ 'if-none-match': '*' }, 304],
    [{ 'if-none-match': '"b"' }, undefined],
    [{ 'if-none-match': 'a' }, undefined],
    [{ 'if-none-match': '"b, "a' }, undefined],
    [{ 'if-match': '"a"' }, undefined],
    [{ 'if-match': '*' }, undefined],
    [{ 'if-match': '"b"' }, 412],
    [{ 'if-match': 'W/"a"' }, 412],
    [{ 'if-match': '"b"', 'if-none-match': '"a"' }, 412],
    [{ 'if-match': '"a"', 'if-none-match': '"a"' }, 304],
  ])('%j', (headers, status) => {
    expect(statusBefore(headers, '"a"')).toBe(status);
  });

  test.each([
    [{}, true],
    [{ 'if-range': '"a"' }, true],
    [{ 'if-range': 'W/"a"' }, false],
    [{ 'if-range': '"b"' }, false],
    [{ 'if-range': 'Sat, 29 Oct 1994 19:43:31 GMT' }, false],
  ])('a range holds with %j: %s', (headers, holds) => {
    expect(rangeHolds(headers, '"a"')).toBe(holds);
  });
});
