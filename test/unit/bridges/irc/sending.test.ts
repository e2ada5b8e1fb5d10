/** A message as IRC lines, and what fits one. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { budget, createLimits, messageTexts } from '../../../../bridges/irc/sending.ts';
import { defaultSupport } from '../../../../bridges/irc/wire/isupport.ts';
import { type Content, GatewayError, plainText } from '../../../../src/bridge/index.ts';

const said = (content: Content): readonly string[] => messageTexts(content, 400);
const text = (plain: string): Content => ({ text: plainText(plain) });
/** What `budget` reads of a session. */
const who = (nick: string, user: string, host: string, lineLength = 512) =>
  ({ nick, user, host, support: { ...defaultSupport, lineLength } }) as Parameters<typeof budget>[0];

describe('lines', () => {
  test.each<readonly [string, Content, readonly string[]]>([
    ['one', text('hello'), ['hello']],
    ['several, empty ones dropped', text('a\n\n\r\nb\rc\n'), ['a', 'b', 'c']],
    ['/me', text('/me waves'), ['\x01ACTION waves\x01']],
    ['an action', { ...text('waves'), action: true }, ['\x01ACTION waves\x01']],
    ['an action with its /me', { ...text('/me waves'), action: true }, ['\x01ACTION waves\x01']],
    ['only its first line is an action', text('/me waves\nand talks'), ['\x01ACTION waves\x01', 'and talks']],
    ['/me without anything is text', text('/me'), ['/me']],
    ['other slashes are text', text('/quit now'), ['/quit now']],
    ['no CTCP is made of text', text('\x01VERSION\x01'), ['VERSION']],
    ['files by address', { ...text('look'), files: [{ url: 'https://a/b', name: 'b' }] }, ['look', 'https://a/b']],
    ['not twice', { ...text('https://a/b'), files: [{ url: 'https://a/b', name: 'b' }] }, ['https://a/b']],
    ['formatting', { text: { plain: 'ab', marks: [{ is: 'strong', from: 0, to: 1 }] } }, ['\x02a\x02b']],
    [
      'formatting moves with /me',
      { text: { plain: '/me ab', marks: [{ is: 'strong', from: 4, to: 5 }] } },
      ['\x01ACTION \x02a\x02b\x01'],
    ],
  ])('%s', (_name, content, expected) => expect(said(content)).toEqual(expected));

  test.each([text(''), text('\n\n'), text('\x00\x02'), {}])('nothing to send: %j', (content) =>
    expect(() => said(content)).toThrow(GatewayError),
  );

  test('45-43 too long is refused whole, not cut', () => {
    expect(() => said(text('x'.repeat(16_385)))).toThrow(expect.objectContaining({ code: 'message-too-long' }));
    expect(said(text('x'.repeat(16_384))).join('')).toHaveLength(16_384);
  });

  test('no line is over its budget, holds a line end, or loses anything that can be sent', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 400 }),
        fc.integer({ min: 64, max: 400 }),
        (plain, bytes) => {
          let texts: readonly string[];
          try {
            texts = messageTexts(text(plain), bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(GatewayError);
            return;
          }
          for (const one of texts) {
            expect(Buffer.byteLength(one)).toBeLessThanOrEqual(bytes);
            expect(one).not.toMatch(/[\r\n\0]/);
          }
          if (!plain.startsWith('/me ')) expect(texts.join('')).toBe(plain.replace(/[\0-\x08\n-\x1f]/g, ''));
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('what fits', () => {
  test("the server's line, less our own mask as others see it", () => {
    const line = `:nick!~user@host.example PRIVMSG #channel :`;
    expect(budget(who('nick', '~user', 'host.example'), '#channel')).toBe(510 - line.length);
  });

  test('before we have seen ourselves, the worst case', () => {
    const line = `:nick!${'u'.repeat(11)}@${'h'.repeat(63)} PRIVMSG #channel :`;
    expect(budget(who('nick', '', ''), '#channel')).toBe(510 - line.length);
  });

  test('longer where the server says so, and never nothing', () => {
    expect(budget(who('n', 'u', 'h', 2048), '#c')).toBeGreaterThan(2000);
    expect(budget(who('n'.repeat(600), 'u', 'h'), '#c')).toBe(64);
  });

  test('limits: 64 at once, in order', () => {
    expect(createLimits(who('n', 'u', 'h'))('#c')).toMatchObject({
      window: 64,
      concurrency: 64,
      dedupes: false,
      maxBytes: 16_384,
    });
  });
});
