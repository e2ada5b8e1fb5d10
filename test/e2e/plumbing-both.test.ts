/** IRC and Discord meet in a MUC of a real server: two plumbings in one room, of a gateway as its users start it; kill -9 meanwhile. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { FakeDiscord } from '../harness/discord/server.ts';
import { startDiscord } from '../harness/discord/server.ts';
import { quick } from '../harness/discord/settings.ts';
import type { Channel } from '../harness/discord/state.ts';
import { bodyOf, child } from '../harness/markup.ts';
import { heardOf, type PlumbedWorld, plumbed, speakerOf } from '../harness/plumbed-world.ts';
import { showOnFailure, until } from '../harness/process.ts';
import { type RealWorld, startWorld } from '../harness/world.ts';
import type { XmppClient } from '../harness/xmpp-client.ts';

const discordDomain = 'discord.localhost';
const commands = 'http://jabber.org/protocol/commands';
const limitMs = 240_000;

let stack: AsyncDisposableStack;
let world: RealWorld;
let discord: FakeDiscord;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  discord = stack.use(await startDiscord(quick));
  world = stack.use(await startWorld({ ircd: 'ngircd', hasMuc: true, domains: [discordDomain] }));
  await world.gateway.stop();
  const config = parse(readFileSync(world.gateway.config, 'utf8')) as { bridges: { domain: string }[] };
  const bridges = config.bridges.map((one) =>
    one.domain === discordDomain ? { ...one, use: 'discord', options: { api: discord.api, cdn: discord.cdn } } : one,
  );
  writeFileSync(world.gateway.config, stringify({ ...config, bridges }));
  await world.gateway.start();
}, limitMs);
afterAll(() => stack?.disposeAsync());
beforeEach(({ onTestFailed }) => showOnFailure(onTestFailed, () => world.gateway.member('all').running));

type Form = readonly [action: string, name: string, value: string];

/** A command to its end; resolves with all that it said last. */
async function runs(client: XmppClient, to: string, node: string, ...forms: readonly Form[]): Promise<string> {
  const ask = async (attrs: string, inside = '') => {
    const command = `<command xmlns='${commands}' node='${node}'${attrs}>${inside}</command>`;
    return child(await client.ask(`<iq type='set' to='${to}'>${command}</iq>`, 30_000), 'command', commands);
  };
  let stage = await ask('');
  for (const [action, name, value] of forms) {
    const form = `<x xmlns='jabber:x:data' type='submit'><field var='${name}'><value>${value}</value></field></x>`;
    stage = await ask(` action='${action}' sessionid='${stage?.attrs.sessionid}'`, form);
  }
  return JSON.stringify(stage);
}

interface Both extends PlumbedWorld {
  readonly where: Channel;
  /** Of Discord, called Prince there. */
  readonly prince: ReturnType<FakeDiscord['world']['user']>;
}

/** A channel of IRC and one of Discord in one MUC. */
async function both(): Promise<Both> {
  const all = await plumbed(world);
  const { admin, owner, muc } = all;
  const { world: scene } = discord;
  const guild = scene.guild('Verona', scene.user('escalus'));
  const bot = scene.bot('herald');
  scene.invite(bot, guild);
  const where = scene.channel(guild, { name: 'square', topic: '' });
  await runs(
    admin,
    discordDomain,
    'register',
    ['next', 'admits', 'nobody@localhost'],
    ['complete', 'token', bot.token ?? ''],
  );
  const room = `#${where.id}=~+herald-0001@${discordDomain}`;
  const asked = await runs(admin, room, 'plumb', ['complete', 'muc', muc]);
  const token = /plumb-[a-z0-9]{16}/.exec(asked)?.[0];
  if (token === undefined) throw new Error(`no token: ${asked}`);
  await owner.receive(
    (stanza) => stanza.name === 'presence' && child(stanza, 'joins')?.attrs.room === `#${where.id} on Discord`,
    60_000,
  );
  owner.say(muc, token);
  await owner.receive(
    // By its name where the bot is connected by now.
    (stanza) => new RegExp(`^This room is now joined with (#${where.id}|Verona: #square)`).test(bodyOf(stanza) ?? ''),
    60_000,
  );
  const prince = scene.user('prince1', { global_name: 'Prince' });
  scene.join(prince, guild);
  return { ...all, where, prince };
}

