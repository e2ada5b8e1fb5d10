/** One scenario's own guild of fifty, its bot, and people on both sides: written once, played within the process and between real servers. */
import { expect } from 'vitest';
import type { Element } from '../../../src/xml/element.ts';
import { bodyOf, child } from '../markup.ts';
import { runsAt } from '../operator.ts';
import { pause, until } from '../process.ts';
import { type Home, JabberPerson } from '../stage.ts';
import type { XmppClient } from '../xmpp-client.ts';
import { comesWithBot, sessionOf } from './registering.ts';
import type { FakeDiscord } from './server.ts';
import type { Application, Channel, Guild } from './state.ts';

/** What a scenario finds there. */
export interface DiscordPlace {
  readonly discord: FakeDiscord;
  /** The gateway's domain, and that of its users. */
  readonly domain: string;
  readonly userDomain: string;
  /** One of the gateway's operators who has not shared anything yet. */
  newOperator(): string;
  /** An account of the XMPP server that nobody has used yet. */
  newUser(): string;
  /** A number that nobody has been given yet. */
  next(): number;
  jabber(user: string, resource: string): Promise<XmppClient>;
  /** So much time passes for all here; absent: nobody can hurry it. */
  readonly passes?: (ms: number) => Promise<void>;
}

/** So many operators: each shares one bot at most. */
export const operatorsOf = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, n) => `operator${n + 1}`);

/** Somebody on Discord, by the name that shows. */
export type Citizen = ReturnType<FakeDiscord['world']['user']> & { readonly nick: string };

/** Two people of Jabber with two clients each, in a room. */
export interface Cast {
  readonly romeo: JabberPerson;
  readonly phone: JabberPerson;
  readonly juliet: JabberPerson;
  readonly tablet: JabberPerson;
  /** All four. */
  readonly all: readonly JabberPerson[];
}

const members = 50;

/** How many play there now. */
const playing = new WeakMap<DiscordPlace, number>();
const count = (place: DiscordPlace, by: number): void => void playing.set(place, (playing.get(place) ?? 0) + by);

export class DiscordStage implements Home, AsyncDisposable {
  readonly place: DiscordPlace;
  readonly discord: FakeDiscord;
  readonly guild: Guild;
  readonly owner: Citizen;
  readonly tybalt: Citizen;
  /** One of the many. */
  readonly sampson: Citizen;
  readonly bot: Application;
  /** Where the usual scene is, and its room. */
  readonly where: Channel;
  /** What an address has behind the channel: whose account it goes by. */
  label = '';
  readonly #number: number;
  readonly #clients: XmppClient[] = [];
  readonly #bots: Application[] = [];

  constructor(place: DiscordPlace) {
    this.place = place;
    count(place, 1);
    this.discord = place.discord;
    const { world } = place.discord;
    this.#number = place.next();
    const owner = world.user(`escalus${this.#number}`, { global_name: 'Escalus' });
    this.owner = { ...owner, nick: 'Escalus' };
    this.guild = world.guild(`Verona ${this.#number}`, owner);
    const [sampson] = world.crowd(this.guild, members - 2, `citizen${this.#number}-`);
    if (sampson === undefined) throw new Error('nobody is there');
    this.sampson = { ...sampson, nick: sampson.username };
    const tybalt = world.user(`tybalt${this.#number}`, { global_name: 'Tybalt' });
    world.join(tybalt, this.guild, { nick: 'Prince of Cats' });
    this.tybalt = { ...tybalt, nick: 'Prince of Cats' };
    this.bot = world.bot(`herald${this.#number}`);
    world.invite(this.bot, this.guild);
    this.where = this.channel('A public place');
  }

  /** What tests do on Discord. */
  get scene(): FakeDiscord['world'] {
    return this.discord.world;
  }

  /** The bot has taken what happened on Discord until now. */
  heeded(): Promise<void> {
    return this.discord.heeded(this.bot);
  }

  get room(): string {
    return this.roomOf(this.where);
  }

  roomOf({ id }: Pick<Channel, 'id'>): string {
    return `#${id}${this.label}@${this.place.domain}`;
  }

  /** What opens its room. */
  wayTo({ id }: Pick<Channel, 'id'>): string {
    return `xmpp:${encodeURIComponent(`#${id}${this.label}`)}@${this.place.domain}?join`;
  }

  contactOf({ id }: { readonly id: string }): string {
    return `${id}@${this.place.domain}`;
  }

  /** A channel of the guild. */
  channel(topic = ''): Channel {
    return this.scene.channel(this.guild, { name: `scene-${this.place.next()}`, topic });
  }

  /** Somebody of a name that nobody else has in this guild. */
  citizen(name: string, facts: Parameters<FakeDiscord['world']['join']>[2] = {}): Citizen {
    const user = this.scene.user(`${name.toLowerCase()}${this.place.next()}`, { global_name: name });
    this.scene.join(user, this.guild, facts);
    return { ...user, nick: facts.nick ?? name };
  }

  async connected(user: string, resource: string, nick: string): Promise<JabberPerson> {
    const client = await this.place.jabber(user, resource);
    this.#clients.push(client);
    return new JabberPerson(this, client, user, nick);
  }

