/** How a Redis is addressed, as ioredis is to be told. */
import { isIP } from 'node:net';
import type { RedisOptions } from 'ioredis';
import { percentDecoded } from '../../core/percent.ts';
import { StorageProblem } from '../problem.ts';

export interface RedisAddress {
  /**
   * `redis://[user:password@]host[:port][/db]`, `redis+sentinel://[user:password@]host[:port],host[:port]…/name[/db]`,
   * `redis+cluster://[user:password@]host[:port],host[:port]…`, each with `rediss` for TLS, `unix:///path` or an absolute path.
   */
  readonly url: string;
  /** With `rediss`, each as PEM text. */
  readonly tls?: RedisTls | undefined;
  /** What the Sentinels want, where that is another one than Redis' own. */
  readonly sentinelPassword?: string | undefined;
}

export interface RedisTls {
  /** The authority to trust instead of those of the system. */
  readonly ca?: string | undefined;
  /** What we show of ourselves. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** What ioredis is to be told; throws StorageProblem for what is no address of a Redis. */
export function addressOf(address: RedisAddress): RedisOptions {
  const { url, tls = {} } = address;
  if (url.startsWith('/')) return { path: url };
  if (isSentinel(url)) return sentinelsOf(address);
  const parsed = URL.parse(url);
  if (parsed?.protocol === 'unix:') return { path: percentDecoded(parsed.pathname) };
  if (parsed === null || !['redis:', 'rediss:'].includes(parsed.protocol) || parsed.hostname === '')
    throw new StorageProblem(
      'This is no address of a Redis; write redis://host:6379, rediss://host:6380 or /path/to/redis.sock',
    );
  const db = parsed.pathname.slice(1);
  if (!/^\d{0,4}$/.test(db)) throw new StorageProblem(`The database of ${withoutSecrets(url)} must be a number`);
  const host = withoutBrackets(parsed.hostname);
  return {
    ...{ host, port: parsed.port === '' ? 6379 : Number(parsed.port), ...whoOf(parsed) },
    ...(db !== '' && { db: Number(db) }),
    // An address is no name that TLS could ask for; the certificate is compared with it all the same.
    ...(parsed.protocol === 'rediss:' && { tls: { ...given(tls), ...(isIP(host) === 0 && { servername: host }) } }),
  };
}

/** Is the Redis there one that Sentinels name? */
const isSentinel = (url: string): boolean => /^rediss?\+sentinel:/.test(url);

const sentinelForm = /^(rediss?)\+sentinel:\/\/(?:([^@/]*)@)?([^@/]+)\/([^/?#]+)(?:\/(\d{1,4}))?$/;
/** How long one of them may take to answer; then another is asked. */
const sentinelAnswersMs = 2_000;

/** A host and its port. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** Several hosts are no URL to `URL`. undefined: one of them is none. */
function placesOf(hosts: string, port: number): Place[] | undefined {
  const parsed = hosts.split(',').map((place) => URL.parse(`redis://${place}`));
  const found = parsed.flatMap((one) =>
    one === null || one.hostname === '' || one.username !== '' || one.pathname !== ''
      ? []
      : [{ host: withoutBrackets(one.hostname), port: one.port === '' ? port : Number(one.port) }],
  );
  return found.length < parsed.length ? undefined : found;
}

function sentinelsOf({ url, tls = {}, sentinelPassword }: RedisAddress): RedisOptions {
  const [, scheme, who = '', hosts = '', name = '', db] = sentinelForm.exec(url) ?? [];
  const found = placesOf(hosts, 26_379);
  const login = URL.parse(`redis://${who}@host`);
  if (scheme === undefined || found === undefined || login === null)
    throw new StorageProblem(
      'This is no address of a Redis with Sentinels; write redis+sentinel://host1:26379,host2:26379/NAME, with the name that they have for its master',
    );
  return {
    ...{ sentinels: found, name: percentDecoded(name), role: 'master' },
    ...{ ...whoOf(login), ...(db !== undefined && { db: Number(db) }) },
    ...(sentinelPassword !== undefined && { sentinelPassword }),
    sentinelCommandTimeout: sentinelAnswersMs,
    sentinelRetryStrategy: (times) => Math.min(50 * times, 1_000),
    ...(scheme === 'rediss' && { tls: given(tls), sentinelTLS: given(tls), enableTLSForSentinelMode: true }),
  };
}

/** Has the Redis there its keys on several nodes? */
export const isCluster = (url: string): boolean => /^rediss?\+cluster:/.test(url);

const clusterForm = /^(rediss?)\+cluster:\/\/(?:([^@/]*)@)?([^@/?#]+)\/?$/;

/** Where a cluster is: some of its nodes, and how each of all is asked. Throws StorageProblem for what is no address of one. */
export function clusterOf({ url, tls = {} }: RedisAddress): {
  readonly seeds: Place[];
  readonly node: Pick<RedisOptions, 'username' | 'password' | 'tls'>;
} {
  const [, scheme, who = '', hosts = ''] = clusterForm.exec(url) ?? [];
  const seeds = placesOf(hosts, 6_379);
  const login = URL.parse(`redis://${who}@host`);
  if (scheme === undefined || seeds === undefined || login === null)
    throw new StorageProblem(
      'This is no address of a Redis Cluster; write redis+cluster://host1:6379,host2:6379 with some of its nodes; it has no numbered databases',
    );
  return { seeds, node: { ...whoOf(login), ...(scheme === 'rediss' && { tls: given(tls) }) } };
}

const withoutBrackets = (host: string): string => host.replace(/^\[|\]$/g, '');

const whoOf = ({ username, password }: URL): Pick<RedisOptions, 'username' | 'password'> => ({
  ...(username !== '' && { username: percentDecoded(username) }),
  ...(password !== '' && { password: percentDecoded(password) }),
});

/** The address as it may stand in a log. */
export function withoutSecrets(url: string): string {
  if (url.startsWith('/')) return url;
  if (isSentinel(url) || isCluster(url)) return url.replace(/\/\/[^/]*@/, '//');
  const parsed = URL.parse(url);
  if (parsed === null) return 'the configured address';
  return `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}

const given = ({ ca, cert, key }: RedisTls) => ({
  ...(ca !== undefined && { ca }),
  ...(cert !== undefined && { cert }),
  ...(key !== undefined && { key }),
});
