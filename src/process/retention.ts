/** The operator's wish how long messages are kept, as the archive understands it. */
import type { Config } from '../ops/config/config.ts';
import type { Archive } from '../storage/ports.ts';

const dayMs = 24 * 3_600_000;

/** Of the pictures of networks' people, which can be fetched again. */
export const picturesKept = { ms: 30 * dayMs, bytes: 256_000_000 };

/** What is absent has no limit. `now` in epoch milliseconds. */
export function retentionRule({ storage }: Pick<Config, 'storage'>, now: number): Parameters<Archive['expire']>[0] {
  const { days, perRoom } = storage.retention;
  return {
    ...(days !== undefined && { before: now - days * dayMs }),
    ...(perRoom !== undefined && { perRoom }),
  };
}

/** The same for people: how long a message is kept at most, in hours. */
export function retentionHours({ storage }: Pick<Config, 'storage'>): number | 'infinite' | 'unknown' {
  const { days, perRoom } = storage.retention;
  if (!storage.archive) return 0;
  if (days !== undefined) return days * 24;
  return perRoom === undefined ? 'infinite' : 'unknown';
}
