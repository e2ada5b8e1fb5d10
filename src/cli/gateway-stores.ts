/** The stores of a gateway for commands beside it: whether it runs, its Redis whether or not it runs, its SQL by name. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../ops/clock.ts';
import type { Config } from '../ops/config/config.ts';
import { Remedy } from '../ops/fatal.ts';
import { createLog } from '../ops/log.ts';
import { storageTrouble } from '../ops/remedies.ts';
import { redisAddress } from '../process/redis-address.ts';
import { StorageProblem } from '../storage/problem.ts';
import type { RedisAddress } from '../storage/redis/address.ts';
import { connectRedis, type RedisLink } from '../storage/redis/connect.ts';
import { isInUse, privateSocket, startPrivateServer } from '../storage/redis/private-server.ts';
import { workersOf } from '../storage/redis/workers.ts';

/** Does any process of it? */
export function isRunning(config: Config): Promise<boolean> {
  if (config.storage.redis.is === 'private') return isInUse(redisFolder(config));
  return withRedis(config, async (link) => (await workersOf(link, true)).length > 0);
}

/** Throws a Remedy where a process of it runs. @param why what would go wrong, as a sentence without its full stop */
export async function mustNotRun(config: Config, why: string): Promise<void> {
  if (await isRunning(config))
    throw new Remedy(
      `The gateway is running: ${why}`,
      'Stop it first, all of its processes (systemctl stop isthmus), and start it afterwards',
    );
}

/** Throws a Remedy where root would write what the gateway's own user could not use then. */
export async function mustBeItsUser(config: Config): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const ownerOf = (path: string) =>
    stat(path).then(
      ({ uid }) => uid,
      () => undefined,
    );
  const owner = (await ownerOf(sealingKeyFile(config))) ?? (await ownerOf(config.storage.data)) ?? 0;
  if (owner !== 0)
    throw new Remedy(
      `This gateway is another user's (${owner}), who could not use what root writes in ${config.storage.data}`,
      `Run it as that user: sudo -u '#${owner}' …`,
    );
}

const redisFolder = ({ storage }: Config): string => join(storage.data, 'redis');

/** A private one is started for as long as it takes, where the gateway does not run. Throws a Remedy where there is none. */
export async function withRedis<T>(config: Config, work: (link: RedisLink) => Promise<T>): Promise<T> {
  const log = createLog({ level: 'silent' });
  const closers: (() => Promise<void>)[] = [() => log.close()];
  try {
    const isOfGateway = config.storage.redis.is === 'private' && (await isInUse(redisFolder(config)));
    const address = await addressOf(config, isOfGateway, log, closers);
    const link = await connectRedis({ ...address, name: 'isthmus command', clock: systemClock, log }).catch(
      (error: unknown) => {
        throw isOfGateway && error instanceof StorageProblem ? redisSilent(error) : error;
      },
    );
    closers.push(() => link.close());
    return await work(link);
  } catch (error) {
    if (!(error instanceof StorageProblem)) throw error;
    throw storageTrouble(error.message, error);
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

const redisSilent = (cause: unknown): Remedy =>
  new Remedy(
    'The gateway runs, and its own Redis does not answer',
    'The log of the gateway says why (its disk is full, most likely: df); then try again',
    cause,
  );

async function addressOf(
  config: Config,
  isOfGateway: boolean,
  log: ReturnType<typeof createLog>,
  closers: (() => Promise<void>)[],
): Promise<RedisAddress> {
  const address = redisAddress(config);
  if (address !== undefined) return address;
  const dir = redisFolder(config);
  if (isOfGateway) return { url: await privateSocket(dir) };
  const server = await startPrivateServer({ dir, clock: systemClock, log });
  closers.push(() => server.close());
  return { url: server.url };
}

/** Where the file of a gateway with SQLite is. */
export const sqliteFile = ({ storage }: Config): string => join(storage.data, 'isthmus.sqlite');

export const sealingKeyFile = ({ storage }: Config): string => join(storage.data, 'sealing.key');
