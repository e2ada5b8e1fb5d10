/**
 * Conversations of two: on both sides people who write, go, come, are away, change nicks (each other's, too), are made contacts and blocked, in any order and without waiting for
 * each other, behind a slow line to the IRC server, too: each line comes once and in order, is kept, or comes back; and contacts are shown as they are.
 */
import { expect } from 'vitest';
import type { Element } from '../../src/xml/element.ts';
import { past } from '../e2e/scenarios/archive.ts';
import type { IrcClient } from '../harness/irc-client.ts';
import { bodyOf, child, codesOf, textOf } from '../harness/markup.ts';
import type { MemoryWorld } from '../harness/memory-world.ts';
import { pause, until } from '../harness/process.ts';
import { type Below, walksAtRandom } from '../harness/random-walk.ts';
import type { XmppClient } from '../harness/xmpp-client.ts';

const steps = 40;

interface Said {
  readonly id: string;
  readonly text: string;
  /** To whom, and whether by the room. */
  readonly nick: string;
  readonly privately: boolean;
}

/** Somebody on Jabber, with all of their clients. */
class Owner {
  /** The last one when all is to come to an end. */
  readonly nicks: readonly [string, string, string];
  readonly guests: Guest[] = [];
  /** By nick, as was asked for last. */
  readonly contacts = new Map<string, boolean>();
  readonly blocked = new Set<string>();
  /** Of whom what they say may be missing. */
  hasBlocked = false;
  isBlocking = false;
  nick: string;

  constructor(nick: string) {
    this.nicks = [nick, `${nick}o`, `${nick}z`];
    this.nick = nick;
  }
}

/** One of their clients. */
class Guest {
  readonly client: XmppClient;
  readonly owner: Owner;
  readonly name: string;
  readonly said: Said[] = [];
  isHere = true;
  /** What it had heard when it came last: who goes has nobody in the list any more. */
  cameAt = 0;

  constructor(client: XmppClient, owner: Owner, name: string) {
    this.client = client;
    this.owner = owner;
    this.name = name;
  }

  /** In the owner's name it stays, and changes nicks. */
  get isFirst(): boolean {
    return this.owner.guests[0] === this;
  }

  says(to: string, text: string, nick: string, privately = false): Said {
    const x = privately ? "<x xmlns='http://jabber.org/protocol/muc#user'/>" : '';
    const one = { id: `id-${text}`, text, nick, privately };
    const request = "<request xmlns='urn:xmpp:receipts'/>";
    this.client.send(`<message type='chat' id='${one.id}' to='${to}'><body>${text}</body>${x}${request}</message>`);
    this.said.push(one);
    return one;
  }

  async blocks(address: string, nick: string, isBlocked: boolean): Promise<void> {
    const { owner } = this;
    owner.hasBlocked = true;
    owner.isBlocking = true;
    if (isBlocked) owner.blocked.add(nick);
    else owner.blocked.delete(nick);
    const command = `<command xmlns='http://jabber.org/protocol/commands' node='${isBlocked ? 'block' : 'unblock'}'/>`;
    await this.client.ask(`<iq type='set' to='${address}'>${command}</iq>`);
    owner.isBlocking = false;
  }

  renames(room: string, nick: string): void {
    this.owner.nick = nick;
    this.client.send(`<presence to='${room}/${nick}'/>`);
  }

  befriends(address: string, nick: string): void {
    const wanted = this.owner.contacts.get(nick) !== true;
    this.owner.contacts.set(nick, wanted);
    this.client.send(`<presence type='${wanted ? 'subscribe' : 'unsubscribe'}' to='${address}'/>`);
    if (wanted) this.client.send(`<presence type='subscribed' to='${address}'/>`);
  }

  comes(): void {
    this.isHere = true;
    this.cameAt = this.client.inbox.all.length;
    this.client.send('<presence/>');
  }

  goes(): void {
    this.isHere = false;
    this.client.send("<presence type='unavailable'/>");
  }

  /** What somebody on IRC has said, as "nick text". */
  heard(name: string, room: string): readonly string[] {
    return this.client.inbox.all.flatMap((one) => {
      const [bare = '', resource] = (one.attrs.from ?? '').split('/');
      const text = bodyOf(one);
      const isTheirs = one.name === 'message' && one.attrs.type === 'chat' && text?.startsWith(`${name}-`) === true;
      return isTheirs ? [`${bare === room ? resource : bare.split('%')[0]} ${text}`] : [];
    });
  }

