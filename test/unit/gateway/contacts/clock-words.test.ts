/** The clocks of IRC clients, in the words of those that are used most. */
import { describe, expect, test } from 'vitest';
import { readClock } from '../../../../src/gateway/contacts/clock-words.ts';

/** A Saturday. */
const now = Date.UTC(2026, 10, 21, 12, 0, 0);
const read = (text: string): string | undefined => {
  const reading = readClock(text, now);
  return reading && `${reading.utc.toISOString()} ${reading.zone}`;
};

describe('202-01 a clock in words', () => {
  test.each([
    ['Sat, 21 Nov 2026 14:00:05 +0200', '2026-11-21T12:00:05.000Z +02:00'],
    ['Sat, 21 Nov 2026 12:00:05 GMT', '2026-11-21T12:00:05.000Z +00:00'],
    ['2026-11-21T12:00:05Z', '2026-11-21T12:00:05.000Z +00:00'],
    ['2026-11-21T06:30:05-05:30', '2026-11-21T12:00:05.000Z -05:30'],
    ['Sat Nov 21 2026 13:00:05 GMT+0100 (Central European Standard Time)', '2026-11-21T12:00:05.000Z +01:00'],
    ['Saturday, November 21 2026 12:00:05 UTC', '2026-11-21T12:00:05.000Z +00:00'],
  ])('with a zone: %s', (text, reading) => expect(read(text)).toBe(reading));

  test.each([
    ['Sat Nov 21 14:00:05 2026', '2026-11-21T12:00:05.000Z +02:00'],
    ['Sat Nov 21 17:33:00 2026', '2026-11-21T12:03:00.000Z +05:30'],
    ['Sat Nov 21 04:58:00 2026', '2026-11-21T11:58:00.000Z -07:00'],
    ['Nov 21, 2026 1:00:05 PM', '2026-11-21T12:00:05.000Z +01:00'],
    ['21st November 2026 12:00', '2026-11-21T12:00:00.000Z +00:00'],
    ['22-Nov-2026 01:00:00 am', '2026-11-21T12:00:00.000Z +13:00'],
  ])('without one it is told from ours: %s', (text, reading) => expect(read(text)).toBe(reading));

  test.each(['', 'time to sleep', '12:00:05', 'Sat Nov 21 2026', 'Sat Nov 21 12:00:05 1999', '99:99 Nov 21 2026 x'])(
    'none: %j',
    (text) => expect(read(text)).toBeUndefined(),
  );
});
