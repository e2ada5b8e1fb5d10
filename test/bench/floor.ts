/**
 * What Isthmus' promises cost by themselves: the strict parser, an append that is durable before the network sees a message, deduplication by id, a PING as
 * receipt, settling, a reflection with its stanza-id, the journal of all that is sent to the server, a ping that trims it. One channel, one client a user, and
 * nothing of what people can do besides: no gateway in Node that promises as much can cost less by much.
 */
import { connect, type Socket } from 'node:net';
import { accountId } from '../../src/core/ids.ts';
import { systemClock } from '../../src/ops/clock.ts';
import { accountKeys } from '../../src/storage/redis/keys.ts';
import type { Element } from '../../src/xml/element.ts';
import { escapeAttribute, escapeText } from '../../src/xml/escape.ts';
import { createParser } from '../../src/xml/parser.ts';
import { childText } from '../../src/xml/query.ts';
import { Gathering } from '../../src/xmpp/stream/gathering.ts';
import type { BarePlace } from './bare.ts';
import { type FloorStore, type Group, type Settled, startFloorStore } from './floor-store.ts';

type Entry = Parameters<FloorStore['append']>[0]['all'][number];

interface Said extends Settled {
  readonly stanza: string;
}

interface User extends Omit<Group<never>, 'all'> {
  readonly jid: string;
  readonly socket: Socket;
  rest: string;
  unwritten: string;
  appending: Entry[];
  /** Accepted; written, and no PONG behind it yet; answered for. */
  waiting: Said[];
  asked: Said[];
  settling: Said[];
}

interface Floor {
  readonly place: BarePlace;
  readonly store: FloorStore;
  readonly stream: Socket;
  readonly users: Map<string, User>;
  /** Of whom something is to be done at the end of the turn. */
  readonly touched: Set<User>;
  readonly journal: Journal;
  unwritten: string;
}

/** What the server has not answered for. */
interface Journal {
  unanswered: number;
  asking: boolean;
  lastId: string | undefined;
}

const barrier = { everyStanzas: 500, everyMs: 250 };
const breaksLine = /[\0\r\n]/;
const mostBytes = 400;

/** Runs until it is killed. */
export function floor(args: readonly string[]): void {
  const place = JSON.parse(args[0] ?? '{}') as BarePlace;
  const stream = connect({ host: '127.0.0.1', port: place.xmpp, noDelay: true });
  const store = startFloorStore(place.store ?? '.');
  const journal: Journal = { unanswered: 0, asking: false, lastId: undefined };
  const all: Floor = { place, store, stream, users: new Map(), touched: new Set(), journal, unwritten: '' };
  const parser = createParser({
    start: () => void stream.write('<handshake>00</handshake>'),
    element: (element) => take(all, element),
    oversized: () => undefined,
    end: () => process.exit(),
    error: (error) => {
      throw error;
    },
  });
  stream.setEncoding('utf8');
  const gathering = new Gathering(systemClock, stream, (text) => parser.feed(text));
  stream.on('data', (text: string) => gathering.heard(text, text.length));
  stream.on('close', () => process.exit());
  stream.write(
    `<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='${place.domain}'>`,
  );
  setInterval(() => ask(all), barrier.everyMs);
}

function take(all: Floor, element: Element): void {
  const { from = '', id = '' } = element.attrs;
  if (element.name === 'message') accept(all, from, id, childText(element, 'body') ?? '');
  else if (element.name === 'presence') join(all, from);
  else if (element.name === 'iq' && id === 'barrier') answered(all);
}

/** Durable before anything else. */
function accept(all: Floor, from: string, id: string, body: string): void {
  const user = all.users.get(from);
  if (user === undefined || breaksLine.test(body) || Buffer.byteLength(body) > mostBytes) return;
  const mark = `${from}\n#bench\n${id}`;
  const entry: Entry = {
    mark,
    body: JSON.stringify([
      { chat: '#bench', text: body },
      { from, id },
    ]),
    stored(key) {
      if (key !== undefined) say(all, user, { key, mark, id, body });
    },
  };
  user.appending.push(entry);
  touch(all, user);
}

interface Accepted {
  readonly key: string;
  readonly mark: string;
  readonly id: string;
  readonly body: string;
}

