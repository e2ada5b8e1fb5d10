/** A master and a replica, each a real Redis, and a Sentinel that has one follow the other. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './ports.ts';
import { accepts, type Running, start, until } from './process.ts';
import { type Redis, type RedisExtras, startRedis } from './redis.ts';
import { tempDir } from './temp.ts';

export interface Sentinel extends AsyncDisposable {
  /** For storage.redis. */
  readonly url: string;
  /** What is the master now, as the Sentinel says. */
  master(): Redis;
}

const name = 'mymaster';

const cli = (port: number, ...args: string[]): string =>
  execFileSync('redis-cli', ['-p', `${port}`, ...args], { timeout: 10_000, encoding: 'utf8' });

/** Resolves when the replica has all that the master has, and the Sentinel knows both. */
export async function startSentinel(args: RedisExtras['args'] = []): Promise<Sentinel> {
  const more = ['--repl-diskless-sync-delay', '0', ...args];
  const first = await startRedis('everysec', { args: more });
  const second = await startRedis('everysec', { args: [...more, '--replicaof', '127.0.0.1', `${first.port}`] });
  const port = await freePort();
  const dir = tempDir('sentinel');
  const file = join(dir.path, 'sentinel.conf');
  const monitor = [`sentinel monitor ${name} 127.0.0.1 ${first.port} 1`];
  monitor.push(`sentinel down-after-milliseconds ${name} 1000`, `sentinel failover-timeout ${name} 5000`);
  writeFileSync(file, [`port ${port}`, 'bind 127.0.0.1', `dir ${dir.path}`, ...monitor, ''].join('\n'));
  let sentinel: Running | undefined;
  const close = async (): Promise<void> => {
    await sentinel?.kill();
    for (const one of [first, second]) await one[Symbol.asyncDispose]();
    dir.remove();
  };
  try {
    sentinel = await start('redis-server', [file, '--sentinel'], { name: 'sentinel', ready: () => accepts(port) });
    await until(
      'the replica follows',
      () => /master_link_status:up/.test(cli(second.port, 'INFO', 'replication')),
      30_000,
    );
    const replicas = (): string => cli(port, 'SENTINEL', 'REPLICAS', name);
    await until('the Sentinel knows both', () => replicas().includes(`${second.port}`), 30_000);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    url: `redis+sentinel://127.0.0.1:1,127.0.0.1:${port}/${name}`,
    master() {
      const [, found] = cli(port, 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name).trim().split('\n');
      return found === `${first.port}` ? first : second;
    },
    [Symbol.asyncDispose]: close,
  };
}
