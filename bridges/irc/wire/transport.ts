/**
 * irc-framework's connection, owned by us: bytes in are framed, capped, decoded and offered to `tap` before irc-framework sees them; a line that makes it
 * throw is contained; bytes out all pass one sender and one guard. irc-framework makes the object with `new` and listens to its events.
 */
import { createHash } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { connect as connectPlain, isIP, type LookupFunction, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, TLSSocket } from 'node:tls';
import type { Clock } from '#bridge';
import { type Closed, closedAfter, closedBy, type How } from './close-reason.ts';
import { guardLine } from './compose.ts';
import { createFramer, type Framer, maxLineFromServer } from './framer.ts';
import { createSender, type Rate, type Sender } from './sender.ts';
import { openTunnel, type SocksProxy } from './socks.ts';

export interface TlsChoice {
  /** Whose certificate we expect, and the name that we ask for; the host where absent. */
  readonly servername?: string;
  /** False, and every certificate does. True where absent. */
  readonly rejectUnauthorized?: boolean;
  /** PEM; instead of the system's. */
  readonly ca?: string;
  /** The only certificate that does, whoever signed it: the hexadecimal digits of its SHA-1, SHA-256 or SHA-512. */
  readonly pin?: string;
  /** Ours, with its key; PEM. */
  readonly certificate?: string;
}

/** A proxy, and what resolves its name and may refuse what it resolves to. */
export type ProxyChoice = SocksProxy & { readonly lookup?: LookupFunction };

export interface TransportOptions {
  readonly host: string;
  readonly port: number;
  /** undefined: plain text. */
  readonly tls: TlsChoice | undefined;
  /** Of a direct connection. */
  readonly localAddress?: string;
  /** The host is then resolved by the proxy, not by us. */
  readonly proxy?: ProxyChoice;
  /** Resolves the host, and may refuse what it resolves to. */
  readonly lookup?: LookupFunction;
  /** Until the connection is open, TLS included. */
  readonly connectTimeoutMs: number;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly rate: Rate | undefined;
  readonly maxQueued: number;
  /** Where sockets read to; many transports may share one, as a read is over before the next begins. */
  readonly readBuffer?: Buffer;
  /** Reads a line that is not UTF-8; undefined: as CP1252. */
  decode?(bytes: Buffer): string | undefined;
  /** Lines with their ends, as they are written; absent: in UTF-8. */
  encode?(lines: string): string | Buffer;
  /** Sees each line first. True: it was handled, and irc-framework does not get it. */
  tap(line: string): boolean;
  /** A line made `tap` or irc-framework throw: a bug of ours or theirs; the connection goes on. */
  onFault(error: unknown, line: string): void;
  /** Called with each direct connection's socket, as soon as its ports are known. */
  onSocket?(socket: Socket): void;
  /** Called with each transport that irc-framework makes, before it connects. */
  onTransport?(transport: Transport): void;
  /** Called once a connection, when it is over or was never made. */
  onClosed?(closed: Closed): void;
}

/** How a connection is encrypted. */
export interface Encryption {
  /** "TLSv1.3", and the suite. */
  readonly protocol: string;
  readonly cipher: string;
  /** The certificate is for the server's name, from an authority that we trust. */
  readonly verified: boolean;
}

/** What the session sees of a connection. */
export interface Transport {
  /** Holds lines until the connection is open; throws once it is over. */
  readonly sender: Sender;
  /** Epoch milliseconds of the last bytes; for a watchdog. */
  readonly heardAt: number;
  /** While a line is taken: more of the same read follow in this turn, before anything that waits for a promise. */
  readonly hasMore: boolean;
  /** undefined: it is in plain text, or over. */
  readonly encryption: Encryption | undefined;
  isConnected(): boolean;
  /** irc-framework is told nothing from now on: of lines and of the end hear `tap` and `onClosed` alone. */
  forget(): void;
  /** Stops reading, within one read of at most 16 KiB. */
  pause(): void;
  resume(): void;
  /** Ends the connection; `force`: at once. */
  close(force?: boolean): void;
}

export type TransportClass = new () => Transport & EventEmitter;

/** What one read takes at most. */
export const readBufferBytes = 16_384;
/** How long the server may take to close after we did; then the socket is destroyed. */
const closeTimeoutMs = 3000;
/** Unwritten characters from which on a turn has written enough. */
const fullAt = 65_536;
const keepAliveMs = 120_000;
const attemptMs = 2000;

