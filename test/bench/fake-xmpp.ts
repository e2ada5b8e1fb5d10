/** A server with one component: takes the handshake, plays any number of users in rooms, counts what is sent to them by scanning bytes. */
import { createServer, type Socket } from 'node:net';
import { pump } from './pump.ts';
import { Pieces, Scanner } from './scan.ts';
import { serve, stamp, type XmppAsk, type XmppCounts, type XmppPlace } from './wire.ts';

const user = (n: number): string => `u${n}@bench/r`;
const mucNs = 'http://jabber.org/protocol/muc';
const marker = Buffer.from('@t');

/** Runs until its parent goes. */
export function fakeXmpp(args: readonly string[]): void {
  const place = JSON.parse(args[0] ?? '{}') as XmppPlace;
  const handshake = Promise.withResolvers<string>();
  const state: State = {
    place,
    scanner: new Scanner(['<body', '<presence', '<subject', '<error']),
    iqs: new Pieces('<iq', /^<iq\b[^>]*?(?:\/>|>[\s\S]*?<\/iq>)/),
    asked: new Map(),
    times: [],
    said: 0,
    socket: undefined,
    connected: (how) => handshake.resolve(how),
  };
  const server = createServer({ noDelay: true }, (socket) => serveComponent(state, socket));
  server.listen(place.port, '127.0.0.1');
  serve<XmppAsk>((question) => answer(state, handshake.promise, question));
}

interface State {
  readonly place: XmppPlace;
  readonly scanner: Scanner;
  readonly iqs: Pieces;
  /** Questions of users that are not answered yet, by their ids. */
  readonly asked: Map<string, (answer: string) => void>;
  /** Microseconds from a stamped line's birth to its arrival here. */
  times: number[];
  said: number;
  socket: Socket | undefined;
  readonly connected: (at: string) => void;
}

function serveComponent(state: State, socket: Socket): void {
  let greeted = false;
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    if (greeted) return take(state, socket, chunk);
    const text = chunk.toString('latin1');
    if (text.includes('<stream:stream')) {
      socket.write(
        `<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' id='bench' from='${state.place.domain}'>`,
      );
    }
    if (text.includes('<handshake')) {
      greeted = true;
      state.socket = socket;
      socket.write('<handshake/>');
      state.connected(stamp());
    }
  });
}

function take(state: State, socket: Socket, chunk: Buffer): void {
  state.scanner.take(chunk);
  readStamps(state, chunk);
  for (const iq of state.iqs.take(chunk)) answerIq(state, socket, iq);
}

/** "@t" and sixteen digits in a body: when it was born. A stamp cut by a read is not counted. */
function readStamps(state: State, chunk: Buffer): void {
  let at = chunk.indexOf(marker);
  if (at < 0) return;
  const now = Number(process.hrtime.bigint() / 1000n);
  for (; at >= 0; at = chunk.indexOf(marker, at + 18)) {
    if (at + 18 <= chunk.length) state.times.push(now - Number(chunk.toString('latin1', at + 2, at + 18)));
  }
}

/** To the component itself: routed back as it is; anything else that asks gets an empty result. */
function answerIq(state: State, socket: Socket, iq: string): void {
  const head = iq.slice(0, iq.indexOf('>') + 1);
  const attribute = (name: string): string => new RegExp(`\\b${name}=["']([^"']*)["']`).exec(head)?.[1] ?? '';
  const type = attribute('type');
  const to = attribute('to');
  if (to.split('/')[0] === state.place.domain) socket.write(iq, 'latin1');
  else if (type === 'get' || type === 'set') {
    socket.write(`<iq type='result' id='${attribute('id')}' from='${to}' to='${attribute('from')}'/>`, 'latin1');
  } else {
    state.asked.get(attribute('id'))?.(iq);
    state.asked.delete(attribute('id'));
  }
}

function answer(state: State, handshake: Promise<string>, question: XmppAsk): unknown {
  switch (question.do) {
    case 'handshake':
      return handshake;
    case 'join':
      return join(state, question.from, question.to, question.rooms);
    case 'counts': {
      const [messages = 0, presences = 0, subjects = 0, errors = 0] = state.scanner.counts;
      return { messages, presences, subjects, errors } satisfies XmppCounts;
    }
    case 'say':
      return say(state, question);
    case 'times': {
      const { times } = state;
      state.times = [];
      return times;
    }
    case 'ask':
      return new Promise<string>((resolve) => {
        state.asked.set(question.iqId, resolve);
        state.socket?.write(question.iq, 'latin1');
      });
  }
}

function join(state: State, from: number, to: number, rooms: readonly string[]): void {
  let text = '';
  for (let n = from; n <= to; n++) {
    for (const room of rooms) {
      text += `<presence from='${user(n)}' to='${room}/u${n}' id='j${n}'><x xmlns='${mucNs}'><history maxstanzas='0'/></x></presence>`;
    }
  }
  state.socket?.write(text);
}

async function say(state: State, how: Extract<XmppAsk, { do: 'say' }>): Promise<void> {
  const { socket } = state;
  if (socket === undefined) throw new Error('nobody is connected');
  const before = state.scanner.counts[0] ?? 0;
  const stamped = how.perSecond > 0;
  const chunk = (from: number, count: number): string => {
    let text = '';
    for (let n = from; n < from + count; n++) {
      state.said += 1;
      const words = stamped ? `@t${stamp()}` : 'the quick brown fox jumps over it';
      text += `<message from='${user((n % how.users) + 1)}' to='${state.place.room}' type='groupchat' id='m${state.said}'><body>${words} ${state.said}</body></message>`;
    }
    return text;
  };
  await pump({
    count: how.count,
    perSecond: how.perSecond,
    batch: 100,
    mayWrite: (written) =>
      written - ((state.scanner.counts[0] ?? 0) - before) < how.window && !socket.writableNeedDrain,
    write: (from, count) => socket.write(chunk(from, count)),
  });
}
