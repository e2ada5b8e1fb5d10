/** Why a connection was not made or ended, as a sentence for people and as what we do about it. */
import { type ErrorCode, GatewayError } from '#bridge';

export type How =
  | 'closed' // by the server, or by us when asked to
  | 'refused'
  | 'unknown-host'
  | 'unreachable'
  | 'timeout'
  | 'reset'
  | 'certificate' // not trusted
  | 'fingerprint' // another certificate than the one that is wanted
  | 'tls' // the port speaks no TLS, or none that we accept
  | 'proxy-away' // it cannot be reached
  | 'proxy-login' // it wants a login, or another one
  | 'proxy' // it does not let us through
  | 'overflow'; // a line over every limit

export interface Closed {
  readonly how: How;
  /** What whoever asked for the connection is told; `details.cause` has the system's error. */
  readonly error: GatewayError;
}

export interface Place {
  readonly host: string;
  readonly port: number;
}

const systemCodes: Readonly<Record<string, How>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'unknown-host',
  EAI_AGAIN: 'unreachable',
  EAI_FAIL: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EACCES: 'unreachable',
  EPERM: 'unreachable',
  ETIMEDOUT: 'timeout',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ECONNABORTED: 'reset',
  EPROTO: 'tls',
};

const certificateCode =
  /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_|CRL_)/;

/** What is wrong with a certificate, where it is no stranger's: its server has to renew it, or is another than was asked for, or a clock is wrong. */
const certificateFaults: ReadonlyMap<string, (place: string) => string> = new Map([
  ['CERT_HAS_EXPIRED', (place) => `The certificate of ${place} has expired, so nothing was sent to it.`],
  ['CERT_NOT_YET_VALID', (place) => `The certificate of ${place} is not valid yet, so nothing was sent to it.`],
  [
    'ERR_TLS_CERT_ALTNAME_INVALID',
    (place) => `The certificate of ${place} is for another name, so nothing was sent to it.`,
  ],
]);

const sentences: Readonly<Record<How, (place: string) => string>> = {
  closed: (place) => `${place} closed the connection.`,
  refused: (place) => `${place} refused the connection: nothing listens there.`,
  'unknown-host': (place) => `There is no server at ${place}: the name is unknown.`,
  unreachable: (place) => `${place} cannot be reached from here.`,
  timeout: (place) => `${place} did not answer in time.`,
  reset: (place) => `The connection to ${place} broke.`,
  certificate: (place) => `The certificate of ${place} is not trusted, so nothing was sent to it.`,
  fingerprint: (place) => `The certificate of ${place} is not the one with the fingerprint that is set.`,
  tls: (place) => `${place} does not speak TLS, or none that is safe.`,
  'proxy-away': (place) => `The proxy on the way to ${place} cannot be reached.`,
  'proxy-login': (place) => `The proxy on the way to ${place} wants a login that it was not given.`,
  proxy: (place) => `The proxy on the way to ${place} did not let us through.`,
  overflow: (place) => `${place} sent a line that is longer than IRC allows.`,
};

const errorCodes: Readonly<Record<How, ErrorCode>> = {
  closed: 'network-away',
  refused: 'network-away',
  'unknown-host': 'no-such-server',
  unreachable: 'network-away',
  timeout: 'network-away',
  reset: 'network-away',
  certificate: 'network-refused',
  fingerprint: 'network-refused',
  tls: 'network-refused',
  'proxy-away': 'network-away',
  'proxy-login': 'network-away',
  proxy: 'network-away',
  overflow: 'network-away',
};

/** A close by what is known of it. */
export function closedBy(how: How, { host, port }: Place, cause?: unknown): Closed {
  const sentence = certificateFaults.get(codeOf(cause)) ?? sentences[how];
  const text = sentence(`${host}:${port}`);
  return { how, error: new GatewayError(errorCodes[how], cause === undefined ? { text } : { text, cause }) };
}

/** A close by the socket's error; undefined: it ended without one. */
export function closedAfter(error: unknown, place: Place): Closed {
  return closedBy(error === undefined ? 'closed' : howOf(error), place, error);
}

function howOf(error: unknown): How {
  // All addresses of a host failed: the first tells as much as another.
  if (error instanceof AggregateError && error.errors.length > 0) return howOf(error.errors[0]);
  const code = codeOf(error);
  if (Object.hasOwn(systemCodes, code)) return systemCodes[code] ?? 'reset';
  if (certificateCode.test(code)) return 'certificate';
  return /^ERR_(SSL|TLS)_/.test(code) ? 'tls' : 'reset';
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