/** The class for irc-framework's `transport` option: one for all with its options bound, as objects of a class for each connection would all be of other shapes, and each class two kilobytes. */
export const createTransportClass = (options: TransportOptions): TransportClass =>
  WireTransport.bind(undefined, options);

/** An EventEmitter because irc-framework listens to `open`, `line` and `close`. */
class WireTransport extends EventEmitter implements Transport {
  readonly sender: Sender;
  heardAt: number;
  readonly #options: TransportOptions;
  #framer: Framer | undefined;
  #socket: Socket | undefined;
  #open = false;
  #unwritten = '';
  #failure: Closed | undefined;
  #cancelTimer: (() => void) | undefined;

  constructor(options: TransportOptions) {
    super();
    this.#options = options;
    this.heardAt = options.clock.now();
    const { clock, rate, maxQueued } = options;
    this.sender = createSender({ clock, rate, maxQueued, held: true, write: (text) => this.#write(text) });
    options.onTransport?.(this);
  }

  connect(): void {
    this.disposeSocket();
    this.#failure = undefined;
    this.#framer = createFramer({
      maxLine: maxLineFromServer,
      onLine: (text) => this.#line(text),
      onOverflow: () => this.#fail('overflow'),
      decode: (bytes) => this.#options.decode?.(bytes),
    });
    const { tls, proxy } = this.#options;
    if (proxy === undefined) {
      const socket = this.#dial();
      this.#follow(socket);
      socket.once('connect', () => this.#options.onSocket?.(socket));
      socket.once(tls === undefined ? 'connect' : 'secureConnect', () => this.#opened(socket));
    } else {
      this.#tunnel(proxy);
    }
    this.#after(this.#options.connectTimeoutMs, () => this.#fail('timeout'));
  }

  /** For irc-framework. Throws a GatewayError where the line holds a line break or NUL, the queue is full or the connection over. */
  writeLine(line: string, onWritten?: () => void): void {
    const urgent = /^(PONG|QUIT)\b/i.test(line);
    this.sender.send(guardLine(line), urgent ? 0 : 1, onWritten && (() => onWritten()));
  }

  isConnected(): boolean {
    return this.#open;
  }

  forget(): void {
    this.removeAllListeners();
  }

  get hasMore(): boolean {
    return this.#framer?.hasMore === true;
  }

  get encryption(): Encryption | undefined {
    const socket = this.#socket;
    if (!this.#open || !(socket instanceof TLSSocket)) return undefined;
    return {
      protocol: socket.getProtocol() ?? '',
      cipher: socket.getCipher().standardName,
      verified: socket.authorized,
    };
  }

  pause(): void {
    this.#socket?.pause();
  }

  resume(): void {
    this.#socket?.resume();
  }

  close(force = false): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    if (force || !this.#open) {
      this.sender.end(closedBy('closed', this.#options).error);
      socket.destroy();
      return;
    }
    this.sender.end(closedBy('closed', this.#options).error);
    this.#flush();
    socket.end();
    // Reading on is what lets the server's own end arrive.
    socket.resume();
    this.#after(closeTimeoutMs, () => socket.destroy());
  }

  /** Drops the connection without a word to irc-framework, which calls this before it makes another. */
  disposeSocket(): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    this.#release();
    socket.destroy();
    this.sender.end(closedBy('closed', this.#options).error);
  }

  /** What is read and written in which encoding is for `decode` and `encode` to say. */
  setEncoding(_encoding: string): boolean {
    return true;
  }

  #follow(socket: Socket): void {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, keepAliveMs);
    let error: unknown;
    socket.on('drain', () => this.sender.drained());
    socket.on('error', (thrown) => {
      error ??= thrown;
    });
    socket.once('close', () => this.#closed(socket, error));
  }

  #tunnel(proxy: ProxyChoice): void {
    const { host, port, tls } = this.#options;
    const { lookup } = proxy;
    const raw = connectPlain({ host: proxy.host, port: proxy.port, ...(lookup === undefined ? {} : { lookup }) });
    let through = false;
    let how: How = 'proxy-away';
    // In front of what follows the socket: by then it has to be known that it was the proxy.
    for (const event of ['error', 'close'] as const) {
      raw.once(event, (cause: unknown) => {
        if (through || this.#socket !== raw) return;
        this.#failure ??= closedBy(how, this.#options, cause instanceof Error ? cause : undefined);
      });
    }
    this.#follow(raw);
    raw.once('connect', () => {
      how = 'proxy';
      openTunnel(raw, proxy, { host, port }, (failed) => {
        if (this.#socket !== raw) return;
        through = true;
        if (failed !== undefined) this.#fail(failed);
        else if (tls === undefined) this.#throughTunnel(raw);
        else {
          const secured = connectTls({ ...tlsOptions(tls, host), host, socket: raw });
          this.#follow(secured);
          secured.once('secureConnect', () => this.#throughTunnel(secured));
        }
      });
    });
  }

  /** What the server said behind the proxy's last word comes first. */
  #throughTunnel(socket: Socket): void {
    this.#opened(socket);
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.resume();
  }

  #dial(): Socket {
    const { host, port, tls, localAddress, lookup, readBuffer } = this.#options;
    const where = {
      host,
      port,
      // Per address, where a host has many; Node's 250 ms are too few for a server far away.
      autoSelectFamilyAttemptTimeout: attemptMs,
      ...(localAddress === undefined ? {} : { localAddress, family: isIP(localAddress) }),
      ...(lookup === undefined ? {} : { lookup }),
      onread: {
        buffer: readBuffer ?? Buffer.allocUnsafeSlow(readBufferBytes),
        callback: (length: number, buffer: Uint8Array) => {
          this.#read(Buffer.from(buffer.buffer, buffer.byteOffset, length));
          return true;
        },
      },
    };
    if (tls === undefined) return connectPlain(where);
    return connectTls({ ...where, ...tlsOptions(tls, host) });
  }

  #opened(socket: Socket): void {
    const pin = this.#options.tls?.pin;
    if (pin !== undefined && !hasFingerprint(socket, pin)) {
      this.#fail('fingerprint');
      return;
    }
    this.#cancelTimer?.();
    this.#open = true;
    this.heardAt = this.#options.clock.now();
    this.sender.drained();
    this.emit('open');
  }

  #read(bytes: Buffer): void {
    this.heardAt = this.#options.clock.now();
    this.#framer?.push(bytes);
  }

  #line(text: string): void {
    if (!this.#open) return;
    try {
      if (!this.#options.tap(text)) this.emit('line', text);
    } catch (error) {
      this.#options.onFault(error, text);
    }
  }

  /** What is written in one turn, as a burst and the PING behind it, leaves as one; joined here, because a cork costs more than it saves. */
  #write(text: string): boolean {
    const socket = this.#socket;
    if (socket === undefined) return false;
    if (this.#unwritten === '') process.nextTick(() => this.#flush());
    this.#unwritten += text;
    return this.#unwritten.length < fullAt && !socket.writableNeedDrain;
  }

  #flush(): void {
    const text = this.#unwritten;
    this.#unwritten = '';
    const socket = this.#socket;
    if (text === '' || socket === undefined) return;
    const bytes = this.#options.encode?.(text) ?? text;
    if (socket.write(bytes) && text.length >= fullAt) this.sender.drained();
  }

  /** Ends the connection for a reason that the socket does not know. */
  #fail(how: How): void {
    this.#failure ??= closedBy(how, this.#options);
    this.#open = false;
    this.sender.end(this.#failure.error);
    this.#socket?.destroy();
  }

  #closed(socket: Socket, error: unknown): void {
    if (this.#socket !== socket) return;
    this.#release();
    const closed = this.#failure ?? closedAfter(error, this.#options);
    this.sender.end(closed.error);
    this.#options.onClosed?.(closed);
    this.emit('close', error === undefined && this.#failure === undefined ? false : closed.error);
  }

  #release(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#socket = undefined;
    this.#unwritten = '';
    this.#framer = undefined;
    this.#open = false;
  }

  /** One timer at a time: until open, then for the end. */
  #after(ms: number, call: () => void): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#options.clock.after(ms, call);
  }
}

function tlsOptions(tls: TlsChoice, host: string): ConnectionOptions {
  const name = tls.servername ?? host;
  return {
    // An IP address is no server name (RFC 6066 §3); the certificate is checked against `host` then.
    ...(isIP(name) === 0 ? { servername: name } : {}),
    rejectUnauthorized: tls.pin === undefined && (tls.rejectUnauthorized ?? true),
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.certificate === undefined ? {} : { cert: tls.certificate, key: tls.certificate }),
  };
}

const hashes: Readonly<Record<number, string>> = { 40: 'sha1', 64: 'sha256', 128: 'sha512' };

/** Is it this very certificate that the other side showed? */
function hasFingerprint(socket: Socket, pin: string): boolean {
  const hash = hashes[pin.length];
  const shown = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
  return hash !== undefined && shown !== undefined && createHash(hash).update(shown.raw).digest('hex') === pin;
}
