/** XEP-0082: moments. */
import { expect, test } from 'vitest';
import { readStamp, writeStamp } from '../../../../src/xmpp/xep/0082-stamps.ts';

test.each([
  ['1969-07-21T02:56:15Z', '1969-07-21T02:56:15.000Z'],
  ['1969-07-20T21:56:15-05:00', '1969-07-21T02:56:15.000Z'],
  ['2026-11-21T12:00:00.5Z', '2026-11-21T12:00:00.500Z'],
  ['2026-11-21T12:00:00.123456789+05:30', '2026-11-21T06:30:00.123Z'],
])('GEN-13 %s is read', (text, at) => expect(readStamp(text)?.toISOString()).toBe(at));

test.each([
  '',
  'now',
  '20261121T12:00:00',
  '2026-11-21',
  '2026-11-21T12:00:00',
  '2026-13-21T12:00:00Z',
  '2026-02-30T12:00:00Z ',
  '2026-11-21T25:00:00Z',
])('GEN-13 %j is no moment', (text) => expect(readStamp(text)).toBeUndefined());

test('GEN-13 written in UTC, with a fraction where there is one', () => {
  expect(writeStamp(new Date(Date.UTC(2026, 10, 21, 12)))).toBe('2026-11-21T12:00:00Z');
  expect(writeStamp(new Date(Date.UTC(2026, 10, 21, 12, 0, 0, 7)))).toBe('2026-11-21T12:00:00.007Z');
});
