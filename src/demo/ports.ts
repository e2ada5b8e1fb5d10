/** The demo's ports: are those that were asked for free, and which others are. */
import { createConnection, createServer } from 'node:net';
import type { Clock } from '../bridge/contract.ts';
import { Remedy } from '../ops/fatal.ts';

export const loopback = '127.0.0.1';

/** One port that the demo needs; `flag` moves it. */
export interface WantedPort {
  readonly flag: string;
  readonly port: number;
  readonly what: string;
}

/** The ports to use, in order: 0 becomes a free one. Throws a Remedy that names every port that is taken, and the flags that move them. */
export async function claimPorts(wanted: readonly WantedPort[]): Promise<number[]> {
  const found = await Promise.all(wanted.map(({ port }) => probe(port)));
  const taken = wanted.filter((_, index) => found[index] === 'taken');
  const forbidden = wanted.filter((_, index) => found[index] === 'forbidden');
  const twice = wanted.filter(
    ({ port }, index) => port !== 0 && wanted.findIndex((other) => other.port === port) !== index,
  );
  if ([...taken, ...forbidden, ...twice].length === 0) return found.filter((port) => typeof port === 'number');
  const names = [
    ...forbidden.map(({ port, what }) => `port ${port} (${what}) needs rights that you don't have here`),
    ...taken.map(({ port, what }) => `port ${port} (${what}) is taken by another program`),
    ...twice.map(({ port, what }) => `port ${port} (${what}) was given to two things`),
  ].join(', ');
  const flags = [...forbidden, ...taken, ...twice]
    .map(({ flag, port }) => `--${flag} ${port + 1_000 > 65_535 || port + 1_000 < 1_024 ? 0 : port + 1_000}`)
    .join(' ');
  throw new Remedy(
    `${names[0]?.toUpperCase()}${names.slice(1)}`,
    `${taken.length > 0 ? 'Stop that program, or move ours' : 'Move ours'}: npm start -- ${flags}`,
  );
}

/** The first of these that is free, else any that is. */
export async function freePort(preferred: number, not: readonly number[]): Promise<number> {
  const first = not.includes(preferred) ? undefined : await probe(preferred);
  for (let port = first; ; port = await probe(0)) {
    if (typeof port === 'number' && !not.includes(port)) return port;
  }
}

/** The port, or the one that 0 gave; forbidden: one below 1024 is for root. */
function probe(port: number): Promise<number | 'taken' | 'forbidden'> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code === 'EACCES' ? 'forbidden' : 'taken'));
    server.listen(port, loopback, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 'taken'));
    });
  });
}

/** How long a server may take to listen. */
const startMs = 20_000;
const pollMs = 50;

/** Resolves once all the ports accept connections; rejects with the signal's reason, or with a Remedy after 20 s. */
export async function listening(
  ports: readonly number[],
  who: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const until = clock.now() + startMs;
  for (const port of ports) {
    while (!(await accepts(port))) {
      if (clock.now() > until)
        throw new Remedy(`${who} does not listen on port ${port} after ${startMs / 1_000} s`, 'Look into its log');
      await clock.sleep(pollMs, signal);
    }
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: loopback, port });
    const end = (yes: boolean) => {
      socket.destroy();
      resolve(yes);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });
}
