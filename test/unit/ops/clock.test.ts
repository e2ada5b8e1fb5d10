/** The system's clock behind the contract. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from '../../../src/ops/clock.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('now is the epoch in milliseconds', () => {
  vi.setSystemTime(1_700_000_000_000);
  expect(systemClock.now()).toBe(1_700_000_000_000);
});

test('after calls once, unless it is cancelled', () => {
  const [called, cancelled] = [vi.fn(), vi.fn()];
  systemClock.after(50, called);
  systemClock.after(50, cancelled)();
  vi.advanceTimersByTime(200);
  expect(called).toHaveBeenCalledTimes(1);
  expect(cancelled).not.toHaveBeenCalled();
});

test('a wait longer than a timer can be is waited to its end', () => {
  const call = vi.fn();
  const days = 40 * 86_400_000;
  systemClock.after(days, call);
  vi.advanceTimersByTime(days - 1);
  expect(call).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(call).toHaveBeenCalledTimes(1);
});

test('sleep resolves in time', async () => {
  const slept = systemClock.sleep(1_000);
  await vi.advanceTimersByTimeAsync(1_000);
  await expect(slept).resolves.toBeUndefined();
});

test("sleep rejects with the signal's reason and leaves no timer", async () => {
  const abort = new AbortController();
  const reason = new Error('enough');
  const slept = systemClock.sleep(1_000, abort.signal);
  abort.abort(reason);
  await expect(slept).rejects.toBe(reason);
  expect(vi.getTimerCount()).toBe(0);
  await expect(systemClock.sleep(1_000, abort.signal)).rejects.toBe(reason);
  expect(vi.getTimerCount()).toBe(0);
});
