/** One connection: bytes to lines with the limits of the specification, lines to bytes with the faults that a test wants. */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { limits } from './line.ts';
import type { Faults } from './settings.ts';

/** What was wrong with a line that was not handed on. */
export type LineFault = 'too long' | 'not utf-8';

export interface LinkEvents {
  line(text: string): void;
  /** What is no UTF-8 can be sent on as it is given here. */
  fault(what: LineFault, text: string): void;
  closed(): void;
}

export class Link {
  /** SHA-256 of the client's certificate, in small letters without colons. */
  readonly fingerprint: string | undefined;
  readonly secure: boolean;
  readonly #socket: Socket;
  readonly #faults: Faults;
  readonly #events: LinkEvents;
  readonly #outgoing: { readonly text: string; readonly at: number }[] = [];
  readonly #incoming: Buffer[] = [];
  #rest: Buffer = Buffer.alloc(0);
  #timer: NodeJS.Timeout | undefined;
  #ending = false;
  #over = false;
  /** For `drop`, and for nothing else. */
  owner: () => string = () => '*';

  constructor(socket: Socket, faults: Faults, events: LinkEvents) {
    this.#socket = socket;
    this.#faults = faults;
    this.#events = events;
    this.secure = socket instanceof TLSSocket;
    this.fingerprint =
      socket instanceof TLSSocket
        ? socket.getPeerCertificate()?.fingerprint256?.replaceAll(':', '').toLowerCase()
        : undefined;
    socket.setNoDelay(true);
    socket.on('data', (bytes: Buffer) => this.#take(bytes));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#close());
  }

  get address(): string {
    return this.#socket.remoteAddress ?? '0.0.0.0';
  }

  #close(): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    this.#events.closed();
  }

  #take(bytes: Buffer): void {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    let from = 0;
    for (let end = all.indexOf(10); end >= 0; end = all.indexOf(10, from)) {
      this.#incoming.push(all.subarray(from, all[end - 1] === 13 && end > from ? end - 1 : end));
      from = end + 1;
    }
    this.#rest = all.subarray(from);
    this.pump();
  }

  /** Goes on where a fault had stopped it. */
  pump(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#read();
    this.#write();
  }

  #read(): void {
    let budget = this.#faults.linesPerSecond === 0 ? Number.POSITIVE_INFINITY : this.#faults.linesPerSecond / 10;
    while (!this.#faults.deaf && !this.#over && !this.#ending && budget > 0) {
      const bytes = this.#incoming.shift();
      if (bytes === undefined) return;
      budget -= 1;
      this.#judge(bytes);
    }
    if (!this.#faults.deaf && this.#incoming.length > 0) this.#again(100);
  }

  #judge(bytes: Buffer): void {
    if (bytes.length === 0) return;
    const text = bytes.toString('utf8');
    const start = bytes[0] === 64 ? bytes.indexOf(32) : -1;
    const tags = start < 0 ? (bytes[0] === 64 ? bytes.length : 0) : start - 1;
    if (tags > limits.tags || bytes.length - (start + 1) > limits.line) this.#events.fault('too long', text);
    else if (!Buffer.from(text, 'utf8').equals(bytes)) this.#events.fault('not utf-8', escaped(bytes));
    else this.#events.line(text);
  }

  /** One line, without its end. */
  send(text: string): void {
    if (this.#over || this.#ending || this.#faults.drop(text, this.owner())) return;
    this.#outgoing.push({ text, at: performance.now() + this.#faults.delayMs });
    this.#write();
  }

  #write(): void {
    if (this.#faults.hold || this.#over) return;
    let text = '';
    for (let first = this.#outgoing[0]; first !== undefined; first = this.#outgoing[0]) {
      const wait = first.at - performance.now();
      if (wait > 0) {
        this.#again(wait);
        break;
      }
      text += `${first.text}\r\n`;
      this.#outgoing.shift();
    }
    if (text !== '') this.#socket.write(unescaped(text));
    if (this.#ending && this.#outgoing.length === 0) this.#socket.end();
  }

  #again(ms: number): void {
    this.#timer ??= setTimeout(() => this.pump(), ms);
  }

  /** Ends it when all has been written. */
  end(): void {
    this.#ending = true;
    this.#write();
  }

  /** The wire is cut: no farewell. */
  cut(): void {
    cutSocket(this.#socket);
    this.#close();
  }
}

/** Bytes that are no UTF-8 as text: each of its own stands there as half a character, which no text has. */
const escaped = (bytes: Buffer): string =>
  bytes.toString('latin1').replace(/[\x80-\xff]/g, (one) => String.fromCharCode(0xdc00 + one.charCodeAt(0)));

/** The bytes of text, those of `escaped` as they were. */
function unescaped(text: string): Buffer {
  const pieces = text.split(/([\udc80-\udcff])/u);
  return Buffer.concat(
    pieces.map((piece, i) => (i % 2 === 0 ? Buffer.from(piece) : Buffer.from([piece.charCodeAt(0) & 0xff]))),
  );
}

/** TLS has no reset. */
export function cutSocket(socket: Socket): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}
