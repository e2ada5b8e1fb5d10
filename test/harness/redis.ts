/** A real Redis in a directory of its own, with the append-only file that the gateway's promises need. */
import { join } from 'node:path';
import { freePort } from './ports.ts';
import { accepts, type Running, start } from './process.ts';
import { tempDir } from './temp.ts';

export interface Redis extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  readonly running: Running;
  /** kill -9. */
  kill(): Promise<void>;
  /** Again with the same data and port. */
  restart(): Promise<void>;
}

/** Starts one; `fsync` as Redis' appendfsync. */
export async function startRedis(fsync: 'always' | 'everysec' = 'everysec'): Promise<Redis> {
  const port = await freePort();
  const dir = tempDir('redis');
  const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', dir.path, '--save', '', '--appendonly', 'yes'];
  args.push('--appendfsync', fsync, '--pidfile', join(dir.path, 'redis.pid'), '--daemonize', 'no');
  const launch = (): Promise<Running> =>
    start('redis-server', args, { name: 'redis', cwd: dir.path, ready: () => accepts(port) });
  let running = await launch();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    get running() {
      return running;
    },
    async kill() {
      await running.kill();
    },
    async restart() {
      await running.kill();
      running = await launch();
    },
    async [Symbol.asyncDispose]() {
      await running.kill();
      dir.remove();
    },
  };
}
