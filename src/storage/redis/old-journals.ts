/** Journals whose processes are gone. Each process has one of its own for each domain, under a name that is never used again; with an edge in between nobody takes it over. */
import { evaluate, script } from './batch.ts';
import type { RedisLink } from './connect.ts';
import { journalKey, journalsKey } from './keys.ts';
import forgetText from './lua/forget-journal.lua';

const forgetScript = script(forgetText);

/**
 * Forgets those of a domain that are empty and to which nothing was written for long. Resolves with how many.
 * @param before epoch milliseconds: far enough ago that nobody who stood still comes to itself
 * @param living processes that are known: an idle one's journal stays
 */
export async function forgetOldJournals(
  { redis, batch }: Pick<RedisLink, 'redis' | 'batch'>,
  domain: string,
  before: number,
  living: ReadonlySet<string>,
): Promise<number> {
  let forgotten = 0;
  for (const stream of await redis.smembers(journalsKey(domain))) {
    if (living.has(stream.slice(domain.length + 1))) continue;
    const keys = [journalKey(stream), journalsKey(domain)];
    if ((await batch.ask(evaluate(forgetScript, keys, [stream, String(before)]))) === 1) forgotten++;
  }
  return forgotten;
}
