/** Names that are one: every mapping, and a store that stays small. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFolders, createInterner, fold } from '../../../../../bridges/irc/wire/casemap.ts';

describe('fold', () => {
  test.each([
    ['ascii', 'Nick[A]\\~É', 'nick[a]\\~É'],
    ['rfc1459', 'Nick[A]\\~É', 'nick{a}|^É'],
    ['rfc1459-strict', 'Nick[A]\\~É', 'nick{a}|~É'],
    ['strict-rfc1459', 'Nick[A]\\~', 'nick{a}|~'],
    ['rfc7613', 'Nick[A]É', 'nick[a]é'],
    ['rfc7613', 'E\u0301', '\u00e9'],
    ['something-new', 'A[~', 'a{^'],
    ['__proto__', 'A[', 'a{'],
    ['ascii', 'ÀB', 'Àb'],
  ])('by %s, %j is %j', (mapping, text, folded) => expect(fold(mapping, text)).toBe(folded));

  test('a name that is folded already is returned as it is', () =>
    expect(fold('rfc1459', 'nick{a}|^é')).toBe('nick{a}|^é'));

  const mappings = fc.constantFrom('ascii', 'rfc1459', 'rfc1459-strict', 'rfc7613');
  test('folding twice changes nothing more', () => {
    fc.assert(
      fc.property(mappings, fc.string({ unit: 'grapheme' }), (mapping, text) => {
        expect(fold(mapping, fold(mapping, text))).toBe(fold(mapping, text));
      }),
      { numRuns: 10_000 },
    );
  });
  test('rfc1459 agrees with the octet rule', () => {
    // 'A' to ']' move up by 32; '~' is the upper case of '^'.
    const octet = (char: string) =>
      char >= 'A' && char <= ']' ? String.fromCharCode(char.charCodeAt(0) + 32) : char === '~' ? '^' : char;
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
        expect(fold('rfc1459', text)).toBe(Array.from(text, octet).join(''));
      }),
    );
  });
});

describe('createInterner', () => {
  test('returns equal texts as they were', () => {
    const intern = createInterner();
    expect(intern('nick')).toBe('nick');
    expect(intern('a-name-of-more-than-thirteen')).toBe('a-name-of-more-than-thirteen');
    expect(intern('naïve-📷-nick-that-is-long')).toBe('naïve-📷-nick-that-is-long');
  });
  test('gives any text back, whatever it has forgotten', () => {
    const intern = createInterner(4);
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 20 })), (texts) => {
        expect(texts.map(intern)).toEqual(texts);
      }),
    );
  });
  test('does not keep the line alive that a name was cut from', () => {
    const intern = createInterner(10);
    const before = process.memoryUsage().heapUsed;
    for (let round = 0; round < 2000; round++) {
      const line = Buffer.alloc(100_000, 0x61 + (round % 26)).toString('latin1');
      intern(line.slice(0, 12 + (round % 10)));
    }
    // 2,000 lines of 100 kB would be 200 MB.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(190_000_000);
  });
});

describe('createFolders', () => {
  const foldName = createFolders(createInterner())('rfc1459');
  test('fold by the mapping', () => expect(foldName('Nick[x]')).toBe('nick{x}'));
  test('fold by the same rule for all names of a mapping, and by another for another', () => {
    const folderOf = createFolders(createInterner());
    expect(folderOf('rfc1459-strict')).toBe(folderOf('strict-rfc1459'));
    expect([folderOf('ascii')('A[~'), folderOf('rfc1459-strict')('A[~'), folderOf('nobody knows')('A[~')]).toEqual([
      'a[~',
      'a{~',
      'a{^',
    ]);
    expect(folderOf('rfc7613')('\u00c4')).toBe('\u00e4');
  });
  test('know the same after more names than they hold', () => {
    const folded = createFolders(createInterner(4), 4)('rfc1459');
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < 12; n++) expect(folded(`Nick${n}[x]`)).toBe(`nick${n}{x}`);
    }
  });
});
