/** Older encodings: every character of theirs there and back, and what they do not have. */
import { describe, expect, test } from 'vitest';
import { createEncoding, encodingName } from '../../../../../bridges/irc/wire/encoding.ts';

test.each([
  ['latin1', 'windows-1252'],
  ['ISO-8859-15', 'iso-8859-15'],
  ['CP1251', 'windows-1251'],
  ['KOI8-R', 'koi8-r'],
  [' Shift_JIS ', 'shift_jis'],
  ['utf-8', 'utf-8'],
])('%s is %s', (label, name) => expect(encodingName(label)).toBe(name));

test.each(['utf-16', 'utf-16be', 'iso-2022-jp', 'iso-2022-kr', 'x-user-defined', 'klingon', ''])(
  '%j is none that IRC can carry',
  (label) => expect(encodingName(label)).toBeUndefined(),
);

const single =
  'ibm866 iso-8859-2 iso-8859-5 iso-8859-7 iso-8859-15 koi8-r koi8-u macintosh windows-1250 windows-1251 windows-1252 windows-1256';

describe.each(single.split(' '))('%s', (name) => {
  test('every byte that means something is read and written as itself', () => {
    const encoding = createEncoding(name);
    let count = 0;
    for (let byte = 0x80; byte <= 0xff; byte++) {
      const text = encoding.decode(Uint8Array.of(byte));
      if (text === '\ufffd') continue;
      expect(encoding.encode(text)).toEqual(Buffer.of(byte));
      count++;
    }
    expect(count).toBeGreaterThan(80);
  });
});

describe.each([
  ['shift_jis', '日本語 カナ', '93fa967b8cea20834a8369'],
  ['euc-jp', '日本語', 'c6fccbdcb8ec'],
  ['euc-kr', '한국어', 'c7d1b1b9beee'],
  ['gbk', '中文', 'd6d0cec4'],
  ['big5', '中文', 'a4a4a4e5'],
])('%s', (name, text, hex) => {
  test('is written and read', () => {
    const encoding = createEncoding(name);
    expect(encoding.encode(text).toString('hex')).toBe(hex);
    expect(encoding.decode(Buffer.from(hex, 'hex'))).toBe(text);
  });

  test('what it writes breaks no line', () => {
    const all = Array.from({ length: 0xa000 }, (_, at) => String.fromCharCode(0x3000 + at)).join('');
    expect(createEncoding(name).encode(all).toString('latin1')).not.toMatch(/[\0\r\n: ]/);
  });
});

test('CP1252 as everybody means it', () => {
  expect(createEncoding('windows-1252').decode(Buffer.from('80929359', 'hex'))).toBe('€’“Y');
  expect(createEncoding('windows-1252').encode('naïve €').toString('hex')).toBe('6e61ef76652080');
});

test('what there is no byte for is a question mark, one a character', () => {
  expect(createEncoding('iso-8859-2').encode('a😀ж!').toString('latin1')).toBe('a??!');
});
