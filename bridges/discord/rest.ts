/** Discord's API over HTTP, as discord.js queues it: in order within a bucket, side by side between them. A 429 makes its own bucket wait, and nobody else. */
import type { REST, RESTOptions } from 'discord.js';
import { pastDoors } from './doors.ts';

/** As much of it as is used: bodies are what the API says, answers are the caller's to name. */
export type Rest = Pick<REST, 'get' | 'post' | 'put' | 'patch' | 'delete'>;

/** One that has to be let go, by whoever has opened it. */
export type OpenRest = Rest & Pick<REST, 'clearHashSweeper' | 'clearHandlerSweeper'>;

/**
 * The library listens to the signal of each call, and goes on doing so when the call is over; ours live as long as their accounts. So each call has a signal of
 * its own, which ends with that of whoever asks.
 */
export function withOwnSignals(rest: REST): OpenRest {
  const ask = rest.request.bind(rest);
  rest.request = async (call) => {
    const { signal } = call;
    if (!signal || signal.aborted) return ask(call);
    const own = new AbortController();
    const giveUp = (): void => own.abort(signal.reason);
    signal.addEventListener('abort', giveUp);
    call.signal = own.signal;
    try {
      return await ask(call);
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  };
  return rest;
}

/** Its timers would hold it, with its buckets and its token, for as long as the process runs. */
export function letGo(rest: OpenRest): void {
  rest.clearHashSweeper();
  rest.clearHandlerSweeper();
}

/** A call that waits longer than that for its bucket is given back, so that whoever asked hears of it. */
const patienceMs = 30_000;
const timeoutMs = 15_000;

/** Nothing is tried again by itself: whether a message may be sent once more is known where it came from (design/sent-once.md). */
export const restOptions = (
  api: string,
  cdn: string,
  makeRequest: RESTOptions['makeRequest'],
): Partial<RESTOptions> => ({
  api,
  cdn,
  makeRequest: pastDoors(makeRequest),
  version: '10',
  retries: 0,
  timeout: timeoutMs,
  rejectOnRateLimit: ({ timeToReset, retryAfter }) => Math.max(timeToReset, retryAfter) > patienceMs,
});
