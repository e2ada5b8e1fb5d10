/** CHECKLIST JID-05 to JID-12: ids of networks as localparts, and back. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeLocal, encodeLocal, escapeLocal } from '../../../src/core/localpart.ts';

/** XEP-0106 §5.1, table 3, and §4.2. */
const table: readonly (readonly [string, string])[] = [
  ['space cadet', 'space\\20cadet'],
  ['call me "ishmael"', 'call\\20me\\20\\22ishmael\\22'],
  ['at&t guy', 'at\\26t\\20guy'],
  ["d'artagnan", 'd\\27artagnan'],
  ['/.fanboy', '\\2f.fanboy'],
  ['::foo::', '\\3a\\3afoo\\3a\\3a'],
  ['<foo>', '\\3cfoo\\3e'],
  ['user@host', 'user\\40host'],
  ['c:\\net', 'c\\3a\\net'],
  ['c:\\\\net', 'c\\3a\\\\net'],
  ['c:\\cool stuff', 'c\\3a\\cool\\20stuff'],
  ['c:\\5commas', 'c\\3a\\5c5commas'],
  ['\\3and\\2is\\5cool', '\\5c3and\\2is\\5c5cool'],
  ['\\2plus\\2is\\4', '\\2plus\\2is\\4'],
  ['foo\\bar', 'foo\\bar'],
];

describe('XEP-0106', () => {
  test.each(table)('JID-07 JID-08 %s', (text, local) => {
    expect(escapeLocal(text)).toBe(local);
    expect(encodeLocal(text)).toBe(local);
    expect(decodeLocal(local)).toBe(text);
  });

  test.each(['\\41', '\\2', '\\5C', '\\3A', '\\zz', '\\'])('JID-08 %s is not a sequence', (text) => {
    expect(decodeLocal(text)).toBe(text);
    expect(escapeLocal(text)).toBe(text);
  });
});

describe('ids that no server leaves alone', () => {
  const anything = fc.string({ unit: 'grapheme', maxLength: 30 });

  test('JID-12 case, umlauts, emoji: their octets, reversibly', () => {
    expect(encodeLocal('Äb=')).toBe('=c3=84b=3d');
    expect(decodeLocal('=c3=84b=3d')).toBe('Äb=');
    expect(decodeLocal('=ff=zz')).toBe('=ff=zz');
  });

  test('JID-12 every text comes back, and no two share a localpart', () => {
    fc.assert(
      fc.property(anything, anything, (a, b) => {
        expect(decodeLocal(encodeLocal(a))).toBe(a);
        if (a !== b) expect(encodeLocal(a)).not.toBe(encodeLocal(b));
      }),
      { numRuns: 10_000 },
    );
  });

  test('JID-05 JID-09 only what Nodeprep and PRECIS leave as it is, no escaped space first or last', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const local = encodeLocal(text);
        expect(local).toMatch(/^[a-z0-9._\-+~!#$%*=?^()[\]{}|,;\\]*$/);
        expect(local).not.toMatch(/^\\20|\\20$/);
      }),
      { numRuns: 10_000 },
    );
  });

  test('JID-09 spaces at the edges', () => {
    expect(encodeLocal(' a b ')).toBe('=20a\\20b=20');
    expect(decodeLocal('=20a\\20b=20')).toBe(' a b ');
  });
});
