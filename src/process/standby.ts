/**
 * Of several edges one holds the component streams: ejabberd would take a second stream of a domain and share out its stanzas among both, Prosody refuses it.
 * The others stand by, and one of them follows when the holder ends or shows no life any more.
 */
import type { Clock, Log } from '../bridge/contract.ts';
import { accountId } from '../core/ids.ts';
import type { Readiness } from '../ops/readiness.ts';
import type { Lease, Leases } from '../storage/ports.ts';
import type { Workers } from '../storage/process-ports.ts';
import { isGone } from './whereabouts.ts';

export interface StandbyParts {
  readonly leases: Leases;
  readonly workers: Pick<Workers, 'self' | 'declareDead'>;
  readonly readiness: Readiness;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Somebody else has them: whoever waits for us to begin need not wait longer. */
  onStandby?(): void;
}

/** The right to the streams. */
export interface Hold {
  readonly lease: Lease;
  /** Somebody else had it when we came. */
  readonly isHeir: boolean;
}

/** One lease for all domains: who has it has all streams. No account has such an id. */
const streams = accountId('the component streams');
const lookAgainMs = 1_000;

/** Resolves when the streams are ours; until then /readyz says whose they are. Rejects with the signal's reason. */
export async function holdStreams(parts: StandbyParts): Promise<Hold> {
  const { leases, workers, readiness, clock, log, signal } = parts;
  const check = readiness.check('streams');
  let holder: string | undefined;
  for (let isHeir = false; ; isHeir = true) {
    signal.throwIfAborted();
    const lease = await leases.acquire(streams);
    if (lease !== undefined) {
      check.drop();
      if (isHeir) log.info({ before: holder }, 'the component streams are ours now');
      return { lease, isHeir };
    }
    const now = await leases.holder(streams);
    if (now !== undefined && now !== workers.self && isGone(now)) {
      await workers.declareDead(now);
      continue;
    }
    if (now !== undefined && now !== holder)
      log.info({ holder: now }, 'another edge holds the component streams: this one stands by');
    holder = now ?? holder;
    parts.onStandby?.();
    check.set(`standing by: ${holder ?? 'another edge'} holds the component streams`);
    await clock.sleep(lookAgainMs, signal);
  }
}
