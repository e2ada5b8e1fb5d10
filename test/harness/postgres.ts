/** A real PostgreSQL in a directory of its own, on a free port of loopback. It refuses to run as root, so there it runs as nobody. */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type KeptServer, keepServer } from './kept-server.ts';
import { freePort } from './ports.ts';
import { accepts, type Running, start } from './process.ts';
import { tempDir } from './temp.ts';

export interface Postgres extends KeptServer {
  readonly url: string;
}

const nobody = { uid: 65534, gid: 65534 };

/** Where Debian keeps what is not on the path. */
function programs(): string {
  const base = '/usr/lib/postgresql';
  const [newest] = readdirSync(base).sort((a, b) => Number(b) - Number(a));
  return join(base, newest ?? '', 'bin');
}

/** Starts one with an empty database. */
export async function startPostgres(): Promise<Postgres> {
  const port = await freePort();
  const dir = tempDir('postgres');
  const data = join(dir.path, 'data');
  const isRoot = process.getuid?.() === 0;
  if (isRoot) {
    chmodSync(dir.path, 0o755);
    chownSync(dir.path, nobody.uid, nobody.gid);
  }
  const as = isRoot ? nobody : {};
  execFileSync(join(programs(), 'initdb'), ['-D', data, '-A', 'trust', '-U', 'isthmus', '-E', 'UTF8', '--no-sync'], {
    ...as,
    cwd: dir.path,
    stdio: 'pipe',
  });
  const drop = isRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'] : [];
  const settings = ['fsync=off', 'listen_addresses=127.0.0.1', `port=${port}`, `unix_socket_directories=${dir.path}`];
  const [program = '', ...args] = [
    ...drop,
    join(programs(), 'postgres'),
    '-D',
    data,
    ...settings.flatMap((one) => ['-c', one]),
  ];
  const launch = (): Promise<Running> =>
    start(program, args, {
      name: 'postgres',
      cwd: dir.path,
      ready: async () => (await accepts(port)) && answers(port),
    });
  return Object.assign(await keepServer(dir, launch), { url: `postgres://isthmus@127.0.0.1:${port}/postgres` });
}

/** It accepts connections before it answers them. */
function answers(port: number): boolean {
  const ask = ['-h', '127.0.0.1', '-p', `${port}`, '-q'];
  execFileSync(join(programs(), 'pg_isready'), ask, { stdio: 'pipe' });
  return true;
}
