/** Names: which there are, what is known of each, and that a stream can't make the memory of them grow. */
import { describe, expect, test } from 'vitest';
import { XmlError } from '../../../src/xml/fault.ts';
import { newNames, readName } from '../../../src/xml/names.ts';

/** The name at the text's beginning, with a '>' behind it. */
const read = (text: string, names = newNames()) => readName(names, `${text}>`, 0);

describe('what a name is', () => {
  test.each([
    ['message', { prefix: '', local: 'message', declares: false, bound: false }],
    ['stream:error', { prefix: 'stream', local: 'error', declares: false, bound: true }],
    ['xmlns', { prefix: '', local: 'xmlns', declares: true, bound: false }],
    ['xmlns:stream', { prefix: 'xmlns', local: 'stream', declares: true, bound: true }],
    ['xml:lang', { prefix: 'xml', local: 'lang', declares: false, bound: false }],
    ['x-1._a', { prefix: '', local: 'x-1._a', declares: false, bound: false }],
    ['größe:äpfel', { prefix: 'größe', local: 'äpfel', declares: false, bound: true }],
    ['\u{10000}a', { prefix: '', local: '\u{10000}a', declares: false, bound: false }],
  ])('%s', (text, expected) => expect(read(text)).toEqual({ text, ...expected }));

  test.each(['1a', '-a', '.a', '=', '', ':a', 'a:', 'a:b:c', 'a:1', '\u00d7', 'a:\u0300'])('not %j', (text) =>
    expect(() => read(text)).toThrow(XmlError),
  );

  test('it ends where no character of a name stands', () => {
    const names = newNames();
    expect(readName(names, "<a b='1'>", 3)?.text).toBe('b');
    expect(names.end).toBe(4);
    expect(readName(names, '<añ/>', 1)?.text).toBe('añ');
    expect(names.end).toBe(3);
  });

  test('114-05 cut by the end of the piece it is not known yet', () => {
    const names = newNames();
    expect(readName(names, '<mess', 1)).toBeUndefined();
    expect(names.end).toBe(5);
  });
});

describe('what is kept', () => {
  test('the same name is the same object, wherever it stands', () => {
    const names = newNames();
    const first = readName(names, '<message>', 1);
    expect(readName(names, '<presence/><message/>', 12)).toBe(first);
    expect(readName(names, '<messages>', 1)).not.toBe(first);
  });

  test('ten thousand names take no more room than the first five hundred', () => {
    const names = newNames();
    const places = names.slots.length;
    for (let n = 0; n < 10_000; n++) expect(readName(names, `<name${n}>`, 1)?.text).toBe(`name${n}`);
    expect(names.slots).toHaveLength(places);
  });

  test('names that fall on one place are still told apart', () => {
    const names = newNames();
    const texts = Array.from({ length: 2_000 }, (_, n) => `n${n.toString(36)}`);
    for (const text of [...texts, ...texts.toReversed()]) expect(readName(names, `<${text} `, 1)?.text).toBe(text);
  });
});
