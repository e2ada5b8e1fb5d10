/**
 * Is this the Redis that we left? What was accepted and not delivered is in it alone: where its files are gone (a lost disk, FLUSHALL, another server behind
 * the address) nobody could tell it from one in which nothing waits. So a name is left in it, and remembered in SQL.
 */
import { randomBytes } from 'node:crypto';
import type { Log } from '../../bridge/contract.ts';
import type { RedisNames } from '../operating-ports.ts';
import type { RedisLink } from './connect.ts';
import { nameKey } from './keys.ts';

export interface ContinuityParts {
  readonly link: Pick<RedisLink, 'redis'>;
  readonly names: RedisNames;
  readonly log: Log;
}

/** Looks now, and whenever Redis was away and is back. Rejects where one of both stores can't be asked now. */
export async function watchContinuity({ link: { redis }, names, log }: ContinuityParts): Promise<void> {
  let looking = look();

  async function look(): Promise<void> {
    await redis.set(nameKey, randomBytes(12).toString('base64url'), 'NX');
    const found = (await redis.get(nameKey)) ?? '';
    const known = await names.get();
    if (known === found) return;
    await names.set(found);
    if (known === undefined) return;
    log.error(
      { remedy: 'look for its files (appendonlydir) or its backup; see "Redis" in deploy/README.md' },
      'Redis is not the one that was here before: messages that had been accepted and waited in it are lost',
    );
  }

  redis.on('ready', () => {
    looking = looking.catch(() => undefined).then(look);
    looking.catch((error: unknown) => log.warn({ error }, 'it could not be seen whether Redis still has what it held'));
  });
  await looking;
}