  /** The operator shares the bot with everybody of the server. */
  async shares(): Promise<void> {
    const { userDomain, domain } = this.place;
    const admin = await this.place.jabber(this.place.newOperator(), 'desk');
    this.#clients.push(admin);
    const { token = '' } = this.bot;
    const done = await runsAt(admin, domain, 'register', { admits: [userDomain] }, { token: [token] });
    expect(done?.attrs.status).toBe('completed');
    this.label = `=~+${this.bot.name}-0001`;
  }

  /** Two who are admitted, with two clients each, in the room. */
  async cast(room?: string): Promise<Cast> {
    await this.shares();
    const [first, second] = [this.place.newUser(), this.place.newUser()];
    const nick = this.bot.name;
    const all = await Promise.all([
      this.connected(first, 'desk', nick),
      this.connected(first, 'phone', nick),
      this.connected(second, 'desk', nick),
      this.connected(second, 'tablet', nick),
    ]);
    const [romeo, phone, juliet, tablet] = all;
    for (const one of all) await one.enters(room ?? this.room);
    return { romeo, phone, juliet, tablet, all };
  }

  /** Somebody with a bot for themselves, in the room unless they are to stay outside. */
  async alone(isInside = true, bot = this.bot): Promise<JabberPerson> {
    const romeo = await this.connected(this.place.newUser(), 'desk', bot.name);
    await comesWithBot(romeo.client, this.place.domain, this.discord, bot);
    if (isInside) await romeo.enters();
    return romeo;
  }

  /** That bot's session at Discord's gateway, where there is a line to it. */
  sessionOf(bot = this.bot) {
    return sessionOf(this.discord, bot);
  }

  /** Two with a bot of their own and two clients each, in the room: each is somebody on Discord to the other. */
  async pair(): Promise<Cast> {
    const second = this.scene.bot(`page${this.#number}`);
    this.scene.invite(second, this.guild);
    this.#bots.push(second);
    const romeo = await this.alone();
    const juliet = await this.alone(true, second);
    await romeo.client.receive(`<presence from='${this.room}/${second.name}'/>`);
    const phone = await romeo.another('phone');
    const tablet = await juliet.another('tablet');
    for (const one of [phone, tablet]) await one.enters();
    return { romeo, phone, juliet, tablet, all: [romeo, phone, juliet, tablet] };
  }

  /** Minutes pass where that can be hurried: what falls due is done, a second after the other. */
  async minutes(many: number): Promise<void> {
    if (this.place.passes === undefined) return;
    for (let second = 0; second < many * 60; second += 10) {
      await this.#passes(10_000);
      await pause(20);
    }
  }

  /** Waits for what may come as late as the next try of something that was tried often. Behind some minutes time goes slower: a try that takes a moment is not to be too late each time. */
  async patiently(what: string, check: () => boolean): Promise<void> {
    let looks = 0;
    const look = async (): Promise<boolean> => {
      if (!check()) await this.#passes(5_000);
      await pause(++looks < 50 ? 40 : 400);
      return check();
    };
    await until(what, look, 45_000);
  }

  /** What the gateway itself says to somebody, be it behind some tries. */
  async heardAtLast({ client }: JabberPerson, pattern: RegExp): Promise<string> {
    const all = (): readonly string[] =>
      client.seen(`<message from='${this.place.domain}'><body/></message>`).flatMap((one) => bodyOf(one) ?? []);
    await this.patiently(`${pattern} is said`, () => all().some((text) => pattern.test(text)));
    return all().find((text) => pattern.test(text)) ?? '';
  }

  /** What stands in a channel, with who is shown to have said it. */
  lines(where: Channel = this.where): readonly string[] {
    return this.scene.messages(where).map(({ data }) => `${data.author.username}: ${data.content}`);
  }

  /** The texts alone. */
  texts(where: Channel = this.where): readonly string[] {
    return this.scene.messages(where).map(({ data }) => data.content);
  }

  /** It passes for whoever plays beside this one, too: what they wait for would be over before it came. */
  async #passes(ms: number): Promise<void> {
    const { passes } = this.place;
    if (passes === undefined) return;
    if ((playing.get(this.place) ?? 0) > 1) throw new Error('time can’t be hurried where others play beside this one');
    await passes(ms);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    count(this.place, -1);
    await Promise.all(this.#clients.map((client) => client.close()));
    // A bot that nobody needs any more costs the others nothing.
    for (const bot of [this.bot, ...this.#bots]) this.scene.resetToken(bot);
  }
}

/** By which a room names a message (XEP-0359). */
export const nameOf = (stanza: Element): string => child(stanza, 'stanza-id', 'urn:xmpp:sid:0')?.attrs.id ?? '';

/** What a client has heard in a room: whose and what, each as often as it came. */
export const heardBy = ({ client }: JabberPerson, room: string): readonly string[] =>
  client
    .seen(`<message type='groupchat'><body/></message>`)
    .filter(({ attrs }) => attrs.from?.split('/')[0] === room)
    .map((one) => `${one.attrs.from?.slice(room.length + 1)}: ${bodyOf(one)}`);
