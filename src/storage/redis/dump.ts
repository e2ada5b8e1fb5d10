/**
 * What of Redis belongs into a backup, and how it comes back: outboxes, dead letters, the memory of what was accepted, and fences, key by key (DUMP and RESTORE).
 * Leases, signs of life, mailboxes, journals and timers are of processes that run, and are left out; who starts makes them anew.
 */
import type { RedisLink } from './connect.ts';
import { accountOf, dumpedLike } from './keys.ts';

/** One key: its name, how long it has to live (0: for ever), and what DUMP says. */
export interface DumpedKey {
  readonly key: string;
  readonly ttlMs: number;
  readonly value: Buffer;
}

const kept = /\}:(outbox|dead|marks:young|marks:old|fence)$/;

async function* keys({ keysLike }: RedisLink): AsyncIterable<readonly string[]> {
  for await (const found of keysLike(dumpedLike)) yield found.filter((key) => kept.test(key));
}

/** While a gateway runs, too: each key is as it is at one moment, and one that is gone meanwhile is left out. */
export async function* dumpKeys(link: RedisLink): AsyncIterable<DumpedKey> {
  const { redis } = link;
  const done = new Set<string>();
  for await (const some of keys(link)) {
    for (const key of some) {
      if (done.has(key)) continue;
      done.add(key);
      const [value, ttl] = await Promise.all([redis.dumpBuffer(key), redis.pttl(key)]);
      if (value !== null) yield { key, ttlMs: Math.max(0, ttl), value };
    }
  }
}

/** Is nothing there that a restore would mix with? */
export async function isEmptyRedis(link: RedisLink): Promise<boolean> {
  for await (const some of keys(link)) if (some.length > 0) return false;
  return true;
}

/** Puts it back, and has whoever starts look after it. Rejects where the key is there already, or Redis is older than the one that wrote it. */
export async function restoreKey({ redis, names }: RedisLink, { key, ttlMs, value }: DumpedKey): Promise<void> {
  await redis.restore(key, ttlMs, value);
  if (!key.endsWith('}:outbox') || (await redis.xlen(key)) === 0) return;
  const account = accountOf(key);
  await redis.sadd(names.waiting(account), account);
}
