/** The connection to a Redis Cluster: where it is, who has what, and what must be true of it. */
import { Cluster, type ClusterOptions, Redis, type RedisOptions } from 'ioredis';
import type { Clock, Log } from '../../bridge/contract.ts';
import { StorageProblem } from '../problem.ts';
import { clusterOf, type Place, withoutSecrets } from './address.ts';
import { createClusterBatch, type Nodes } from './cluster-batch.ts';
import type { ConnectOptions, RedisLink } from './connect.ts';
import { checkLayout, checkVersion, closeWithin, manners } from './contact.ts';
import { clusterLayout, clusterNames } from './keys.ts';
import { lookOver } from './looks.ts';
import { isRefusal, unreachable } from './problem.ts';
import { checkSettings } from './settings.ts';

/** Between two looks at who has what. */
const betweenLooksMs = 100;
/** Between two rounds of questions at the first contact. */
const askAgainMs = 200;

/** As connectRedis, which calls it for such an address. */
export async function connectCluster(place: ConnectOptions): Promise<RedisLink> {
  const { name, clock, log, withinMs = 10_000 } = place;
  const where = withoutSecrets(place.url);
  const { seeds, node: who } = clusterOf(place);
  const node = { ...who, ...manners, connectionName: name, replyMapping: 'legacy' as const };
  const redis = new Cluster(seeds, { ...patience, redisOptions: node });
  const nodes = nodesOf(redis, clock);
  const onBack = watchOutages(redis, nodes, where, log);
  try {
    await firstContact(redis, { clock, withinMs, seeds, node, signal: place.signal });
    await checkVersion(redis, where);
    await checkLayout(redis, where, clusterLayout);
    for (const master of redis.nodes('master')) await checkSettings(master, keyOf(master), log);
  } catch (error) {
    redis.disconnect();
    throw error instanceof StorageProblem ? error : new StorageProblem(unreachable(where, error), error);
  }
  const batch = createClusterBatch(nodes, clock);
  let closed = false;
  return {
    ...{ redis, batch, names: clusterNames(), isCluster: true },
    keysLike: (match) => lookOver(redis, match, clock),
    onBack,
    get up() {
      return !closed && redis.status === 'ready';
    },
    async close() {
      closed = true;
      batch.close();
      await closeWithin(redis, clock);
    },
  };
}

/** Commands off the hot path wait, however long a node takes to be followed. */
const patience: ClusterOptions = {
  lazyConnect: true,
  maxRedirections: Number.POSITIVE_INFINITY,
  slotsRefreshTimeout: 2_000,
  clusterRetryStrategy: (times) => Math.min(50 * times, 1_000),
  // A name stays one: TLS compares it with the certificate, and it may be another machine's after a while.
  dnsLookup: (host, done) => done(null, host),
  enableAutoPipelining: false,
};

/** Rejects with what was the matter with the seed that was asked last, where none is part of a cluster that is whole. */
async function firstContact(redis: Cluster, parts: FirstContact): Promise<void> {
  const { clock, withinMs, signal } = parts;
  const late = new AbortController();
  const cancel = clock.after(withinMs, () => late.abort(new Error('no answer')));
  const enough = signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]);
  try {
    await findWhole(parts, enough);
    enough.throwIfAborted();
    const over = new Promise<never>((_, reject) => {
      enough.addEventListener('abort', () => reject(enough.reason), { once: true });
    });
    redis.connect().catch(() => undefined);
    await Promise.race([redis.ping(), over]);
  } finally {
    cancel();
  }
}

interface FirstContact extends Pick<ConnectOptions, 'clock'> {
  readonly withinMs: number;
  readonly seeds: readonly Place[];
  readonly node: RedisOptions;
  readonly signal: AbortSignal | undefined;
}

/** A cluster says of a node that can't be reached only that: so a seed is asked alone first, until one says that all is there. */
async function findWhole({ seeds, node, clock }: FirstContact, signal: AbortSignal): Promise<void> {
  for (;;) {
    let fault: unknown;
    for (const seed of seeds) {
      const its = await faultOf(seed, node, signal);
      if (its === undefined) return;
      if (its instanceof Error && isRefusal(its)) throw its;
      // What somebody there says tells more than that somebody else is not there.
      if (!isDown(fault)) fault = its;
    }
    await clock.sleep(askAgainMs, signal).catch(() => undefined);
    if (signal.aborted) throw fault;
  }
}

const isDown = (fault: unknown): boolean => fault instanceof Error && fault.message.startsWith('CLUSTERDOWN');

/** undefined: it is part of a cluster that is whole. */
async function faultOf(seed: Place, node: RedisOptions, signal: AbortSignal): Promise<unknown> {
  const one = new Redis({ ...seed, ...node, lazyConnect: true, retryStrategy: () => null, replyMapping: 'legacy' });
  let fault: Error | undefined;
  const stop = (): void => one.disconnect();
  one.on('error', (error: Error) => (fault = error));
  signal.addEventListener('abort', stop, { once: true });
  try {
    await one.connect();
    const said = String(await one.cluster('INFO'));
    if (said.includes('cluster_state:ok')) return undefined;
    return new Error(`CLUSTERDOWN ${/^cluster_slots_ok:\d+/m.exec(said)?.[0] ?? 'it says so'}`);
  } catch (error) {
    return fault ?? (signal.aborted ? signal.reason : error);
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}

/** Says once of each node that it is away, and that it is back. Answers what has others called when one may be. */
function watchOutages(redis: Cluster, nodes: Nodes, where: string, log: Log): RedisLink['onBack'] {
  const away = new Set<string>();
  const calls: (() => void)[] = [];
  let wasReady = false;
  redis.on('error', () => undefined);
  redis.on('ready', () => (wasReady = true));
  redis.on('node error', (error: Error, node: string) => {
    if (!wasReady || away.has(node)) return;
    away.add(node);
    log.warn({ redis: where, node, error: error.message }, 'A node of the Redis Cluster is away; what needs it waits');
  });
  // It is known again when somebody says that it, or another, has its slots.
  redis.on('-node', nodes.lookAgain);
  redis.on('+node', (node: Redis) => {
    node.on('ready', () => {
      if (away.delete(keyOf(node)))
        log.info({ redis: where, node: keyOf(node) }, 'A node of the Redis Cluster is back');
    });
    for (const call of calls) call();
  });
  return (call) => void calls.push(call);
}

const keyOf = ({ options }: Redis): string => `${options.host ?? ''}:${options.port ?? ''}`;

function nodesOf(redis: Cluster, clock: Clock): Nodes {
  let known: ReadonlyMap<string, Redis> | undefined;
  let looks = false;
  const forget = (): void => {
    known = undefined;
  };
  redis.on('+node', forget);
  redis.on('-node', forget);
  return {
    of(slot) {
      if (redis.status !== 'ready') return undefined;
      known ??= new Map(redis.nodes().map((node) => [keyOf(node), node]));
      return known.get(redis.slots[slot]?.[0] ?? '');
    },
    lookAgain() {
      if (looks || redis.status !== 'ready') return;
      looks = true;
      redis.refreshSlotsCache(() => clock.after(betweenLooksMs, () => (looks = false)));
    },
  };
}
