/** A log that keeps errors and drops the rest: a test in which no fault was made on purpose has none. */
import type { Log } from '../../src/bridge/contract.ts';

const nothing = (): void => {};

/** Each with its stack, added to `errors`. */
export function createErrorLog(errors: string[]): Log {
  const log: Log = {
    trace: nothing,
    debug: nothing,
    info: nothing,
    warn: nothing,
    error(fields, message) {
      const { error } = fields as { error?: unknown };
      errors.push(`${message}: ${error instanceof Error ? error.stack : String(error)}`);
    },
    child: () => log,
  };
  return log;
}
