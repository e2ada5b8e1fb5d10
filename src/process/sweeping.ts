/** What is looked after every hour: each step by itself, so that what fails in one keeps nothing of the others. */
import type { Log } from '../bridge/contract.ts';

/** One after the other, by name. What fails is logged, and comes again with the next sweep. @param signal the process ends: nothing more is begun, and what fails then says nothing */
export async function sweepIn(
  steps: Readonly<Record<string, () => Promise<unknown>>>,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  for (const [step, take] of Object.entries(steps)) {
    if (signal.aborted) return;
    try {
      await take();
    } catch (error) {
      if (!signal.aborted)
        log.warn({ step, error }, 'a step of the hourly sweep failed; the next sweep tries it again');
    }
  }
}
