/**
 * Is this the Redis that we left? What was accepted and not delivered is in it alone: where its files are gone (a lost disk, FLUSHALL, another server behind
 * the address) nobody could tell it from one in which nothing waits. So a name is left in it, and remembered in SQL.
 */
import { randomBytes } from 'node:crypto';
import type { Log } from '../../bridge/contract.ts';
import type { RedisNames } from '../operating-ports.ts';
import type { RedisLink } from './connect.ts';

export interface ContinuityParts {
  readonly link: Pick<RedisLink, 'redis' | 'names' | 'onBack'>;
  readonly names: RedisNames;
  readonly log: Log;
}

/** Looks now, and whenever Redis, or a node of a cluster, was away and is back. Rejects where one of both stores can't be asked now. */
export async function watchContinuity(parts: ContinuityParts): Promise<void> {
  const { link, log } = parts;
  const [only = '', ...more] = link.names.nameAt;
  const look = more.length === 0 ? () => lookAtOne(parts, only) : () => lookAtParts(parts, only);
  let looking = look();
  let isNext = false;
  link.onBack(() => {
    if (isNext) return;
    isNext = true;
    looking = looking
      .catch(() => undefined)
      .then(() => {
        isNext = false;
        return look();
      });
    looking.catch((error: unknown) => log.warn({ error }, 'it could not be seen whether Redis still has what it held'));
  });
  await looking;
}

/** Redis has been given all that belongs to this database: it is the one that was left. */
export async function beTheOneThatWasLeft({
  link: { redis, names: places },
  names,
}: Omit<ContinuityParts, 'log'>): Promise<void> {
  const known = await names.get();
  if (known !== undefined) await Promise.all(places.nameAt.map((place) => redis.set(place, known)));
}

const remedy = 'look for its files (appendonlydir) or its backup; see "Redis" in deploy/README.md';

async function lookAtOne({ link: { redis }, names, log }: ContinuityParts, place: string): Promise<void> {
  const found = await agreed(redis, place);
  const known = await names.get();
  if (known === found) return;
  await names.set(found);
  if (known === undefined) return;
  log.error(
    { remedy },
    'Redis is not the one that was here before: messages that had been accepted and waited in it are lost',
  );
}

/** Nodes of a cluster come and go, and slots move among them: each of many parts has the name of all. */
async function lookAtParts({ link, names, log }: ContinuityParts, first: string): Promise<void> {
  const { redis } = link;
  const { nameAt } = link.names;
  const known = await names.get();
  const name = known ?? (await agreed(redis, first));
  const found = await Promise.all(nameAt.map((place) => redis.get(place)));
  const lost = nameAt.filter((_, part) => found[part] !== name);
  await Promise.all(lost.map((place) => redis.set(place, name)));
  // Behind that: whoever finds it in SQL expects it everywhere.
  if (known === undefined) await names.set(name);
  if (known === undefined || lost.length === 0) return;
  log.error(
    { remedy, parts: lost.length, of: nameAt.length },
    'Redis has lost a part of what it held: messages that had been accepted and waited in it are lost',
  );
}

/** Whoever comes first makes it up. */
async function agreed(redis: RedisLink['redis'], place: string): Promise<string> {
  const there = await redis.get(place);
  if (there !== null) return there;
  await redis.set(place, randomBytes(12).toString('base64url'), 'NX');
  return (await redis.get(place)) ?? '';
}
