/** Domains, JIDs, and the word that was meant. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { faultOfAddress, isDomain, nearest } from '../../../../src/ops/config/names.ts';

describe('a domain', () => {
  test.each(['localhost', 'irc.example.org', 'a-b.c1', 'jabber.öpfel.ch', 'xn--pfel-7qa.ch', '127.0.0.1'])(
    '%s is one',
    (text) => {
      expect(isDomain(text)).toBe(true);
    },
  );
  test.each([
    '',
    '.',
    'a.',
    '.a',
    'a..b',
    '-a.b',
    'a-.b',
    'a b',
    'a:5222',
    'a/b',
    'a@b',
    'a_b',
    `${'a'.repeat(64)}.b`,
    Array(64).fill('abcd').join('.'),
  ])('"%s" is none', (text) => {
    expect(isDomain(text)).toBe(false);
  });
});

describe('an address', () => {
  test.each(['a@b.c', 'b.c', 'jürgen@b.c', 'a.b+c@d'])('%s is right', (text) => {
    expect(faultOfAddress(text)).toBeUndefined();
  });
  test.each([
    ['a@b/c', /resource/],
    ['@b.c', /nothing in front/],
    ['a b@c', /character/],
    ['a@', /no valid domain.*user@example\.org/],
    ['a..b', /no valid domain.*example\.org/],
    ['*.b.c', /wildcard/],
    ['*@b.c', /wildcard.*alone: b\.c$/],
  ] as const)('%s', (text, fault) => {
    expect(faultOfAddress(text)).toMatch(fault);
  });
});

describe('the word that was meant', () => {
  test.each([
    ['hots', 'host'],
    ['prot', 'port'],
    ['Secret', 'secret'],
    ['domian', 'domain'],
    ['brigdes', 'bridges'],
    ['publicURL', 'publicUrl'],
  ])('%s: %s', (word, meant) => {
    expect(nearest(word, ['host', 'port', 'secret', 'domain', 'bridges', 'publicUrl'])).toBe(meant);
  });

  test('nothing where nothing is near', () => {
    expect(nearest('colour', ['host', 'port'])).toBeUndefined();
    expect(nearest('', ['host'])).toBeUndefined();
    expect(nearest('x'.repeat(10_000), ['host'])).toBeUndefined();
  });

  test('one typing error in a word of four letters or more is always found', () => {
    const words = ['xmpp', 'admins', 'storage', 'bridges', 'throttle'];
    fc.assert(
      fc.property(
        fc.constantFrom(...words),
        fc.nat(),
        fc.constantFrom('drop', 'double', 'swap', 'replace'),
        (word, place, how) => {
          const at = place % (word.length - 1);
          const parts = { drop: '', double: word.slice(at, at + 1).repeat(2), swap: '', replace: '#' };
          const typed =
            how === 'swap'
              ? word.slice(0, at) + word.slice(at + 1, at + 2) + word.slice(at, at + 1) + word.slice(at + 2)
              : word.slice(0, at) + parts[how] + word.slice(at + 1);
          expect(nearest(typed, words)).toBe(word);
        },
      ),
    );
  });
});
