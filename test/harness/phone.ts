/** A phone: a client whose line breaks, and which takes its stream up again (XEP-0198) where the server still has it. */
import { createConnection, type Socket } from 'node:net';
import type { Element } from '../../src/xml/element.ts';
import { escapeAttribute } from '../../src/xml/escape.ts';
import { type LoggedIn, logIn, type TcpServer } from './client-socket.ts';
import { Inbox } from './inbox.ts';
import { reader, show } from './markup.ts';
import type { Connect, Ears, Login, Transport } from './xmpp-client.ts';

const SM = 'urn:xmpp:sm:3';

export interface PhoneLine extends Transport {
  /** What it sent that the server has not answered for. */
  readonly unanswered: readonly string[];
  /** The line is there again. True: the stream goes on where it was; false: the server had given it up, and this line is of no more use. */
  resume(): Promise<boolean>;
}

/** As `overTcp`, by a stream that can be taken up again. @param made gets each line as it is begun */
export function overPhone(server: TcpServer, made: (line: PhoneLine) => void): Connect {
  return (login, ears) => {
    const line = new Line(server, login, ears);
    made(line);
    return line;
  };
}

class Line implements PhoneLine {
  readonly ready: Promise<void>;
  readonly closed: Promise<void>;
  readonly #server: TcpServer;
  readonly #login: Login;
  readonly #ears: Ears;
  readonly #over = Promise.withResolvers<void>();
  #socket: Socket | undefined;
  #greetings = new Inbox<Element>('', show);
  #id = '';
  /** How many stanzas it has heard; and those it sent that the server has not answered for. */
  #heard = 0;
  #sent = 0;
  #unacked: string[] = [];

  constructor(server: TcpServer, login: Login, ears: Ears) {
    this.#server = server;
    this.#login = login;
    this.#ears = ears;
    this.closed = this.#over.promise;
    this.ready = this.#begin();
  }

  get unanswered(): readonly string[] {
    return this.#unacked;
  }

  async #begin(): Promise<void> {
    const stream = await this.#connect();
    await stream.bind();
    stream.send(`<enable xmlns='${SM}' resume='true'/>`);
    const enabled = await this.#greetings.take(({ ns }) => ns === SM, 'stream management');
    if (enabled.name !== 'enabled') throw new Error(`no stream management: ${show(enabled)}`);
    this.#id = enabled.attrs.id ?? '';
  }

  async #connect(): Promise<LoggedIn> {
    const { port, host = '127.0.0.1', password } = this.#server;
    const { user, domain, resource } = this.#login;
    this.#greetings = new Inbox<Element>(`${user}@${domain}/${resource}`, show);
    const greetings = this.#greetings;
    const socket = createConnection({ port, host, noDelay: true });
    let isOn = false;
    const hear = (stanza: Element): void => {
      if (isOn) this.#hear(stanza);
      else if (stanza.ns === SM && /^(enabled|resumed)$/.test(stanza.name)) {
        isOn = true;
        if (stanza.name === 'resumed') this.#acked(Number(stanza.attrs.h));
        greetings.put(stanza);
        // Whoever was told of the resource by an older stream writes to it as soon as it is bound.
      } else if (stanza.name === 'message') this.#ears.stanza(stanza);
      else greetings.put(stanza);
    };
    const newReader = (): ((text: string) => void) => reader({ element: hear });
    let read = newReader();
    socket.setEncoding('utf8').on('data', (text: unknown) => read(String(text)));
    socket.on('error', (why) => greetings.end(why));
    socket.on('close', () => greetings.end(new Error('the stream ended')));
    this.#socket = socket;
    const send = (markup: string): void => void socket.write(markup);
    return logIn(this.#login, password, { greetings, send, restart: () => (read = newReader()), declares: '' });
  }

  #hear(stanza: Element): void {
    if (stanza.ns !== SM) {
      this.#heard += 1;
      this.#ears.stanza(stanza);
    } else if (stanza.name === 'r') this.#write(`<a xmlns='${SM}' h='${this.#heard}'/>`);
    else if (stanza.name === 'a') this.#acked(Number(stanza.attrs.h));
  }

  #acked(h: number): void {
    this.#unacked = this.#unacked.slice(this.#unacked.length - (this.#sent - h));
  }

  #write(markup: string): void {
    if (this.#socket?.writable === true) this.#socket.write(markup);
  }

  send(markup: string): void {
    this.#sent += 1;
    this.#unacked.push(markup);
    this.#write(`${markup}<r xmlns='${SM}'/>`);
  }

  cut(): void {
    this.#socket?.resetAndDestroy();
  }

  async resume(): Promise<boolean> {
    this.cut();
    const { send } = await this.#connect();
    send(`<resume xmlns='${SM}' previd='${escapeAttribute(this.#id)}' h='${this.#heard}'/>`);
    const answer = await this.#greetings.take(({ ns }) => ns === SM, 'the end of the resumption');
    if (answer.name !== 'resumed') {
      this.cut();
      return false;
    }
    for (const markup of this.#unacked) send(markup);
    return true;
  }

  async close(): Promise<void> {
    const socket = this.#socket;
    this.#over.resolve();
    if (socket === undefined || socket.destroyed) return;
    const over = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.end(`<presence type='unavailable'/></stream:stream>`);
    const giveUp = setTimeout(() => socket.destroy(), 2_000);
    await over.finally(() => clearTimeout(giveUp));
  }
}
