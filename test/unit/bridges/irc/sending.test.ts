/** A message as IRC lines, and what fits one. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fileText, sizeText } from '../../../../bridges/irc/file-text.ts';
import { budget, createLimits } from '../../../../bridges/irc/sending.ts';
import { messageTexts } from '../../../../bridges/irc/texts.ts';
import { defaultSupport } from '../../../../bridges/irc/wire/isupport.ts';
import { type Content, GatewayError, plainText } from '../../../../src/bridge/index.ts';

const said = (content: Content): readonly string[] => messageTexts(content, { bytes: 400, formats: true });
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
    [
      '447-10 a file by name and size, and not its address once more',
      { ...text('https://a/b'), files: [{ url: 'https://a/b', name: 'cat.png', size: 1_234_567 }] },
      ['cat.png (1.2 MB): https://a/b'],
    ],
    [
      '393-01 a block of code without its accents',
      { text: { plain: 'see\n```\nx\ny\n```\nend', marks: [{ is: 'block', from: 4, to: 15 }] } },
      ['see', '\x11x\x0f', '\x11y\x0f', 'end'],
    ],
    [
      'a block of one line stays as it is',
      { text: { plain: '```x', marks: [{ is: 'block', from: 0, to: 4 }] } },
      ['\x11```x\x11'],
    ],
    ['formatting', { text: { plain: 'ab', marks: [{ is: 'strong', from: 0, to: 1 }] } }, ['\x02a\x02b']],
    [
      'formatting moves with /me',
      { text: { plain: '/me ab', marks: [{ is: 'strong', from: 4, to: 5 }] } },
      ['\x01ACTION \x02a\x02b\x01'],
    ],
  ])('%s', (_name, content, expected) => expect(said(content)).toEqual(expected));

  test('a channel that refuses codes gets the text', () => {
    const bold: Content = {
      text: {
        plain: '*a*\n```\nb\n```',
        marks: [
          { is: 'strong', from: 0, to: 3 },
          { is: 'block', from: 4, to: 13 },
        ],
      },
    };
    expect(messageTexts(bold, { bytes: 400, formats: false })).toEqual(['*a*', 'b']);
  });

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
            texts = messageTexts(text(plain), { bytes, formats: true });
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

describe('files', () => {
  test.each([
    [{ url: 'https://a/cat.png', name: 'cat.png' }, 'https://a/cat.png'],
    [{ url: 'https://a/my%20cat.png?x=1', name: 'my cat.png' }, 'https://a/my%20cat.png?x=1'],
    [{ url: 'https://a/%ff', name: '%ff' }, 'https://a/%ff'],
    [{ url: 'https://a/x', name: 'cat.png' }, 'cat.png: https://a/x'],
    [{ url: 'https://a/x', name: 'cat.png', size: 999 }, 'cat.png (999 B): https://a/x'],
    [{ url: 'https://a/x', name: '../../etc/pass\nwd' }, 'passwd: https://a/x'],
    [{ url: 'https://a/x', name: '' }, 'https://a/x'],
    [{ url: 'https://a/cat.png', name: 'cat.png', description: 'A\tcat' }, 'Acat: https://a/cat.png'],
    [{ url: 'https://a/x', name: 'cat.png', size: 9, description: 'A cat' }, 'cat.png (9 B), A cat: https://a/x'],
    [{ url: 'https://a/x', name: '', description: 'x'.repeat(300) }, `${'x'.repeat(200)}…: https://a/x`],
    [{ url: 'https://a/x', name: 'x', size: Number.NaN }, 'https://a/x'],
  ])('447-11 %j', (file, line) => expect(fileText(file)).toBe(line));

  test.each([
    [0, '0 B'],
    [1500, '1.5 KB'],
    [123_456, '123 KB'],
    [4.2e9, '4.2 GB'],
    [5e15, '5000 TB'],
  ])('%i bytes are %s', (bytes, shown) => expect(sizeText(bytes)).toBe(shown));
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