test(
  'people of all three hear each other by name, once; after kill -9 too',
  async () => {
    const all = await both();
    const { muc, channel, admin, owner, irc, nick, where, prince } = all;
    const onDiscord = (): readonly string[] =>
      discord.world
        .messages(where)
        .map(({ data }) => `${data.author.username}: ${data.content}`)
        .filter((text) => !text.includes('is now joined with'));
    const onIrc = (): readonly string[] =>
      irc.inbox.all
        .flatMap((line) => line.split(`PRIVMSG ${channel} :`).slice(1))
        .filter((text) => text.startsWith('<') && !text.includes('is now joined with'));
    const inMuc = (name: string): readonly (string | undefined)[] => heardOf(owner, muc, name);

    irc.say(channel, 'from IRC');
    discord.world.say(prince, where, 'from Discord');
    owner.say(muc, 'from the MUC');
    await expect
      .poll(() => onIrc().toSorted(), { timeout: 60_000 })
      .toEqual(['<Prince> from Discord', '<nurse> from the MUC']);
    await expect
      .poll(() => onDiscord().toSorted(), { timeout: 60_000 })
      .toEqual(['nurse: from the MUC', 'prince1: from Discord', `${nick}: from IRC`]);
    await expect
      .poll(() => [...inMuc(nick), ...inMuc('Prince')], { timeout: 60_000 })
      .toEqual(['from IRC', 'from Discord']);

    const texts = ['from IRC', 'from Discord', 'from the MUC'];
    for (const text of texts) await world.gateway.settles(text);
    // What Discord keeps and our archive does not is fetched from there after a kill, and told once more.
    const stored = new Database(join(world.gateway.data, 'isthmus.sqlite'), { readonly: true });
    const rows = stored.prepare('select 1 from archive where body like ?');
    await until('all is in both archives', () => texts.every((text) => rows.all(`%${text}</body>%`).length === 2));
    stored.close();
    await world.gateway.kill();
    owner.say(muc, 'meanwhile, here');
    discord.world.say(prince, where, 'meanwhile, there');
    await owner.roundtrip(muc);
    await world.gateway.start();
    await irc.expect(new RegExp(`^:${speakerOf(all)}!\\S+ JOIN :?${channel}`), 60_000);
    // Who has not spoken since is not known to be there yet: our own occupant may say it, with the name before it.
    const told = (): readonly (string | undefined)[] =>
      owner
        .seen((stanza) => stanza.attrs.type === 'groupchat' && bodyOf(stanza)?.endsWith('meanwhile, there') === true)
        .map(bodyOf);
    await expect.poll(told, { timeout: 90_000 }).toEqual([expect.stringMatching(/^(<Prince> )?meanwhile, there$/)]);
    await expect
      .poll(() => onIrc().slice(2).toSorted(), { timeout: 90_000 })
      .toEqual([expect.stringMatching(/meanwhile, there$/), '<nurse> meanwhile, here']);
    await expect
      .poll(() => onDiscord().slice(3).toSorted(), { timeout: 90_000 })
      .toEqual(['nurse: meanwhile, here', 'prince1: meanwhile, there']);

    irc.say(channel, 'the end');
    await expect.poll(() => onDiscord().at(-1), { timeout: 60_000 }).toBe(`${nick}: the end`);
    await expect.poll(() => inMuc(nick), { timeout: 60_000 }).toEqual(['from IRC', 'the end']);
    expect(onIrc()).toHaveLength(4);
    expect(onDiscord()).toHaveLength(6);
    irc.close();
    await Promise.all([admin, owner].map((client) => client.close()));
  },
  limitMs,
);
