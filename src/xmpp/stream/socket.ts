/**
 * One TCP or TLS connection in the shape that the library expects of its sockets: read in 16 KiB pieces into one buffer, told on as text (a character
 * cut by a read is put together again, libraries' defect 1), small writes sent at once.
 */
import { EventEmitter } from 'node:events';
import { isIP, Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import { connect as connectTls } from 'node:tls';
import { Gathering } from './gathering.ts';
import type { Clock } from './types.ts';

const READ_BYTES = 16 * 1024;
/** Unsent bytes from which on the socket counts as full. */
export const FULL_BYTES = 1024 * 1024;

/** OpenSSL's word for an answer that is none of TLS. */
const isPlain = (error: Error): boolean => 'code' in error && error.code === 'ERR_SSL_WRONG_VERSION_NUMBER';

const plainThere = (cause: Error): Error =>
  new Error(
    'what answers at that port has no TLS: set `xmpp.tls` to off, or `xmpp.port` to a port that the server has TLS on',
    { cause },
  );

/** Emits `connect`, `data` (text), `drain`, `error`, and `close` exactly once, always. */
export class LinkSocket extends EventEmitter {
  readonly #tls: boolean | { readonly ca: string };
  readonly #decoder = new StringDecoder('utf8');
  readonly #buffer = Buffer.allocUnsafe(READ_BYTES);
  readonly #tcp: Socket;
  readonly #gathering: Gathering;
  #stream: Socket;

  constructor(clock: Pick<Clock, 'now' | 'after'>, tls: boolean | { readonly ca: string } = false) {
    super();
    this.#tls = tls;
    const plain = tls === false;
    this.#tcp = new Socket({
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: 30_000,
      writableHighWaterMark: FULL_BYTES,
      ...(plain ? { onread: { buffer: this.#buffer, callback: (bytes, buffer) => this.#read(buffer, bytes) } } : {}),
    } as ConstructorParameters<typeof Socket>[0]);
    this.#stream = this.#tcp;
    const reader = { pause: () => this.#stream.pause(), resume: () => this.#stream.resume() };
    this.#gathering = new Gathering(clock, reader, (text) => this.emit('data', text));
    // An error with nobody listening would end the process; `close` tells of it in any case.
    this.on('error', () => undefined);
    this.#tcp.on('error', (error) => this.#failed(error));
    // TLS has its own, which comes behind what went wrong with it.
    this.#tcp.on('close', () => (this.#stream === this.#tcp ? this.#ended() : this.#stream.destroy()));
    if (plain) this.#tcp.on('drain', () => this.emit('drain'));
  }

  connect(where: { readonly host: string; readonly port: number }): void {
    this.#tcp.once('connect', () => (this.#tls === false ? this.emit('connect') : this.#secure(where.host, this.#tls)));
    this.#tcp.connect(where);
  }

  write(text: string, done?: (error?: Error | null) => void): boolean {
    return this.#stream.write(text, 'utf8', done);
  }

  /** Bytes that the system has not taken yet. */
  get unsent(): number {
    return this.#stream.writableLength;
  }

  /** More than FULL_BYTES were unsent and `drain` has not come yet. */
  get full(): boolean {
    return this.#stream.writableNeedDrain;
  }

  end(): void {
    this.#stream.end();
  }

  destroy(error: Error): void {
    this.#stream.destroy(error);
  }

  #secure(host: string, tls: true | { readonly ca: string }): void {
    const secure = connectTls({
      socket: this.#tcp,
      ...(isIP(host) === 0 ? { servername: host } : { host }),
      ...(tls === true ? {} : { ca: tls.ca }),
    });
    this.#stream = secure;
    secure.on('error', (error) => this.#failed(isPlain(error) ? plainThere(error) : error));
    secure.on('close', () => {
      this.#tcp.destroy();
      this.#ended();
    });
    secure.once('secureConnect', () => this.emit('connect'));
    secure.on('data', (bytes: Buffer) => this.#read(bytes, bytes.length));
    secure.on('drain', () => this.emit('drain'));
  }

  #read(buffer: Uint8Array, bytes: number): boolean {
    this.#gathering.heard(this.#decoder.write(Buffer.from(buffer.buffer, buffer.byteOffset, bytes)), bytes);
    return true;
  }

  /** What was read before is told before: behind it nobody listens. */
  #failed(error: Error): void {
    this.#gathering.close();
    this.emit('error', error);
  }

  #ended(): void {
    this.#gathering.close();
    this.emit('close');
  }
}
