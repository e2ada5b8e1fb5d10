/** A scripted Jabber client: says what it is told, keeps all that it hears; over a socket (client-socket.ts) or within the process (memory-server.ts). */
import type { Element } from '../../src/xml/element.ts';
import { escapeAttribute, escapeText } from '../../src/xml/escape.ts';
import { firstChild } from '../../src/xml/query.ts';
import { Inbox } from './inbox.ts';
import { child, codesOf, matcher, type Pattern, show, textOf } from './markup.ts';

export interface Login {
  readonly user: string;
  readonly domain: string;
  readonly resource: string;
}

/** Who is told of what comes. */
export interface Ears {
  stanza(stanza: Element): void;
  /** Nothing comes any more. May be called more than once. */
  over(why: Error): void;
}

/** What a client speaks through. */
export interface Transport {
  /** The resource is bound; rejects where the server refuses. */
  readonly ready: Promise<void>;
  /** Markup as it is: stanzas, or anything else that a server may have to bear. */
  send(markup: string): void;
  /** The network is gone: no farewell. */
  cut(): void;
  /** A polite end; resolves when the other side is done, too. */
  close(): Promise<void>;
  /** Resolves when the stream is over, whoever ended it. */
  readonly closed: Promise<void>;
}

/** Begins to connect. */
export type Connect = (login: Login, ears: Ears) => Transport;

/** How a join went, in the order of the wire. */
export interface Joined {
  readonly stanzas: readonly Element[];
  readonly occupants: readonly Element[];
  readonly self: Element;
  readonly history: readonly Element[];
  readonly subject: string;
}

const muc = 'http://jabber.org/protocol/muc';

/** What a client may say to a request, though it must not (RFC 6120 §8.2.3). */
export const silence = Symbol('silence');

/** Connects, binds the resource and sends initial presence. */
export async function connectXmpp(login: Login, connect: Connect): Promise<XmppClient> {
  const client = new XmppClient(login, connect);
  try {
    await client.arrive();
  } catch (error) {
    client.cut();
    throw error;
  }
  return client;
}

export class XmppClient {
  readonly jid: string;
  readonly bare: string;
  readonly inbox: Inbox<Element>;
  /** What it says to requests of a namespace, beside pings: markup; `silence`: nothing. */
  readonly says = new Map<string, string | typeof silence>();
  readonly #login: Login;
  readonly #transport: Transport;
  #ids = 0;

