/** CHECKLIST 308-03, 461-03, 444: what a network that lacks something is told in words. */
import { describe, expect, test } from 'vitest';
import { type Content, plainText } from '../../../src/core/content.ts';
import { editInWords, quote, quotedInWords, reactionInWords, replyInWords } from '../../../src/core/degrade.ts';

const text = (plain: string): Content => ({ text: plainText(plain) });
const old = { nick: 'romeo', text: 'But sort\nthat light' };

test.each([
  ['short', '“short”'],
  ['  two\nlines', '“two”'],
  ['x'.repeat(61), `“${'x'.repeat(60)}…”`],
  ['😀'.repeat(70), `“${'😀'.repeat(60)}…”`],
  ['', '“”'],
])('%j is quoted as %s', (plain, quoted) => expect(quote(plain)).toBe(quoted));

describe('308-03 a correction', () => {
  test('stands behind its mark, with its formatting', () => {
    const content: Content = { text: { plain: 'soft', marks: [{ is: 'strong', from: 0, to: 4 }] }, thread: 't' };
    expect(editInWords(content, undefined)).toEqual({
      thread: 't',
      text: { plain: '[edited] soft', marks: [{ is: 'strong', from: 9, to: 13 }] },
    });
  });

  test('says what it replaces where that is not the last thing said', () =>
    expect(editInWords(text('But soft'), old)).toEqual(text('[edited “But sort”] But soft')));

  test('an action is written out', () =>
    expect(editInWords({ ...text('waves'), action: true }, undefined)).toEqual(text('[edited] /me waves')));

  test('of nothing but a file it is the mark', () => {
    const files = [{ url: 'https://a/b', name: 'b' }];
    expect(editInWords({ files }, undefined)).toEqual({ files, ...text('[edited] ') });
  });
});

describe('461-03 a reply', () => {
  const replyTo = { stanzaId: 'x' };
  test.each([
    ['Here', 'romeo: Here'],
    ['romeo, here', 'romeo, here'],
    ['@Romeo here', '@Romeo here'],
    ['romeos are many', 'romeo: romeos are many'],
    ['@romeos are many', 'romeo: @romeos are many'],
    ['romeo_ is another', 'romeo: romeo_ is another'],
    ['ROMEO', 'ROMEO'],
  ])('%j', (plain, said) => expect(replyInWords({ ...text(plain), replyTo }, 'romeo')).toEqual(text(said)));

  test('an action, or a file alone, is left as it is', () => {
    expect(replyInWords({ ...text('waves'), action: true, replyTo }, 'romeo')).toEqual({
      ...text('waves'),
      action: true,
    });
    expect(replyInWords({ replyTo, files: [] }, 'romeo')).toEqual({ files: [] });
  });

  test('to what nobody remembers, with its quotation', () => {
    expect(quotedInWords({ ...text('What?'), replyTo }, '> a\n')).toEqual(text('> a\nWhat?'));
    expect(quotedInWords({ replyTo, files: [] }, '> a\n')).toEqual({ files: [] });
  });
});

test('a reaction is an action', () => {
  expect(reactionInWords(['👍', '🎉'], old, false)).toEqual({
    ...text('reacted with 👍 🎉 to romeo: “But sort”'),
    action: true,
  });
  expect(reactionInWords(['👍'], old, true)).toEqual({ ...text('reacted with 👍 to “But sort”'), action: true });
});
