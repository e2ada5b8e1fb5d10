/** A real PostgreSQL in a directory of its own. Its programs refuse to run as root, so that it then runs as the package's own user. */
import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type KeptServer, keepServer } from './kept-server.ts';
import { freePort } from './ports.ts';
import { type Running, start } from './process.ts';
import { tempDir } from './temp.ts';

export interface Postgres extends KeptServer {
  readonly port: number;
  /** A database of that name, made now. */
  database(name: string): string;
  /** Whoever uses it. */
  drop(name: string): void;
  /** One that follows it, and is only read until it is promoted (`select pg_promote()`). */
  replica(): Promise<Postgres>;
}

/** The user that its programs run as; undefined: whoever runs the tests. */
const user = process.getuid?.() === 0 ? 'postgres' : undefined;

/** Where Debian puts the newest; else whatever PATH has. */
function program(name: string): string {
  const place = '/usr/lib/postgresql';
  const versions = existsSync(place) ? readdirSync(place).sort((a, b) => Number(b) - Number(a)) : [];
  const [newest] = versions.map((version) => join(place, version, 'bin', name)).filter((path) => existsSync(path));
  return newest ?? name;
}

function asUser(name: string, args: readonly string[]): readonly [string, ...string[]] {
  if (user === undefined) return [program(name), ...args];
  const become = ['--reuid', user, '--regid', user, '--init-groups', '--pdeathsig', 'KILL', '--'];
  return ['/usr/bin/setpriv', ...become, program(name), ...args];
}

function once(name: string, args: readonly string[], cwd: string): void {
  const [command, ...rest] = asUser(name, args);
  execFileSync(command, rest, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Starts one whose texts sort by a language's rules, as many do; nothing is synced to the disk. */
export function startPostgres(): Promise<Postgres> {
  const language = ['--locale=C.UTF-8', '--locale-provider=icu', '--icu-locale=en-US'];
  return startOn((data, dir) =>
    once('initdb', ['-D', data, '-U', 'postgres', '--auth=trust', '-E', 'UTF8', '--no-sync', ...language], dir),
  );
}

async function startOn(fill: (data: string, dir: string) => void): Promise<Postgres> {
  const port = await freePort();
  const dir = tempDir('postgres');
  if (user !== undefined) {
    const id = (what: string): number => Number(execFileSync('id', [what, user], { encoding: 'utf8' }));
    chownSync(dir.path, id('-u'), id('-g'));
  }
  const data = join(dir.path, 'data');
  fill(data, dir.path);
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${dir.path}`];
  settings.push('fsync=off', 'dynamic_shared_memory_type=mmap', 'shared_buffers=16MB', 'max_connections=40');
  const [command, ...args] = asUser('postgres', ['-D', data, ...settings.flatMap((one) => ['-c', one])]);
  const ready = (running: Running): boolean => /ready to accept (read-only )?connections/.test(running.output());
  const launch = (): Promise<Running> => start(command, args, { name: 'postgres', cwd: dir.path, ready });
  const kept = await keepServer(dir, launch);
  return {
    get running() {
      return kept.running;
    },
    kill: (signal) => kept.kill(signal),
    restart: () => kept.restart(),
    port,
    database(name) {
      once('createdb', ['-h', '127.0.0.1', '-p', `${port}`, '-U', 'postgres', name], dir.path);
      return `postgres://postgres@127.0.0.1:${port}/${name}`;
    },
    drop: (name) => once('dropdb', ['--force', '-h', '127.0.0.1', '-p', `${port}`, '-U', 'postgres', name], dir.path),
    replica: () =>
      startOn((data, dir) =>
        once(
          'pg_basebackup',
          ['-h', '127.0.0.1', '-p', `${port}`, '-U', 'postgres', '-D', data, '-R', '--checkpoint=fast', '--no-sync'],
          dir,
        ),
      ),
    async [Symbol.asyncDispose]() {
      // At once, but so that it leaves no shared memory behind.
      await kept.running.stop('SIGINT');
      await kept[Symbol.asyncDispose]();
    },
  };
}
