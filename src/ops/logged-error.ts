/**
 * Errors as the log has them: what they are and where they were thrown, and nothing that was hung on them. Drivers hang on them what they were asked to do
 * (Redis its command with all arguments, PostgreSQL the row), which is what people said.
 */

export interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  /** Where, the innermost first; not of a store that is away, which is no matter of who asked it. */
  readonly stack?: readonly string[];
  readonly cause?: LoggedError | string;
  readonly errors?: readonly (LoggedError | string)[];
}

/** Of a chain, and of several at once. */
const deepest = 4;
const errorsAtMost = 5;

/** What is not an error is said as a text, where it is one. */
export function loggedError(error: unknown, depth = 0, isAway = false): LoggedError | string {
  if (typeof error === 'string') return error;
  if (!(error instanceof Error)) return typeof error;
  const { name, stack = '' } = error;
  const code: unknown = Reflect.get(error, 'code');
  const isOfTheMoment = isAway || code === 'storage-away';
  const inner = depth >= deepest ? undefined : error.cause;
  const several = error instanceof AggregateError && depth < deepest ? error.errors.slice(0, errorsAtMost) : [];
  return {
    type: name,
    message: messageOf(error),
    ...((typeof code === 'string' || typeof code === 'number') && { code: String(code) }),
    ...(!isOfTheMoment && { stack: stack.split('\n').flatMap((line) => /^\s+at (.*)$/.exec(line)?.[1] ?? []) }),
    ...(inner !== undefined && { cause: loggedError(inner, depth + 1, isOfTheMoment) }),
    ...(several.length > 0 && { errors: several.map((one) => loggedError(one, depth + 1)) }),
  };
}

/** JSON.parse quotes what it was given. */
const messageOf = (error: Error): string =>
  error instanceof SyntaxError && error.message.includes('JSON') ? 'not valid JSON' : error.message;
