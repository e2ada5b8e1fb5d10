/** One try at one port of one server: the socket, irc-framework for CAP and registration, and the taps that take the lines. */
import { isIP, type LookupFunction, type Socket } from 'node:net';
import { domainToASCII } from 'node:url';
import type { Client } from 'irc-framework';
import {
  type Clock,
  GatewayError,
  isLocalName,
  isPrivateAddress,
  type Log,
  privateRefused,
  publicLookup,
} from '#bridge';
import type { Capabilities } from './capabilities.ts';
import type { Charsets } from './charsets.ts';
import type { ServerConfig } from './config.ts';
import type { Link } from './core.ts';
import { type Identity, ownsNick } from './identity.ts';
import { linkOf } from './link.ts';
import { createLogin, type LoggingIn, type LoginOptions } from './login.ts';
import { createRegistration, type Registration, type RegistrationOptions } from './register.ts';
import type { Login } from './sasl.ts';
import { readSts, type StsOffer } from './sts.ts';
import type { Where } from './targets.ts';
import { webircOf } from './webirc.ts';
import type { Closed } from './wire/close-reason.ts';
import type { Line } from './wire/line.ts';
import type { Rate } from './wire/sender.ts';
import {
  createTransportClass,
  type ProxyChoice,
  type TlsChoice,
  type Transport,
  type TransportOptions,
} from './wire/transport.ts';

export interface DialOptions {
  readonly server: ServerConfig;
  readonly where: Where;
  readonly identity: Identity;
  /** The bare JID. */
  readonly owner: string;
  /** A socket of this user's, for the identd; the returned function takes it back. */
  identify?(socket: Socket): () => void;
  /** The nick that is wanted now. */
  readonly nick: string;
  readonly again: boolean;
  readonly clock: Clock;
  readonly log: Log;
  /** PEM text. */
  readonly ca: string | undefined;
  readonly readBuffer: Buffer;
  /** Takes a line apart; undefined where it has no command. */
  readLine(text: string): Line | undefined;
  /** See `createClients`. */
  newClient(): Client;
  readonly charsets: Charsets;
  readonly signal: AbortSignal;
  /** The socket exists: lines may come from now on, and be sent once it is open. */
  attach(link: Link): void;
  /** Takes a line; true: irc-framework need not see it. */
  hear(line: Line): boolean;
  /** The server does not let us in because it finds us too many or too fast, or has banned us. */
  complained(isBan: boolean, said: string): void;
  /** What the server offers is another thing than when it let us in (cap-notify). */
  offersChanged(): void;
  /** The server told how long it wants TLS, over a connection that can be believed. */
  stsHeard(where: Where, offer: StsOffer): void;
  /** The server or its services do not take these secrets. */
  loginRefused(identity: Identity, error: GatewayError): void;
  /** For people. */
  say(text: string): void;
  /** Just before the promise resolves, and ahead of what the server says in the same read: it takes what it is asked. */
  onLetIn(): void;
  /** Once, after the promise has resolved: the connection is over. */
  onEnd(error: GatewayError): void;
}

const registerTimeoutMs = 60_000;
/** How long the rest may take after 001 on servers that end it unusually. */
const welcomeMs = 5000;

/** Why a try failed. `next`: another port may do better. */
export class DialError extends Error {
  readonly error: GatewayError;
  readonly next: boolean;
  /** The server wants TLS, on this port (sts): nothing else may be tried. */
  readonly upgrade: number | undefined;
  constructor(error: GatewayError, next: boolean, upgrade?: number) {
    super(error.message, { cause: error });
    this.name = 'DialError';
    this.error = error;
    this.next = next;
    this.upgrade = upgrade;
  }
}

/** Resolves when the server takes intents; rejects with a DialError, or with the signal's reason. */
export function dial(options: DialOptions): Promise<Link> {
  return new Promise((resolve, reject) => {
    options.signal.throwIfAborted();
    new Dialling(options, { resolve, reject }).start();
  });
}

/** An object of a class: each connection has one, which its parts ask and tell, and every line goes through it. */
class Dialling implements LoginOptions, RegistrationOptions, TransportOptions {
  readonly host: string;
  readonly tls: TlsChoice | undefined;
  readonly localAddress?: string;
  readonly proxy?: ProxyChoice;
  readonly lookup?: LookupFunction;
  readonly connectTimeoutMs = 15_000;
  readonly maxQueued = 4096;
  readonly login: Login | undefined;
  readonly #options: DialOptions;
  /** Until it is kept or broken. */
  #promise: Pick<PromiseWithResolvers<Link>, 'resolve' | 'reject'> | undefined;
  /** Until the server has let us in. */
  #client: Client | undefined;
  readonly #loggingIn: LoggingIn;
  readonly #registration: Registration;
  #link: Link | undefined;
  #forget: (() => void) | undefined;
  #cancelTimer: (() => void) | undefined;
  #state: 'registering' | 'ready' | 'over' = 'registering';
  /** One function, so that the signal can be told to forget it. */
  readonly #aborted = (): void => {
    if (this.#state === 'registering') this.#fail(this.#options.signal.reason);
    else this.#link?.transport.close(true);
  };

