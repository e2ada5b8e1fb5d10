/** The XMPP server of a scenario: routes what the gateway sends to the clients that are there, and answers for those that are not, as servers do. */
import { parse } from '../../src/xml/document.ts';
import type { Element } from '../../src/xml/element.ts';
import { write } from '../../src/xml/writer.ts';
import { child, childrenOf, matcher, type Pattern, show } from '../harness/markup.ts';
import type { MemoryMuc } from '../harness/memory-muc-port.ts';
import type { TestGateway } from './gateway.ts';
import { UserBookmarks } from './user-bookmarks.ts';
import { UserRosters } from './user-rosters.ts';

export type Connection = 'online' | 'silent' | 'offline';

export class Client {
  readonly jid: string;
  readonly bare: string;
  /** `silent`: connected, but answers nothing. */
  connection: Connection = 'online';
  /** Rooms that it sent presence to, which the server tells when it goes. */
  readonly directed = new Set<string>();
  readonly queue: Element[] = [];
  /** What it last showed outside of rooms: what its server tells whoever asks. */
  shown: string | undefined;
  readonly #server: Server;

  constructor(server: Server, user: string, resource: string) {
    this.#server = server;
    this.bare = user.includes('@') ? user : `${user}@test`;
    this.jid = `${this.bare}/${resource}`;
  }

  /** As it stands, but for what its server puts in: `from`, and of a leave its language (RFC 6120 §8.1.5). */
  async sends(...stanzas: readonly string[]): Promise<void> {
    for (const stanza of stanzas) {
      const { name, attrs } = parse(stanza);
      const to = attrs.to ?? '';
      if (name === 'presence' && attrs.type === undefined) this.directed.add(to);
      if (name === 'presence' && !to.includes('/')) this.shown = attrs.type === undefined ? stanza : undefined;
      if (name === 'presence' && attrs.type === 'unavailable') this.directed.delete(to);
      const isLeave = name === 'presence' && attrs.type === 'unavailable';
      this.#server.fromClient(this.jid, isLeave ? stanza.replace('<presence', "<presence xml:lang='en'") : stanza);
    }
    await this.#server.calm();
  }

  async joins(room: string, nick: string, inside = ''): Promise<void> {
    await this.sends(
      `<presence id='join' to='${room}/${nick}'><x xmlns='http://jabber.org/protocol/muc'>${inside}</x></presence>`,
    );
  }

  async says(room: string, text: string, id = text): Promise<void> {
    await this.sends(`<message type='groupchat' id='${id}' to='${room}'><body>${text}</body></message>`);
  }

  async leaves(room: string, nick: string, status = ''): Promise<void> {
    const inside = status === '' ? '' : `<status>${status}</status>`;
    await this.sends(`<presence type='unavailable' id='leave' to='${room}/${nick}'>${inside}</presence>`);
  }

  /** The connection is gone: the server tells every room. @param isBack another one has taken its place */
  async loses(isBack = false): Promise<void> {
    if (!isBack) this.connection = 'offline';
    for (const to of this.directed) this.#server.fromClient(this.jid, `<presence type='unavailable' to='${to}'/>`);
    this.directed.clear();
    await this.#server.calm();
  }

  /** Everything that came since the last look, in order and nothing else. */
  gets(...patterns: readonly Pattern[]): readonly Element[] {
    const got = this.queue.splice(0);
    patterns.forEach((pattern, i) => {
      const stanza = got[i];
      if (stanza === undefined) throw new Error(`${this.jid} got nothing more, expected: ${pattern}${heard(got)}`);
      if (!matcher(pattern)(stanza))
        throw new Error(`${this.jid} expected ${pattern}\nbut got ${show(stanza)}${heard(got)}`);
    });
    if (got.length > patterns.length) throw new Error(`${this.jid} got more than expected${heard(got)}`);
    return got;
  }

  /** Forgets what came until now. */
  ignores(): void {
    this.queue.length = 0;
  }
}

/** Is it for that service? */
const isFor = (muc: MemoryMuc | undefined, { attrs }: Element): boolean =>
  muc !== undefined && (attrs.to ?? '').split('/', 1)[0]?.endsWith(`@${muc.domain}`) === true;

const heard = (all: readonly Element[]): string => `\nin all:\n${all.map((one) => `  ${show(one)}`).join('\n')}`;

export class Server {
  readonly clients: Client[] = [];
  gateway: TestGateway | undefined;
  /** Other gateways, by their domains. */
  readonly others = new Map<string, TestGateway>();
  /** Where there is one. */
  muc: MemoryMuc | undefined;
  /** What it and the gateway say to each other gets lost, and nobody is told. */
  isMucLost = false;
  /** Contact lists, and what the gateway may do with them. */
  readonly rosters = new UserRosters();
  readonly bookmarks = new UserBookmarks();
  /** Messages that the gateway had the server send in its users' names, as they stand in the request. */
  readonly asUsers: string[] = [];
  /** Who asked how whom is, in order. */
  readonly probes: (readonly [by: string, whom: string])[] = [];
  #waiting: string[] = [];
  #scheduled = false;

