/** An IRC server for any number of connections: registration, channels full of made-up people, PONG; counts messages, sends them to all. */
import { createServer, type Socket } from 'node:net';
import { pump } from './pump.ts';
import { type IrcdAsk, serve, stamp } from './wire.ts';

export interface IrcdPlace {
  readonly host: string;
  readonly port: number;
  /** How many people are in each channel besides us. */
  readonly nicks: number;
  /** Offers and plays echo-message. */
  readonly echo: boolean;
}

interface Peer {
  readonly socket: Socket;
  nick: string;
  registered: boolean;
  negotiating: boolean;
  echoes: boolean;
  rest: Buffer;
}

interface Room {
  readonly place: IrcdPlace;
  readonly peers: Set<Peer>;
  readonly names: readonly string[];
  messages: number;
  joins: number;
  channel: string;
  said: number;
}

/** Runs until its parent goes. */
export function fakeIrcd(args: readonly string[]): void {
  const place = JSON.parse(args[0] ?? '{}') as IrcdPlace;
  const room: Room = {
    place,
    peers: new Set(),
    names: nameLines(place.nicks),
    messages: 0,
    joins: 0,
    channel: '',
    said: 0,
  };
  const server = createServer({ noDelay: true }, (socket) => {
    const peer: Peer = {
      socket,
      nick: '',
      registered: false,
      negotiating: false,
      echoes: false,
      rest: Buffer.alloc(0),
    };
    room.peers.add(peer);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => room.peers.delete(peer));
    socket.on('data', (chunk: Buffer) => take(room, peer, chunk));
  });
  const listening = new Promise<void>((resolve) => server.listen(place.port, place.host, 4096, resolve));
  serve<IrcdAsk>(async (question) => {
    if (question.do === 'listen') return listening;
    if (question.do === 'counts') return { messages: room.messages, joins: room.joins, connections: room.peers.size };
    return say(room, question);
  });
}

/** NAMES in lines of at most 400 bytes; the first is an operator, the second has voice. */
function nameLines(count: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (let n = 0; n < count; n++) {
    const name = `${n === 0 ? '@' : n === 1 ? '+' : ''}person${n}`;
    if (line.length + name.length > 400) {
      lines.push(line);
      line = '';
    }
    line += line === '' ? name : ` ${name}`;
  }
  if (line !== '') lines.push(line);
  return lines;
}

const P = 80;
const R = 82;
const AT = 64;

function take(room: Room, peer: Peer, chunk: Buffer): void {
  const all = peer.rest.length === 0 ? chunk : Buffer.concat([peer.rest, chunk]);
  let from = 0;
  let reply = '';
  for (let end = all.indexOf(10); end >= 0; end = all.indexOf(10, from)) {
    const start = all[from] === AT ? all.indexOf(32, from) + 1 : from;
    if (all[start] === P && all[start + 1] === R) {
      room.messages += 1;
      if (peer.echoes)
        reply += `${echoTags(all, from, start)}:${peer.nick}!u@h ${all.toString('latin1', start, end)}\n`;
    } else reply += command(room, peer, all.toString('latin1', start, end).trimEnd());
    from = end + 1;
  }
  peer.rest = from < all.length ? Buffer.from(all.subarray(from)) : Buffer.alloc(0);
  if (reply !== '') peer.socket.write(reply, 'latin1');
}

function echoTags(all: Buffer, from: number, start: number): string {
  return start === from ? '' : all.toString('latin1', from, start);
}

function command(room: Room, peer: Peer, line: string): string {
  const [verb = '', ...args] = line.split(' ');
  switch (verb.toUpperCase()) {
    case 'PING':
      return `:irc.bench PONG irc.bench ${args.join(' ')}\r\n`;
    case 'CAP':
      return capabilities(room, peer, args);
    case 'NICK':
      return nick(peer, args[0] ?? '');
    case 'USER':
      return peer.negotiating ? '' : welcome(peer);
    case 'JOIN':
      return join(room, peer, args[0] ?? '');
    case 'MODE':
      return `:irc.bench 324 ${peer.nick} ${args[0]} +nt\r\n`;
    case 'WHO':
      return `:irc.bench 315 ${peer.nick} ${args[0]} :End\r\n`;
    case 'PART':
      return `:${peer.nick}!u@h PART ${args[0]}\r\n`;
    case 'QUIT':
      peer.socket.end();
      return '';
    default:
      return '';
  }
}

function capabilities(room: Room, peer: Peer, args: readonly string[]): string {
  const name = peer.nick || '*';
  switch (args[0]?.toUpperCase()) {
    case 'LS':
      peer.negotiating = true;
      return `:irc.bench CAP ${name} LS :${room.place.echo ? 'echo-message' : ''}\r\n`;
    case 'REQ': {
      peer.negotiating = true;
      const wanted = args.slice(1).join(' ').replace(/^:/, '').trim();
      const offered = room.place.echo && wanted === 'echo-message';
      if (offered) peer.echoes = true;
      return `:irc.bench CAP ${name} ${offered ? 'ACK' : 'NAK'} :${wanted}\r\n`;
    }
    case 'END':
      peer.negotiating = false;
      return welcome(peer);
    default:
      return '';
  }
}

function nick(peer: Peer, wanted: string): string {
  const old = peer.nick;
  peer.nick = wanted.replace(/^:/, '');
  return peer.registered ? `:${old}!u@h NICK :${peer.nick}\r\n` : '';
}

function welcome(peer: Peer): string {
  if (peer.registered || peer.nick === '') return '';
  peer.registered = true;
  const say = (rest: string): string => `:irc.bench ${rest.replace('%', peer.nick)}\r\n`;
  return [
    '001 % :Welcome',
    '002 % :Your host is irc.bench',
    '003 % :This server was created today',
    '004 % irc.bench bench-1 io ovbklnt',
    '005 % CHANTYPES=# PREFIX=(ov)@+ CHANMODES=b,k,l,imnpst NETWORK=Bench CASEMAPPING=rfc1459 NICKLEN=30 :are supported',
    '422 % :No MOTD',
  ]
    .map(say)
    .join('');
}

function join(room: Room, peer: Peer, list: string): string {
  let reply = '';
  for (const channel of list.replace(/^:/, '').split(',')) {
    if (room.channel === '') room.channel = channel;
    room.joins += 1;
    reply += `:${peer.nick}!u@h JOIN ${channel}\r\n`;
    for (const names of [`${peer.nick}`, ...room.names])
      reply += `:irc.bench 353 ${peer.nick} = ${channel} :${names}\r\n`;
    reply += `:irc.bench 366 ${peer.nick} ${channel} :End of NAMES\r\n`;
  }
  return reply;
}

async function say(room: Room, how: Extract<IrcdAsk, { do: 'say' }>): Promise<void> {
  const peers = [...room.peers];
  await pump({
    count: how.lines,
    perSecond: how.perSecond,
    batch: 50,
    mayWrite: () => peers.every(({ socket }) => !socket.writableNeedDrain),
    write: (_from, count) => {
      let text = '';
      for (let n = 0; n < count; n++) {
        room.said += 1;
        const words = how.stamped ? `@t${stamp()}` : 'the quick brown fox jumps over it';
        text += `:person${room.said % Math.max(1, room.place.nicks)}!p@example.net PRIVMSG ${room.channel} :${words} ${room.said}\r\n`;
      }
      const bytes = Buffer.from(text, 'latin1');
      for (const { socket } of peers) socket.write(bytes);
    },
  });
}
