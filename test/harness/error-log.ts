/** A log that keeps errors apart: a test in which no fault was made on purpose has none. Beside them, all lines as an operator who looks for something has them. */
import type { Log } from '../../src/bridge/contract.ts';
import { logTo } from '../../src/ops/log.ts';

/** Each with its stack, added to `errors`; every line from `debug` on as it is written, added to `lines`. */
export function createErrorLog(errors: string[], lines: string[] = []): Log {
  const real = logTo({ write: (line) => void lines.push(line) }, 'debug');
  const over = (log: Log): Log => ({
    trace: (fields, message) => log.trace(fields, message),
    debug: (fields, message) => log.debug(fields, message),
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    error(fields, message) {
      const { error } = fields as { error?: unknown };
      errors.push(`${message}: ${error instanceof Error ? error.stack : String(error)}`);
      log.error(fields, message);
    },
    child: (fields) => over(log.child(fields)),
  });
  return over(real);
}