  constructor(login: Login, connect: Connect) {
    this.#login = login;
    this.bare = `${login.user}@${login.domain}`;
    this.jid = `${this.bare}/${login.resource}`;
    this.inbox = new Inbox<Element>(this.jid, show);
    this.#transport = connect(login, {
      stanza: (stanza) => this.#hear(stanza),
      over: (why) => this.inbox.end(why),
    });
  }

  /** For `connectXmpp`. */
  async arrive(): Promise<void> {
    await this.#transport.ready;
    this.send('<presence/>');
    await this.roundtrip(this.#login.domain);
  }

  #hear(stanza: Element): void {
    this.inbox.put(stanza);
    if (stanza.name === 'iq' && /^(get|set)$/.test(stanza.attrs.type ?? '')) this.#answer(stanza);
  }

  /** As any client: a ping gets its answer (XEP-0199), what it `says` is said, anything else is refused. */
  #answer(iq: Element): void {
    const { id = '', from } = iq.attrs;
    const to = from === undefined ? '' : ` to='${escapeAttribute(from)}'`;
    const asked = firstChild(iq)?.ns ?? '';
    const said = this.says.get(asked) ?? (asked === 'urn:xmpp:ping' ? '' : undefined);
    if (said === silence) return;
    const error = `<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>`;
    const type = said === undefined ? 'error' : 'result';
    this.send(`<iq type='${type}' id='${escapeAttribute(id)}'${to}>${said ?? error}</iq>`);
  }

  /** Markup as it is, well-formed or not. */
  send(markup: string): void {
    this.#transport.send(markup);
  }

  /** Ids that this client has not used yet. */
  newId(): string {
    this.#ids += 1;
    return `${this.#login.resource}-${this.#ids}`;
  }

  /** The first stanza like this that no `receive` has taken yet. */
  receive(pattern: Pattern, withinMs?: number): Promise<Element> {
    return this.inbox.take(matcher(pattern), typeof pattern === 'string' ? pattern : 'predicate', withinMs);
  }

  /** All stanzas like this, taken or not, from the beginning or from a mark. */
  seen(pattern: Pattern, since = 0): readonly Element[] {
    return this.inbox.all.slice(since).filter(matcher(pattern));
  }

  /** Fails where something like this has come since the mark, after a round trip to the address that would have sent it. */
  async sawNothingLike(pattern: Pattern, via: string, since = 0): Promise<void> {
    await this.roundtrip(via);
    const found = this.seen(pattern, since);
    if (found[0] !== undefined) throw new Error(`${this.jid} got what it should not: ${show(found[0])}`);
  }

  /** An iq (given without id): resolves with the result or the error. */
  ask(iq: string, withinMs?: number): Promise<Element> {
    const id = this.newId();
    this.send(iq.replace(/^<iq/, `<iq id='${id}'`));
    const isAnswer = (stanza: Element): boolean =>
      stanza.name === 'iq' && stanza.attrs.id === id && /^(result|error)$/.test(stanza.attrs.type ?? '');
    return this.inbox.take(isAnswer, `the answer to ${iq}`, withinMs);
  }

  /** Everything that this address had sent to us before it saw the ping is here when it resolves, whatever the answer. */
  async roundtrip(to: string): Promise<void> {
    await this.ask(`<iq type='get' to='${escapeAttribute(to)}'><ping xmlns='urn:xmpp:ping'/></iq>`);
  }

  /** Asks to join; resolves with the whole sequence up to the subject, or with the error presence thrown as JoinRefused. */
  async join(
    room: string,
    nick: string,
    options: { password?: string; history?: string; within?: number } = {},
  ): Promise<Joined> {
    const since = this.inbox.all.length;
    const password = options.password === undefined ? '' : `<password>${escapeText(options.password)}</password>`;
    const history = options.history ?? '';
    this.send(
      `<presence id='${this.newId()}' to='${escapeAttribute(`${room}/${nick}`)}'><x xmlns='${muc}'>${password}${history}</x></presence>`,
    );
    const fromRoom = (stanza: Element): boolean => (stanza.attrs.from ?? '').split('/')[0] === room;
    const isEnd = (stanza: Element): boolean =>
      fromRoom(stanza) && (isSubject(stanza) || (stanza.name === 'presence' && stanza.attrs.type === 'error'));
    const end = await this.inbox.take(isEnd, `the end of joining ${room}`, options.within ?? 20_000);
    if (end.attrs.type === 'error') throw new JoinRefused(end);
    const stanzas = this.inbox.all.slice(since).filter(fromRoom);
    this.inbox.skip((stanza) => stanza.name === 'presence' && fromRoom(stanza), since);
    const self = stanzas.find((stanza) => stanza.name === 'presence' && codesOf(stanza).includes(110));
    if (self === undefined) throw new Error(`joined ${room} without a self-presence`);
    return {
      stanzas,
      self,
      occupants: stanzas.filter((stanza) => stanza.name === 'presence' && stanza !== self),
      history: stanzas.filter((stanza) => child(stanza, 'delay') !== undefined && child(stanza, 'body') !== undefined),
      subject: textOf(child(end, 'subject')),
    };
  }

  /** Says something in a room; returns the stanza's id. */
  say(room: string, text: string, id = this.newId()): string {
    this.send(
      `<message type='groupchat' id='${id}' to='${escapeAttribute(room)}'><body>${escapeText(text)}</body></message>`,
    );
    return id;
  }

  /** Leaves and waits for the confirmation. */
  async leave(room: string, nick: string): Promise<Element> {
    this.send(`<presence type='unavailable' to='${escapeAttribute(`${room}/${nick}`)}'/>`);
    return this.inbox.take(
      (stanza) =>
        stanza.attrs.from === `${room}/${nick}` && stanza.attrs.type === 'unavailable' && codesOf(stanza).includes(110),
      `leaving ${room}`,
    );
  }

  /** The network is gone: no farewell. */
  cut(): void {
    this.#transport.cut();
  }

  /** A polite end. */
  close(): Promise<void> {
    return this.#transport.close();
  }

  /** Resolves when the stream is over, whoever ended it. */
  get closed(): Promise<void> {
    return this.#transport.closed;
  }
}

/** The room's error presence, as an exception. */
export class JoinRefused extends Error {
  readonly presence: Element;
  constructor(presence: Element) {
    super(`join refused: ${show(presence)}`);
    this.name = 'JoinRefused';
    this.presence = presence;
  }
}

/** XEP-0045 §7.2.15: a subject and neither body nor thread. */
export function isSubject(stanza: Element): boolean {
  return stanza.name === 'message' && child(stanza, 'subject') !== undefined && child(stanza, 'body') === undefined;
}
