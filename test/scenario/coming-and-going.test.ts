/**
 * Several rooms, on both sides people who talk, come, go, change nicks and topics and put each other out, in any order and without waiting for each other, behind a slow line
 * to the IRC server: what clients are told of the rooms is what happened in the channels, and what they say is said once.
 */
import { expect } from 'vitest';
import type { Element } from '../../src/xml/element.ts';
import { type Happening, happened, isWhole, RoomLog } from '../harness/channel-log.ts';
import type { IrcClient } from '../harness/irc-client.ts';
import { bodyOf, codesOf } from '../harness/markup.ts';
import type { MemoryWorld } from '../harness/memory-world.ts';
import { pause, until } from '../harness/process.ts';
import { type Below, walksAtRandom } from '../harness/random-walk.ts';
import { isSubject, type XmppClient } from '../harness/xmpp-client.ts';

const steps = 60;

interface Club {
  readonly channel: string;
  readonly room: string;
}

/** One client; others of its user may be beside it. */
class Guest {
  readonly client: XmppClient;
  readonly name: string;
  /** All that it has said, by its id. */
  readonly said = new Map<string, string>();
  readonly #user: { readonly nick: string; now: string };
  readonly #places = new Map<string, 'joining' | 'in' | 'leaving' | 'out'>();
  /** Leaves that have not been answered. */
  readonly #leaves = new Map<string, number>();
  #read = 0;

  constructor(client: XmppClient, name: string, user: { readonly nick: string; now: string }) {
    this.client = client;
    this.name = name;
    this.#user = user;
  }

  get nick(): string {
    return this.#user.now;
  }

  /** All that they are ever called: which of them it is now another client of theirs may have heard before. */
  get nicks(): readonly string[] {
    const { nick } = this.#user;
    return [nick, `${nick}x`];
  }

  place({ room }: Club): 'joining' | 'in' | 'leaving' | 'out' {
    for (; this.#read < this.client.inbox.all.length; this.#read++) this.#follow(this.#read);
    return this.#places.get(room) ?? 'out';
  }

  #follow(index: number): void {
    const one = this.client.inbox.all[index];
    const [room = '', nick = ''] = (one?.attrs.from ?? '').split('/');
    if (one === undefined) return;
    if (isSubject(one) && this.#places.get(room) === 'joining') this.#places.set(room, 'in');
    if (one.name !== 'presence' || !codesOf(one).includes(110) || codesOf(one).includes(303)) return;
    if (one.attrs.type === undefined) {
      this.#user.now = nick;
      return;
    }
    const leaves = this.#leaves.get(room) ?? 0;
    this.#leaves.set(room, Math.max(0, leaves - 1));
    if (this.#places.get(room) === 'leaving') this.#places.set(room, 'out');
  }

  /** One thing, and now and then the next before the last was answered. */
  acts(club: Club, n: number, below: Below): void {
    const { room } = club;
    const place = this.place(club);
    const isHasty = below(7) === 0;
    const what = below(14);
    if (place === 'out' || (place === 'leaving' && isHasty)) {
      this.#places.set(room, 'joining');
      const muc = `<x xmlns='http://jabber.org/protocol/muc'/>`;
      this.client.send(`<presence to='${room}/${this.nick}'>${muc}</presence>`);
    } else if ((place === 'joining' && isHasty) || (place === 'in' && what === 0)) this.#goes(club);
    else if (place !== 'in') return;
    else if (what < 9) for (let more = below(4); more >= 0; more--) this.says(club, `${this.name}-${n}-${more}`);
    else if (what === 9) {
      this.says(club, `${this.name}-${n}-bye`);
      this.#goes(club);
    } else if (what < 12) {
      const { nick } = this.#user;
      this.client.send(`<presence to='${room}/${this.nick === nick ? `${nick}x` : nick}'/>`);
    } else this.client.send(`<message type='groupchat' to='${room}'><subject>by ${this.name} ${n}</subject></message>`);
  }

  says({ room }: Club, text: string): void {
    this.said.set(this.client.say(room, text, `id-${room}-${text}`), text);
  }

  #goes({ room }: Club): void {
    this.#leaves.set(room, (this.#leaves.get(room) ?? 0) + 1);
    this.#places.set(room, 'leaving');
    this.client.send(`<presence type='unavailable' to='${room}/${this.nick}'/>`);
  }
}

/** Somebody on IRC. */
class Local {
  readonly client: IrcClient;
  readonly #nick: string;
  #now: string;
  readonly #in = new Set<Club>();

  constructor(client: IrcClient) {
    this.client = client;
    this.#nick = client.nick;
    this.#now = client.nick;
  }

