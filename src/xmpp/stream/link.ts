/**
 * One life of a component stream, from connecting to the end: the only file that knows @xmpp/component, which connects, opens the stream and does the handshake
 * (libraries' defects 1 to 11 are kept out by our own socket, parser, timers and a fresh entity for every life).
 */
import { component, type Entity } from '@xmpp/component';
import type { Element } from '../../xml/element.ts';
import { escapeAttribute } from '../../xml/escape.ts';
import { Intake } from './intake.ts';
import { LinkSocket } from './socket.ts';
import type { ComponentOptions } from './types.ts';

/** How a link ended. */
export interface LinkEnd {
  /** For the log: the stream error's condition, or plain words. */
  readonly reason: string;
  /** Of the peer's stream error. */
  readonly condition?: string;
  readonly text?: string;
  /** see-other-host names it. */
  readonly host?: string;
}

export interface LinkEvents {
  /** The handshake is done. */
  up(): void;
  stanza(element: Element): void;
  oversized(root: Element): void;
  /** Anything at all was read. */
  heard(): void;
  /** There is room in the socket again. */
  drain(): void;
}

export interface Link {
  readonly socket: LinkSocket;
  /** Resolves when the connection is closed, whoever closed it; never rejects. */
  readonly ended: Promise<LinkEnd>;
  /** Ends it now. */
  kill(reason: string): void;
  /** Ends it politely: </stream:stream>, the peer's, then the connection. `ended` tells when; without an answer, CLOSE_MS later. */
  close(): void;
}

/** 114-06: to connect, and again to shake hands. */
const PHASE_MS = 10_000;
const CLOSE_MS = 2_000;
const FOOTER = '</stream:stream>';
/** What begins with no component stream: the port for clients, or another program. */
const noComponentPort =
  'what answers there is no port for components: compare xmpp.port with the server’s (5222 is for clients), and xmpp.tls where it has TLS';
/** What takes the connection and no more. */
const saysNothing =
  'what listens there says nothing: the server stands still, or it is no port for components (compare xmpp.port and xmpp.tls with the server’s)';

/** Connects to `where` and shakes hands. */
export function openLink(
  options: ComponentOptions,
  where: { readonly host: string; readonly port: number },
  events: LinkEvents,
): Link {
  const { clock } = options;
  const socket = new LinkSocket(clock, options.tls ?? false);
  let end: LinkEnd | undefined;
  let cancelTimer = (): void => undefined;
  const within = (ms: number, reason: () => string): void => {
    cancelTimer();
    cancelTimer = clock.after(ms, () => kill(reason()));
  };
  let hasBegun = false;
  let isUp = false;
  let closing = false;
  // 114-05: the library says `online` a little after the handshake's answer; stanzas of the same read wait so long.
  const early: Element[] = [];
  const finish = (how: LinkEnd): void => {
    if (end === undefined && isUp && !closing) socket.write(FOOTER);
    end ??= how;
    intake.close();
    socket.destroy(new Error(how.reason));
  };
  const kill = (reason: string): void => finish({ reason });
  const intake: Intake = new Intake({
    stanza: (element) => (isUp ? events.stanza(element) : void early.push(element)),
    oversized: events.oversized,
    streamError: (condition, text, host) => finish({ reason: condition, condition, text, host }),
    malformed: (reason) => kill(hasBegun ? `bad XML from the server: ${reason}` : noComponentPort),
    ended: () => (closing ? undefined : kill('the server closed the stream')),
  });
  intake.once('start', () => {
    hasBegun = true;
  });
  const entity = newEntity(options, where, socket, intake);
  socket.on('connect', () => within(PHASE_MS, () => (hasBegun ? 'no handshake in time' : saysNothing)));
  socket.on('data', events.heard);
  socket.on('drain', events.drain);
  // Where the connection breaks, the library's own error comes too; what it says of itself after our own verdict is an echo.
  entity.on('error', (error: unknown) => kill(reasonOf(error)));
  entity.on('online', () => {
    cancelTimer();
    if (end !== undefined) return;
    isUp = true;
    events.up();
    for (const element of early.splice(0)) events.stanza(element);
  });
  const ended = onceClosed(socket, entity, () => {
    cancelTimer();
    intake.close();
    end ??= { reason: 'the connection was closed' };
    return end;
  });
  within(PHASE_MS, () => 'no connection in time');
  entity.reconnect.reconnect().catch((error: unknown) => kill(reasonOf(error)));
  return {
    socket,
    ended,
    kill,
    close: () => {
      if (!isUp || closing || end !== undefined) return kill('stopped');
      closing = true;
      within(CLOSE_MS, () => 'stopped; the server did not answer');
      entity.stop().catch(() => kill('stopped'));
    },
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Resolves with the verdict when the connection is closed; nothing that the library still waits for outlives it. */
function onceClosed(socket: LinkSocket, entity: Entity, verdict: () => LinkEnd): Promise<LinkEnd> {
  return new Promise((resolve) => {
    socket.once('close', () => {
      const end = verdict();
      entity.emit('error', new Error(end.reason));
      resolve(end);
    });
  });
}

/** A library entity that uses our socket and parser and keeps no time of its own. */
function newEntity(
  { domain, secret, tls }: ComponentOptions,
  where: { readonly host: string; readonly port: number },
  socket: LinkSocket,
  intake: Intake,
): Entity {
  // The library hashes by Latin-1 what XEP-0114 §3 wants hashed by UTF-8.
  const password = Buffer.from(secret, 'utf8').toString('latin1');
  const entity = component({ service: `xmpp://${tls ? 'tls' : 'plain'}`, domain, password });
  entity.reconnect.stop();
  entity.timeout = 0;
  entity.Socket = given(socket);
  entity.Parser = given(intake);
  entity.socketParameters = () => where;
  // 114-04: no version, so that no server waits for us to negotiate.
  entity.header = () =>
    `<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='${escapeAttribute(domain)}'>`;
  entity._onData = (text) => intake.write(text);
  return entity;
}

/** A constructor that makes nothing new: what it is called for exists. */
function given<T extends object>(one: T): new () => T {
  return class {
    constructor() {
      // biome-ignore lint/correctness/noConstructorReturn: the library says `new`
      return one;
    }
  } as new () => T;
}