  /** How a contact is shown. */
  shown(address: string): string {
    const isTheirs = ({ name, attrs: { from, type } }: Element): boolean =>
      name === 'presence' && from?.split('/')[0] === address && (type ?? 'unavailable') === 'unavailable';
    const last = this.client.inbox.all.slice(this.cameAt).findLast(isTheirs);
    if (last === undefined || last.attrs.type !== undefined) return 'offline';
    return textOf(child(last, 'show')) || 'online';
  }

  /** So often it came back, and so often a receipt came for it. */
  answers({ id }: Said): readonly [errors: number, receipts: number] {
    const isBack = (one: Element): boolean => one.attrs.type === 'error' && one.attrs.id === id;
    const isReceipt = (one: Element): boolean => child(one, 'received', 'urn:xmpp:receipts')?.attrs.id === id;
    return [this.client.seen(isBack).length, this.client.seen(isReceipt).length];
  }
}

/** Somebody on IRC, over all of their connections; the server tells them what of theirs it has passed on. */
class Local {
  readonly name: string;
  readonly #world: MemoryWorld;
  readonly #channel: string | undefined;
  readonly #connections: IrcClient[] = [];
  isOn = false;
  isAway = false;

  constructor(world: MemoryWorld, name: string, channel: string | undefined) {
    this.#world = world;
    this.name = name;
    this.#channel = channel;
  }

  get client(): IrcClient {
    const last = this.#connections.at(-1);
    if (last === undefined) throw new Error(`${this.name} has never come`);
    return last;
  }

  /** As the server has said so far. */
  get nick(): string {
    const nicks = this.client.inbox.all.map((line) => /^(?:@\S+ )?:([^! ]+)\S* NICK :?(\S+)$/.exec(line) ?? []);
    return nicks.reduce((now, [, from, to = '']) => (from === now ? to : now), this.name);
  }

