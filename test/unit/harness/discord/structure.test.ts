/** Guilds and channels: their changes are told, REST makes them, files are given out. */
import { ChannelType, type DMChannel, PermissionFlagsBits as May, Routes } from 'discord.js';
import { describe, expect, test } from 'vitest';
import { png } from '../../../harness/pictures.ts';
import { next, useGuests } from './guests.ts';
import { callerOf } from './raw.ts';

describe('structure', () => {
  const guests = useGuests();

  test('channels of all kinds are told as they come, change and go', async () => {
    const { client, guild } = await guests.party();
    const { world } = guests.discord;
    const first = next(client, 'channelCreate');
    const category = world.channel(guild, { name: 'Rooms', type: ChannelType.GuildCategory });
    await first;
    for (const type of [
      ChannelType.GuildText,
      ChannelType.GuildAnnouncement,
      ChannelType.GuildVoice,
      ChannelType.GuildForum,
    ]) {
      const made = next(client, 'channelCreate');
      const ours = world.channel(guild, { name: `kind-${type}`, type, parentId: category.id, topic: 'x' });
      const [found] = await made;
      expect([found.id, found.type, found.parent?.name]).toEqual([ours.id, type, 'Rooms']);
      const changed = next(client, 'channelUpdate', (_, one) => 'name' in one && one.name === 'renamed');
      world.changeChannel(ours, { name: 'renamed', topic: 'y', nsfw: true, slowS: 5 });
      await changed;
      const gone = next(client, 'channelDelete');
      world.deleteChannel(ours);
      expect((await gone)[0].id).toBe(ours.id);
    }
    expect(client.guilds.cache.get(guild.id)?.channels.cache.size).toBe(3);
  });

  test('roles, emoji, stickers and the guild itself', async () => {
    const { client, guild } = await guests.party();
    const { world } = guests.discord;
    const made = next(client, 'roleCreate', ({ name }) => name === 'r');
    const role = world.role(guild, { name: 'r', permissions: May.ManageMessages });
    expect((await made)[0].permissions.has('ManageMessages')).toBe(true);
    const changed = next(client, 'roleUpdate');
    world.changeRole(guild, role, { name: 'q', color: 1 });
    expect((await changed)[1].colors.primaryColor).toBe(1);
    const gone = next(client, 'roleDelete');
    world.deleteRole(guild, role);
    await gone;
    const emoji = next(client, 'emojiCreate');
    const parrot = world.emoji(guild, 'parrot', png(3).bytes);
    const link = (await emoji)[0].imageURL({ extension: 'png' });
    expect((await fetch(link)).headers.get('content-type')).toBe('image/png');
    const emojiGone = next(client, 'emojiDelete');
    world.dropEmoji(guild, parrot);
    await emojiGone;
    const sticker = next(client, 'stickerCreate');
    world.sticker(guild, 'wave', png(4).bytes);
    expect((await fetch((await sticker)[0].url.replace('https://cdn.discordapp.com', guests.discord.cdn))).status).toBe(
      200,
    );
    const renamed = next(client, 'guildUpdate', (_, { icon }) => icon !== null);
    world.changeGuild(guild, { name: 'New' });
    world.setIcon(guild, png(5).bytes);
    const [, after] = await renamed;
    expect(after.name).toBe('New');
    expect((await fetch(after.iconURL({ extension: 'png' }) ?? '')).status).toBe(200);
  });

  test('typing and conversations', async () => {
    const { client, guild, bot } = await guests.party();
    const { world } = guests.discord;
    const ann = world.user('ann');
    world.join(ann, guild);
    const typing = next(client, 'typingStart');
    world.type(ann, world.find(guild, 'general'));
    expect((await typing)[0].user.id).toBe(ann.id);
    const heard = next(client, 'messageCreate');
    world.whisper(ann, bot, 'psst');
    const [message] = await heard;
    expect([message.guildId, message.author.id, message.channel.type]).toEqual([null, ann.id, ChannelType.DM]);
    await (message.channel as DMChannel).send('yes?');
    await (message.channel as DMChannel).sendTyping();
    expect(world.messages(world.conversation(ann, bot)).map(({ data }) => data.content)).toEqual(['psst', 'yes?']);
  });

  test('channels are made, ruled, arranged and deleted over REST', async () => {
    const { client, guild, bot } = await guests.party();
    guests.discord.world.permit(bot, guild, May.Administrator);
    const theirs = client.guilds.cache.get(guild.id);
    const made = await theirs?.channels.create({
      name: 'Big Talk',
      topic: 'all',
      permissionOverwrites: [{ id: guild.id, deny: ['SendMessages'] }],
    });
    expect([made?.name, made?.topic, made?.permissionOverwrites.cache.get(guild.id)?.deny.has('SendMessages')]).toEqual(
      ['big-talk', 'all', true],
    );
    await made?.permissionOverwrites.edit(client.user.id, { SendMessages: true });
    expect(guild.channels.get(made?.id ?? '')?.overwrites.size).toBe(2);
    await made?.permissionOverwrites.delete(client.user.id);
    await made?.setType(ChannelType.GuildAnnouncement);
    expect(guild.channels.get(made?.id ?? '')).toMatchObject({
      type: ChannelType.GuildAnnouncement,
      overwrites: { size: 1 },
    });
    await made?.setPosition(0);
    const call = callerOf(guests.discord, bot);
    expect(await call('PATCH', `/channels/${made?.id}`, { topic: 'x'.repeat(1_025) })).toMatchObject({
      body: { code: 50035, errors: { topic: {} } },
    });
    expect(await call('PATCH', `/channels/${made?.id}`, { type: 2 })).toMatchObject({ body: { code: 50035 } });
    expect(await call('DELETE', `/channels/${made?.id}/permissions/1`)).toMatchObject({
      status: 404,
      body: { code: 10009 },
    });
    await made?.delete();
    expect(guild.channels.has(made?.id ?? '')).toBe(false);
    const role = await theirs?.roles.create({ name: 'made', permissions: ['SendMessages'] });
    await role?.edit({ name: 'changed' });
    expect(guild.roles.get(role?.id ?? '')?.name).toBe('changed');
    await role?.delete();
    expect(guild.roles.has(role?.id ?? '')).toBe(false);
  });

  test('a guild is left', async () => {
    const { client, guild, bot } = await guests.party();
    const gone = next(client, 'guildDelete');
    await client.guilds.cache.get(guild.id)?.leave();
    await gone;
    const call = callerOf(guests.discord, bot);
    expect((await call('GET', '/users/@me/guilds')).body).toEqual([]);
    expect(await call('GET', `/channels/${guests.discord.world.find(guild, 'general').id}`)).toMatchObject({
      status: 403,
      body: { code: 50001 },
    });
  });

  test('what a bot is, is told to itself', async () => {
    const { client, guild, bot } = await guests.party();
    const call = callerOf(guests.discord, bot);
    expect((await call('GET', '/users/@me')).body).toMatchObject({ id: bot.user.id, bot: true });
    expect((await call('GET', '/applications/@me')).body).toMatchObject({
      id: bot.id,
      flags: (1 << 13) | (1 << 15) | (1 << 19),
    });
    expect((await call('GET', '/users/@me/guilds')).body).toMatchObject([
      { id: guild.id, owner: false, permissions: expect.any(String) },
    ]);
    const changed = next(client, 'userUpdate');
    await client.user.setAvatar(Buffer.from(png(8).bytes));
    await changed;
    expect(bot.user.avatar).toMatch(/^[0-9a-f]{32}$/);
    await client.application?.commands.set([]);
    expect((await call('GET', '/users/1')).body).toMatchObject({ code: 10013 });
  });
});

