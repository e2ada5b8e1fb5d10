/** Isthmus as several processes: an edge, workers and a Redis that they meet in, as durable as the private one. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { port, sleep } from './lab.ts';
import { ircOptions, isthmusConfig } from './targets.ts';

export interface Processes {
  readonly redis: number;
  readonly edge: number;
  /** Those that are left. */
  readonly workers: readonly number[];
  /** kill -9 of the last worker. */
  killOne(): void;
  stop(): Promise<void>;
}

const readyMs = 30_000;

/** Resolves when all are ready; the edge has shaken hands then. */
export async function startProcesses(ports: { xmpp: number; irc: number }, count: number): Promise<Processes> {
  const dir = mkdtempSync(join(tmpdir(), 'isthmus-scale-'));
  const socket = join(dir, 'redis.sock');
  const redis = start('redis-server', redisArgs(dir, socket), dir);
  const file = join(dir, 'isthmus.yaml');
  writeFileSync(file, stringify(isthmusConfig(ports.xmpp, false, 'irc', ircOptions(ports.irc), socket)));
  const edge = await startRole('edge', file, dir);
  const workers: ChildProcess[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all([...workers, edge].map((child) => end(child, 'SIGTERM')));
    await end(redis, 'SIGKILL');
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    for (let n = 0; n < count; n++) workers.push(await startRole('worker', file, dir));
  } catch (error) {
    await stop();
    throw error;
  }
  const pidOf = ({ pid = 0 }: ChildProcess): number => pid;
  return {
    redis: pidOf(redis),
    edge: pidOf(edge),
    get workers() {
      return workers.map(pidOf);
    },
    killOne: () => void workers.pop()?.kill('SIGKILL'),
    stop,
  };
}

const redisArgs = (dir: string, socket: string): readonly string[] =>
  `--port 0 --unixsocket ${socket} --dir ${dir} --appendonly yes --appendfsync always --save`.split(' ').concat('');

function start(command: string, args: readonly string[], dir: string): ChildProcess {
  const child = spawn(command, args, { cwd: dir, stdio: ['ignore', 'ignore', 'inherit'] });
  const onExit = (): void => void child.kill('SIGKILL');
  process.on('exit', onExit);
  child.once('close', () => process.off('exit', onExit));
  return child;
}

async function startRole(role: 'edge' | 'worker', file: string, dir: string): Promise<ChildProcess> {
  const http = `127.0.0.1:${await port()}`;
  const main = join(dirname(process.argv[1] ?? ''), 'main.js');
  const child = start(
    process.execPath,
    [...process.execArgv, main, 'run', '--config', file, '--role', role, '--http', http],
    dir,
  );
  const until = performance.now() + readyMs;
  while (!(await isReady(http))) {
    if (performance.now() > until || child.exitCode !== null) {
      child.kill('SIGKILL');
      throw new Error(`the ${role} was not ready within ${readyMs / 1000} s`);
    }
    await sleep(50);
  }
  return child;
}

const isReady = (http: string): Promise<boolean> =>
  fetch(`http://${http}/readyz`, { signal: AbortSignal.timeout(2_000) }).then(
    ({ ok }) => ok,
    () => false,
  );

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.kill(signal);
  const killer = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await gone.finally(() => clearTimeout(killer));
}
