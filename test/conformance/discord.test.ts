/** The Discord bridge keeps the contract's laws, on the harness' Discord. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import discord from '../../bridges/discord/index.ts';
import { type Address, chatId, type Network, type PersonId, personId } from '../../src/bridge/index.ts';
import { blockingLaws } from '../../src/bridge/kit/blocking-laws.ts';
import { contactLaws } from '../../src/bridge/kit/contact-laws.ts';
import { groupLaws } from '../../src/bridge/kit/group-laws.ts';
import { laws, type Subject } from '../../src/bridge/kit/laws.ts';
import { loginLaws } from '../../src/bridge/kit/login-laws.ts';
import { pictureLaws } from '../../src/bridge/kit/picture-laws.ts';
import { systemClock } from '../../src/ops/clock.ts';
import { createGuardedFetch } from '../../src/process/guarded-fetch.ts';
import { type FakeDiscord, startDiscord } from '../harness/discord/server.ts';
import { quick } from '../harness/discord/settings.ts';
import type { Application, Channel, Guild } from '../harness/discord/state.ts';
import { png } from '../harness/pictures.ts';
import { silentLog } from '../harness/silent-log.ts';

const tools = { log: silentLog, clock: systemClock, fetch: createGuardedFetch({ clock: systemClock }) };

const addresses: readonly Address[] = [
  { is: 'service' },
  { is: 'room', id: chatId('#1') },
  { is: 'room', id: chatId('#1310000000000000001') },
  { is: 'person', id: personId('1310000000000000001') },
  { is: 'person', id: personId('1310000000000000002:Zoë & "Co" (IRC)') },
];

let server: FakeDiscord;
let guild: Guild;
let room: Channel;
let closed: Channel;
const bots = new Map<string, Application>();

/** Whoever comes first is made, and let in. */
function botCalled(nick: string): Application {
  const known = bots.get(nick);
  if (known !== undefined) return known;
  const bot = server.world.bot(nick);
  server.world.invite(bot, guild);
  bots.set(nick, bot);
  return bot;
}

/** The kit names its accounts by nicks; here a nick is a bot's, with its token. */
function network(): Network {
  const real = discord.open(discord.config.parse({ api: server.api, cdn: server.cdn }), tools);
  return {
    ...(real as Network),
    connect({ nick = '', ...account }, host, signal) {
      const token = nick === '' ? 'none' : (botCalled(nick).token ?? '');
      return real.connect({ ...account, credentials: { token } }, host, signal);
    },
  };
}

async function until<T>(found: () => T | undefined): Promise<T> {
  for (;;) {
    const now = found();
    if (now !== undefined) return now;
    await systemClock.sleep(5);
  }
}

function subject(): Subject {
  const { world } = server;
  const other = [...server.state.users.values()].find(({ username }) => username === 'other');
  if (other === undefined) throw new Error('the other one is missing');
  let shade = 0;
  return {
    network: network(),
    clock: systemClock,
    room: chatId(`#${room.id}`),
    closedRoom: chatId(`#${closed.id}`),
    addresses,
    other: {
      say: async (text) => void world.say(other, room, text),
      heard: (nick, count) =>
        until(() => {
          const said = world.messages(room).filter(({ data }) => data.author.username === nick);
          return said.length >= count ? said.map(({ data }) => data.content) : undefined;
        }),
      // Who looks at a channel is nothing that anybody on Discord sees.
      sees: async () => undefined,
      async wears() {
        const { bytes } = png(shade++);
        world.setAvatar(other, bytes);
        return bytes;
      },
      async whispers(to: PersonId, text) {
        const bot = [...bots.values()].find(({ user }) => user.id === to);
        if (bot !== undefined) world.whisper(other, bot, text);
      },
    },
  };
}

beforeAll(async () => {
  server = await startDiscord(quick);
  const { world } = server;
  guild = world.guild('Verona', world.user('owner'));
  room = world.find(guild, 'general');
  closed = world.channel(guild, { name: 'closed' });
  world.rule(closed, { of: 'everyone', deny: 1n << 10n });
  world.join(world.user('other'), guild);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

describe('bridges/discord', () => {
  for (const law of [...laws, ...contactLaws, ...pictureLaws, ...blockingLaws, ...groupLaws])
    test(law.name, () => law.check(subject()));

  for (const law of loginLaws)
    test(law.name, async () => {
      const real = network();
      const { login } = real;
      if (login === undefined) throw new Error('Discord has a login');
      await law.check({
        login: (place) => login.call(real, place),
        async verify({ credentials }) {
          const account = { id: 'kit', owner: 'kit@kit.test', credentials, isTrial: true };
          const open = discord.open(discord.config.parse({ api: server.api, cdn: server.cdn }), tools);
          const host = { emit: () => undefined, checkpoint: async () => {} };
          await (open as Network).connect(account, host, AbortSignal.timeout(10_000));
        },
        wrong: { token: 'not.the.token' },
        right: { token: botCalled('kitlogin').token ?? '' },
      });
    });

  test('nobody is connected any more when all have ended', async () => {
    await until(() => (server.connections.size === 0 ? true : undefined));
    expect(server.connections.size).toBe(0);
  });
});
