/** What Redis' own configuration may take from what we promise, said at the start. What it does not let us ask is not said. */
import type { Redis } from 'ioredis';
import type { Log } from '../../bridge/contract.ts';

/** The settings that are looked at, as Redis has them; absent where it does not say. */
export interface RedisSettings {
  readonly appendonly?: string | undefined;
  readonly maxmemory?: string | undefined;
  readonly 'maxmemory-policy'?: string | undefined;
  readonly 'min-replicas-to-write'?: string | undefined;
}

const looked = ['appendonly', 'maxmemory', 'maxmemory-policy', 'min-replicas-to-write'] as const;

/** A sentence for each that is not as it should be. @param replicas how many follow it */
export function remarksOn(settings: RedisSettings, replicas: number): readonly string[] {
  const remarks: string[] = [];
  if (settings.appendonly === 'no')
    remarks.push('Redis has no append-only file (appendonly no): what was accepted and waits is lost when it ends');
  const policy = settings['maxmemory-policy'] ?? 'noeviction';
  if (policy !== 'noeviction' && (settings.maxmemory ?? '0') !== '0')
    remarks.push(`Redis deletes what it likes when its memory is full (maxmemory-policy ${policy}): set noeviction`);
  if (replicas > 0 && settings['min-replicas-to-write'] === '0')
    remarks.push(
      'Redis has replicas, and min-replicas-to-write is 0: where its master is cut off from them and one of them takes its place, what it goes on accepting is lost; set 1, and min-replicas-max-lag to a few seconds',
    );
  return remarks;
}

/** Looks, and logs what is to be said. */
export async function checkSettings(redis: Redis, where: string, log: Log): Promise<void> {
  const found = looked.map(async (name) => {
    const pair: unknown = await redis.config('GET', name).catch(() => undefined);
    return [name, Array.isArray(pair) && typeof pair[1] === 'string' ? pair[1] : undefined];
  });
  const replication = await redis.info('replication').catch(() => '');
  const replicas = Number(/^connected_slaves:(\d+)/m.exec(replication)?.[1] ?? 0);
  for (const remark of remarksOn(Object.fromEntries(await Promise.all(found)), replicas))
    log.warn({ redis: where, help: '"Redis" in deploy/README.md' }, remark);
}
