/** The connection to Redis: how it is addressed, what it must be, and the plain sentence where it is not. */
import { type Cluster, Redis, type RedisOptions } from 'ioredis';
import type { Clock, Log } from '../../bridge/contract.ts';
import { StorageProblem } from '../problem.ts';
import { addressOf, isCluster, type RedisAddress, withoutSecrets } from './address.ts';
import { type Batch, createBatch } from './batch.ts';
import { connectCluster } from './cluster.ts';
import { checkLayout, checkVersion, closeWithin, manners } from './contact.ts';
import { layout, type Names, oneRedis } from './keys.ts';
import { keysOf } from './looks.ts';
import { createMasterSeeker } from './master.ts';
import { mendStrings } from './mend-strings.ts';
import { isRefusal, unreachable } from './problem.ts';
import { checkSettings } from './settings.ts';

export interface RedisLink {
  /** For commands off the hot path; while Redis is away they wait. */
  readonly redis: Redis | Cluster;
  /** For the hot path. */
  readonly batch: Batch;
  readonly isCluster: boolean;
  readonly names: Names;
  /** All keys that match, as SCAN has it, some at a time; any may come twice. */
  keysLike(match: string): AsyncIterable<readonly string[]>;
  /** Called whenever Redis, or a node of a cluster, was away and is back. */
  onBack(call: () => void): void;
  readonly up: boolean;
  close(): Promise<void>;
}

export interface ConnectOptions extends RedisAddress {
  /** Shown by CLIENT LIST. */
  readonly name: string;
  readonly clock: Clock;
  readonly log: Log;
  /** How long the first connection may take. */
  readonly withinMs?: number;
  /** Aborted: nobody waits for the first connection any longer. */
  readonly signal?: AbortSignal;
}

/** Connects, and checks that what is there is ours. Rejects with StorageProblem; once connected, it reconnects by itself for ever. */
export async function connectRedis(place: ConnectOptions): Promise<RedisLink> {
  const { name, clock, log, withinMs = 10_000 } = place;
  mendStrings();
  if (isCluster(place.url)) return connectCluster(place);
  const where = withoutSecrets(place.url);
  let batch: Batch | undefined;
  const seeker = createMasterSeeker({ clock, log, where, isBusy: () => batch?.flying === true });
  const options: RedisOptions = {
    ...{ ...addressOf(place), ...manners, retryStrategy: seeker.retryStrategy },
    // Who is refused at the first contact is told so; later there is one, who only has to be found again.
    reconnectOnError: (error) => batch !== undefined && seeker.reconnectOnError(error),
    ...{ connectionName: name, lazyConnect: true },
  };
  const redis = new Redis({ ...options, replyMapping: 'legacy' });
  let lastError: Error | undefined;
  redis.on('error', (error: Error) => {
    if (lastError === undefined) log.warn({ redis: where, error: error.message }, 'Redis is away; what needs it waits');
    lastError = error;
  });
  redis.on('ready', () => {
    if (lastError !== undefined) log.info({ redis: where }, 'Redis is back');
    lastError = undefined;
  });
  try {
    await firstContact(redis, { clock, withinMs, signal: place.signal }, () => lastError);
    await checkKind(redis, where);
    await checkVersion(redis, where);
    await checkLayout(redis, where, layout);
    await checkSettings(redis, where, log);
  } catch (error) {
    redis.disconnect();
    throw error instanceof StorageProblem ? error : new StorageProblem(unreachable(where, error), error);
  }
  batch = createBatch(redis, clock, seeker.isReplica);
  const { close } = batch;
  const calls: (() => void)[] = [];
  redis.on('ready', () => {
    for (const call of calls) call();
  });
  let closed = false;
  return {
    ...{ redis, batch, names: oneRedis, isCluster: false },
    keysLike: (match) => keysOf(redis, match),
    onBack: (call) => void calls.push(call),
    get up() {
      return !closed && redis.status === 'ready';
    },
    async close() {
      closed = true;
      close();
      await closeWithin(redis, clock);
    },
  };
}

interface Patience extends Pick<ConnectOptions, 'clock'> {
  readonly withinMs: number;
  readonly signal: AbortSignal | undefined;
}

async function firstContact(
  redis: Redis,
  { clock, withinMs, signal }: Patience,
  lastError: () => Error | undefined,
): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const cancel = clock.after(withinMs, () => reject(lastError() ?? new Error('no answer')));
  const stop = (): void => reject(signal?.reason);
  signal?.addEventListener('abort', stop);
  if (signal?.aborted === true) stop();
  const refused = new Promise<never>((_, reject) => {
    redis.on('error', (error: Error) => {
      if (isRefusal(error)) reject(error);
    });
  });
  redis.connect().catch(() => undefined);
  try {
    await Promise.race([redis.ping(), late, refused]);
  } finally {
    cancel();
    signal?.removeEventListener('abort', stop);
  }
}

/** A node of a Redis Cluster has a part of the keys only. */
async function checkKind(redis: Redis, where: string): Promise<void> {
  const said = await redis.info('cluster').catch(() => '');
  if (/^cluster_enabled:1/m.test(said))
    throw new StorageProblem(
      `Redis at ${where} is a node of a Redis Cluster: write redis+cluster://HOST:PORT,HOST:PORT with some of its nodes`,
    );
}
