/** Which failures of PostgreSQL are of the moment: what was asked was sound, and is asked again when it is back. */
import { GatewayError } from '../../core/errors.ts';

/**
 * SQLSTATE: connection exceptions, no resources (connections, memory, disk), shutting down or starting up, statements that took too long, and writing where
 * nothing can be written. https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const states = /^(08...|53...|57P0[1-5]|57014|25006)$/;
/** What Node and the driver say where there is no answer at all. */
const system = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
const driver =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|Query read timeout|timeout exceeded when trying to connect)/;

/** Whoever asked is told to try again; what was accepted is tried again by itself (core/errors). */
export const storageAway = (cause: unknown): GatewayError =>
  new GatewayError('storage-away', { text: 'The gateway is not whole at the moment; try again', cause });

/** What a statement threw, as whoever asked is to see it. */
export function seen(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = stateOf(error) ?? '';
  return states.test(code) || system.has(code) || driver.test(error.message) ? storageAway(error) : error;
}

/** Nothing more can be had of the connection that threw it: it only reads, or still works on what was given up. */
export const spoils = (error: unknown): error is Error =>
  error instanceof Error && (stateOf(error) === '25006' || error.message === 'Query read timeout');

/** PostgreSQL's SQLSTATE, or the system's name of what happened. */
export function stateOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
