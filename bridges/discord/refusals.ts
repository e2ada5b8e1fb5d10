/** What Discord's refusals mean to whoever asked, and whether it is worth another try. */
import { type ErrorCode, GatewayError } from '#bridge';

/** Of the API's codes (API reference, "JSON Error Codes"), those with a meaning of their own. */
const byCode: Readonly<Record<number, readonly [ErrorCode, string?]>> = {
  10003: ['no-such-room', 'There is no such channel, or the bot does not see it.'],
  10004: ['no-such-room', 'There is no such guild, or the bot is not in it.'],
  10007: ['no-such-person'],
  10008: ['no-such-message', 'Discord has no such message any more.'],
  10013: ['no-such-person', 'There is nobody of that id on Discord.'],
  10014: ['bad-value', 'Discord does not know this emoji.'],
  20016: ['too-fast', 'Slow mode is on in this channel.'],
  20022: ['too-fast'],
  20028: ['too-fast'],
  30003: ['network-refused', 'This channel has as many pinned messages as it can hold.'],
  30007: ['network-refused', 'This channel has as many webhooks as it can hold.'],
  30010: ['network-refused', 'This message has as many different reactions as it can hold.'],
  30033: ['network-refused'],
  40005: ['message-too-long', 'Discord does not take a file of that size.'],
  40007: ['banned'],
  50001: ['not-allowed-there', 'The bot does not see this channel.'],
  50005: ['not-permitted', 'Discord lets nobody edit the messages of others.'],
  50006: ['bad-value', 'Discord takes no empty message.'],
  50007: ['not-allowed-there', 'This person takes no messages from the bot.'],
  50008: ['network-cannot', 'This kind of channel holds no messages.'],
  50013: ['not-allowed-there', 'The bot lacks the permission for that here.'],
  50021: ['network-cannot', 'That cannot be done to a message of the system.'],
  50024: ['network-cannot'],
  50083: ['network-refused', 'This thread is archived.'],
  50278: ['not-allowed-there', 'This person shares no guild with the bot.'],
  90001: ['not-allowed-there', 'The bot lacks the permission to react here.'],
  160005: ['not-allowed-there', 'This thread is locked.'],
  200000: ['network-refused', 'A rule of this guild (AutoMod) refused the message.'],
  200001: ['network-refused', 'A rule of this guild (AutoMod) refused the title.'],
};

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

const isFailure = (error: unknown): error is Failure => typeof error === 'object' && error !== null;

/** The number of the API's error; undefined: it is none. */
export const codeOf = (error: unknown): number | undefined =>
  isFailure(error) && typeof error.code === 'number' ? error.code : undefined;

/** Discord did not say whether it has done it: it may have. */
const unknown = (cause: unknown): GatewayError =>
  new GatewayError('outcome-unknown', { text: 'Discord did not answer in time.', cause });

const away = (text: string, cause: unknown): GatewayError => new GatewayError('network-away', { text, cause });

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
  const isNetwork = typeof error.code === 'string' || error.message === 'fetch failed';
  if (!isNetwork) return error;
  const wasSent = error.code === 'ECONNRESET' || error.code === 'UND_ERR_SOCKET';
  return wasSent ? unknown(error) : away('Discord cannot be reached.', error);
}

function ofStatus(error: Failure, status: number): GatewayError {
  if (status === 401)
    return new GatewayError('login-refused', { text: 'Discord does not take the token.', cause: error });
  if (status >= 500) return away(`Discord is out of order (${status}).`, error);
  const [code, text] = byCode[typeof error.code === 'number' ? error.code : 0] ?? [usual(status)];
  const wait = code === 'too-fast' ? { retryAfterMs: waitIn(error.rawError) ?? 5000 } : {};
  return new GatewayError(code, { text: text ?? said(error), ...wait, cause: error });
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

/** The API's own words, which for forms (50035) name the field. */
function said({ message = '' }: Failure): string {
  const words = message.replace(/\s+/g, ' ').trim().slice(0, longest).toWellFormed();
  return words === '' ? 'Discord refused it.' : `Discord refused it: ${words}`;
}

/** Resolves with what it resolves with; rejects with what whoever asked should see. */
export async function asked<T>(request: Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await request;
  } catch (error) {
    throw refusalOf(error, signal);
  }
}
