/**
 * The log: JSON lines by pino, behind the contract's Log. Secrets are redacted by their own class (secret.ts), errors are stripped of what drivers hang on them
 * (logged-error.ts), message text is never logged above trace.
 */
import { type DestinationStream, pino } from 'pino';
import type { Log } from '../bridge/contract.ts';
import { loggedError } from './logged-error.ts';

export const levels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export type Level = (typeof levels)[number];

/** From which level on lines are written; changed while the process runs. */
export interface LevelSwitch {
  readonly now: Level;
  set(level: Level): void;
}

export interface OpenLog extends Log {
  readonly levels: LevelSwitch;
  /** Writes out what is buffered. Called once, before the process ends. */
  close(): Promise<void>;
}

/** What may wait for a reader of standard output that is slow; beyond it lines are dropped, the process goes on. */
const maxBufferedBytes = 8 * 1024 * 1024;

/**
 * Writes to standard output, or to a file, without blocking the event loop. Where that takes nothing (a disk that is full, a terminal or a reader that has gone) lines wait
 * for it, and everything else goes on.
 */
export function createLog(options: { readonly level: Level; readonly file?: string }): OpenLog {
  const out = pino.destination({
    dest: options.file ?? 1,
    sync: false,
    mkdir: true,
    append: true,
    maxLength: maxBufferedBytes,
  });
  const isStuck = watchForTrouble(out);
  const levels = createSwitch(options.level);
  return {
    ...logTo(out, levels),
    levels,
    close: () =>
      new Promise((resolve) => {
        // Who says something afterwards, at the very end of a process, is not heard: the stream would throw.
        levels.set('silent');
        out.once('close', resolve).once('error', () => resolve());
        if (!isStuck()) out.end();
        else resolve();
      }),
  };
}

/** Tells whether the last try to write has failed. */
function watchForTrouble(out: ReturnType<typeof pino.destination>): () => boolean {
  let isStuck = false;
  out.on('error', () => {
    isStuck = true;
  });
  out.on('write', () => {
    isStuck = false;
  });
  // pino calls it when the process ends: it tries until all is written, for ever where nothing can be.
  const flush = out.flushSync.bind(out);
  out.flushSync = () => {
    if (!isStuck) flush();
  };
  return () => isStuck;
}

/** The same on any stream: for tests and tools. */
export function logTo(out: DestinationStream, level: Level | LevelSwitch): Log {
  const logger = pino(
    {
      level: 'trace',
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: (error) => loggedError(error), error: (error) => loggedError(error) },
      formatters: { level: (label) => ({ level: label }) },
    },
    out,
  );
  return wrap(logger, typeof level === 'string' ? createSwitch(level) : level);
}

function createSwitch(first: Level): LevelSwitch {
  let now = first;
  return {
    get now() {
      return now;
    },
    set(level) {
      now = level;
    },
  };
}

/** A logger of pino's takes its level along when it is made: what is written is decided here, so that a change reaches all of them. */
function wrap(logger: pino.Logger, switched: LevelSwitch): Log {
  const at =
    (level: Written) =>
    (fields: object, message: string): void => {
      if (isWritten(level, switched)) logger[level](fields, message);
    };
  return {
    trace: at('trace'),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => new Child(logger, fields, switched),
  };
}

type Written = Exclude<Level, 'silent'>;

const isWritten = (level: Written, { now }: LevelSwitch): boolean => levels.indexOf(level) >= levels.indexOf(now);

/** An object of a class: each session has one, and most of them say nothing in all their life, which pino is spared. */
class Child implements Log {
  readonly #parent: pino.Logger;
  readonly #fields: object;
  readonly #switched: LevelSwitch;
  #logger: pino.Logger | undefined;

  constructor(parent: pino.Logger, fields: object, switched: LevelSwitch) {
    this.#parent = parent;
    this.#fields = fields;
    this.#switched = switched;
  }

  trace(fields: object, message: string): void {
    this.#write('trace', fields, message);
  }

  debug(fields: object, message: string): void {
    this.#write('debug', fields, message);
  }

  info(fields: object, message: string): void {
    this.#write('info', fields, message);
  }

  warn(fields: object, message: string): void {
    this.#write('warn', fields, message);
  }

  error(fields: object, message: string): void {
    this.#write('error', fields, message);
  }

  child(fields: object): Log {
    return new Child(this.#own(), fields, this.#switched);
  }

  #write(level: Written, fields: object, message: string): void {
    if (isWritten(level, this.#switched)) this.#own()[level](fields, message);
  }

  #own(): pino.Logger {
    this.#logger ??= this.#parent.child(this.#fields);
    return this.#logger;
  }
}
