/** A component listener that does as a test scripts it, byte by byte, on loopback; and what a component under test is given. */
import { createHash } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import type { Element } from '../../../../src/xml/element.ts';
import { createComponent } from '../../../../src/xmpp/stream/component.ts';
import type { Clock, Component, ComponentOptions } from '../../../../src/xmpp/stream/types.ts';

export const SECRET = 'geheim-ß';
export const DOMAIN = 'irc.example.org';
export const header = (id = '3BF96D32'): string =>
  `<?xml version='1.0'?><stream:stream xmlns:stream='http://etherx.jabber.org/streams' xml:lang='en' id='${id}' xmlns='jabber:component:accept' from='${DOMAIN}'>`;
export const streamError = (condition: string, text = '', content = ''): string =>
  `<stream:error><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'>${content}</${condition}>${text === '' ? '' : `<text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>${text}</text>`}</stream:error></stream:stream>`;

/** One accepted connection: what came, and what to answer. */
export class Peer {
  readonly socket: Socket;
  received = '';
  #waiting: (() => void)[] = [];
  #taken = 0;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding('utf8').on('error', () => undefined);
    socket.setNoDelay(true);
    const wake = (): void => {
      const all = this.#waiting;
      this.#waiting = [];
      for (const one of all) one();
    };
    socket.on('data', (text: string) => {
      this.received += text;
      wake();
    });
    socket.on('close', wake);
  }

  /** Resolves once the pattern has come, behind what was taken before. */
  async expect(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.received.slice(this.#taken));
      if (found !== null) {
        this.#taken += found.index + found[0].length;
        return found;
      }
      if (this.socket.destroyed)
        throw new Error(`closed before ${pattern}; received ${JSON.stringify(this.received.slice(-500))}`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  send(text: string): void {
    this.socket.write(text);
  }

  /** The server's half of the handshake, checked. */
  async shakeHands(id = '3BF96D32'): Promise<void> {
    await this.expect(/<stream:stream [^>]*>/);
    this.send(header(id));
    const [, digest] = await this.expect(/<handshake>([0-9a-f]{40})<\/handshake>/);
    if (
      digest !==
      createHash('sha1')
        .update(id + SECRET, 'utf8')
        .digest('hex')
    )
      throw new Error('wrong digest');
    this.send('<handshake/>');
  }

  async closed(): Promise<void> {
    while (!this.socket.destroyed) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}

/** A listener whose connections are taken one by one. */
export class FakeServer {
  readonly #server: Server;
  readonly #peers: Peer[] = [];
  #waiting: ((peer: Peer) => void)[] = [];
  readonly #all: Peer[] = [];

  private constructor() {
    this.#server = createServer((socket) => {
      const peer = new Peer(socket);
      this.#all.push(peer);
      const next = this.#waiting.shift();
      if (next !== undefined) next(peer);
      else this.#peers.push(peer);
    });
  }

  static async listen(): Promise<FakeServer> {
    const one = new FakeServer();
    await new Promise<void>((resolve) => one.#server.listen(0, '127.0.0.1', resolve));
    return one;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    return address.port;
  }

  /** How many connections there were. */
  get count(): number {
    return this.#all.length;
  }

  /** The next connection. */
  async accept(): Promise<Peer> {
    return this.#peers.shift() ?? new Promise((resolve) => this.#waiting.push(resolve));
  }

  async close(): Promise<void> {
    for (const peer of this.#all) peer.socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** A clock that stands still until it is told to go on, so that a minute's wait takes none. */
export class TestClock implements Clock {
  #now = 1_000_000;
  #timers: { at: number; call: () => void }[] = [];
  #watchers: (() => void)[] = [];

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const cancel = this.after(ms, resolve);
      this.sleeping.push(ms);
      for (const one of this.#watchers.splice(0)) one();
      signal?.addEventListener('abort', () => {
        cancel();
        reject(signal.reason);
      });
    });
  }

  after(ms: number, call: () => void): () => void {
    const timer = { at: this.#now + ms, call };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  /** Every wait that was begun by `sleep`. */
  readonly sleeping: number[] = [];

  /** Resolves with the length of the `nth` wait, once it has begun. */
  async slept(nth: number): Promise<number> {
    for (;;) {
      const ms = this.sleeping[nth - 1];
      if (ms !== undefined) return ms;
      await new Promise<void>((resolve) => this.#watchers.push(resolve));
    }
  }

  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const due = this.#timers.filter((one) => one.at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#timers = this.#timers.filter((one) => one !== due);
      this.#now = Math.max(this.#now, due.at);
      due.call();
    }
    this.#now = end;
  }
}

/** A component and everything that it reported. */
export interface Subject {
  readonly component: Component;
  readonly clock: TestClock;
  readonly stanzas: Element[];
  readonly oversized: Element[];
  readonly downs: string[];
  readonly logged: { level: string; fields: Record<string, unknown>; message: string }[];
  ups: number;
  /** Resolves once the predicate holds; looked at after every event. */
  until(holds: () => boolean): Promise<void>;
}

export function subject(port: number, overrides: Partial<ComponentOptions> = {}): Subject {
  const clock = new TestClock();
  let watchers: (() => void)[] = [];
  const wake = (): void => {
    const all = watchers;
    watchers = [];
    for (const one of all) one();
  };
  const logged: Subject['logged'] = [];
  const log = (level: string) => (fields: object, message: string) =>
    void logged.push({ level, fields: { ...fields }, message });
  const one: Omit<Subject, 'component'> = {
    clock,
    stanzas: [],
    oversized: [],
    downs: [],
    logged,
    ups: 0,
    until: async (holds) => {
      while (!holds()) await new Promise<void>((resolve) => watchers.push(resolve));
    },
  };
  const component = createComponent({
    domain: DOMAIN,
    secret: SECRET,
    host: '127.0.0.1',
    port,
    clock,
    log: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
    ...overrides,
    onStanza: (element) => {
      one.stanzas.push(element);
      wake();
      overrides.onStanza?.(element);
    },
    onOversized: (root) => {
      one.oversized.push(root);
      wake();
    },
    onUp: () => {
      one.ups++;
      wake();
    },
    onDown: (reason) => {
      one.downs.push(reason);
      wake();
    },
  });
  return Object.assign(one, { component });
}
