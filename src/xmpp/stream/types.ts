/** The face of a component stream (XEP-0114): what it needs of its owner, what it offers, and the errors it ends in. */
import type { Element } from '../../xml/element.ts';
import type { Xml } from '../../xml/writer.ts';

/** The part of structured logging that a stream uses. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** The only source of time. */
export interface Clock {
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls once after `ms`; the returned function cancels. */
  after(ms: number, call: () => void): () => void;
}

export interface ComponentOptions {
  readonly domain: string;
  readonly secret: string;
  readonly host: string;
  readonly port: number;
  /** Direct TLS, certificates verified; `ca`: PEM text of what to verify against instead of the system's authorities. */
  readonly tls?: boolean | { readonly ca: string };
  readonly log: Log;
  readonly clock: Clock;
  /** Another process of ours had this domain until now: a `conflict` is about its stream, which the server has not given up yet, and passes by itself. */
  readonly isHeir?: () => boolean;
  /** Every stanza, in order, synchronously. What it throws is logged and goes no further. */
  onStanza(element: Element): void;
  /** A stanza that broke a limit of ours: its name and attributes as far as known, so that its sender can be told. */
  onOversized?(root: Element): void;
  /** The handshake is done (again). */
  onUp(): void;
  /** Whatever was written and is not behind a barrier may be lost. `reason`: a stream error's condition, or plain words. */
  onDown(reason: string): void;
  /** There is no stream, or none yet, and it is tried again after a while; `reason` as above, of the last try. */
  onWaiting?(reason: string): void;
}

export interface Component {
  /**
   * Called once. Resolves when up for the first time. Rejects with StreamRefused where the server refuses us before we ever were up: whether the process ends is the caller's choice,
   * trying goes on (slowly) until `stop` or `signal`, and `onUp` tells of success. Other failures are retried without a word. Rejects with the signal's reason once that is aborted.
   */
  start(signal: AbortSignal): Promise<void>;
  readonly up: boolean;
  /**
   * Queues text for this callback's single write: one stanza, or several with their blanks behind them (xml/blanks.ts). False: there is no room, wait for `drained`. While
   * down, text is dropped (false).
   */
  write(text: string): boolean;
  /** Resolves when there is room again, which while down means: when up again; or when the stream is stopped. */
  drained(): Promise<void>;
  /** Resolves when the server has processed all that was written before. Rejects with LinkDown when the stream goes down first; a server that never answers is taken for dead, which brings it down. */
  barrier(): Promise<void>;
  /** Asks and resolves with the iq of type result. Rejects with IqError: the answer's, or remote-server-timeout when none comes or the stream goes down. */
  request(iq: Request, timeoutMs: number): Promise<Element>;
  /** Flushes, ends the stream, waits briefly for the peer, closes (114-52). Never rejects. */
  stop(): Promise<void>;
}

/** An iq of ours. */
export interface Request {
  readonly to: string;
  readonly from: string;
  readonly type: 'get' | 'set';
  readonly body: Xml;
}

/** The server will not have us (114-10 to 114-13). */
export class StreamRefused extends Error {
  /** RFC 6120 §4.9.3. */
  readonly condition: string;
  readonly text: string;
  constructor(domain: string, condition: string, text: string) {
    super(`the XMPP server refused ${domain}: ${condition}${text === '' ? '' : ` (${text})`}`);
    this.name = 'StreamRefused';
    this.condition = condition;
    this.text = text;
  }
}

/** The stream went down before what was asked of it was done. */
export class LinkDown extends Error {
  constructor(reason: string) {
    super(`the component stream is down: ${reason}`);
    this.name = 'LinkDown';
  }
}

/** A request of ours was answered with an error, or not at all. */
export class IqError extends Error {
  /** RFC 6120 §8.3.3 and §8.3.2. */
  readonly condition: string;
  readonly type: string;
  readonly text: string;
  /** The answer, where there was one. */
  readonly element: Element | undefined;
  constructor(condition: string, type: string, text = '', element?: Element) {
    super(text === '' ? condition : `${condition}: ${text}`);
    this.name = 'IqError';
    this.condition = condition;
    this.type = type;
    this.text = text;
    this.element = element;
  }
}

/** A stanza that must not be sent: a bug of ours. The caller logs and drops it. */
export class OutboundBug extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'OutboundBug';
  }
}
