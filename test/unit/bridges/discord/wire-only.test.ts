/** discord.js as a wire: it keeps nothing, and tells that it is ready all the same. */
import { Client } from 'discord.js';
import { expect, test } from 'vitest';
import { keepNothing } from '../../../../bridges/discord/wire-only.ts';
import { useStage } from './stage.ts';

const stage = useStage();

test('a client that is a wire is ready and hears events, and has neither guild nor channel nor author of them', async () => {
  const { discord, guild, room } = stage;
  const { world } = discord;
  const bot = world.bot('wire');
  world.invite(bot, guild);
  const person = world.user('somebody');
  world.join(person, guild);
  await using stack = new AsyncDisposableStack();
  const client = stack.adopt(new Client({ intents: 1 | (1 << 9), rest: { api: discord.api } }), (one) => one.destroy());
  keepNothing(client);
  const heard: string[] = [];
  const said = new Promise<void>((resolve) =>
    client.on('raw', ({ t }: { readonly t: string }) => {
      heard.push(t);
      if (t === 'MESSAGE_CREATE') resolve();
    }),
  );
  const ready = new Promise((resolve) => client.once('clientReady', resolve));
  await client.login(bot.token);
  await ready;
  world.say(person, room, 'hello');
  await said;
  expect(heard).toEqual(expect.arrayContaining(['READY', 'GUILD_CREATE', 'MESSAGE_CREATE']));
  expect(client.user?.id).toBe(bot.user.id);
  const kept = {
    guilds: client.guilds.cache.size,
    channels: client.channels.cache.size,
    users: client.users.cache.size,
  };
  expect(kept).toEqual({ guilds: 0, channels: 0, users: 1 });
});
