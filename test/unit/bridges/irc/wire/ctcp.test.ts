/** CTCP both ways. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { actionBytes, readCtcp, writeCtcp } from '../../../../../bridges/irc/wire/ctcp.ts';

describe('readCtcp', () => {
  test.each([
    ['\x01ACTION waves\x01', { command: 'ACTION', text: 'waves' }],
    ['\x01ACTION waves', { command: 'ACTION', text: 'waves' }],
    ['\x01action  two spaces \x01', { command: 'ACTION', text: ' two spaces ' }],
    ['\x01VERSION\x01', { command: 'VERSION', text: '' }],
    ['\x01VERSION', { command: 'VERSION', text: '' }],
    ['\x01ACTION \x01', { command: 'ACTION', text: '' }],
    ['\x01\x01', { command: '', text: '' }],
    ['\x01', { command: '', text: '' }],
    ['\x01 x\x01', { command: '', text: 'x' }],
  ])('%j', (text, ctcp) => expect(readCtcp(text)).toEqual(ctcp));
  test.each(['', 'plain', 'a \x01ACTION b\x01', ' \x01ACTION\x01'])('%j is plain', (text) =>
    expect(readCtcp(text)).toBeUndefined(),
  );
});

describe('writeCtcp', () => {
  test('an action', () => expect(writeCtcp('ACTION', 'waves')).toBe('\x01ACTION waves\x01'));
  test('without a text', () => expect(writeCtcp('VERSION')).toBe('\x01VERSION\x01'));
  test('a text cannot end it early', () => expect(writeCtcp('ACTION', 'a\x01b')).toBe('\x01ACTION ab\x01'));
  test('an action adds the bytes that it says', () =>
    expect(Buffer.byteLength(writeCtcp('ACTION', 'x'))).toBe(1 + actionBytes));
  test('what is written is read back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(readCtcp(writeCtcp('ACTION', text))).toEqual({ command: 'ACTION', text: text.replaceAll('\x01', '') });
      }),
      { numRuns: 10_000 },
    );
  });
  test('any text is read without a throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('\x01', ' ', 'A', 'é') }), (text) => {
        expect(readCtcp(text) === undefined).toBe(!text.startsWith('\x01'));
      }),
      { numRuns: 10_000 },
    );
  });
});
