/** CHECKLIST section 3: splitting, preparing and writing JIDs. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJid, xmppUri } from '../../../src/xmpp/jid.ts';

const jid = (text: string) => {
  const found = parseJid(text);
  if (found === undefined) throw new Error(`no JID: ${text}`);
  return found;
};

describe('parts', () => {
  test.each([
    ['juliet@example.com', 'juliet', 'example.com', ''],
    ['juliet@example.com/foo', 'juliet', 'example.com', 'foo'],
    ['juliet@example.com/foo bar', 'juliet', 'example.com', 'foo bar'],
    ['juliet@example.com/foo@bar', 'juliet', 'example.com', 'foo@bar'],
    ['example.com/a/b@c', '', 'example.com', 'a/b@c'],
    ['foo\\20bar@example.com', 'foo\\20bar', 'example.com', ''],
    ['#lobby%irc.test@gw.test/Ann', '#lobby%irc.test', 'gw.test', 'Ann'],
    ['fußball@example.com', 'fußball', 'example.com', ''],
    ['king@example.com/♚', 'king', 'example.com', '♚'],
    ['a@[::1]x', 'a', '[', undefined],
  ] as const)('JID-01 %s', (text, local, domain, resource) => {
    if (resource === undefined) expect(parseJid(text)).toBeUndefined();
    else expect(parseJid(text)).toMatchObject({ local, domain, resource });
  });

  test.each([
    '',
    '@',
    '/',
    '@example.com',
    'a@',
    'a@/x',
    'example.com/',
    'a@b/',
    'a@b@c',
    '.example.com',
    'a..b',
    'a b@c',
  ])('JID-01 %j is none', (text) => expect(parseJid(text)).toBeUndefined());

  test('JID-02 1023 octets a part, counted in UTF-8, and no more', () => {
    const parts = [(part: string) => `${part}@b`, (part: string) => `a@b/${part}`, (part: string) => `a@${part}`];
    for (const whole of parts) {
      expect(parseJid(whole('x'.repeat(1023)))).toBeDefined();
      expect(parseJid(whole('x'.repeat(1024)))).toBeUndefined();
      expect(parseJid(whole('ä'.repeat(511)))).toBeDefined();
      expect(parseJid(whole('ä'.repeat(512)))).toBeUndefined();
    }
  });

  test.each([...' "&\'/:<>@'.slice(0, 4), ':', '<', '>', '\u0000', '\u0007', '\u007f', '\u00a0', '\u2003', '\ud800'])(
    'JID-03 %j stands in no localpart',
    (character) => expect(parseJid(`a${character}b@example.com`)).toBeUndefined(),
  );

  test('JID-03 ASCII case is folded, decomposed letters are composed', () => {
    expect(jid('Juliet@Example.COM').bare).toBe('juliet@example.com');
    expect(jid('zoe\u0308@example.com').local).toBe('zo\u00eb');
  });

  test.each([
    ['Jörg@Example.org', 'jörg@example.org'],
    ['ÖZLEM.Ş@bücher.Example', 'özlem.ş@bücher.example'],
    ['ΝΊΚΟΣ@example.org', 'νίκοσ@example.org'],
    ['Иван@Пример.example', 'иван@пример.example'],
    // Older servers leave as they are what became capitals later (Unicode 3.2).
    ['Ꭰ@example.org', 'Ꭰ@example.org'],
    ['Ӏ@example.org', 'Ӏ@example.org'],
  ])('JID-03 capitals that every server folds are folded beside other letters too: %s', (typed, prepared) => {
    expect(jid(typed).bare).toBe(prepared);
    expect(jid(prepared).bare).toBe(prepared);
  });

  test('JID-04 a resource keeps its case, its spaces and its symbols; it has no controls', () => {
    expect(jid('r@b/The Third Witch 🧙').resource).toBe('The Third Witch 🧙');
    for (const character of ['\u0000', '\n', '\u0085', '\ud83d']) expect(parseJid(`r@b/a${character}`)).toBeUndefined();
  });

  test('whatever comes in, what comes out is well-formed and reads as itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const found = parseJid(text);
        if (found === undefined) return;
        expect(found.full.isWellFormed()).toBe(true);
        expect(parseJid(found.full)).toEqual(found);
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('comparison', () => {
  test('JID-06 prepared forms are equal, escaped and unescaped ones are not', () => {
    expect(jid('Romeo@Example.org/a').bare).toBe(jid('romeo@example.org/b').bare);
    expect(jid('a\\5cb@example.org').bare).not.toBe(jid('a\\b@example.org').bare);
  });

  test('JID-10 backslashes in nicks and domains mean nothing', () => {
    expect(jid('#r@b/a\\20b').resource).toBe('a\\20b');
    expect(parseJid('a@b\\20c')).toBeUndefined();
  });
});

describe('links', () => {
  test('JID-18 percent-encoded', () => {
    expect(xmppUri(jid('#a%b.test@gw.test'), 'join')).toBe('xmpp:%23a%25b.test@gw.test?join');
    expect(xmppUri(jid('d\\27artagnan@gw.test/x y'))).toBe('xmpp:d%5C27artagnan@gw.test/x%20y');
    expect(xmppUri(jid('gw.test'))).toBe('xmpp:gw.test');
  });
});