  async comes(): Promise<void> {
    this.#connections.push(await this.#world.irc(this.name, ['echo-message']));
    this.isAway = false;
    this.isOn = true;
    if (this.#channel !== undefined) await this.client.join(this.#channel);
  }

  async goes(): Promise<void> {
    this.isOn = false;
    this.client.send('QUIT :good night');
    await this.client.expect(/^(@\S+ )?(:\S+ )?ERROR /);
    this.client.close();
  }

  /** PRIVMSGs that the server has told them of: "nick target text". */
  get lines(): readonly (readonly [nick: string, target: string, text: string])[] {
    return this.#connections
      .flatMap(({ inbox }) => inbox.all)
      .flatMap((line) => {
        const [, by = '', to = '', text = ''] = /^(?:@\S+ )?:([^! ]+)\S* PRIVMSG (\S+) :?(.*)$/.exec(line) ?? [];
        return to === '' ? [] : [[by, to, text] as const];
      });
  }

  /** What they have said to somebody, as "nick text". */
  saidTo({ nicks }: Owner): readonly string[] {
    const theirs = this.lines.filter(([, to, text]) => nicks.includes(to) && text.startsWith(`${this.name}-`));
    return theirs.map(([nick, , text]) => `${nick} ${text}`);
  }
}

async function company(world: MemoryWorld) {
  const n = world.next();
  const room = world.room(`#h${n}`);
  const locals = ['juliet', 'nurse', 'peter'].map((name) => {
    return new Local(world, `${name}${n}`, name === 'nurse' ? undefined : `#h${n}`);
  });
  for (const local of locals) await local.comes();
  const nicks = [`x${n}n`, `y${n}n`, ...locals.map(({ name }) => name)];
  const owners = [new Owner(`romeo${n}`), new Owner(`tybalt${n}`)];
  for (const [at, owner] of owners.entries()) {
    const user = world.newUser();
    for (const name of at === 0 ? ['a', 'b'] : ['c']) {
      const client = await world.jabber(user, name);
      owner.guests.push(new Guest(client, owner, name));
    }
    await owner.guests[0]?.client.join(room, owner.nick);
  }
  return { world, room, locals, nicks, owners, guests: owners.flatMap(({ guests }) => guests) };
}

type Company = Awaited<ReturnType<typeof company>>;

/** One thing. */
async function acts({ world, room, locals, nicks }: Company, guest: Guest, n: number, below: Below): Promise<void> {
  const { owner } = guest;
  const nick = (below(3) === 0 ? nicks[below(nicks.length)] : locals[below(locals.length)]?.nick) ?? '';
  const address = world.person(nick);
  const what = below(20);
  if (!guest.isHere) {
    if (what < 6) guest.comes();
  } else if (what < 10)
    for (let more = below(4); more >= 0; more--) guest.says(address, `${guest.name}-${n}-${more}`, nick);
  else if (what < 12 && guest.isFirst)
    for (let more = below(3); more >= 0; more--)
      guest.says(`${room}/${nick}`, `${guest.name}-${n}-p${more}`, nick, true);
  else if (what < 15) guest.befriends(address, nick);
  else if (what < 17 && !owner.isBlocking) await guest.blocks(address, nick, !owner.blocked.has(nick));
  else if (what === 17 && guest.isFirst) {
    guest.renames(room, owner.nicks[owner.nick === owner.nicks[0] ? 1 : 0]);
  } else if (!guest.isFirst) guest.goes();
}

async function localActs({ owners, nicks }: Company, local: Local, n: number, below: Below): Promise<void> {
  const what = below(16);
  const to = owners[below(owners.length)]?.nick ?? '';
  if (!local.isOn) {
    if (what < 8) await local.comes();
  } else if (what < 9) for (let more = below(4); more >= 0; more--) local.client.say(to, `${local.name}-${n}-${more}`);
  else if (what < 12) local.client.send(`NICK ${below(4) === 0 ? local.name : nicks[below(2)]}`);
  else if (what < 14) {
    local.isAway = !local.isAway;
    local.client.send(local.isAway ? `AWAY :out ${n}` : 'AWAY');
  } else if (what === 14) await local.goes();
}

/** By whom on IRC it was heard, as the nick that it was for. */
const hearersOf = ({ locals }: Company, { text }: Said): readonly string[] =>
  locals.flatMap(({ lines }) => lines.flatMap(([, to, words]) => (words === text ? [to] : [])));

/** Everybody is there and nobody blocked, and all that was said is heard or has come back. */
async function calm(all: Company): Promise<void> {
  const { world, room, locals, owners, guests } = all;
  for (const local of locals) {
    if (!local.isOn) await local.comes();
    await local.client.roundtrip();
  }
  for (const guest of guests) if (!guest.isHere) guest.comes();
  for (const { blocked, guests } of owners)
    for (const nick of blocked) await guests[0]?.blocks(world.person(nick), nick, false);
  const isAnswered = (guest: Guest): boolean =>
    guest.said.every((one) => {
      const [errors, receipts] = guest.answers(one);
      return errors + receipts > 0;
    });
  for (const guest of guests) await until(`${guest.name} has all answers`, () => isAnswered(guest));
  // What is said from here on comes behind all that was asked for.
  for (const owner of owners) {
    owner.guests[0]?.renames(room, owner.nicks[2]);
    await owner.guests[0]?.client.receive(
      (one) => one.attrs.from === `${room}/${owner.nick}` && codesOf(one).includes(110),
    );
    for (const local of locals) {
      const [first] = owner.guests;
      if (first === undefined) continue;
      const last = first.says(world.person(local.nick), `${first.name}-last-${local.name}`, local.nick);
      await until('the last is said', () => hearersOf(all, last).length > 0 && first.answers(last)[1] > 0);
      const text = `${local.name}-last-${first.name}`;
      local.client.say(owner.nick, text);
      for (const { client } of owner.guests) await client.receive((one) => bodyOf(one) === text);
    }
  }
}

/** Are they among these, in that order? */
function isWithin(some: readonly string[], all: readonly string[]): boolean {
  let at = 0;
  for (const one of some) {
    at = all.indexOf(one, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

/** What of that which is said on IRC does not come as it was said. */
function* wrongHere({ room, locals }: Company, guest: Guest): Generator<string> {
  const { owner, name } = guest;
  for (const local of locals) {
    const all = local.saidTo(owner);
    const heard = guest.heard(local.name, room);
    const isAll = guest.isFirst && !owner.hasBlocked;
    if (!isWithin(heard, all) || (isAll && heard.length < all.length)) yield `${name} heard ${heard}, of: ${all}`;
  }
}

/** What of that which is said here does not come as it was said. */
function* wrongThere(all: Company, guest: Guest): Generator<string> {
  for (const one of guest.said) {
    const hearers = hearersOf(all, one);
    const [errors, receipts] = guest.answers(one);
    const isOnce = hearers.length + errors === 1 && receipts === hearers.length;
    if (!isOnce) yield `${one.text} was heard ${hearers.length}, refused ${errors} times, with ${receipts} receipts`;
    if (hearers.some((nick) => nick !== one.nick)) yield `${one.text} was for ${one.nick}, and came to ${hearers}`;
  }
  for (const { lines } of all.locals) {
    const heard = lines.map(([, , text]) => text);
    for (const nick of all.nicks)
      for (const privately of [true, false]) {
        const said = guest.said.filter((one) => one.nick === nick && one.privately === privately);
        const texts = said.map(({ text }) => text);
        const reached = heard.filter((text) => texts.includes(text));
        if (!isWithin(reached, texts)) yield `${nick} heard ${reached}, said was ${texts}`;
      }
  }
}

/** What is kept of a conversation, as texts: those of "/me" tell of other nicks and of absence. */
async function kept({ client }: Guest, address: string): Promise<readonly string[]> {
  const texts: (string | undefined)[] = [];
  for (let after = ''; ; ) {
    const { bodies, ids, fin } = await past({ client }, address, `<set xmlns='${rsm}'><max>50</max>${after}</set>`);
    texts.push(...bodies);
    if (fin === undefined || fin.attrs.complete === 'true') break;
    after = `<after>${ids.at(-1)}</after>`;
  }
  return texts.flatMap((text) => (text === undefined || text.startsWith('/me ') ? [] : [text]));
}

const rsm = 'http://jabber.org/protocol/rsm';

async function wrongInArchive(all: Company, { guests }: Owner, nick: string): Promise<string[]> {
  const [first] = guests;
  if (first === undefined) return [];
  const found = await kept(first, all.world.person(nick));
  const heard = all.locals.flatMap(({ name }) => first.heard(name, all.room));
  const theirs = heard.flatMap((one) => (one.startsWith(`${nick} `) ? [one.slice(nick.length + 1)] : []));
  const ours = guests.flatMap(({ said }) => said.filter((one) => one.nick === nick && hearersOf(all, one).length > 0));
  const should = [...theirs, ...ours.map(({ text }) => text)];
  const isSame = [...found].sort().join() === should.sort().join();
  return isSame ? [] : [`kept with ${nick}: ${found}, and should be: ${should}`];
}

/** Until everybody who is seen is seen as they are. */
async function showsAll({ world, locals, guests }: Company): Promise<void> {
  for (const guest of guests)
    for (const [nick, isWanted] of guest.owner.contacts) {
      const local = locals.find((one) => one.nick === nick);
      const is = local === undefined || !isWanted ? 'offline' : local.isAway ? 'away' : 'online';
      await until(`${guest.name} sees ${nick} ${is}`, () => guest.shown(world.person(nick)) === is);
    }
}

walksAtRandom(async (world, below) => {
  const all = await company(world);
  const { locals, nicks, owners, guests } = all;
  const walks = [...guests, ...locals].map(async (who) => {
    for (let n = 1; n <= steps; n++) {
      if (who instanceof Guest) await acts(all, who, n, below);
      else await localActs(all, who, n, below);
      await pause(below(60));
    }
  });
  await Promise.all(walks);
  await calm(all);
  await showsAll(all);
  const wrong = guests.flatMap((guest) => [...wrongHere(all, guest), ...wrongThere(all, guest)]);
  for (const owner of owners) for (const nick of nicks) wrong.push(...(await wrongInArchive(all, owner, nick)));
  expect(wrong.join('\n')).toBe('');
  for (const { client } of locals) client.close();
  await Promise.all(guests.map(({ client }) => client.close()));
});
