/** A real Redis in a directory of its own, with the append-only file that the gateway's promises need. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { type KeptServer, keepServer } from './kept-server.ts';
import { freePort } from './ports.ts';
import { accepts, type Running, start } from './process.ts';
import { tempDir } from './temp.ts';

export interface Redis extends KeptServer {
  readonly port: number;
  readonly url: string;
  /** All that it has written to its disk. */
  written(): string;
  /** Forgets everything. */
  empty(): void;
  /** What it may hold in memory, in octets; 0: as much as there is. */
  limit(octets: number): void;
  /** While it does not run: so many octets of what it wrote last never came to its disk. */
  loseEnd(octets: number): void;
}

export interface RedisExtras {
  /** It speaks TLS, and nothing else. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly ca: string };
  /** A node of a Redis Cluster. Its bus is at a port of its own: ten thousand above the other somebody else may listen. */
  readonly cluster?: boolean;
  /** Further options, as on its command line. */
  readonly args?: readonly string[];
}

/** Starts one; `fsync` as Redis' appendfsync. */
export async function startRedis(
  fsync: 'always' | 'everysec' = 'everysec',
  { tls, cluster = false, args: more = [] }: RedisExtras = {},
): Promise<Redis> {
  const port = await freePort();
  const dir = tempDir('redis');
  const args = [
    ...(tls === undefined ? ['--port', `${port}`] : tlsArgs(port, tls)),
    '--bind',
    '127.0.0.1',
    '--dir',
    dir.path,
    '--save',
    '',
    '--appendonly',
    'yes',
  ];
  if (cluster) args.push('--cluster-enabled', 'yes', '--cluster-port', `${await freePort()}`);
  args.push(...more, '--appendfsync', fsync, '--pidfile', join(dir.path, 'redis.pid'), '--daemonize', 'no');
  const launch = (): Promise<Running> =>
    start('redis-server', args, { name: 'redis', cwd: dir.path, ready: () => accepts(port) });
  const files = join(dir.path, 'appendonlydir');
  const written = (): string =>
    readdirSync(files)
      .map((name) => readFileSync(join(files, name), 'latin1'))
      .join('');
  const asClient = tls === undefined ? [] : ['--tls', '--cacert', tls.ca];
  const ask = (...words: readonly string[]): void =>
    void execFileSync('redis-cli', [...asClient, '-p', `${port}`, ...words], { timeout: 10_000 });
  return Object.assign(await keepServer(dir, launch), {
    empty: () => ask('FLUSHALL'),
    limit: (octets: number) => ask('CONFIG', 'SET', 'maxmemory', `${octets}`),
    loseEnd(octets: number) {
      const [last = ''] = readdirSync(files).filter((name) => name.endsWith('.incr.aof'));
      truncateSync(join(files, last), Math.max(0, statSync(join(files, last)).size - octets));
    },
    port,
    url: tls === undefined ? `redis://127.0.0.1:${port}` : `rediss://localhost:${port}`,
    written,
  });
}

/** For a server that speaks TLS alone. */
export const tlsArgs = (port: number, { cert, key, ca }: NonNullable<RedisExtras['tls']>): string[] => {
  const files = ['--tls-cert-file', cert, '--tls-key-file', key, '--tls-ca-cert-file', ca];
  return ['--port', '0', '--tls-port', `${port}`, ...files, '--tls-auth-clients', 'no'];
};
