/** What ends the program by the operator's own doing, or what only the operator can mend: a sentence and a remedy, no stack trace. */

/** Thrown to whoever started the program; `describeFailure` turns it into what is printed, and the exit code is not 0. */
export class Remedy extends Error {
  /** What to do about it. */
  readonly remedy: string;
  /** @param problem a plain sentence, without a full stop at its end; @param remedy what to do, likewise */
  constructor(problem: string, remedy: string, cause?: unknown) {
    super(problem, cause === undefined ? undefined : { cause });
    this.name = 'Remedy';
    this.remedy = remedy;
  }
}

/** For standard error: a Remedy as its two sentences, anything else (a bug) with its stack. */
export function describeFailure(error: unknown): string {
  if (error instanceof Remedy) return `${sentence(error.message)}\n${sentence(error.remedy)}`;
  if (error instanceof AggregateError) return error.errors.map(describeFailure).join('\n');
  return `This is a bug in Isthmus: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

const sentence = (text: string): string => (/[.?!]$/.test(text) ? text : `${text}.`);
