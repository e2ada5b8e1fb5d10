/** Lines of the harness' IRC server against the vectors of the IRC parser tests' kind, and limits of bytes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cut, readLine, writeLine } from '../../../harness/modern-ircd/line.ts';

describe('reading', () => {
  test.each([
    ['FOO', { command: 'FOO', params: [] }],
    ['foo bar  baz', { command: 'FOO', params: ['bar', 'baz'] }],
    ['foo bar :asdf quux', { command: 'FOO', params: ['bar', 'asdf quux'] }],
    ['foo bar :', { command: 'FOO', params: ['bar', ''] }],
    ['foo bar ::asdf', { command: 'FOO', params: ['bar', ':asdf'] }],
    [':coolguy foo bar baz', { source: 'coolguy', command: 'FOO', params: ['bar', 'baz'] }],
    [':gravel.mozilla.org MODE #tckk +n ', { source: 'gravel.mozilla.org', command: 'MODE', params: ['#tckk', '+n'] }],
  ])('%j', (text, wanted) => expect(readLine(text)).toMatchObject(wanted));

  test('tags and what is escaped in them', () => {
    const line = readLine(String.raw`@a=b\\and\nk;c=72\s45;d=gh\:764;e;+f=;g=x\by\ :irc.example COMMAND`);
    expect(Object.fromEntries(line?.tags ?? [])).toEqual({
      a: 'b\\and\nk',
      c: '72 45',
      d: 'gh;764',
      e: '',
      '+f': '',
      g: 'xby',
    });
    expect(line?.source).toBe('irc.example');
  });

  test('of a tag that comes twice the last one counts; no command is no line', () => {
    expect(readLine('@a=1;a=2 PING x')?.tags.get('a')).toBe('2');
    expect(readLine('')).toBeUndefined();
    expect(readLine('@a=1')).toBeUndefined();
    expect(readLine(':source')).toBeUndefined();
  });
});

describe('writing', () => {
  const tags = fc.dictionary(fc.stringMatching(/^\+?[a-z][a-z/-]{0,8}$/), fc.string({ maxLength: 20 }), { maxKeys: 4 });
  const middle = fc.stringMatching(/^[a-z#][a-z0-9#:]{0,9}$/);

  test('what is written is read as it was', () => {
    fc.assert(
      fc.property(
        tags,
        fc.array(middle, { maxLength: 4 }),
        fc.stringMatching(/^[^\r\n\0]{0,40}$/u),
        (some, params, last) => {
          const line = {
            tags: new Map(Object.entries(some)),
            source: 'nick!user@host',
            command: 'PRIVMSG',
            params: [...params, last],
          };
          expect(readLine(writeLine(line))).toEqual(line);
        },
      ),
    );
  });

  test('a line ends within 510 bytes and between characters', () => {
    const line = writeLine({ tags: new Map(), command: 'PRIVMSG', params: ['#a', 'é'.repeat(400)] });
    expect(Buffer.byteLength(line)).toBe(509);
    expect(line.endsWith('é')).toBe(true);
    expect(cut('añb', 2)).toBe('a');
    expect(cut('añb', 3)).toBe('añ');
  });

  test('no line gets a second one in', () => {
    expect(writeLine({ tags: new Map(), command: 'PRIVMSG', params: ['#a', 'x\r\nQUIT'] })).not.toMatch(/[\r\n]/);
  });
});
