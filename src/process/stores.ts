/** Opens everything that is kept: Redis (a child of ours where none is named), SQL, the sealing key. Closed in the opposite order. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createVault, type Vault } from '../accounts/vault.ts';
import type { Clock, Log } from '../bridge/contract.ts';
import type { Config } from '../ops/config/config.ts';
import { privateRedisWithRole, storageTrouble } from '../ops/remedies.ts';
import { loadSealingKeys } from '../ops/sealing-key.ts';
import { StorageProblem } from '../storage/problem.ts';
import type { RedisAddress } from '../storage/redis/address.ts';
import { connectRedis, type RedisLink } from '../storage/redis/connect.ts';
import { watchContinuity } from '../storage/redis/continuity.ts';
import { startPrivateServer } from '../storage/redis/private-server.ts';
import { createWorkers, type RedisWorkers } from '../storage/redis/workers.ts';
import type { Database } from '../storage/sql/database.ts';
import { createRedisNames } from '../storage/sql/redis-names.ts';
import { alone, theOnly } from './alone.ts';
import { redisAddress } from './redis-address.ts';
import { checkSeals } from './seals.ts';
import { openSql } from './sql.ts';
import { whereabouts } from './whereabouts.ts';

export type Role = 'all' | 'edge' | 'worker';

export interface Stores {
  readonly link: RedisLink;
  readonly workers: RedisWorkers;
  readonly database: Database;
  readonly vault: Vault;
  /** What faces and ids are derived from; never leaves the process. */
  readonly key: Uint8Array;
  close(): Promise<void>;
}

/** Rejects with a Remedy where others run with that Redis who can't be beside us. @param signal aborted: nobody waits for it any longer */
export async function openStores(
  config: Config,
  role: Role,
  clock: Clock,
  log: Log,
  signal: AbortSignal,
): Promise<Stores> {
  const { storage } = config;
  if (role !== 'all' && isPrivate(config)) throw privateRedisWithRole(role);
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const one of closers.reverse()) await one();
    closers.length = 0;
  };
  try {
    const keyFile = join(storage.data, 'sealing.key');
    const keys = await loadSealingKeys(keyFile);
    const vault = createVault(keys);
    const address = await openRedis(config, clock, log, closers);
    const link = await connectRedis({ ...address, name: `isthmus ${role}`, clock, log, signal });
    closers.push(() => link.close());
    // Nobody else reaches a private one.
    const before = isPrivate(config) ? undefined : await alone({ link, role, clock, log, signal });
    // Before it says that it lives: its schema may take long to change, and nobody should send it anything meanwhile.
    const database = await openSql(config.storage, log);
    closers.push(() => database.close());
    await checkSeals(database, vault, keyFile, log);
    // The only process of its gateway comes back under its name, so that it need not wait for its own leases to expire.
    const workers = await createWorkers(link, {
      clock,
      log,
      leavesThings: role === 'worker',
      self: nameOf(role),
      place: `-${whereabouts()}`,
      ...(role === 'all' && !isPrivate(config) && { claims: { instead: before } }),
    });
    closers.push(() => workers.close());
    await watchContinuity({ link, names: createRedisNames(database), log });
    return { link, workers, database, vault, key: keys[0], close };
  } catch (error) {
    await close();
    throw error instanceof StorageProblem ? storageTrouble(error.message, error) : error;
  }
}

const isPrivate = ({ storage }: Config): boolean => storage.redis.is === 'private';

/** An edge says where it is, for edges that stand by; a worker's name stands in the links that it gives, and says nothing. */
function nameOf(role: Role): string {
  const unique = randomBytes(9).toString('base64url');
  if (role === 'all') return theOnly;
  return role === 'edge' ? `${role}-${whereabouts()}${unique}` : `${role}-${unique}`;
}

async function openRedis(
  config: Config,
  clock: Clock,
  log: Log,
  closers: (() => Promise<void>)[],
): Promise<RedisAddress> {
  const address = redisAddress(config);
  if (address !== undefined) return address;
  const server = await startPrivateServer({ dir: join(config.storage.data, 'redis'), clock, log });
  closers.push(() => server.close());
  return { url: server.url };
}