  constructor(options: DialOptions, promise: Pick<PromiseWithResolvers<Link>, 'resolve' | 'reject'>) {
    const { server, identity, where } = options;
    // The form that will be connected to: "2130706433" is an address too.
    this.host = domainToASCII(where.host) || where.host;
    const proxy = proxyChoice(server);
    // A proxy resolves names where we can't look on, so those of its own network are refused unseen.
    if (!server.trusted && (isPrivateAddress(this.host) || (proxy !== undefined && isLocalName(this.host)))) {
      throw new DialError(privateRefused(server.name), false);
    }
    this.tls = where.tls ? tlsChoice(options) : undefined;
    if (server.bind?.[0] !== undefined) this.localAddress = server.bind[0];
    if (proxy !== undefined) this.proxy = proxy;
    if (!server.trusted) this.lookup = publicLookup(server.name);
    this.login = loginOver(where, identity);
    this.#options = options;
    this.#promise = promise;
    this.#client = options.newClient();
    this.#loggingIn = createLogin(this);
    this.#registration = createRegistration(this);
  }

  start(): void {
    const { server, identity, nick, owner, signal } = this.#options;
    signal.addEventListener('abort', this.#aborted, { once: true });
    this.#after(registerTimeoutMs, () => this.#fail(new DialError(unanswered(server.name), true)));
    this.#client?.connect({
      nick,
      username: identity.username,
      gecos: identity.realname,
      ...(identity.pass !== undefined && { password: identity.pass }),
      ...(server.webirc !== undefined && { webirc: webircOf(server.webirc, owner) }),
      version: null,
      auto_reconnect: false,
      ping_interval: 0,
      ping_timeout: 0,
      transport: createTransportClass(this),
    });
  }

  get server(): string {
    return this.#options.server.name;
  }

  get nick(): string {
    return this.#options.nick;
  }

  get again(): boolean {
    return this.#options.again;
  }

  get ownsNick(): boolean {
    return ownsNick(this.#options.identity);
  }

  send(line: string): void {
    this.#link?.transport.sender.send(line, 1);
  }

  say(text: string): void {
    this.#options.say(text);
  }

  proceed(capabilities: Capabilities): boolean {
    return this.#heedSts(capabilities.value('sts'));
  }

  /** By the login or, while there is one, the registration. */
  refused(error: GatewayError): void {
    if (this.#state === 'registering') this.#fail(new DialError(error, false));
    else this.#options.say(error.message);
  }

  /** What irc-framework does by itself (NAMESX, say) depends on it. */
  changed(capabilities: Capabilities): void {
    const cap = this.#client?.network.cap;
    if (cap !== undefined) {
      cap.enabled = [...capabilities.enabled()];
      cap.available = new Map(capabilities.offered);
    }
    if (this.#state === 'ready') this.#options.offersChanged();
  }

  welcomed(): void {
    this.#after(welcomeMs, () => this.done());
  }

  done(): void {
    if (this.#state !== 'registering' || this.#link === undefined) return;
    this.#state = 'ready';
    this.#settled();
    this.#letGo(this.#link);
    this.#options.onLetIn();
    this.#promise?.resolve(this.#link);
    this.#promise = undefined;
  }

  complained(isBan: boolean, said: string): void {
    this.#options.complained(isBan, said);
  }

  get port(): number {
    return this.#options.where.port;
  }

  get clock(): Clock {
    return this.#options.clock;
  }

  get rate(): Rate | undefined {
    const { throttle } = this.#options.server;
    return throttle === 'off' ? undefined : throttle;
  }

  get readBuffer(): Buffer {
    return this.#options.readBuffer;
  }

  decode(bytes: Buffer): string | undefined {
    return this.#options.charsets.decode(bytes);
  }

  encode(lines: string): string | Buffer {
    return this.#options.charsets.encode(lines);
  }

  tap(text: string): boolean {
    const line = this.#options.readLine(text);
    if (line === undefined || this.#state === 'over') return true;
    // Most of all lines, and nothing that a login is made of.
    if (line.command === 'PRIVMSG') return this.#options.hear(line);
    if (this.#loggingIn.hear(line)) return true;
    if (this.#state === 'registering' && this.#registration.hear(line)) return true;
    if (line.command === 'ERROR') return this.#registration.hear(line);
    return this.#options.hear(line);
  }

  onFault(error: unknown): void {
    this.#options.log.error({ err: error, server: this.server }, 'a line from an IRC server could not be handled');
  }

  onSocket(socket: Socket): void {
    this.#forget = this.#options.identify?.(socket);
  }

  onTransport(made: Transport): void {
    const { server, where } = this.#options;
    this.#link = linkOf(made, this.#loggingIn, where, server.isOwnWay);
    this.#options.attach(this.#link);
  }

  onClosed(why: Closed): void {
    this.#forget?.();
    this.#options.signal.removeEventListener('abort', this.#aborted);
    const error = explain(why, this.#registration, this.server);
    if (this.#state === 'ready') {
      this.#state = 'over';
      this.#options.onEnd(error);
    } else {
      this.#fail(new DialError(error, this.#registration.farewell === ''));
    }
  }

  /** irc-framework has done its part, and would stay with each connection for as long as that lasts. */
  #letGo({ transport }: Link): void {
    transport.forget();
    this.#client = undefined;
  }

  #fail(error: unknown): void {
    if (this.#state !== 'registering') return;
    if (error instanceof DialError && error.error.code === 'login-refused')
      this.#options.loginRefused(this.#options.identity, error.error);
    this.#state = 'over';
    this.#settled();
    this.#link?.transport.close(true);
    this.#promise?.reject(error);
    this.#promise = undefined;
  }

  /** False: this connection is left for one with TLS. */
  #heedSts(value: string | undefined): boolean {
    const { server, where } = this.#options;
    // `off` is the operator's word: the server is one of their own, or the way there is safe.
    if (value === undefined || server.tls === 'off') return true;
    const offer = readSts(value);
    if (where.tls) {
      // A proxy of the user's own may lead to somebody else, with the certificate of a server of theirs.
      const isHost = !server.isOwnWay || server.proxy === undefined;
      if (isHost && server.verify && server.pin === undefined) this.#options.stsHeard(where, offer);
      return true;
    }
    if (offer.port === undefined) return true;
    this.#fail(new DialError(unencrypted(server.name), false, offer.port));
    return false;
  }

  #settled(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #after(ms: number, call: () => void): void {
    this.#settled();
    this.#cancelTimer = this.#options.clock.after(ms, call);
  }
}

/** A proxy of a user's own must be a public one. */
function proxyChoice({ name, proxy }: ServerConfig): ProxyChoice | undefined {
  if (proxy === undefined || proxy.trusted) return proxy;
  if (isPrivateAddress(domainToASCII(proxy.host) || proxy.host)) throw new DialError(privateRefused(name), false);
  return { ...proxy, lookup: publicLookup(proxy.host) };
}

/** Without TLS there is no certificate to show. */
function loginOver({ tls }: Where, { login }: Identity): Login | undefined {
  if (tls || login === undefined) return login;
  return login.password === undefined ? undefined : { ...login, certificate: false };
}

function tlsChoice({ server, identity, where, ca }: DialOptions): TlsChoice {
  return {
    servername: tlsName(server, where),
    rejectUnauthorized: server.verify,
    ...(ca !== undefined && { ca }),
    ...(server.pin !== undefined && { pin: server.pin }),
    ...(identity.certificate !== undefined && { certificate: identity.certificate }),
  };
}

/** The certificate is for the server's name, wherever it really is. An alias without a dot is nobody's name: then it is for the address's. */
const tlsName = (server: ServerConfig, { host }: Where): string => {
  const name = server.name.includes('.') || isIP(host) !== 0 ? server.name : host;
  return domainToASCII(name) || name;
};

const unencrypted = (name: string): GatewayError =>
  new GatewayError('no-connection', { text: `${name} wants an encrypted connection.` });

const unanswered = (name: string): GatewayError =>
  new GatewayError('no-connection', { text: `${name} took our connection but did not let us in in time.` });

/** The end of a connection as a sentence for people. */
function explain({ how, error }: Closed, { farewell }: Registration, name: string): GatewayError {
  const cause = error.details.cause;
  if (cause instanceof GatewayError) return cause;
  if (farewell !== '') return new GatewayError('no-connection', { text: `${name} closed the connection: ${farewell}` });
  const text = error.message;
  return new GatewayError(how === 'unknown-host' ? 'no-such-server' : 'no-connection', { text, cause: error });
}