  /** @param op who may do everything */
  async acts(club: Club, n: number, below: Below, op: IrcClient): Promise<void> {
    const what = below(14);
    const { channel } = club;
    if (!this.#in.has(club)) {
      this.client.send(`JOIN ${channel}`);
      this.#in.add(club);
    } else if (what < 9)
      for (let more = below(4); more >= 0; more--) this.client.say(channel, `${this.#nick}-${n}-${more}`);
    else if (what === 9) {
      this.client.send(`PART ${channel} :tired`);
      this.#in.delete(club);
    } else if (what < 12) {
      this.#now = this.#now === this.#nick ? `${this.#nick}x` : this.#nick;
      this.client.send(`NICK ${this.#now}`);
    } else if (what === 12) op.send(`TOPIC ${channel} :topic ${n}`);
    else {
      await this.client.roundtrip();
      op.send(`KICK ${channel} ${this.#now} :out`);
      await op.roundtrip();
      this.#in.delete(club);
    }
  }
}

async function company(world: MemoryWorld) {
  const n = world.next();
  const clubs: readonly Club[] = [1, 2].map((i) => ({ channel: `#c${n}x${i}`, room: world.room(`#c${n}x${i}`) }));
  const op = await world.irc(`op${n}`, ['echo-message']);
  for (const { channel } of clubs) await op.join(channel);
  const locals = [new Local(await world.irc(`juliet${n}`)), new Local(await world.irc(`nurse${n}`))];
  const guests: Guest[] = [];
  for (const [user, resources] of [
    ['romeo', ['a', 'b']],
    ['tybalt', ['c']],
  ] as const) {
    const account = world.newUser();
    const nick = `${user}${n}`;
    const shared = { nick, now: nick };
    for (const resource of resources) guests.push(new Guest(await world.jabber(account, resource), resource, shared));
  }
  return { clubs, op, locals, guests };
}

type Company = Awaited<ReturnType<typeof company>>;

/** All that was asked for is done, all that was said is heard, and every guest who is in knows of it. */
async function calm({ clubs, op, locals, guests }: Company): Promise<void> {
  for (const { client } of locals) await client.roundtrip();
  const isSettled = (guest: Guest): boolean => clubs.every((club) => /^(in|out)$/.test(guest.place(club)));
  await until('everybody is in or out', () => guests.every(isSettled));
  for (const guest of guests)
    for (const club of clubs)
      if (guest.place(club) === 'in') guest.says(club, `${guest.name}-last-${clubs.indexOf(club)}`);
  const isDone = (guest: Guest): boolean => [...guest.said].every(([id, text]) => timesOf(guest, op, id, text) > 0);
  await until('all is said or refused', () => guests.every(isDone));
  for (const club of clubs) {
    const isRight = ({ nicks }: Guest): boolean => {
      const isIn = guests.some((guest) => guest.nicks[0] === nicks[0] && guest.place(club) === 'in');
      const names = namesOf(op, club);
      return nicks.some((nick) => names.has(nick)) === isIn;
    };
    await until('who has left is out', () => guests.every(isRight));
    // Who is out there may be told so a moment later.
    for (const { client } of guests) await client.roundtrip(club.room);
    op.say(club.channel, 'the end');
    const isEnd = (from: string | undefined): boolean => from === `${club.room}/${op.nick}`;
    for (const guest of guests)
      if (guest.place(club) === 'in')
        await guest.client.receive((one) => isEnd(one.attrs.from) && bodyOf(one) === 'the end');
  }
}

/** How often it was said, or came back to who said it. */
function timesOf({ client }: Guest, op: IrcClient, id: string, text: string): number {
  const isBack = (one: Element): boolean => one.name === 'message' && one.attrs.type === 'error' && one.attrs.id === id;
  return op.seen(new RegExp(` PRIVMSG \\S+ :?${text}$`)).length + client.seen(isBack).length;
}

function namesOf(op: IrcClient, { channel }: Club): ReadonlySet<string> {
  const names = new Set<string>();
  happened(op.inbox.all, channel, names);
  return names;
}

const isWords = (one: Happening): boolean => one.startsWith('say ') && !one.startsWith('say  ');

/** What of that guest's visits is not as it was. */
function faultsOf(guest: Guest, { room }: Club, all: readonly Happening[], names: ReadonlySet<string>): string[] {
  const { visits, wrong } = new RoomLog(guest.client.inbox.all, room);
  const faults = [...wrong];
  for (const visit of visits) {
    const said = [...visit.past, ...visit.live].filter(isWords);
    const twice = said.filter((one, at) => said.indexOf(one) !== at);
    if (twice.length > 0) faults.push(`twice: ${twice.join(', ')}`);
    if (!isWhole(visit, all)) faults.push(`told: ${visit.live.join(', ')}, of: ${all.join(', ')}`);
  }
  const last = visits.at(-1);
  const shown = last === undefined || last.isOver ? [] : [...last.names].sort();
  if (shown.length > 0 && shown.join() !== [...names].sort().join()) faults.push(`shown ${shown}, are ${[...names]}`);
  return faults.map((fault) => `${guest.name} in ${room}: ${fault}`);
}

walksAtRandom(async (world, below) => {
  const all = await company(world);
  const { clubs, op, locals, guests } = all;
  const of = <T>(some: readonly T[]): readonly T[] => some.slice(below(some.length)).slice(0, 1);
  const walks = [...guests, locals].map(async (who) => {
    for (let n = 1; n <= steps; n++) {
      for (const club of of(clubs)) {
        if (who instanceof Guest) who.acts(club, n, below);
        else for (const local of of(who)) await local.acts(club, n, below, op);
      }
      await pause(below(60));
    }
  });
  await Promise.all(walks);
  await calm(all);
  const faults = clubs.flatMap((club) => {
    const names = new Set<string>();
    const truth = happened(op.inbox.all, club.channel, names);
    return guests.flatMap((guest) => faultsOf(guest, club, truth, names));
  });
  for (const guest of guests)
    for (const [id, text] of guest.said)
      if (timesOf(guest, op, id, text) !== 1) faults.push(`${text} was said ${timesOf(guest, op, id, text)} times`);
  expect(faults.join('\n')).toBe('');
  for (const { client } of locals) client.close();
  op.close();
  await Promise.all(guests.map(({ client }) => client.close()));
});
