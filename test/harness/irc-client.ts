/** A plain IRC client, line by line: the person on the other side. */
import { createConnection, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Inbox } from './inbox.ts';
import { inTime } from './lag.ts';

export interface IrcOptions {
  readonly port: number;
  readonly nick: string;
  readonly host?: string;
  /** Capabilities to ask for. */
  readonly caps?: readonly string[];
  readonly tls?: boolean;
}

/** Connects and registers; resolves after the welcome. */
export async function connectIrc(options: IrcOptions): Promise<IrcClient> {
  const client = new IrcClient(options);
  try {
    await client.register(options);
  } catch (error) {
    client.cut();
    throw error;
  }
  return client;
}

export class IrcClient {
  nick: string;
  readonly inbox: Inbox<string>;
  readonly #socket: Socket;
  #rest: Buffer = Buffer.alloc(0);
  #tokens = 0;

  constructor({ port, nick, host = '127.0.0.1', tls = false }: IrcOptions) {
    this.nick = nick;
    this.inbox = new Inbox<string>(`${nick} on IRC`, (line) => line);
    this.#socket = tls ? connectTls({ port, host, rejectUnauthorized: false }) : createConnection({ port, host });
    this.#socket.setNoDelay(true);
    this.#socket.on('data', (bytes: Buffer) => this.#take(bytes));
    this.#socket.on('error', (error) => this.inbox.end(error));
    this.#socket.on('close', () => this.inbox.end(new Error('the connection ended')));
  }

  #take(bytes: Buffer): void {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    let from = 0;
    for (let end = all.indexOf(10); end >= 0; end = all.indexOf(10, from)) {
      const line = all.toString('utf8', from, end).replace(/\r$/, '');
      from = end + 1;
      if (line.startsWith('PING ')) this.send(`PONG ${line.slice(5)}`);
      else this.inbox.put(line);
    }
    this.#rest = all.subarray(from);
  }

  /** For `connectIrc`. */
  async register({ nick, caps = [] }: IrcOptions): Promise<void> {
    if (caps.length > 0) this.send(`CAP REQ :${caps.join(' ')}`);
    this.send(`NICK ${nick}`);
    // Some servers take no user name of a nick's brackets.
    this.send(`USER ${nick.replace(/[[\]\\]/g, '')} 0 * :${nick}`);
    if (caps.length > 0) this.send('CAP END');
    await this.expect(/^(@\S+ )?\S+ 001 /);
    await this.expect(/^(@\S+ )?\S+ (376|422) /);
  }

  /** One line, without its end. */
  send(line: string): void {
    inTime('irc', () => this.#socket.writable && this.#socket.write(`${line}\r\n`));
  }

  /** Bytes as they are. */
  raw(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  /** The first line that fits and was not expected before. */
  async expect(pattern: RegExp, withinMs?: number): Promise<RegExpExecArray> {
    const line = await this.inbox.take((one) => pattern.test(one), String(pattern), withinMs);
    const match = pattern.exec(line);
    if (match === null) throw new Error(`stateful pattern ${pattern}`);
    return match;
  }

  /** Lines like this, expected before or not. */
  seen(pattern: RegExp, since = 0): readonly string[] {
    return this.inbox.all.slice(since).filter((line) => pattern.test(line));
  }

  /** Everything that the server had written to us before is here when it resolves. */
  async roundtrip(): Promise<void> {
    this.#tokens += 1;
    this.send(`PING :rt${this.#tokens}`);
    await this.expect(new RegExp(`PONG .*rt${this.#tokens}$`));
  }

  async join(channel: string, key = ''): Promise<void> {
    this.send(`JOIN ${channel} ${key}`.trimEnd());
    await this.expect(/^(@\S+ )?\S+ 366 /);
  }

  say(channel: string, text: string): void {
    this.send(`PRIVMSG ${channel} :${text}`);
  }

  /** Waits for a message; resolves with its text. */
  async hears(from: string, channel: string, text?: string | RegExp, withinMs?: number): Promise<string> {
    const said = (line: string): string | undefined => {
      const rest = line.replace(/^@\S+ /, '');
      const start = `:${from}!`;
      const middle = ` PRIVMSG ${channel} `;
      if (!rest.startsWith(start) || !rest.includes(middle)) return undefined;
      // A server may leave out the colon before a single word.
      return rest.slice(rest.indexOf(middle) + middle.length).replace(/^:/, '');
    };
    const wanted = (line: string): boolean => {
      const found = said(line);
      return (
        found !== undefined && (text === undefined || (typeof text === 'string' ? found === text : text.test(found)))
      );
    };
    const line = await this.inbox.take(wanted, `${from} saying ${text ?? 'something'} in ${channel}`, withinMs);
    return said(line) ?? '';
  }

  cut(): void {
    this.#socket.resetAndDestroy();
  }

  close(): void {
    this.#socket.end('QUIT :bye\r\n');
    this.#socket.once('end', () => this.#socket.destroy());
  }
}
