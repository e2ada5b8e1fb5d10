/** The connection to Redis: how it is addressed, what it must be, and the plain sentence where it is not. */
import { Redis, type RedisOptions } from 'ioredis';
import type { Clock, Log } from '../../bridge/contract.ts';
import { type Batch, createBatch } from './batch.ts';
import { layout, layoutKey } from './keys.ts';
import { mendStrings } from './mend-strings.ts';

/** A sentence for the operator: what is wrong with the storage, and the remedy. Never a secret. */
export class StorageProblem extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'StorageProblem';
  }
}

export interface RedisLink {
  /** For commands off the hot path; while Redis is away they wait. */
  readonly redis: Redis;
  /** For the hot path. */
  readonly batch: Batch;
  readonly up: boolean;
  close(): Promise<void>;
}

export interface ConnectOptions {
  /** `redis://[user:password@]host[:port][/db]`, `rediss://…`, `unix:///path` or an absolute path. */
  readonly url: string;
  /** Shown by CLIENT LIST. */
  readonly name: string;
  readonly clock: Clock;
  readonly log: Log;
  /** How long the first connection may take. */
  readonly withinMs?: number;
}

/** Connects, and checks that what is there is ours. Rejects with StorageProblem; once connected, it reconnects by itself for ever. */
export async function connectRedis({ url, name, clock, log, withinMs = 10_000 }: ConnectOptions): Promise<RedisLink> {
  mendStrings();
  const where = withoutSecrets(url);
  const options: RedisOptions = { ...addressOf(url), ...manners, connectionName: name, lazyConnect: true };
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
    await firstContact(redis, clock, withinMs, () => lastError);
    await checkLayout(redis, where);
  } catch (error) {
    redis.disconnect();
    throw error instanceof StorageProblem ? error : new StorageProblem(unreachable(where, error), error);
  }
  const batch = createBatch(redis, clock);
  let closed = false;
  return {
    redis,
    batch,
    get up() {
      return !closed && redis.status === 'ready';
    },
    async close() {
      closed = true;
      batch.close();
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const cancel = clock.after(500, resolve);
      if (redis.status === 'ready') await Promise.race([redis.quit().catch(() => undefined), late]);
      cancel();
      redis.disconnect();
    },
  };
}

const manners: RedisOptions = {
  maxRetriesPerRequest: null,
  // Whoever does not answer for so long is not there any more, and nobody says so (half-open). Longer than any read blocks: BullMQ's do for ten seconds.
  socketTimeout: 15_000,
  noDelay: true,
  keepAlive: 30_000,
  connectTimeout: 5_000,
  enableAutoPipelining: false,
  retryStrategy: (times: number) => Math.min(50 * times, 1_000),
};

/** What ioredis is to be told; throws StorageProblem for what is no address of a Redis. */
export function addressOf(url: string): RedisOptions {
  if (url.startsWith('/')) return { path: url };
  const parsed = URL.parse(url);
  if (parsed?.protocol === 'unix:') return { path: decodeURIComponent(parsed.pathname) };
  if (parsed === null || !['redis:', 'rediss:'].includes(parsed.protocol) || parsed.hostname === '')
    throw new StorageProblem(
      'This is no address of a Redis; write redis://host:6379, rediss://host:6380 or /path/to/redis.sock',
    );
  const db = parsed.pathname.slice(1);
  if (!/^\d{0,4}$/.test(db)) throw new StorageProblem(`The database of ${withoutSecrets(url)} must be a number`);
  return {
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port: parsed.port === '' ? 6379 : Number(parsed.port),
    ...(parsed.username !== '' && { username: decodeURIComponent(parsed.username) }),
    ...(parsed.password !== '' && { password: decodeURIComponent(parsed.password) }),
    ...(db !== '' && { db: Number(db) }),
    ...(parsed.protocol === 'rediss:' && { tls: { servername: parsed.hostname } }),
  };
}

/** The address as it may stand in a log. */
export function withoutSecrets(url: string): string {
  if (url.startsWith('/')) return url;
  const parsed = URL.parse(url);
  if (parsed === null) return 'the configured address';
  return `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}

async function firstContact(
  redis: Redis,
  clock: Clock,
  withinMs: number,
  lastError: () => Error | undefined,
): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const cancel = clock.after(withinMs, () => reject(lastError() ?? new Error('no answer')));
  const refused = new Promise<never>((_, reject) => {
    redis.on('error', (error: Error) => {
      if (/WRONGPASS|NOAUTH|NOPERM|invalid DB/i.test(error.message)) reject(error);
    });
  });
  redis.connect().catch(() => undefined);
  try {
    await Promise.race([redis.ping(), late, refused]);
  } finally {
    cancel();
  }
}

async function checkLayout(redis: Redis, where: string): Promise<void> {
  await redis.set(layoutKey, layout, 'NX');
  const found = await redis.get(layoutKey);
  if (found === layout) return;
  throw new StorageProblem(
    `The data in ${where} has layout ${found}, this version of Isthmus reads layout ${layout}: use the version that wrote it, or another database`,
  );
}

function unreachable(where: string, error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  if (/WRONGPASS|NOAUTH/.test(why)) return `Redis at ${where} refuses the password: set the right one in storage.redis`;
  return `Redis at ${where} can't be used (${why}): start it, correct storage.redis, or set it to private`;
}
