/** What Discord's refusals mean to whoever asked, and whether it is worth another try. */
import { type ErrorCode, GatewayError } from '#bridge';
import { formFault } from './form-faults.ts';
import { refusalCodes } from './refusal-codes.ts';

/** What an error of the library has, whichever of its classes it is. */
interface Failure {
  readonly name?: string;
  readonly status?: number;
  readonly code?: number | string;
  readonly message?: string;
  readonly rawError?: unknown;
  readonly timeToReset?: number;
  readonly retryAfter?: number;
}

const invalidForm = 50035;
const webhookTokenRefused = 50027;

const isFailure = (error: unknown): error is Failure => typeof error === 'object' && error !== null;

/** The number of the API's error; undefined: it is none. */
export const codeOf = (error: unknown): number | undefined =>
  isFailure(error) && typeof error.code === 'number' ? error.code : undefined;

/** Discord did not say whether it has done it: it may have. */
const unknown = (cause: unknown): GatewayError =>
  new GatewayError('outcome-unknown', { text: 'Discord did not answer in time.', cause });

/** For whoever asked. @param signal the asker's own: what they gave up is told as their reason */
export function refusalOf(error: unknown, signal?: AbortSignal): unknown {
  if (error instanceof GatewayError) return error;
  if (signal?.aborted === true) return signal.reason;
  if (!isFailure(error)) return error;
  if (error.name?.startsWith('RateLimitError') === true)
    return new GatewayError('too-fast', {
      text: 'Discord wants us to wait.',
      retryAfterMs: Math.max(1000, error.timeToReset ?? 0, error.retryAfter ?? 0),
      cause: error,
    });
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return unknown(error);
  if (typeof error.status === 'number') return ofStatus(error, error.status);
  const own = ofLibrary(error);
  if (own !== undefined) return own;
  const isNetwork = typeof error.code === 'string' || error.message === 'fetch failed';
  if (!isNetwork) return error;
  const wasSent = error.code === 'ECONNRESET' || error.code === 'UND_ERR_SOCKET';
  return wasSent
    ? unknown(error)
    : new GatewayError('network-away', { text: 'Discord cannot be reached.', cause: error });
}

const tokenRefused = (cause: unknown): GatewayError =>
  new GatewayError('login-refused', { text: 'Discord does not take the token.', cause });

/** What discord.js refuses by itself, and has no code for: a token is forgotten behind its first 401, no session is begun where Discord allows none. */
function ofLibrary(error: Failure): GatewayError | undefined {
  const { message = '' } = error;
  if (message.startsWith('Expected token to be set')) return tokenRefused(error);
  if (!message.startsWith('Not enough sessions remaining')) return undefined;
  return new GatewayError('too-fast', {
    text: 'The bot has begun as many connections today as Discord allows.',
    cause: error,
  });
}

function ofStatus(error: Failure, status: number): GatewayError {
  if (status === 401 && error.code !== webhookTokenRefused) return tokenRefused(error);
  if (status >= 500)
    return new GatewayError('network-away', { text: `Discord is out of order (${status}).`, cause: error });
  const number = typeof error.code === 'number' ? error.code : 0;
  const fault = number === invalidForm ? formFault(error.rawError, error) : undefined;
  if (fault !== undefined) return fault;
  const [code, text] = refusalCodes[number] ?? [usual(status)];
  const wait = code === 'too-fast' ? { retryAfterMs: waitIn(error.rawError) ?? 5000 } : {};
  if (text !== undefined) return new GatewayError(code, { text, ...wait, cause: error });
  const words = theirWords(error);
  return new GatewayError(code, {
    text: words === '' ? 'Discord refused it.' : `Discord refused it: ${words}`,
    ...wait,
    cause: error,
  });
}

function usual(status: number): ErrorCode {
  if (status === 403) return 'not-allowed-there';
  if (status === 404) return 'no-such-item';
  if (status === 413) return 'message-too-long';
  return status === 429 ? 'too-fast' : 'bad-value';
}

function waitIn(raw: unknown): number | undefined {
  const seconds = typeof raw === 'object' && raw !== null && 'retry_after' in raw ? raw.retry_after : undefined;
  return typeof seconds === 'number' ? Math.ceil(seconds * 1000) : undefined;
}

const longest = 300;

/** The API's own. */
const theirWords = ({ message = '' }: Failure): string =>
  message.replace(/\s+/g, ' ').trim().slice(0, longest).toWellFormed();

/** Resolves with what it resolves with; rejects with what whoever asked should see. */
export async function asked<T>(request: Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await request;
  } catch (error) {
    throw refusalOf(error, signal);
  }
}
