/** Child processes of tests: output captured, readiness awaited, nothing left behind whatever way the test ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createConnection } from 'node:net';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Running {
  readonly name: string;
  readonly pid: number;
  /** All that it wrote to stdout and stderr so far, at most the last megabyte. */
  output(): string;
  /** stdout alone. */
  stdout(): string;
  readonly exited: Promise<Exit>;
  /** Asks it to end (SIGTERM, or another signal), and kills it where it has not within the time. */
  stop(signal?: NodeJS.Signals, withinMs?: number): Promise<Exit>;
  /** kill -9, and waits until it is gone. */
  kill(): Promise<Exit>;
}

export interface StartOptions {
  readonly name: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Polled until it says true; absent: ready once spawned. Throwing counts as "not yet". */
  readonly ready?: (running: Running) => Promise<boolean> | boolean;
  readonly readyWithinMs?: number;
}

const outputCap = 1_000_000;
const living = new Set<ChildProcess>();
const dieWithUs = existsSync('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig', 'KILL', '--'] : [];

process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

/** Starts a program and resolves once it is ready; rejects with its output where it ends or stays silent instead. */
export async function start(command: string, args: readonly string[], options: StartOptions): Promise<Running> {
  const running = run(command, args, options);
  const { ready } = options;
  if (ready === undefined) return running;
  let gone: Exit | undefined;
  void running.exited.then((exit) => {
    gone = exit;
  });
  const deadline = performance.now() + (options.readyWithinMs ?? 60_000);
  while (gone === undefined) {
    if (await Promise.resolve(ready(running)).catch(() => false)) return running;
    if (performance.now() > deadline) {
      await running.kill();
      throw new Error(`${options.name} is not ready in time; it said:\n${running.output()}`);
    }
    await pause(40);
  }
  throw new Error(
    `${options.name} ended with ${gone.code ?? gone.signal} before it was ready; it said:\n${running.output()}`,
  );
}

/** Starts a program without waiting for anything. */
export function run(command: string, args: readonly string[], options: StartOptions): Running {
  const [program = command, ...rest] = [...dieWithUs, command, ...args];
  const child = spawn(program, rest, {
    cwd: options.cwd,
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/usr/local/sbin`, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  living.add(child);
  const texts = { all: '', out: '' };
  const keep = (which: 'all' | 'out', text: string): void => {
    texts[which] = (texts[which] + text).slice(-outputCap);
  };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    keep('all', text);
    keep('out', text);
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => keep('all', text));
  const exited = new Promise<Exit>((resolve) => {
    child.once('error', (error) => {
      keep('all', `${error.message}\n`);
      resolve({ code: 127, signal: null });
    });
    child.once('close', (code, signal) => resolve({ code, signal }));
  }).finally(() => living.delete(child));
  const stop = async (signal: NodeJS.Signals, withinMs: number): Promise<Exit> => {
    child.kill(signal);
    const killer = setTimeout(() => child.kill('SIGKILL'), withinMs);
    return exited.finally(() => clearTimeout(killer));
  };
  return {
    name: options.name,
    pid: child.pid ?? 0,
    output: () => texts.all,
    stdout: () => texts.out,
    exited,
    stop: (signal = 'SIGTERM', withinMs = 8_000) => stop(signal, withinMs),
    kill: () => stop('SIGKILL', 1_000),
  };
}

/** Does anybody accept connections there, at a port or at a socket's path? */
export function accepts(at: number | string, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(typeof at === 'string' ? { path: at } : { port: at, host });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

/** For polling outside programs, which can't be awaited any other way; never instead of a barrier. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Waits until the check is true; rejects with `what` where it does not become so in time. */
export async function until(what: string, check: () => Promise<boolean> | boolean, withinMs = 20_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await pause(10);
  }
}

/** With a test's own `onTestFailed`: where it fails, the last words of these processes are printed with it. */
export function showOnFailure(
  onTestFailed: (call: () => void) => void,
  ...processes: readonly (() => Running | undefined)[]
): void {
  onTestFailed(() => {
    for (const which of processes) {
      const running = which();
      if (running !== undefined) console.error(`── ${running.name} said ──\n${running.output().slice(-6_000)}`);
    }
  });
}