describe('links to attachments', () => {
  let now = Date.now();
  const guests = useGuests({ now: () => now });
  test('expire, and are made anew', async () => {
    const { world, cdn } = guests.discord;
    const bot = world.bot('reader');
    const guild = world.guild('Files', world.user('owner'));
    world.invite(bot, guild);
    const said = world.say(bot.user, world.find(guild, 'general'), {
      files: [{ filename: 'über all.txt', bytes: Buffer.from('text') }],
    });
    const url = said.data.attachments[0]?.url ?? '';
    expect(url).toMatch(/\?ex=[0-9a-f]+&is=[0-9a-f]+&hm=[0-9a-f]{64}&$/);
    expect(await (await fetch(url)).text()).toBe('text');
    expect((await fetch(url.replace(/ex=.../, 'ex=fff'))).status).toBe(404);
    expect((await fetch(url.replace(/\?.*/, ''))).status).toBe(404);
    now += 25 * 3_600_000;
    expect((await fetch(url)).status).toBe(404);
    const other = `${cdn}/attachments/1/2/x.txt`;
    const refreshed = await callerOf(guests.discord, bot)('POST', '/attachments/refresh-urls', {
      attachment_urls: [url, other],
    });
    const { refreshed_urls } = refreshed.body as { refreshed_urls: { original: string; refreshed: string | null }[] };
    expect(refreshed_urls.map(({ original }) => original)).toEqual([url, other]);
    expect(refreshed_urls[1]?.refreshed).toBeNull();
    expect(await (await fetch(refreshed_urls[0]?.refreshed ?? '')).text()).toBe('text');
  });
});

test('routes of discord.js that a bridge asks for are here', async () => {
  const { routes } = await import('../../../harness/discord/rest/routes/index.ts');
  const paths = new Set(routes.map(({ path }) => path));
  const wanted = [
    Routes.gatewayBot(),
    Routes.channelMessages(':channel'),
    Routes.channelBulkDelete(':channel'),
    Routes.channelMessageCrosspost(':channel', ':message'),
    Routes.channelTyping(':channel'),
    Routes.channelMessagesPins(':channel'),
    Routes.threadMembers(':channel', ':user'),
    Routes.channelThreads(':channel', 'public'),
    Routes.channelJoinedArchivedThreads(':channel'),
    Routes.guildActiveThreads(':guild'),
    Routes.webhookMessage(':webhook', ':token', ':message'),
    Routes.guildMembersSearch(':guild'),
    Routes.guildBan(':guild', ':user'),
  ];
  expect(wanted.map(decodeURIComponent).filter((path) => !paths.has(path))).toEqual([]);
});