function say(all: Floor, user: User, { key, mark, id, body }: Accepted): void {
  const { room } = all.place;
  const stanza = `<message type='groupchat' id='${escapeAttribute(id)}' from='${room}/me' to='${user.jid}'><body>${escapeText(body)}</body><stanza-id xmlns='urn:xmpp:sid:0' by='${room}' id='${key}'/></message>`;
  user.unwritten += `PRIVMSG #bench :${body}\r\n`;
  user.waiting.push({ key, mark, result: key, stanza });
  touch(all, user);
}

function touch(all: Floor, user: User): void {
  if (all.touched.size === 0) setImmediate(onTurn, all);
  all.touched.add(user);
}

/** Appends, lines and settlings of the turn, each user's together. */
function onTurn(all: Floor): void {
  for (const user of all.touched) {
    const { appending, settling } = user;
    user.appending = [];
    user.settling = [];
    if (appending.length > 0) all.store.append({ ...user, all: appending });
    if (settling.length > 0) all.store.settle({ ...user, all: settling });
    if (user.asked.length === 0 && user.waiting.length > 0) {
      user.asked = user.waiting;
      user.waiting = [];
      user.unwritten += 'PING receipt\r\n';
    }
    if (user.unwritten !== '') user.socket.write(user.unwritten);
    user.unwritten = '';
  }
  all.touched.clear();
}

function join(all: Floor, jid: string): void {
  if (all.users.has(jid)) return;
  const socket = connect({ host: '127.0.0.1', port: all.place.irc, noDelay: true });
  const nick = jid.slice(0, jid.indexOf('@'));
  const account = `${nick}@floor`;
  const keys = accountKeys(accountId(account));
  const lists = { appending: [], waiting: [], asked: [], settling: [] };
  const user: User = { account, keys, jid, socket, rest: '', unwritten: '', ...lists };
  all.users.set(jid, user);
  socket.setEncoding('utf8');
  socket.write(`NICK ${nick}\r\nUSER ${nick} 0 * :${nick}\r\n`);
  socket.on('data', (text: string) => hear(all, user, text));
}

function hear(all: Floor, user: User, chunk: string): void {
  const text = user.rest + chunk;
  let from = 0;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
    hearLine(all, user, text.slice(from, end - 1));
    from = end + 1;
  }
  user.rest = text.slice(from);
}

function hearLine(all: Floor, user: User, line: string): void {
  const verb = line.indexOf(' ') + 1;
  if (line.startsWith('PRIVMSG', verb)) {
    const nick = escapeAttribute(line.slice(1, line.indexOf('!')));
    const body = escapeText(line.slice(line.indexOf(' :') + 2));
    put(
      all,
      `<message type='groupchat' from='${all.place.room}/${nick}' to='${user.jid}'><body>${body}</body></message>`,
    );
  } else if (line.startsWith('PONG', verb)) {
    for (const { stanza } of user.asked) put(all, stanza);
    user.settling.push(...user.asked);
    user.asked = [];
    touch(all, user);
  } else if (line.startsWith('001', verb)) user.socket.write('JOIN #bench\r\n');
  else if (line.startsWith('366', verb))
    put(all, `<message from='${all.place.room}' to='${user.jid}' type='groupchat'><subject/></message>`);
}

/** To the server, and at once to the journal. */
function put(all: Floor, stanza: string): void {
  if (all.unwritten === '') setImmediate(flush, all);
  all.unwritten += stanza;
  all.journal.unanswered++;
}

function flush(all: Floor): void {
  const { unwritten, journal, store } = all;
  all.unwritten = '';
  all.stream.write(unwritten);
  store.journal(unwritten, (id) => {
    journal.lastId = id;
  });
  if (journal.unanswered >= barrier.everyStanzas) ask(all);
}

/** The server's answer proves that it has processed all that was written before. */
function ask(all: Floor): void {
  const { journal, place, stream } = all;
  if (journal.asking || journal.unanswered === 0) return;
  journal.asking = true;
  journal.unanswered = 0;
  stream.write(
    `<iq type='get' id='barrier' from='${place.domain}' to='${place.domain}'><ping xmlns='urn:xmpp:ping'/></iq>`,
  );
}

function answered({ journal, store }: Floor): void {
  journal.asking = false;
  if (journal.lastId !== undefined) store.trim(journal.lastId);
}
