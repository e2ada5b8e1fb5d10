/** What becomes of an attempt that threw. */
import { describe, expect, test } from 'vitest';
import { type ErrorCode, errorTable, GatewayError } from '../../../src/core/errors.ts';
import { chatId } from '../../../src/core/ids.ts';
import type { DurableIntent } from '../../../src/core/intent.ts';
import { isDeadLetter, outcomeOf } from '../../../src/delivery/attempt.ts';
import { send } from './entries.ts';

const codes = Object.keys(errorTable) as ErrorCode[];
const backoff = { firstMs: 1_000, maxMs: 60_000 };
const top = (): number => 0.999999;

describe('outcomeOf', () => {
  test.each(codes)('%s does what the table says', (code) => {
    const outcome = outcomeOf(new GatewayError(code), 1, backoff, top);
    const expected = { later: { is: 'again', afterMs: 1_000 }, pause: { is: 'again' }, stop: { is: 'failed' } }[
      errorTable[code][2]
    ];
    expect(outcome).toMatchObject(expected);
    if (errorTable[code][2] === 'pause') expect(outcome).not.toHaveProperty('afterMs');
  });

  test('waits longer with every attempt, up to the most, and never shorter than asked', () => {
    const error = new GatewayError('network-away');
    const waits = [1, 2, 3, 10].map((attempt) => outcomeOf(error, attempt, backoff, top));
    expect(waits.map((one) => one.is === 'again' && one.afterMs)).toEqual([1_000, 2_000, 4_000, 60_000]);
    const asked = new GatewayError('too-fast', { retryAfterMs: 90_000 });
    expect(outcomeOf(asked, 1, backoff, top)).toEqual({ is: 'again', afterMs: 90_000 });
    expect(outcomeOf(new GatewayError('too-fast', { retryAfterMs: 5 }), 1, backoff, () => 0)).toEqual({
      is: 'again',
      afterMs: 500,
    });
  });

  test.each([new TypeError('secret'), 'text', undefined])('%s is a bug, told without detail', (thrown) => {
    const outcome = outcomeOf(thrown, 1);
    expect(outcome.is === 'failed' && [outcome.error.code, outcome.error.message]).toEqual(['bug', 'Internal error']);
  });
});

describe('dead letters', () => {
  const message = send('#a', 'x');
  const join: DurableIntent = { kind: 'join', chat: chatId('#a'), nick: 'n' };
  test.each([
    ['timed-out', message, true],
    ['bug', message, true],
    ['not-allowed-there', message, false],
    ['timed-out', join, false],
    ['timed-out', { kind: 'moderate', chat: chatId('#a'), targets: [{ nick: 'tybalt', action: 'ban' }] }, false],
  ] as const)('%s', (code, intent, dead) => {
    expect(isDeadLetter(intent, new GatewayError(code))).toBe(dead);
  });
});
