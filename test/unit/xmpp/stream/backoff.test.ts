/** When to try again, and where. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isOurFault, isRefusal, otherHost, waitMs } from '../../../../src/xmpp/stream/backoff.ts';

const ended = (condition?: string) => ({ reason: 'x', ...(condition === undefined ? {} : { condition }) });

describe('backoff', () => {
  test('114-16 between half a second and a minute, doubling', () => {
    expect([1, 2, 3, 6, 7, 50].map((failures) => waitMs(ended(), failures, { random: () => 0 }))).toEqual([
      500, 1000, 2000, 16_000, 30_000, 30_000,
    ]);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e9 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (failures, random) => {
          const ms = waitMs(ended('reset'), failures, { random: () => random });
          expect(ms).toBeGreaterThanOrEqual(500);
          expect(ms).toBeLessThanOrEqual(60_000);
        },
      ),
    );
  });

  test.each(['host-unknown', 'not-authorized', 'conflict', 'invalid-namespace', 'improper-addressing'])(
    '114-10 114-12 %s waits a minute at least',
    (condition) => {
      expect(isRefusal(ended(condition))).toBe(true);
      expect(waitMs(ended(condition), 1, { random: () => 0 })).toBe(60_000);
      expect(waitMs(ended(condition), 1, { random: () => 0.999 })).toBeGreaterThan(80_000);
    },
  );

  test('114-12 while a stream of our own is in the way it is tried every few seconds', () => {
    const most = { random: () => 0.999, isGhost: true };
    expect(
      [1, 2, 3, 9].map((failures) => waitMs(ended('conflict'), failures, { random: () => 0, isGhost: true })),
    ).toEqual([500, 1000, 2000, 2000]);
    expect(waitMs(ended('conflict'), 50, most)).toBeLessThanOrEqual(4_000);
  });

  test('114-14 114-15 what is our fault, and what is not', () => {
    for (const condition of ['invalid-from', 'not-well-formed', 'policy-violation'])
      expect(isOurFault(ended(condition))).toBe(true);
    for (const condition of [undefined, 'reset', 'conflict']) expect(isOurFault(ended(condition))).toBe(false);
  });

  test.each([
    ['example.org', { host: 'example.org', port: 5347 }],
    ['example.org:5000', { host: 'example.org', port: 5000 }],
    ['192.0.2.1:5000', { host: '192.0.2.1', port: 5000 }],
    ['[2001:db8::1]:5000', { host: '2001:db8::1', port: 5000 }],
    ['[2001:db8::1]', { host: '2001:db8::1', port: 5347 }],
    ['2001:db8::1', { host: '2001:db8::1', port: 5347 }],
    ['', undefined],
    ['example.org:0', undefined],
    ['example.org:99999', undefined],
    ['a b', undefined],
    ['user@example.org', undefined],
  ])('114-17 see-other-host %j', (text, address) => {
    expect(otherHost(text, 5347)).toEqual(address);
  });
});
