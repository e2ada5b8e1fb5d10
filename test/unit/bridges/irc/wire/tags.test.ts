/** Message tags: the specification's escapes, both ways. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeTag, readTags, unescapeTag, writeTags } from '../../../../../bridges/irc/wire/tags.ts';

describe('values', () => {
  test.each([
    ['a;b', 'a\\:b'],
    ['a b', 'a\\sb'],
    ['a\\b', 'a\\\\b'],
    ['a\rb\nc', 'a\\rb\\nc'],
    ['plain', 'plain'],
    ['', ''],
  ])('%j is written %j and read back', (value, wire) => {
    expect(escapeTag(value)).toBe(wire);
    expect(unescapeTag(wire)).toBe(value);
  });
  test.each([
    ['test\\', 'test'],
    ['\\b', 'b'],
    ['\\\\s', '\\s'],
    ['\\\\\\s', '\\ '],
    ['\\\n', '\n'],
  ])('the invalid or nested escape %j is read as %j', (wire, value) => expect(unescapeTag(wire)).toBe(value));

  test('any value without NUL survives, and its wire form breaks no line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const wire = escapeTag(value);
        expect(wire).not.toMatch(/[; \r\n]/);
        expect(unescapeTag(wire)).toBe(value);
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('tags', () => {
  test('the last of a repeated key counts, a missing value is empty, an empty key is passed over', () => {
    expect([...readTags('a=1;b;c=;a=2;;=x;=')]).toEqual([
      ['a', '2'],
      ['b', ''],
      ['c', ''],
    ]);
  });
  test('a value may hold equals signs, a key a vendor and a plus', () => {
    expect([...readTags('+example.org/key=a=b')]).toEqual([['+example.org/key', 'a=b']]);
  });
  test('an empty value is written as the bare key', () => {
    expect(
      writeTags([
        ['label', 'x y'],
        ['+typing', ''],
        ['a', ';'],
      ]),
    ).toBe('label=x\\sy;+typing;a=\\:');
  });
  test('what is written is read back', () => {
    const key = fc.stringMatching(/^\+?[a-z0-9/.-]{1,12}$/);
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(key, fc.string({ unit: 'binary' })), { selector: ([name]) => name }),
        (pairs) => {
          expect([...readTags(writeTags(pairs))]).toEqual(pairs);
        },
      ),
    );
  });
  test('any text is read without a throw', () => {
    const unit = fc.constantFrom(';', '=', '\\', 'a', ' ', ':', '\0');
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        expect([...readTags(text).keys()]).not.toContain('');
      }),
      { numRuns: 10_000 },
    );
  });
});
