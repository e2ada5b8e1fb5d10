/** An IRC server whose every word the test says, registration included: for refusals, silences and orders that no real server can be made to show. */
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { Inbox } from './inbox.ts';

/** What a client did, from the server's side. */
export class PuppetClient {
  readonly lines = new Inbox<string>('a client', (line) => line);
  nick = '*';
  /** What is said at once to a line, before anything that the client sent behind it is looked at. */
  answer: (line: string) => readonly string[] = () => [];
  readonly #socket: Socket;
  readonly #answersPings: () => boolean;
  #rest = '';

  constructor(socket: Socket, answersPings: () => boolean) {
    this.#socket = socket;
    this.#answersPings = answersPings;
    socket.setNoDelay(true);
    socket.on('data', (bytes) => this.#take(bytes.toString('utf8')));
    socket.on('error', (error) => this.lines.end(error));
    socket.on('close', () => this.lines.end(new Error('the client has gone')));
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\r\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      this.say(...this.answer(line));
      const ping = /^PING :?(.*)$/.exec(line);
      if (ping !== null && this.#answersPings()) this.say(`:s.test PONG s.test :${ping[1] ?? ''}`);
      this.lines.put(line);
    }
  }

  /** The port that it comes from. */
  get theirPort(): number {
    return this.#socket.remotePort ?? 0;
  }

  /** Whole lines, without their ends. */
  say(...lines: readonly string[]): void {
    if (lines.length > 0) this.#socket.write(lines.map((line) => `${line}\r\n`).join(''));
  }

  raw(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  /** What comes next that fits, each byte a character: for texts that are not UTF-8. Called before it is sent. */
  bytes(pattern: RegExp): Promise<string> {
    let text = '';
    return new Promise((resolve) => {
      const read = (chunk: Buffer): void => {
        text += chunk.toString('latin1');
        const found = pattern.exec(text);
        if (found === null) return;
        this.#socket.off('data', read);
        resolve(found[1] ?? '');
      };
      this.#socket.on('data', read);
    });
  }

  async expect(pattern: RegExp): Promise<RegExpExecArray> {
    const line = await this.lines.take((one) => pattern.test(one), String(pattern));
    const match = pattern.exec(line);
    if (match === null) throw new Error(`stateful pattern ${pattern}`);
    return match;
  }

  /** Goes through CAP, NICK and USER to the end of the MOTD, and says more in the same breath. */
  async welcome({
    caps = '',
    isupport = 'CASEMAPPING=rfc1459 PREFIX=(qaohv)~&@%+ CHANTYPES=#&+!',
    more = [] as readonly string[],
  } = {}): Promise<this> {
    await this.expect(/^CAP LS/);
    this.nick = (await this.expect(/^NICK :?(\S+)/))[1] ?? '';
    await this.expect(/^USER /);
    this.say(`:s.test CAP * LS :${caps}`);
    const wanted = await this.expect(/^CAP (?:REQ :?(.*)|END)$/);
    if (wanted[1] !== undefined) {
      this.say(`:s.test CAP ${this.nick} ACK :${wanted[1]}`);
      await this.expect(/^CAP END/);
    }
    this.say(`:s.test 001 ${this.nick} :Welcome`, `:s.test 005 ${this.nick} ${isupport} :are supported`);
    this.say(`:s.test 422 ${this.nick} :No MOTD`, ...more);
    return this;
  }

  /** Lets the client into a channel that it asks for. */
  async admit(channel: string, names: string, ...between: readonly string[]): Promise<void> {
    await this.expect(/^JOIN /);
    this.enter(channel, names, ...between);
  }

  /** The lines of an entry. */
  enter(channel: string, names: string, ...between: readonly string[]): void {
    this.say(`:${this.nick}!user@host.test JOIN ${channel}`, ...between);
    this.say(
      `:s.test 353 ${this.nick} = ${channel} :${names}`,
      `:s.test 366 ${this.nick} ${channel} :End of /NAMES list.`,
    );
  }

  cut(): void {
    this.#socket.destroy();
  }

  end(): void {
    this.#socket.end();
  }
}

export interface PuppetIrcd extends AsyncDisposable {
  readonly port: number;
  /** The next client that connects. */
  next(): Promise<PuppetClient>;
  /** Does it answer PING by itself? */
  answersPings: boolean;
}

/** Listens on loopback, on a port of the system's choice; with a certificate and its key in TLS, asking for the client's. */
export async function startPuppetIrcd(pem?: string): Promise<PuppetIrcd> {
  const clients = new Inbox<PuppetClient>('connections', () => 'a client');
  const sockets = new Set<Socket>();
  let answersPings = true;
  const take = (socket: Socket): void => {
    sockets.add(socket);
    clients.put(new PuppetClient(socket, () => answersPings));
  };
  const server: Server =
    pem === undefined
      ? createServer(take)
      : createTlsServer({ cert: pem, key: pem, requestCert: true, rejectUnauthorized: false }, take);
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return {
    port,
    next: () => clients.take(() => true, 'a connection'),
    get answersPings() {
      return answersPings;
    },
    set answersPings(yes) {
      answersPings = yes;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
