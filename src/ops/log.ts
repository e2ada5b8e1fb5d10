/**
 * The log: JSON lines by pino, behind the contract's Log. Secrets are redacted by their own class (secret.ts), errors are stripped of what drivers hang on them
 * (logged-error.ts), message text is never logged above trace.
 */
import { type DestinationStream, pino } from 'pino';
import type { Log } from '../bridge/contract.ts';
import { loggedError } from './logged-error.ts';

export const levels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export type Level = (typeof levels)[number];

export interface OpenLog extends Log {
  /** Writes out what is buffered. Called once, before the process ends. */
  close(): Promise<void>;
}

/** What may wait for a reader of standard output that is slow; beyond it lines are dropped, the process goes on. */
const maxBufferedBytes = 8 * 1024 * 1024;

/** Writes to standard output, or to a file, without blocking the event loop. */
export function createLog(options: { readonly level: Level; readonly file?: string }): OpenLog {
  const out = pino.destination({
    dest: options.file ?? 1,
    sync: false,
    mkdir: true,
    append: true,
    maxLength: maxBufferedBytes,
  });
  return {
    ...logTo(out, options.level),
    close: () =>
      new Promise((resolve) => {
        out.once('close', resolve).once('error', () => resolve());
        out.end();
      }),
  };
}

/** The same on any stream: for tests and tools. */
export function logTo(out: DestinationStream, level: Level): Log {
  return wrap(
    pino(
      {
        level,
        base: null,
        timestamp: pino.stdTimeFunctions.isoTime,
        serializers: { err: (error) => loggedError(error), error: (error) => loggedError(error) },
        formatters: { level: (label) => ({ level: label }) },
      },
      out,
    ),
  );
}

function wrap(logger: pino.Logger): Log {
  return {
    trace: (fields, message) => logger.trace(fields, message),
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
    child: (fields) => wrap(logger.child(fields)),
  };
}