  client(user: string, resource: string): Client {
    const client = new Client(this, user, resource);
    this.clients.push(client);
    return client;
  }

  /** As it stands. */
  fromServer(markup: string): void {
    this.gateway?.take(markup.replace(" xmlns='jabber:client'", ''));
  }

  fromClient(from: string, markup: string): void {
    const stanza = markup.replace(/^<(\w+)/, `<$1 from='${from}'`);
    const read = this.muc === undefined ? undefined : parse(stanza);
    if (read !== undefined && isFor(this.muc, read)) this.muc?.take(read);
    else this.#gatewayAt(parse(stanza).attrs.to)?.take(stanza);
  }

  #gatewayAt(to = ''): TestGateway | undefined {
    return this.others.get(to.split('/', 1)[0]?.split('@').at(-1) ?? '') ?? this.gateway;
  }

  /** From the MUC service, in order and a moment later. */
  fromMuc(stanza: Element): void {
    setImmediate(() => {
      const to = stanza.attrs.to ?? '';
      const here = this.clients.find(({ jid, connection }) => connection !== 'offline' && jid === to);
      if (here !== undefined) here.queue.push(stanza);
      else if (!this.isMucLost) this.#gatewayAt(to)?.take(write(stanza).text);
    });
  }

  /** From the gateway; delivered in order, a moment later. */
  take(text: string): void {
    this.#waiting.push(text);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      for (const one of this.#waiting.splice(0)) this.#deliver(parse(one));
    });
  }

  #deliver(stanza: Element): void {
    const to = stanza.attrs.to ?? '';
    if (isFor(this.muc, stanza)) {
      if (!this.isMucLost) this.muc?.take(stanza);
      return;
    }
    if (to === 'test') {
      this.#answer(stanza);
      return;
    }
    if (stanza.name === 'presence' && stanza.attrs.type === 'probe') {
      this.#tell(stanza.attrs.from ?? '', to);
      return;
    }
    const answer = this.rosters.answer(stanza, to) ?? this.bookmarks.answer(stanza, to, this.rosters.grant === 'write');
    if (answer !== undefined) {
      this.fromClient(to, answer);
      return;
    }
    const here = this.clients.filter(
      ({ jid, bare, connection }) => connection !== 'offline' && (jid === to || bare === to),
    );
    for (const client of here) this.#reach(client, stanza);
    if (here.length === 0) this.#bounce(stanza, to);
  }

  /** What is asked of the server itself; whoever has just come is told first what it may. */
  #answer(stanza: Element): void {
    const { name, attrs } = stanza;
    const forwarded = child(child(stanza, 'privilege'), 'forwarded');
    if (forwarded !== undefined) this.asUsers.push(...childrenOf(forwarded, 'message').map((one) => write(one).text));
    if (name !== 'iq' || attrs.type !== 'get') return;
    const { announcement } = this.rosters;
    if (announcement !== undefined) this.fromClient('test', announcement);
    this.fromClient('test', `<iq type='result' id='${attrs.id}' to='${attrs.from}'/>`);
  }

  /** RFC 6121 §4.3.2; where the contact list is the gateway's to write, by what it says. */
  #tell(by: string, whom: string): void {
    this.probes.push([by, whom]);
    if (this.rosters.grant === 'write' && !this.rosters.isSeenBy(whom, by)) return;
    for (const { bare, jid, connection, shown } of this.clients)
      if (bare === whom && connection !== 'offline' && shown !== undefined)
        this.fromClient(jid, shown.replace(/ to='[^']*'/, ` to='${by}'`));
  }

  #reach(client: Client, stanza: Element): void {
    const isPing = stanza.name === 'iq' && child(stanza, 'ping') !== undefined;
    if (!isPing) client.queue.push(stanza);
    else if (client.connection === 'online') {
      this.fromClient(client.jid, `<iq type='result' id='${stanza.attrs.id}' to='${stanza.attrs.from}'/>`);
    }
  }

  /** RFC 6121 §8.5.3: what goes to a client that is not there. */
  #bounce({ name, attrs }: Element, to: string): void {
    if (attrs.type === 'error' || name === 'presence' || !to.includes('/')) return;
    const error = `<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>`;
    const id = attrs.id === undefined ? '' : ` id='${attrs.id}'`;
    this.fromClient(to, `<${name} type='error'${id} to='${attrs.from}'>${error}</${name}>`);
  }

  /** Until everything that can happen without time passing has happened. */
  async calm(): Promise<void> {
    for (let i = 0; i < 40; i++) await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
