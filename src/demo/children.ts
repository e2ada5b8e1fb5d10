/** The servers that the demo starts: each in a process group of its own with a log file, ended together, none left behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../bridge/contract.ts';
import { Remedy } from '../ops/fatal.ts';
import { forget, killGroup, listIn, remember } from './leftovers.ts';
import { startWatchdog } from './watchdog.ts';

export interface Children {
  /** Rejects with a Remedy as soon as a child ends by itself. */
  readonly failed: Promise<never>;
  /** Aborted with `failed`, and by `stop`. */
  readonly signal: AbortSignal;
  start(name: string, command: string, args: readonly string[]): ChildProcess;
  /** In the reverse order of their start; those that don't end within `politeMs` are killed. */
  stop(): Promise<void>;
}

export interface ChildrenOptions {
  /** Where logs and the list of processes lie; it exists. */
  readonly dir: string;
  /** The gateway's own child, for the watchdog. */
  readonly redisPidFile: string;
  readonly clock: Clock;
}

const politeMs = 4_000;

/** Starts watching; what an earlier demo left is gone by now (`leftovers.ts`). */
export function createChildren({ dir, redisPidFile, clock }: ChildrenOptions): Children {
  const list = listIn(dir);
  mkdirSync(join(dir, 'logs'), { recursive: true });
  remember(list, []);
  const watchdog = startWatchdog(redisPidFile);
  const running = new Map<number, { readonly child: ChildProcess; readonly ended: Promise<void> }>();
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => undefined);
  const stopping = new AbortController();

  const note = () => {
    watchdog.watch([...running.keys()]);
    remember(list, [...running.keys()]);
  };
  const fail = (problem: Remedy) => {
    if (stopping.signal.aborted) return;
    failure.reject(problem);
    stopping.abort(problem);
  };

  return {
    failed: failure.promise,
    signal: stopping.signal,
    start(name, command, args) {
      const log = join(dir, 'logs', `${name}.log`);
      const out = openSync(log, 'w', 0o600);
      const child = spawn(command, args, { cwd: dir, detached: true, stdio: ['ignore', out, out] });
      closeSync(out);
      const { pid } = child;
      const ended = new Promise<void>((resolve) => {
        const end = (why: string) => {
          if (pid !== undefined) running.delete(pid);
          fail(new Remedy(`${name} ended (${why})`, `Its last words, from ${log}: ${lastWords(log)}`));
          resolve();
        };
        child.once('error', (error) => end(error.message));
        child.once('exit', (code, signal) => end(signal ?? `exit code ${code}`));
      });
      if (pid !== undefined) running.set(pid, { child, ended });
      note();
      return child;
    },
    async stop() {
      stopping.abort(new Error('the demo stops'));
      for (const [group, { ended }] of [...running].reverse()) {
        killGroup(group, 'SIGTERM');
        const late = clock.after(politeMs, () => killGroup(group, 'SIGKILL'));
        await ended;
        late();
      }
      watchdog.dismiss();
      forget(list);
    },
  };
}

function lastWords(log: string): string {
  try {
    return readFileSync(log, 'utf8').trim().split('\n').slice(-3).join(' / ') || 'nothing';
  } catch {
    return 'nothing';
  }
}
