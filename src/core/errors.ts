/** The one table of errors: what the user sees (RFC 6120 §8.3) and what we do. README.md's copy is diffed against it in the tests. */
import type { ChatId } from './ids.ts';

export type ErrorType = 'cancel' | 'modify' | 'auth' | 'wait';

/** `later`: tried again with backoff; `pause`: the account waits for its owner; `stop`: bounced to the sender now. */
export type Next = 'later' | 'pause' | 'stop';

/** code → [error type, defined condition (RFC 6120 §8.3.3), what we do]. The type alone does not decide what we do. */
export const errorTable = {
  'not-registered': ['auth', 'registration-required', 'stop'],
  'not-permitted': ['auth', 'forbidden', 'stop'],
  'login-refused': ['auth', 'not-authorized', 'pause'],
  'bad-address': ['modify', 'jid-malformed', 'stop'],
  'bad-request': ['modify', 'bad-request', 'stop'],
  'bad-value': ['modify', 'not-acceptable', 'stop'],
  'no-such-room': ['cancel', 'item-not-found', 'stop'],
  'no-such-person': ['cancel', 'item-not-found', 'stop'],
  'no-such-item': ['cancel', 'item-not-found', 'stop'],
  'no-such-server': ['cancel', 'remote-server-not-found', 'stop'],
  'no-such-message': ['cancel', 'item-not-found', 'stop'],
  'not-in-room': ['modify', 'not-acceptable', 'stop'],
  'not-allowed-there': ['auth', 'forbidden', 'stop'],
  'wrong-password': ['auth', 'not-authorized', 'stop'],
  forwarded: ['modify', 'redirect', 'stop'],
  'members-only': ['auth', 'registration-required', 'stop'],
  banned: ['auth', 'forbidden', 'stop'],
  'room-full': ['wait', 'service-unavailable', 'stop'],
  'not-now': ['wait', 'recipient-unavailable', 'stop'],
  'nick-taken': ['cancel', 'conflict', 'stop'],
  yourself: ['cancel', 'conflict', 'stop'],
  'bad-nick': ['modify', 'not-acceptable', 'stop'],
  'nick-locked': ['cancel', 'not-acceptable', 'stop'],
  'bad-options': ['modify', 'not-acceptable', 'stop'],
  'network-cannot': ['cancel', 'feature-not-implemented', 'stop'],
  'network-refused': ['cancel', 'not-allowed', 'stop'],
  'message-too-old': ['cancel', 'gone', 'stop'],
  'message-too-long': ['modify', 'not-acceptable', 'stop'],
  encrypted: ['modify', 'not-acceptable', 'stop'],
  blocked: ['cancel', 'not-acceptable', 'stop'],
  'too-fast': ['wait', 'policy-violation', 'later'],
  'over-quota': ['wait', 'policy-violation', 'stop'],
  maintenance: ['wait', 'service-unavailable', 'stop'],
  'queue-full': ['wait', 'resource-constraint', 'stop'],
  'storage-away': ['wait', 'resource-constraint', 'later'],
  'network-away': ['wait', 'recipient-unavailable', 'later'],
  'not-connected': ['cancel', 'recipient-unavailable', 'stop'],
  'no-connection': ['wait', 'remote-server-timeout', 'stop'],
  'outcome-unknown': ['wait', 'remote-server-timeout', 'later'],
  'timed-out': ['wait', 'remote-server-timeout', 'stop'],
  'not-implemented': ['cancel', 'feature-not-implemented', 'stop'],
  'not-available': ['cancel', 'service-unavailable', 'stop'],
  bug: ['cancel', 'internal-server-error', 'stop'],
} as const satisfies Record<string, readonly [ErrorType, string, Next]>;

export type ErrorCode = keyof typeof errorTable;

export interface ErrorDetails {
  /** A sentence for the person who asked: what is wrong and, where there is one, the remedy. Never a secret. */
  readonly text?: string;
  /** The language of `text`, where that is not English. */
  readonly lang?: string;
  /** For `later`: not before this many milliseconds. */
  readonly retryAfterMs?: number;
  /** The room to which whoever asked is sent on. */
  readonly elsewhere?: ChatId;
  readonly cause?: unknown;
}

/** The only error that reaches a user. Anything else that is thrown is a bug and is answered `internal-server-error` without detail. */
export class GatewayError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  constructor(code: ErrorCode, details: ErrorDetails = {}) {
    super(details.text ?? code, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'GatewayError';
    this.code = code;
    this.details = details;
  }
  get type(): ErrorType {
    return errorTable[this.code][0];
  }
  get condition(): string {
    return errorTable[this.code][1];
  }
  get next(): Next {
    return errorTable[this.code][2];
  }
}
