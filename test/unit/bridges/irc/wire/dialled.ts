/** A server and a transport for the transport's tests, with all that it tells recorded. */
import { readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, afterEach, expect } from 'vitest';
import type { Closed } from '../../../../../bridges/irc/wire/close-reason.ts';
import {
  createTransportClass,
  type Transport,
  type TransportOptions,
} from '../../../../../bridges/irc/wire/transport.ts';
import { makeCertificate } from '../../../../harness/certificate.ts';
import { tempDir } from '../../../../harness/temp.ts';
import { createManualClock } from './manual-clock.ts';

const scratch = tempDir('transport');
afterAll(() => scratch.remove());
const files = makeCertificate(scratch.path, ['localhost']);
export const cert = readFileSync(files.cert, 'utf8');
const key = readFileSync(files.key, 'utf8');
export const servers: Server[] = [];
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

/** A server on a free port; `peers` gives its connections in order. */
export async function listen(tls = false) {
  const peers: Socket[] = [];
  const waiting: ((socket: Socket) => void)[] = [];
  const take = (socket: Socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    const next = waiting.shift();
    if (next === undefined) peers.push(socket);
    else next(socket);
  };
  const server = tls ? createTlsServer({ cert, key }, take) : createServer(take);
  server.on('tlsClientError', () => {});
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    peer: () =>
      new Promise<Socket>((resolve) => (peers.length > 0 ? resolve(peers.shift() as Socket) : waiting.push(resolve))),
  };
}

/** A transport as irc-framework would use it, with all that it tells recorded. */
export function dial(port: number, change: Partial<TransportOptions> = {}, onLine: (line: string) => void = () => {}) {
  const clock = createManualClock();
  const seen = { lines: [] as string[], faults: [] as [unknown, string][], closeEvents: [] as unknown[] };
  const woken = new Set<() => void>();
  const wake = () => {
    for (const call of woken) call();
  };
  let close: (closed: Closed) => void = () => {};
  const closed = new Promise<Closed>((resolve) => {
    close = resolve;
  });
  const made: Transport[] = [];
  const Class = createTransportClass({
    host: '127.0.0.1',
    port,
    tls: undefined,
    connectTimeoutMs: 10_000,
    clock,
    rate: undefined,
    maxQueued: 100,
    tap: () => false,
    onFault: (error, line) => {
      seen.faults.push([error, line]);
      wake();
    },
    onTransport: (transport) => void made.push(transport),
    onClosed: (reason) => close(reason),
    ...change,
  });
  const transport = new Class() as InstanceType<typeof Class> & {
    connect(): void;
    writeLine(line: string, cb?: () => void): void;
    disposeSocket(): void;
  };
  expect(made).toEqual([transport]);
  transport.on('line', (line: string) => {
    seen.lines.push(line);
    wake();
    onLine(line);
  });
  transport.on('close', (error: unknown) => void seen.closeEvents.push(error));
  const opened = new Promise<void>((resolve) => transport.once('open', resolve));
  transport.connect();
  const until = (holds: () => boolean) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (!holds()) return;
        woken.delete(check);
        resolve();
      };
      woken.add(check);
      check();
    });
  return { transport, seen, clock, opened, closed, until };
}

/** Reads from a peer until its text has `end`. */
export function heard(peer: Socket, end: string): Promise<string> {
  let text = '';
  return new Promise((resolve) => {
    peer.on('data', (chunk) => {
      text += chunk.toString();
      if (text.includes(end)) resolve(text);
    });
  });
}
