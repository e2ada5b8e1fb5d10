/** The least durability: an XADD before a message is sent and an XDEL behind it, over a bare socket, one write a turn. */
import { spawn } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';

export interface BareStore {
  /** Calls back with the entry's id when it is on disk as far as Redis says. */
  add(stream: string, text: string, stored: (id: string) => void): void;
  remove(stream: string, id: string): void;
}

const command = (...args: readonly string[]): string =>
  `*${args.length}\r\n${args.map((arg) => `$${arg.length}\r\n${arg}\r\n`).join('')}`;

/** The arguments of a Redis as durable as Isthmus' private one. */
export function durably(dir: string, path: string): readonly string[] {
  const files = ['--port', '0', '--unixsocket', path, '--dir', dir, '--save', ''];
  return [...files, '--appendonly', 'yes', '--appendfsync', 'always'];
}

/** Starts a Redis of its own in that directory; it ends with this process. */
export function startBareStore(dir: string): BareStore {
  const path = join(dir, 'redis.sock');
  const child = spawn('redis-server', durably(dir, path), { stdio: 'ignore' });
  process.on('exit', () => child.kill('SIGKILL'));
  process.on('SIGTERM', () => process.exit());
  const waiting: ((id: string) => void)[] = [];
  let socket: Socket | undefined;
  let unwritten = '';
  let rest = '';
  const read = (chunk: Buffer): void => {
    const lines = (rest + chunk.toString('latin1')).split('\r\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.includes('-')) waiting.shift()?.(line);
  };
  const open = (): void => {
    const attempt = connect({ path });
    attempt.on('error', () => setTimeout(open, 20));
    attempt.on('connect', () => {
      socket = attempt;
      attempt.on('data', read);
      flush();
    });
  };
  const flush = (): void => {
    if (socket === undefined || unwritten === '') return;
    socket.write(unwritten, 'latin1');
    unwritten = '';
  };
  const put = (text: string): void => {
    if (unwritten === '') setImmediate(flush);
    unwritten += text;
  };
  open();
  return {
    add(stream, text, stored) {
      waiting.push(stored);
      put(command('XADD', stream, '*', 'e', text));
    },
    remove: (stream, id) => put(command('XDEL', stream, id)),
  };
}
