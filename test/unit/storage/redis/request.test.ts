/** Commands as Redis reads them: every word with its length in bytes, whatever it holds. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRequest } from '../../../../src/storage/redis/request.ts';

const textOf = (words: readonly string[]): string => {
  const request = createRequest(words.length);
  request.addAll(words);
  return request.text();
};

test('words are counted in bytes, also where only one of many is not ASCII', () => {
  expect(textOf(['SET', 'key', 'value'])).toBe('*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$5\r\nvalue\r\n');
  expect(textOf(['SET', 'key', 'grün 😀'])).toBe('*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$10\r\ngrün 😀\r\n');
});

/** As Redis does it: so many words, each so many bytes. */
function read(bytes: Buffer): readonly string[] {
  const words: string[] = [];
  let at = bytes.indexOf('\r\n');
  const count = Number(bytes.toString('latin1', 1, at));
  for (let word = 0; word < count; word++) {
    const end = bytes.indexOf('\r\n', at + 2);
    const length = Number(bytes.toString('latin1', at + 3, end));
    words.push(bytes.toString('utf8', end + 2, end + 2 + length));
    at = end + 2 + length;
  }
  expect(bytes.subarray(at).toString()).toBe('\r\n');
  return words;
}

test('any words come out as they went in', () => {
  const word = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string(), fc.constant('x'.repeat(2_000)));
  fc.assert(
    fc.property(fc.array(word, { minLength: 1 }), (words) => {
      expect(read(Buffer.from(textOf(words)))).toEqual(words);
    }),
  );
});
