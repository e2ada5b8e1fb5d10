/** How often somebody is asked for a subscription: ejabberd drops more than five such stanzas a minute silently, and the answers count too (CHECKLIST ROS-32). */
import type { Clock } from '../bridge/contract.ts';

export interface SubscriptionPace {
  /** Resolves when that user may be asked once more; rejects with the signal's reason. */
  turn(owner: string, signal: AbortSignal): Promise<void>;
}

/** One a turn makes four stanzas with its answers, of which a server with nothing but its defaults lets five through in a minute. */
const everyMs = 20_000;
const ownersAtMost = 10_000;

/** For one domain. */
export function createSubscriptionPace(clock: Clock): SubscriptionPace {
  const next = new Map<string, number>();
  let askedAt = 0;
  return {
    async turn(owner, signal) {
      const now = clock.now();
      // Where the clock was set back they wait for as long as before.
      if (now < askedAt) for (const [one, at] of next) next.set(one, at - (askedAt - now));
      askedAt = now;
      if (next.size >= ownersAtMost) for (const [one, at] of next) if (at <= now) next.delete(one);
      const at = Math.max(now, next.get(owner) ?? 0);
      next.set(owner, at + everyMs);
      if (at > now) await clock.sleep(at - now, signal);
    },
  };
}
