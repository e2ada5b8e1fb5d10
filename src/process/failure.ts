/** What ended a command, or the gateway's start, as whoever called it is to read it. */
import { GatewayError } from '../core/errors.ts';
import { postgresRefused, storageTrouble } from '../ops/remedies.ts';
import { systemTrouble } from '../ops/system-trouble.ts';
import { StorageProblem } from '../storage/problem.ts';

/**
 * A Remedy, where an operator can do something about it, else what was thrown. Who asks the gateway is told to try again when its storage is away; whoever calls a command has to
 * mend what is behind that.
 * @param file that was meant, where the error does not say it
 */
export function failureOf(thrown: unknown, file?: string): unknown {
  const error = thrown instanceof GatewayError && thrown.code === 'storage-away' ? (thrown.cause ?? thrown) : thrown;
  if (error instanceof StorageProblem) return storageTrouble(error.message, error);
  if (error !== thrown && !isOfSqlite(error)) return postgresTrouble(error);
  return systemTrouble(error, file) ?? error;
}

/** What PostgreSQL's driver has thrown. */
export function postgresTrouble(error: unknown): Error {
  const { message = '', code = '' } = error as { message?: string; code?: string };
  return postgresRefused(message === '' ? code : message, error);
}

const isOfSqlite = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_');
