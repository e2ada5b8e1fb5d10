/**
 * A gateway is one process (--role all), or edges and workers: two of the first, or both kinds, would take each other's accounts. Whoever finds another one that
 * lives does not begin; one that was killed is not waited for where it is known to be gone, else until its sign of life expires.
 */
import type { Clock, Log } from '../bridge/contract.ts';
import { gatewayRuns } from '../ops/remedies.ts';
import type { RedisLink } from '../storage/redis/connect.ts';
import { type Sign, signsOf } from '../storage/redis/workers.ts';
import type { Role } from './stores.ts';
import { isGone } from './whereabouts.ts';

export interface AloneParts {
  readonly link: Pick<RedisLink, 'redis' | 'names'>;
  readonly role: Role;
  readonly clock: Clock;
  readonly log: Log;
  /** Aborted: nobody waits any longer. */
  readonly signal: AbortSignal;
}

/** The name of the only process of its gateway. */
export const theOnly = 'all';
/** A sign is renewed some times while it holds. */
const lookAgainMs = 500;

/**
 * Resolves when nobody is in the way: with the sign under our name of one that is gone, where there is one. Rejects with a Remedy where somebody who is lives, or
 * with the signal's reason.
 */
export async function alone({ link, role, clock, log, signal }: AloneParts): Promise<string | undefined> {
  let seen: ReadonlyMap<string, Sign> = new Map();
  for (let looks = 0; ; looks++) {
    signal.throwIfAborted();
    const signs = await signsOf(link);
    const others = [...signs].filter(([name]) => role === 'all' || name === theOnly);
    const left = others.filter(([name, { text }]) => !isGone(name) && !isGone(text));
    if (left.length === 0) return signs.get(theOnly)?.text;
    for (const [name, sign] of left) if (isRenewed(seen.get(name), sign)) throw gatewayRuns(roleOf(name));
    if (looks === 0)
      log.info({ others: left.map(([name]) => name) }, 'others ran with this Redis a moment ago: do they show life?');
    seen = signs;
    await clock.sleep(lookAgainMs, signal);
  }
}

const isRenewed = (before: Sign | undefined, now: Sign): boolean =>
  before !== undefined && (before.text !== now.text || before.leftMs < now.leftMs);

const roleOf = (name: string): string => name.split('-', 1)[0] ?? name;
