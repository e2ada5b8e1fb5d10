/** discord.js keeps its session through what may happen to it. */
import { type Client, GatewayIntentBits as Intent } from 'discord.js';
import { describe, expect, test } from 'vitest';
import { next, useGuests } from './guests.ts';

/** Says something that only the client of this test hears. */
function echo(guests: ReturnType<typeof useGuests>, client: Client, guildId: string, text: string) {
  const { world, state } = guests.discord;
  const guild = state.guilds.get(guildId);
  if (guild === undefined) throw new Error('no such guild');
  const heard = next(client, 'messageCreate', ({ content }) => content === text);
  world.say(world.user('ann'), world.find(guild, 'general'), text);
  return heard;
}

describe('discord.js', () => {
  const guests = useGuests();

  test.each<[string, (discord: typeof guests.discord) => void]>([
    ['resumes after its wire was cut', (discord) => discord.cut()],
    ['resumes when it is asked to reconnect', (discord) => discord.askToReconnect()],
  ])('%s, and hears what it missed', async (_, happens) => {
    const { client, guild } = await guests.party();
    const resumed = next(client, 'shardResume');
    happens(guests.discord);
    const missed = echo(guests, client, guild.id, 'missed');
    await resumed;
    await missed;
    await echo(guests, client, guild.id, 'heard');
  });

  test('a wire that is cut while it is waited for: it has heeded all when it has resumed', async () => {
    const { client, bot, guild } = await guests.party();
    const heard = echo(guests, client, guild.id, 'told');
    const heeded = guests.discord.heeded(bot);
    guests.discord.cut();
    await heeded;
    await heard;
  });

  test('begins anew when its session is invalid', async () => {
    const { client, guild } = await guests.party();
    const ready = next(client, 'shardReady');
    guests.discord.invalidate(false);
    await ready;
    await echo(guests, client, guild.id, 'heard');
  });

  test('resumes when its session is invalid for the moment alone', async () => {
    const { client, guild } = await guests.party();
    const resumed = next(client, 'shardResume');
    guests.discord.invalidate(true);
    const missed = echo(guests, client, guild.id, 'missed');
    await resumed;
    await missed;
    await echo(guests, client, guild.id, 'heard');
  });

  test('says why it does not come in', async () => {
    const { world } = guests.discord;
    const bot = world.bot('strict', 0);
    await expect(guests.client({ intents: [Intent.GuildMembers] }).login(bot.token ?? '')).rejects.toThrow(
      /disallowed intents/i,
    );
    const old = bot.token ?? '';
    world.resetToken(bot);
    await expect(guests.client({ intents: [] }).login(old)).rejects.toThrow(/invalid token/i);
  });

  test('ends when its token is revoked', async () => {
    const { client, bot } = await guests.party();
    const gone = next(client, 'shardDisconnect');
    guests.discord.world.resetToken(bot);
    expect((await gone)[0].code).toBe(4004);
    await expect(client.users.fetch(bot.user.id, { force: true })).rejects.toMatchObject({ status: 401 });
  });

  test('knows of guilds that come, hide, come back and go', async () => {
    const { world } = guests.discord;
    const { client, bot } = await guests.party();
    const guild = world.guild('Second', world.user('other'));
    const come = next(client, 'guildCreate');
    world.invite(bot, guild);
    expect((await come)[0].name).toBe('Second');
    const hidden = next(client, 'guildUnavailable');
    world.setAvailable(guild, false);
    await hidden;
    const back = next(client, 'guildAvailable');
    world.setAvailable(guild, true);
    expect((await back)[0].id).toBe(guild.id);
    const gone = next(client, 'guildDelete');
    world.leave(bot.user, guild);
    expect((await gone)[0].id).toBe(guild.id);
  });
});

describe('discord.js and a wire that is dead', () => {
  const guests = useGuests({ heartbeatMs: 150, identifyEveryMs: 0 });
  test('finds out by its heartbeats, and resumes', async () => {
    const { client, guild } = await guests.party();
    const resumed = next(client, 'shardResume');
    guests.discord.freeze();
    const missed = echo(guests, client, guild.id, 'missed');
    await resumed;
    await missed;
  });
});
