/** What becomes of an attempt that threw: the table of errors decides, this only reads it. Pure. */
import { GatewayError } from '../core/errors.ts';
import type { DurableIntent } from '../core/intent.ts';
import { type Backoff, backoffMs } from '../core/retry.ts';

/** `again` without `afterMs`: not before somebody pokes the lane (the account's owner has to do something first). */
export type Outcome =
  | { readonly is: 'done'; readonly result?: string | undefined }
  | { readonly is: 'again'; readonly afterMs?: number }
  | { readonly is: 'failed'; readonly error: GatewayError };

/** What waited for so long is not sent any more. @param mayBeThere an earlier try may have sent it, and nobody could say so */
export const tooLate = (mayBeThere = false): GatewayError =>
  new GatewayError('timed-out', {
    text: mayBeThere
      ? 'It could not be confirmed in time, and may have been sent all the same: look whether it is there before you send it again'
      : 'It could not be delivered in time',
  });

const usualBackoff: Backoff = { firstMs: 1_000, maxMs: 300_000 };

/** @param attempt the number of the attempt that threw. What is no GatewayError is a bug and fails for good; logging it is the caller's. */
export function outcomeOf(
  error: unknown,
  attempt: number,
  backoff: Backoff = usualBackoff,
  random: () => number = Math.random,
): Outcome {
  if (!(error instanceof GatewayError))
    return { is: 'failed', error: new GatewayError('bug', { text: 'Internal error', cause: error }) };
  switch (error.next) {
    case 'later':
      return { is: 'again', afterMs: Math.max(error.details.retryAfterMs ?? 0, backoffMs(attempt, backoff, random)) };
    case 'pause':
      return { is: 'again' };
    case 'stop':
      return { is: 'failed', error };
    default:
      return error.next satisfies never;
  }
}

const expiresAfterMs = 24 * 3_600_000;
/** What somebody waits for: later it would happen to a room that is another by then, and to whoever has the nick. */
const waitedFor: ReadonlySet<DurableIntent['kind']> = new Set(['join', 'nick', 'moderate', 'options']);
const waitedForMs = 5 * 60_000;

/** For one occupant's eyes: who has that nick in the end was perhaps not meant. */
const isPrivate = (intent: DurableIntent): boolean => 'privately' in intent && intent.privately !== undefined;

/** How long after it was asked for it may still be tried. */
export const expiryOf = (intent: DurableIntent): number =>
  waitedFor.has(intent.kind) || isPrivate(intent) ? waitedForMs : expiresAfterMs;

/** Whoever asked for it was told, and asks again where it still matters; a line to the server may hold a password. */
const ofTheMoment: ReadonlySet<DurableIntent['kind']> = new Set([
  'raw',
  'join',
  'leave',
  'nick',
  'contact',
  'moderate',
  'options',
]);

/** Does what failed so become a dead letter, to be listed and requeued? What was refused is not: its sender knows, and it would be refused again. */
export function isDeadLetter(intent: DurableIntent, error: GatewayError): boolean {
  if (error.code !== 'timed-out' && error.code !== 'bug') return false;
  return !ofTheMoment.has(intent.kind);
}
