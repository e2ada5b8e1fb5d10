/** How a Redis is addressed, as ioredis is to be told. */
import { isIP } from 'node:net';
import type { RedisOptions } from 'ioredis';
import { StorageProblem } from './problem.ts';

export interface RedisAddress {
  /** `redis://[user:password@]host[:port][/db]`, `rediss://…`, `unix:///path` or an absolute path. */
  readonly url: string;
  /** With `rediss://`, each as PEM text. */
  readonly tls?: RedisTls | undefined;
}

export interface RedisTls {
  /** The authority to trust instead of those of the system. */
  readonly ca?: string | undefined;
  /** What we show of ourselves. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** What ioredis is to be told; throws StorageProblem for what is no address of a Redis. */
export function addressOf({ url, tls = {} }: RedisAddress): RedisOptions {
  if (url.startsWith('/')) return { path: url };
  const parsed = URL.parse(url);
  if (parsed?.protocol === 'unix:') return { path: decodeURIComponent(parsed.pathname) };
  if (parsed === null || !['redis:', 'rediss:'].includes(parsed.protocol) || parsed.hostname === '')
    throw new StorageProblem(
      'This is no address of a Redis; write redis://host:6379, rediss://host:6380 or /path/to/redis.sock',
    );
  const db = parsed.pathname.slice(1);
  if (!/^\d{0,4}$/.test(db)) throw new StorageProblem(`The database of ${withoutSecrets(url)} must be a number`);
  const host = parsed.hostname.replace(/^\[|\]$/g, '');
  return {
    host,
    port: parsed.port === '' ? 6379 : Number(parsed.port),
    ...(parsed.username !== '' && { username: decodeURIComponent(parsed.username) }),
    ...(parsed.password !== '' && { password: decodeURIComponent(parsed.password) }),
    ...(db !== '' && { db: Number(db) }),
    // An address is no name that TLS could ask for; the certificate is compared with it all the same.
    ...(parsed.protocol === 'rediss:' && { tls: { ...given(tls), ...(isIP(host) === 0 && { servername: host }) } }),
  };
}

/** The address as it may stand in a log. */
export function withoutSecrets(url: string): string {
  if (url.startsWith('/')) return url;
  const parsed = URL.parse(url);
  if (parsed === null) return 'the configured address';
  return `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}

const given = ({ ca, cert, key }: RedisTls) => ({
  ...(ca !== undefined && { ca }),
  ...(cert !== undefined && { cert }),
  ...(key !== undefined && { key }),
});
