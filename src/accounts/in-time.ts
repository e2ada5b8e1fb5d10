/** Waiting with a bound, for whoever has somebody waiting: what is asked of Redis while it is away is answered when it is back. */
import type { Clock } from '../bridge/contract.ts';

/** Resolves or rejects as the work does; undefined: not in time, and what comes of it is nobody's any more. */
export function inTime<T>(work: Promise<T>, withinMs: number, clock: Pick<Clock, 'after'>): Promise<T | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const cancel = clock.after(withinMs, () => resolve(undefined));
  return Promise.race([work, late]).finally(cancel);
}
