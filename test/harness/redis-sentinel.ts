/** A master and a replica, each a real Redis, and a Sentinel that has one follow the other. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './ports.ts';
import { accepts, type Running, start, until } from './process.ts';
import { type Redis, type RedisExtras, startRedis, tlsArgs } from './redis.ts';
import { tempDir } from './temp.ts';

export interface Sentinel extends AsyncDisposable {
  /** For storage.redis. */
  readonly url: string;
  /** What is the master now, as the Sentinel says. */
  master(): Redis;
}

export interface SentinelOptions {
  /** They and Redis speak TLS, and nothing else. */
  readonly tls?: RedisExtras['tls'];
  /** What Redis wants, and what the Sentinel does. */
  readonly passwords?: { readonly redis: string; readonly sentinel: string };
}

const name = 'mymaster';

/** Resolves when the replica has all that the master has, and the Sentinel knows both. */
export async function startSentinel({ tls, passwords }: SentinelOptions = {}): Promise<Sentinel> {
  const asClient = tls === undefined ? [] : ['--tls', '--cacert', tls.ca];
  const cli = (password: string | undefined, port: number, ...args: string[]): string =>
    execFileSync('redis-cli', [...asClient, ...['-h', '127.0.0.1', '-p', `${port}`], ...args], {
      timeout: 10_000,
      encoding: 'utf8',
      env: { ...process.env, ...(password !== undefined && { REDISCLI_AUTH: password }) },
    });
  const ask = (port: number, ...args: string[]): string => cli(passwords?.sentinel, port, ...args);
  const args = ['--repl-diskless-sync-delay', '0', ...(tls === undefined ? [] : ['--tls-replication', 'yes'])];
  if (passwords !== undefined) args.push('--requirepass', passwords.redis, '--masterauth', passwords.redis);
  const extras = (more: readonly string[]): RedisExtras => ({
    ...(tls !== undefined && { tls }),
    args: [...args, ...more],
  });
  const first = await startRedis('everysec', extras([]));
  const second = await startRedis('everysec', extras(['--replicaof', '127.0.0.1', `${first.port}`]));
  const port = await freePort();
  const dir = tempDir('sentinel');
  const file = join(dir.path, 'sentinel.conf');
  const lines = [`sentinel monitor ${name} 127.0.0.1 ${first.port} 1`];
  lines.push(`sentinel down-after-milliseconds ${name} 1000`, `sentinel failover-timeout ${name} 5000`);
  if (passwords !== undefined)
    lines.push(`requirepass ${passwords.sentinel}`, `sentinel auth-pass ${name} ${passwords.redis}`);
  writeFileSync(file, ['bind 127.0.0.1', `dir ${dir.path}`, ...lines, ''].join('\n'));
  const listening = tls === undefined ? ['--port', `${port}`] : [...tlsArgs(port, tls), '--tls-replication', 'yes'];
  let sentinel: Running | undefined;
  const close = async (): Promise<void> => {
    await sentinel?.kill();
    for (const one of [first, second]) await one[Symbol.asyncDispose]();
    dir.remove();
  };
  try {
    sentinel = await start('redis-server', [file, ...listening, '--sentinel'], {
      name: 'sentinel',
      ready: () => accepts(port),
    });
    await until(
      'the replica follows',
      () => /master_link_status:up/.test(cli(passwords?.redis, second.port, 'INFO', 'replication')),
      30_000,
    );
    const replicas = (): string => ask(port, 'SENTINEL', 'REPLICAS', name);
    await until('the Sentinel knows both', () => replicas().includes(`${second.port}`), 30_000);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    url: `${tls === undefined ? 'redis' : 'rediss'}+sentinel://127.0.0.1:1,127.0.0.1:${port}/${name}`,
    master() {
      const [, found] = ask(port, 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name).trim().split('\n');
      return found === `${first.port}` ? first : second;
    },
    [Symbol.asyncDispose]: close,
  };
}
