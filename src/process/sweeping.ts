/** What is looked after every hour: each step by itself, so that what fails in one keeps nothing of the others. */
import type { Log } from '../bridge/contract.ts';

/** One after the other, by name. What fails is logged, and comes again with the next sweep. */
export async function sweepIn(steps: Readonly<Record<string, () => Promise<unknown>>>, log: Log): Promise<void> {
  for (const [step, take] of Object.entries(steps)) {
    try {
      await take();
    } catch (error) {
      log.warn({ step, error }, 'a step of the hourly sweep failed; the next sweep tries it again');
    }
  }
}
