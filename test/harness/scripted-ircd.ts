/** A test that is the IRC server: takes a client in, then says to it whatever bytes the test likes. */
import { createServer, type Server, type Socket } from 'node:net';
import { Inbox } from './inbox.ts';

/** One client of ours. */
export interface Guest {
  readonly nick: string;
  readonly inbox: Inbox<string>;
  /** Bytes as they are. */
  raw(bytes: Buffer | string): void;
  /** Bytes in one piece with the next PONG. */
  behindPong(text: string): void;
  /** Resolves when the client has read and answered everything before: PING and its PONG. */
  roundtrip(): Promise<void>;
  readonly closed: Promise<void>;
  cut(): void;
}

export interface ScriptedIrcd extends AsyncDisposable {
  readonly port: number;
  /** The next client that has joined a channel. */
  guest(withinMs?: number): Promise<Guest>;
}

/** Who is in a channel besides whoever comes. */
export type Names = (channel: string) => readonly string[];

/** Listens on a port that was found free. @param caps the capabilities that it offers, and takes all of */
export async function scriptedIrcd(port: number, caps = '', names: Names = () => ['@tybalt']): Promise<ScriptedIrcd> {
  const guests = new Inbox<Guest>('scripted ircd', ({ nick }) => nick);
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    attend(socket, caps, names, (guest) => guests.put(guest));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port,
    guest: (withinMs) => guests.take(() => true, 'a guest', withinMs),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Of a line of names. */
const namesAtOnce = 30;

function attend(socket: Socket, caps: string, names: Names, arrived: (guest: Guest) => void): void {
  let nick = '*';
  let rest = '';
  let tokens = 0;
  let behind = '';
  const inbox = new Inbox<string>('a guest', (line) => line);
  const say = (line: string): void => void socket.write(`:evil.test ${line}\r\n`);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const guest: Guest = {
    get nick() {
      return nick;
    },
    inbox,
    raw: (bytes) => void socket.write(bytes),
    behindPong(text) {
      behind += text;
    },
    async roundtrip() {
      tokens += 1;
      socket.write(`\r\nPING :evil${tokens}\r\n`);
      await inbox.take((line) => line.startsWith('PONG') && line.endsWith(`evil${tokens}`), 'the PONG');
    },
    closed,
    cut: () => socket.resetAndDestroy(),
  };
  const hear = (line: string): void => {
    const [verb = '', first = ''] = line.split(' ');
    inbox.put(line);
    if (verb === 'CAP' && first === 'LS') say(`CAP * LS :${caps}`);
    else if (verb === 'CAP' && first === 'REQ') say(`CAP ${nick} ACK ${line.slice('CAP REQ '.length)}`);
    else if (verb === 'NICK') nick = first.replace(/^:/, '');
    else if (verb === 'USER') {
      say(`001 ${nick} :Welcome`);
      say(`005 ${nick} CHANTYPES=# PREFIX=(ov)@+ CASEMAPPING=rfc1459 NICKLEN=30 :are supported`);
      say(`422 ${nick} :No MOTD`);
    } else if (verb === 'PING') {
      socket.write(`:evil.test PONG evil.test ${line.slice(5)}\r\n${behind}`);
      behind = '';
    } else if (verb === 'JOIN') {
      socket.write(`:${nick}!u@h JOIN ${first}\r\n`);
      const all = [nick, ...names(first)];
      for (let at = 0; at < all.length; at += namesAtOnce)
        say(`353 ${nick} = ${first} :${all.slice(at, at + namesAtOnce).join(' ')}`);
      say(`366 ${nick} ${first} :End`);
      arrived(guest);
    }
  };
  socket.setEncoding('utf8');
  socket.on('error', () => socket.destroy());
  socket.on('close', () => inbox.end(new Error('the connection ended')));
  socket.on('data', (text: unknown) => {
    const lines = (rest + String(text)).split('\r\n');
    rest = lines.pop() ?? '';
    for (const line of lines) hear(line);
  });
}
