/**
 * What Node itself needs to carry the bench's messages, with a PING behind each burst as the receipt, as Isthmus has it. Nothing is parsed,
 * checked, kept or promised: bytes are looked for and cut out. No gateway in Node can cost less.
 */
import { connect, type Socket } from 'node:net';
import { type BareStore, startBareStore } from './bare-store.ts';

export interface BarePlace {
  readonly xmpp: number;
  readonly irc: number;
  readonly domain: string;
  readonly room: string;
  /** A directory: each message is in Redis before it is sent, and until its receipt. */
  readonly store: string | undefined;
}

interface User {
  readonly jid: string;
  readonly socket: Socket;
  rest: string;
  unwritten: string;
  /** Written, and no PONG behind it yet. */
  asked: Said[];
  waiting: Said[];
}

interface Said {
  readonly stanza: string;
  readonly id: string;
}

interface Bare {
  readonly store: BareStore | undefined;
  readonly place: BarePlace;
  readonly stream: Socket;
  readonly users: Map<string, User>;
  readonly touched: Set<User>;
  unwritten: string;
}

const handshake = '<handshake/>';

/** Runs until it is killed. */
export function bare(args: readonly string[]): void {
  const place = JSON.parse(args[0] ?? '{}') as BarePlace;
  const stream = connect({ host: '127.0.0.1', port: place.xmpp, noDelay: true });
  const store = place.store === undefined ? undefined : startBareStore(place.store);
  const all: Bare = { store, place, stream, users: new Map(), touched: new Set(), unwritten: '' };
  stream.write(
    `<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='${place.domain}'>`,
  );
  let greeted = false;
  let rest = '';
  stream.on('data', (chunk: Buffer) => {
    const text = rest + chunk.toString('latin1');
    if (greeted) {
      rest = takeStanzas(all, text);
      return;
    }
    const shaken = text.indexOf(handshake);
    if (text.includes('<stream:stream')) stream.write('<handshake>00</handshake>');
    if (shaken < 0) return;
    greeted = true;
    rest = takeStanzas(all, text.slice(shaken + handshake.length));
  });
  stream.on('close', () => process.exit());
}

function takeStanzas(all: Bare, text: string): string {
  let from = 0;
  for (;;) {
    const isMessage = text.startsWith('<message', from);
    const tail = isMessage ? '</message>' : '</presence>';
    const end = text.indexOf(tail, from);
    if (end < 0) return text.slice(from);
    const jid = between(text, "from='", "'", from);
    if (isMessage) say(all, jid, between(text, '<body>', '</body>', from), between(text, "id='", "'", from));
    else join(all, jid);
    from = end + tail.length;
  }
}

function between(text: string, head: string, tail: string, from: number): string {
  const start = text.indexOf(head, from) + head.length;
  return text.slice(start, text.indexOf(tail, start));
}

function say(all: Bare, jid: string, body: string, id: string): void {
  const user = all.users.get(jid);
  if (user === undefined) return;
  const stanza = `<message from='${all.place.room}/me' to='${jid}' type='groupchat' id='${id}'><body>${body}</body></message>`;
  if (all.store === undefined) send(all, user, body, { stanza, id: '' });
  else all.store.add(jid, stanza, (key) => send(all, user, body, { stanza, id: key }));
}

function send(all: Bare, user: User, body: string, said: Said): void {
  if (all.touched.size === 0) setImmediate(flushUsers, all);
  all.touched.add(user);
  user.unwritten += `PRIVMSG #bench :${body}\r\n`;
  user.waiting.push(said);
}

function flushUsers(all: Bare): void {
  for (const user of all.touched) {
    if (user.asked.length === 0) ask(user);
    if (user.unwritten !== '') user.socket.write(user.unwritten, 'latin1');
    user.unwritten = '';
  }
  all.touched.clear();
}

/** One PING at a time, behind all that is written. */
function ask(user: User): void {
  if (user.waiting.length === 0) return;
  user.asked = user.waiting;
  user.waiting = [];
  user.unwritten += 'PING receipt\r\n';
}

function join(all: Bare, jid: string): void {
  if (all.users.has(jid)) return;
  const socket = connect({ host: '127.0.0.1', port: all.place.irc, noDelay: true });
  const user: User = { jid, socket, rest: '', unwritten: '', asked: [], waiting: [] };
  all.users.set(jid, user);
  const nick = jid.slice(0, jid.indexOf('@'));
  socket.write(`NICK ${nick}\r\nUSER ${nick} 0 * :${nick}\r\n`);
  socket.on('data', (chunk: Buffer) => takeLines(all, user, chunk.toString('latin1')));
}

function takeLines(all: Bare, user: User, chunk: string): void {
  const text = user.rest + chunk;
  let from = 0;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
    takeLine(all, user, text.slice(from, end - 1));
    from = end + 1;
  }
  user.rest = text.slice(from);
}

function takeLine(all: Bare, user: User, line: string): void {
  const verb = line.indexOf(' ') + 1;
  if (line.startsWith('PRIVMSG', verb)) {
    const nick = line.slice(1, line.indexOf('!'));
    const body = line.slice(line.indexOf(' :') + 2);
    put(
      all,
      `<message from='${all.place.room}/${nick}' to='${user.jid}' type='groupchat'><body>${body}</body></message>`,
    );
  } else if (line.startsWith('PONG', verb)) {
    for (const { stanza, id } of user.asked) {
      put(all, stanza);
      all.store?.remove(user.jid, id);
    }
    user.asked = [];
    ask(user);
    if (user.unwritten !== '') user.socket.write(user.unwritten, 'latin1');
    user.unwritten = '';
  } else if (line.startsWith('001', verb)) user.socket.write('JOIN #bench\r\n');
  else if (line.startsWith('366', verb))
    put(all, `<message from='${all.place.room}' to='${user.jid}' type='groupchat'><subject/></message>`);
}

function put(all: Bare, stanza: string): void {
  if (all.unwritten === '') setImmediate(flushStream, all);
  all.unwritten += stanza;
}

function flushStream(all: Bare): void {
  all.stream.write(all.unwritten, 'latin1');
  all.unwritten = '';
}
