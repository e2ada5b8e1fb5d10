/**
 * A Redis of our own: a redis-server child on a unix socket with an append-only file, for gateways whose operator has none. It is started again when
 * it dies; what it had acknowledged is in its file. A server that a killed gateway left behind is asked to end before ours starts.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstat, mkdir, readFile, stat, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { resolve as absolute, join } from 'node:path';
import type { Clock, Log } from '../../bridge/contract.ts';
import { backoffMs } from '../../core/retry.ts';
import { StorageProblem } from '../problem.ts';
import { answers, lock } from './private-lock.ts';
import { isReady, talk } from './private-talk.ts';

export interface PrivateServerOptions {
  /** Where its data lies; made where it does not exist. */
  readonly dir: string;
  readonly clock: Clock;
  readonly log: Log;
  /** The program. */
  readonly binary?: string;
}

export interface PrivateServer {
  /** For connectRedis. */
  readonly url: string;
  /** The child's process id; it changes when it was started again. */
  readonly pid: number;
  /** Ends it politely and gives the directory back. */
  close(): Promise<void>;
}

const restarts = { firstMs: 50, maxMs: 5_000 };
/** A child that lived so long earns a fresh backoff. */
const settledMs = 10_000;
const pollMs = 20;
const politeMs = 10_000;
/** How long it may take to load its file. */
const loadedWithinMs = 60_000;
/** sun_path holds 108 bytes on Linux, 104 elsewhere. */
const longestSocketPath = 100;

/** Resolves once it answers. Rejects with StorageProblem where there is no redis-server, or another gateway has the directory. */
export async function startPrivateServer(options: PrivateServerOptions): Promise<PrivateServer> {
  const dir = absolute(options.dir);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const socket = await socketPath(dir, 'redis.sock');
  const unlock = await lock(await socketPath(dir, 'lock.sock'), options.clock);
  if (unlock === undefined)
    throw new StorageProblem(`Another gateway uses ${dir}: stop it, or give this one a storage.data of its own`);
  try {
    await removeLeftovers(dir, socket, options);
    const supervised = await supervise(dir, socket, options);
    return {
      url: socket,
      get pid() {
        return supervised.pid;
      },
      async close() {
        await supervised.close();
        await unlock();
      },
    };
  } catch (error) {
    await unlock();
    throw error;
  }
}

/** Where the server of a gateway that uses that directory listens. */
export const privateSocket = (dir: string): Promise<string> => socketPath(absolute(dir), 'redis.sock');

/** Does a gateway use that directory? */
export const isInUse = async (dir: string): Promise<boolean> => answers(await socketPath(absolute(dir), 'lock.sock'));

/** Next to the data where the path is short enough for a socket, else in a directory of our own under the system's temporary one. */
async function socketPath(dir: string, name: string): Promise<string> {
  const beside = join(dir, name);
  if (Buffer.byteLength(beside) <= longestSocketPath) return beside;
  const elsewhere = join(tmpdir(), `isthmus-${createHash('sha256').update(dir).digest('hex').slice(0, 16)}`);
  await mkdir(elsewhere, { recursive: true, mode: 0o700 });
  await mustBeOurs(elsewhere, dir);
  return join(elsewhere, name);
}

/** Everybody may make something there, by a name that everybody can work out: whose directory it is listens in the place of our Redis. Root comes to that of the gateway's own user. */
async function mustBeOurs(directory: string, dir: string): Promise<void> {
  const { uid, mode } = await lstat(directory);
  const owner = await stat(dir).then(
    (about) => about.uid,
    () => undefined,
  );
  if ((uid === process.getuid?.() || uid === owner) && (mode & 0o077) === 0) return;
  throw new StorageProblem(
    `${directory} is not the gateway's user's alone, and the sockets of the private Redis would lie there: remove it, or give the gateway a storage.data with a shorter path`,
  );
}

/** The lock is ours: whatever still runs on this directory belongs to a gateway that was killed. */
async function removeLeftovers(dir: string, socket: string, { clock, log }: PrivateServerOptions): Promise<void> {
  const pid = Number(await readFile(join(dir, 'redis.pid'), 'utf8').catch(() => ''));
  if (await isOurs(pid, socket, clock)) {
    log.info({ pid }, 'a Redis that a killed gateway left behind is asked to end');
    await talk(socket, 'SHUTDOWN', politeMs, clock);
    const until = clock.now() + politeMs;
    while ((await isOurs(pid, socket, clock)) && clock.now() < until) await clock.sleep(pollMs);
    if (await isOurs(pid, socket, clock)) process.kill(pid, 'SIGKILL');
  }
  await unlink(socket).catch(() => undefined);
}

/** Is that process a redis-server on this socket? Its title says so. Where there is no /proc, whoever answers on the socket is it. */
async function isOurs(pid: number, socket: string, clock: Clock): Promise<boolean> {
  if (!Number.isInteger(pid) || pid <= 1) return false;
  const title = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  if (title !== undefined) return title.includes('redis-server') && title.includes(socket);
  return process.platform !== 'linux' && isReady(socket, clock);
}

