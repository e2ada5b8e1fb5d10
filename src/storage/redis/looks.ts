/** A look at all keys of a kind, some at a time. What is there all the time is seen; of what comes and goes meanwhile some may be; any may be seen twice. */
import type { Cluster, Redis } from 'ioredis';
import type { Clock } from '../../bridge/contract.ts';
import { StorageProblem } from '../problem.ts';
import { slots } from './slots.ts';

/** Keys that one look goes over. */
const perLook = 1_000;

/** Those of one Redis. @param match as SCAN has it */
export async function* keysOf(redis: Redis, match: string): AsyncGenerator<readonly string[]> {
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', match, 'COUNT', perLook);
    yield keys;
    cursor = next;
  } while (cursor !== '0');
}

const looksAtMost = 10;
const lookAgainMs = 500;

/**
 * Those of a cluster, one node after the other. What moves from one that was not looked at to one that was would be missed: where slots have moved meanwhile, all is
 * looked at again. Throws StorageProblem where that has no end.
 */
export async function* lookOver(
  redis: Pick<Cluster, 'nodes'>,
  match: string,
  clock: Clock,
): AsyncGenerator<readonly string[]> {
  for (let looks = 0; looks < looksAtMost; looks++) {
    if (looks > 0) await clock.sleep(lookAgainMs);
    const before = await placesOf(redis);
    for (const node of redis.nodes('master')) yield* keysOf(node, match);
    if (before !== undefined && before === (await placesOf(redis))) return;
  }
  throw new StorageProblem(
    'Slots of the Redis Cluster are being moved, and nobody can say what all of it has: wait for the end of that, or bring it about (redis-cli --cluster fix HOST:PORT)',
  );
}

/** Who has which slots, as each of them says; undefined: some are on their way, or not everybody has been asked. */
async function placesOf(redis: Pick<Cluster, 'nodes'>): Promise<string | undefined> {
  const own = await Promise.all(
    redis.nodes('master').map(async (node) => {
      const lines = String(await node.cluster('NODES')).split('\n');
      // ID ADDRESS FLAGS MASTER PING PONG EPOCH LINK SLOT…
      const [, address = '', flags, , , , , , ...has] = lines.find((line) => line.includes('myself'))?.split(' ') ?? [];
      return { address, isMaster: flags?.includes('master') === true, has: has.join(' ') };
    }),
  );
  const isWhole =
    own.every(({ isMaster, has }) => isMaster && !has.includes('[')) &&
    own.reduce((sum, { has }) => sum + countOf(has), 0) === slots;
  return isWhole
    ? own
        .map(({ address, has }) => `${address} ${has}`)
        .sort()
        .join('\n')
    : undefined;
}

/** Of `0-5460 5462`. */
function countOf(ranges: string): number {
  let count = 0;
  for (const range of ranges.split(' ').filter((one) => one !== '')) {
    const [from, to = from] = range.split('-').map(Number);
    count += Number(to) - Number(from) + 1;
  }
  return count;
}
