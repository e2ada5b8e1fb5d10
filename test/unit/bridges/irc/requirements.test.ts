/** Texts as one line of IRC takes them. */
import { describe, expect, test } from 'vitest';
import { oneLine } from '../../../../bridges/irc/requirements.ts';
import { cpuMs } from '../../../harness/cpu.ts';

describe('one line', () => {
  test.each([
    ['what fits', 'so\r\nbe it\0', 8, 'so be it'],
    ['two octets', 'äää', 5, 'ää'],
    ['a sign of four octets', '😀😀😀', 11, '😀😀'],
    ['behind the last that fits', 'a€😀', 4, 'a€'],
    ['half a sign', 'a\ud83d', 9, 'a\ufffd'],
    ['nothing', '😀', 3, ''],
  ])('%s', (_, text, bytes, line) => expect(oneLine(text, bytes)).toBe(line));

  test.each(['a', '€', '😀'])('of a whole stanza of %s it is made at once', (sign) => {
    const before = cpuMs();
    expect(oneLine(sign.repeat(100_000), 390)).toBe(sign.repeat(Math.floor(390 / Buffer.byteLength(sign))));
    expect(cpuMs() - before).toBeLessThan(1_000);
  });
});