function launch(dir: string, socket: string, binary: string): ChildProcess {
  const args = [
    '--port',
    '0',
    '--unixsocket',
    socket,
    '--unixsocketperm',
    '700',
    '--dir',
    dir,
    '--pidfile',
    join(dir, 'redis.pid'),
  ];
  args.push(
    '--appendonly',
    'yes',
    '--appendfsync',
    'always',
    '--save',
    '',
    '--maxmemory-policy',
    'noeviction',
    '--daemonize',
    'no',
  );
  args.push('--proc-title-template', `{title} ${socket}`, '--loglevel', 'warning', '--logfile', '');
  // A session of its own: a Ctrl-C at the terminal is for us, who still have things to write to it.
  return spawn(binary, args, { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
}

async function supervise(
  dir: string,
  socket: string,
  options: PrivateServerOptions,
): Promise<{ readonly pid: number; close(): Promise<void> }> {
  const { clock, log, binary = 'redis-server' } = options;
  const closing = new AbortController();
  let child = watchOver(launch(dir, socket, binary));
  await answering(child);
  const watching = watch();

  /** Rejects where it ends first, or is silent for too long. */
  async function answering(made: Child): Promise<void> {
    const until = clock.now() + loadedWithinMs;
    while (!(await isReady(socket, clock)) && !closing.signal.aborted) {
      const { ended } = made;
      if (ended !== undefined) throw problem(ended, binary, dir);
      if (clock.now() > until) {
        made.process.kill('SIGKILL');
        throw new StorageProblem(
          `The private Redis does not answer after ${loadedWithinMs / 1_000} s; it said: ${made.words()}`,
        );
      }
      await clock.sleep(pollMs);
    }
  }

  async function watch(): Promise<void> {
    let failures = 0;
    while (!closing.signal.aborted) {
      const since = clock.now();
      const ended = await child.exited;
      if (closing.signal.aborted) return;
      failures = clock.now() - since > settledMs ? 1 : failures + 1;
      log.warn({ why: ended.why, said: complaintOf(child.words()) }, 'the private Redis died; it is started again');
      await clock.sleep(backoffMs(failures, restarts), closing.signal).catch(() => undefined);
      if (closing.signal.aborted) return;
      child = watchOver(launch(dir, socket, binary));
      await answering(child).catch((error: unknown) => log.error({ error }, 'the private Redis does not come back'));
    }
  }

  return {
    get pid() {
      return child.process.pid ?? 0;
    },
    async close() {
      closing.abort();
      await stop(child, clock);
      await watching;
      await stop(child, clock);
    },
  };
}

async function stop(child: Child, clock: Clock): Promise<void> {
  if (child.ended !== undefined) return;
  child.process.kill('SIGTERM');
  const cancel = clock.after(politeMs, () => child.process.kill('SIGKILL'));
  await child.exited;
  cancel();
}

interface Ended {
  readonly why: string;
  readonly code?: string;
  readonly said: string;
}

interface Child {
  readonly process: ChildProcess;
  readonly exited: Promise<Ended>;
  readonly ended: Ended | undefined;
  /** The last of what it printed. */
  words(): string;
}

function watchOver(process: ChildProcess): Child {
  let said = '';
  let ended: Ended | undefined;
  const hear = (text: string): void => {
    said = (said + text).slice(-2_000);
  };
  process.stdout?.setEncoding('utf8').on('data', hear);
  process.stderr?.setEncoding('utf8').on('data', hear);
  const exited = new Promise<Ended>((resolve) => {
    const end = (why: string, code?: string): void => {
      ended = { why, said: said.trim(), ...(code !== undefined && { code }) };
      resolve(ended);
    };
    process.once('error', (error: NodeJS.ErrnoException) => end(error.message, error.code));
    process.once('close', (code, signal) => end(signal === null ? `exit code ${code}` : signal));
  });
  return {
    process,
    exited,
    get ended() {
      return ended;
    },
    words: () => said.trim(),
  };
}

/** What Redis says at every start. */
const usual = /oO0Oo|Redis version=|Configuration loaded|Server initialized|WARNING Memory overcommit/;

/** A write that was cut short has no reason of its own; the next one would be told that there is no space. */
const isDiskFull = /No space left on device|Short write while writing to the AOF file/;

/** Without what it says at every start, and without its process id and time before each line. */
const complaintOf = (said: string): string =>
  said
    .split('\n')
    .filter((line) => !usual.test(line))
    .map((line) => line.replace(/^\d+:\w .*? [#*.-] /, ''))
    .join(' ');

function problem({ why, code, said }: Ended, binary: string, dir: string): StorageProblem {
  if (code === 'ENOENT')
    return new StorageProblem(
      `There is no ${binary} on this machine: install it with "apt-get install redis-server" (it needs no running service), or set storage.redis to the address of a Redis`,
    );
  if (isDiskFull.test(said))
    return new StorageProblem(
      `The private Redis in ${dir} did not start (no space left on device): make room on its disk, and start again`,
    );
  return new StorageProblem(`The private Redis in ${dir} did not start (${why}): ${complaintOf(said)}`);
}
