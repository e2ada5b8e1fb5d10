/** What every connection to Redis has in common, to one or to a cluster: its manners, the first look at what is there, its end. */
import type { Cluster, Redis, RedisOptions } from 'ioredis';
import type { Clock } from '../../bridge/contract.ts';
import { StorageProblem } from '../problem.ts';
import { layoutKey } from './keys.ts';

/** How a connection behaves. */
export const manners = {
  maxRetriesPerRequest: null,
  // Whoever does not answer for so long is not there any more, and nobody says so (half-open). Longer than any read blocks: BullMQ's do for ten seconds.
  socketTimeout: 15_000,
  noDelay: true,
  keepAlive: 30_000,
  connectTimeout: 5_000,
  enableAutoPipelining: false,
} satisfies RedisOptions;

/** The first that can trim a stream by its ids (XTRIM MINID), as journals and dead letters are. */
const oldest = { major: 6, minor: 2 };

/** Throws StorageProblem where it is too old. One that does not say how old it is passes. */
export async function checkVersion(redis: Redis | Cluster, where: string): Promise<void> {
  const said = await redis.info('server').catch(() => '');
  const [, version, major, minor] = /^redis_version:((\d+)\.(\d+)\S*)/m.exec(said) ?? [];
  if (version === undefined || Number(major) > oldest.major) return;
  if (Number(major) === oldest.major && Number(minor) >= oldest.minor) return;
  throw new StorageProblem(
    `Redis at ${where} is of version ${version}, which is too old: install ${oldest.major}.${oldest.minor} or newer, or give the address of one in storage.redis`,
  );
}

/** Is what is there ours, and can we read it? Throws StorageProblem where not. */
export async function checkLayout(redis: Redis | Cluster, where: string, expected: string): Promise<void> {
  const refused = await redis.set(layoutKey, expected, 'NX').then(() => undefined, asError);
  // One whose memory is full has it from before, and can be read.
  if (refused !== undefined && !refused.message.startsWith('OOM')) throw refused;
  const found = await redis.get(layoutKey);
  if (found === null && refused !== undefined) throw refused;
  if (found === expected) return;
  if (found?.startsWith('cluster') !== expected.startsWith('cluster'))
    throw new StorageProblem(
      `The data in ${where} was written into another kind of Redis (layout ${found}, here it is ${expected}): use an empty one, and take what there is into it by "isthmus backup" there and "isthmus restore" here`,
    );
  throw new StorageProblem(
    `The data in ${where} has layout ${found}, this version of Isthmus reads layout ${expected}: use the version that wrote it, or another database`,
  );
}

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

/** Says goodbye where that takes a moment only. */
export async function closeWithin(redis: Redis | Cluster, clock: Clock): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const cancel = clock.after(500, resolve);
  if (redis.status === 'ready') await Promise.race([redis.quit().catch(() => undefined), late]);
  cancel();
  redis.disconnect();
}
