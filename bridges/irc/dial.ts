/** One try at one port of one server: the socket, irc-framework for CAP and registration, and the taps that take the lines. */
import { isIP, type Socket } from 'node:net';
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
import type { Charsets } from './charsets.ts';
import type { ServerConfig } from './config.ts';
import type { Link } from './core.ts';
import { type Identity, ownsNick } from './identity.ts';
import { createLogin, type LoggingIn } from './login.ts';
import { createRegistration, type Registration } from './register.ts';
import type { Login } from './sasl.ts';
import { readSts, type StsOffer } from './sts.ts';
import type { Where } from './targets.ts';
import { webircOf } from './webirc.ts';
import type { Closed } from './wire/close-reason.ts';
import type { Line } from './wire/line.ts';
import { createTransportClass, type ProxyChoice, type TlsChoice, type Transport } from './wire/transport.ts';

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
  complained(): void;
  /** What the server offers is another thing than when it let us in (cap-notify). */
  offersChanged(): void;
  /** The server told how long it wants TLS, over a connection that can be believed. */
  stsHeard(where: Where, offer: StsOffer): void;
  /** The server or its services do not take these secrets. */
  loginRefused(identity: Identity, error: GatewayError): void;
  /** For people. */
  say(text: string): void;
  /** Once, after the promise has resolved: the connection is over. */
  onEnd(error: GatewayError): void;
}

const connectTimeoutMs = 15_000;
const registerTimeoutMs = 60_000;
/** How long the rest may take after 001 on servers that end it unusually. */
const welcomeMs = 5000;
const maxQueued = 4096;

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
  const { server, identity, where, nick, clock, log, signal } = options;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    // The form that will be connected to: "2130706433" is an address too.
    const host = domainToASCII(where.host) || where.host;
    const proxy = proxyChoice(server);
    // A proxy resolves names where we can't look on, so those of its own network are refused unseen.
    if (!server.trusted && (isPrivateAddress(host) || (proxy !== undefined && isLocalName(host)))) {
      throw new DialError(privateRefused(server.name), false);
    }
    let transport: Transport | undefined;
    let forget: (() => void) | undefined;
    let cancelTimer: (() => void) | undefined;
    let state: 'registering' | 'ready' | 'over' = 'registering';

    const client = options.newClient();
    const login = createLogin({
      server: server.name,
      login: loginOver(where, identity),
      send: (line) => transport?.sender.send(line, 1),
      say: options.say,
      proceed: (capabilities) => heedSts(capabilities.value('sts')),
      refused: (error) => (state === 'registering' ? fail(new DialError(error, false)) : options.say(error.message)),
      // What irc-framework does by itself (NAMESX, say) depends on it.
      changed(capabilities) {
        const { cap } = client.network;
        cap.enabled = [...capabilities.enabled()];
        cap.available = new Map(capabilities.offered);
        if (state === 'ready') options.offersChanged();
      },
    });

    function fail(error: unknown): void {
      if (state !== 'registering') return;
      if (error instanceof DialError && error.error.code === 'login-refused')
        options.loginRefused(identity, error.error);
      state = 'over';
      settled();
      transport?.close(true);
      reject(error);
    }
    /** False: this connection is left for one with TLS. */
    function heedSts(value: string | undefined): boolean {
      // `off` is the operator's word: the server is one of their own, or the way there is safe.
      if (value === undefined || server.tls === 'off') return true;
      const offer = readSts(value);
      if (where.tls) {
        if (server.verify && server.pin === undefined) options.stsHeard(where, offer);
        return true;
      }
      if (offer.port === undefined) return true;
      fail(new DialError(unencrypted(server.name), false, offer.port));
      return false;
    }
    function settled(): void {
      cancelTimer?.();
      cancelTimer = undefined;
    }
    const aborted = (): void => {
      if (state === 'registering') fail(signal.reason);
      else transport?.close(true);
    };
    function after(ms: number, call: () => void): void {
      settled();
      cancelTimer = clock.after(ms, call);
    }
    function done(): void {
      if (state !== 'registering' || transport === undefined) return;
      state = 'ready';
      settled();
      resolve(new Made(transport, login, where));
    }
    const registration = createRegistration({
      server: server.name,
      nick,
      again: options.again,
      ownsNick: ownsNick(identity),
      send: (line) => transport?.sender.send(line, 1),
      welcomed: () => after(welcomeMs, done),
      done,
      refused: (error) => fail(new DialError(error, false)),
      complained: options.complained,
    });
    function closed(why: Closed): void {
      forget?.();
      signal.removeEventListener('abort', aborted);
      const error = explain(why, registration, server.name);
      if (state === 'ready') {
        state = 'over';
        options.onEnd(error);
      } else {
        fail(new DialError(error, registration.farewell === ''));
      }
    }
    signal.addEventListener('abort', aborted, { once: true });
    after(registerTimeoutMs, () => fail(new DialError(unanswered(server.name), true)));
    client.connect({
      nick,
      username: identity.username,
      gecos: identity.realname,
      ...(identity.pass !== undefined && { password: identity.pass }),
      ...(server.webirc !== undefined && { webirc: webircOf(server.webirc, options.owner) }),
      version: null,
      auto_reconnect: false,
      ping_interval: 0,
      ping_timeout: 0,
      transport: createTransportClass({
        host,
        port: where.port,
        tls: where.tls ? tlsChoice(options) : undefined,
        ...(server.bind?.[0] !== undefined && { localAddress: server.bind[0] }),
        ...(proxy !== undefined && { proxy }),
        onSocket(socket) {
          forget = options.identify?.(socket);
        },
        ...(!server.trusted && { lookup: publicLookup(server.name) }),
        connectTimeoutMs,
        clock,
        rate: server.throttle === 'off' ? undefined : server.throttle,
        maxQueued,
        readBuffer: options.readBuffer,
        decode: options.charsets.decode,
        encode: options.charsets.encode,
        tap(text) {
          const line = options.readLine(text);
          if (line === undefined || state === 'over') return true;
          // Most of all lines, and nothing that a login is made of.
          if (line.command === 'PRIVMSG') return options.hear(line);
          if (login.hear(line)) return true;
          if (state === 'registering' && registration.hear(line)) return true;
          if (line.command === 'ERROR') return registration.hear(line);
          return options.hear(line);
        },
        onFault: (error) =>
          log.error({ err: error, server: server.name }, 'a line from an IRC server could not be handled'),
        onTransport(made) {
          transport = made;
          options.attach(new Made(made, login, where));
        },
        onClosed: closed,
      }),
    });
  });
}

/** An object of a class: each connection has two. */
class Made implements Link {
  readonly transport: Transport;
  readonly where: Where;
  readonly #login: LoggingIn;
  readonly #capabilities: LoggingIn['capabilities'];

  constructor(transport: Transport, login: LoggingIn, where: Where) {
    this.transport = transport;
    this.where = where;
    this.#login = login;
    this.#capabilities = login.capabilities;
  }

  has(capability: string): boolean {
    return this.#capabilities.has(capability);
  }

  value(capability: string): string | undefined {
    return this.#capabilities.value(capability);
  }

  capabilities(): readonly string[] {
    return this.#capabilities.enabled();
  }

  account(): string | undefined {
    return this.#login.account();
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
