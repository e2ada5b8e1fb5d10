/** What an edge could hand to no worker is told its sender each time, and the log once in a minute. */
import type { Clock, Log } from '../bridge/contract.ts';

const toldEveryMs = 60_000;

export interface RefusingAloudParts {
  readonly domain: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** To be called with what each was refused for: the first is told at once, those of the minute behind it by their number. */
export function createRefusingAloud({ domain, clock, log, signal }: RefusingAloudParts): (error: unknown) => void {
  let isQuiet = false;
  let more = 0;
  async function tellRest(): Promise<void> {
    await clock.sleep(toldEveryMs, signal).catch(() => undefined);
    isQuiet = signal.aborted;
    if (more > 0) log.warn({ domain, stanzas: more }, 'more stanzas could not be handed to a worker');
    more = 0;
  }
  return (error) => {
    if (isQuiet) {
      more++;
      return;
    }
    isQuiet = true;
    log.warn({ domain, error }, 'a stanza could not be handed to a worker');
    void tellRest();
  };
}
