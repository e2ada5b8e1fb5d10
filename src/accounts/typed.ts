/** Commands and raw lines that people type: of the moment, so tried once. What could not be run is said at once, and never run later behind their back. */
import { GatewayError } from '../core/errors.ts';
import type { Taken } from '../delivery/lanes.ts';

const maxLines = 10;

/** Throws only errors that stop: nothing of it is tried again, nor kept to be. */
export async function runTyped(
  { attempt, signal }: Taken,
  run: (signal: AbortSignal) => Promise<string | undefined>,
): Promise<string | undefined> {
  if (attempt > 1) {
    const text = 'The connection was interrupted when this was to be run; look whether it was, and type it again.';
    throw new GatewayError('no-connection', { text });
  }
  try {
    return await run(signal);
  } catch (error) {
    const isFinal = !(error instanceof GatewayError) || (error.next === 'stop' && error.code !== 'timed-out');
    if (isFinal || signal.aborted) throw error;
    throw new GatewayError('no-connection', { text: error.message, cause: error });
  }
}

/** Each line by itself, one behind the other; their answers as one. */
export async function runLines(
  text: string,
  run: (line: string) => Promise<string | undefined>,
): Promise<string | undefined> {
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '');
  if (lines.length > maxLines) throw new GatewayError('bad-request', { text: `At most ${maxLines} lines at once` });
  const answers: string[] = [];
  for (const line of lines) {
    const answer = await run(line);
    if (answer !== undefined) answers.push(answer);
  }
  return answers.length === 0 ? undefined : answers.join('\n');
}
