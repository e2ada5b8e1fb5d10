/** Members, presences, roles and bans; the lists of ten thousand. */
import { ActivityType, GatewayIntentBits as Intent, PermissionFlagsBits as May } from 'discord.js';
import { describe, expect, test } from 'vitest';
import { png } from '../../../harness/pictures.ts';
import { next, useGuests } from './guests.ts';
import { callerOf, identity, knock } from './raw.ts';

describe('people', () => {
  const guests = useGuests();

  test('come, change, are seen and go', async () => {
    const { client, guild } = await guests.party();
    const { world } = guests.discord;
    const ann = world.user('ann', { global_name: 'Ann' });
    const come = next(client, 'guildMemberAdd');
    world.join(ann, guild);
    expect((await come)[0].displayName).toBe('Ann');
    const role = world.role(guild, { name: 'Baker', color: 0xff_00_00, hoist: true });
    const changed = next(client, 'guildMemberUpdate', (_, { nickname }) => nickname === 'Annie');
    world.changeMember(ann, guild, { nick: 'Annie', roles: [role.id] });
    const [, member] = await changed;
    expect([member.displayName, member.roles.hoist?.name, member.displayHexColor]).toEqual([
      'Annie',
      'Baker',
      '#ff0000',
    ]);
    const named = next(client, 'userUpdate');
    world.setAvatar(ann, png(9).bytes);
    const [, user] = await named;
    const picture = await fetch(user.displayAvatarURL({ extension: 'png' }));
    expect(Buffer.from(await picture.arrayBuffer()).equals(Buffer.from(png(9).bytes))).toBe(true);
    const shown = next(client, 'presenceUpdate', (_, { userId }) => userId === ann.id);
    world.setPresence(ann, {
      status: 'dnd' as never,
      activities: [
        { id: '1', name: 'Custom Status', type: ActivityType.Custom as never, state: 'baking', created_at: 1 },
      ],
    });
    const [, presence] = await shown;
    expect([presence.status, presence.activities[0]?.state]).toEqual(['dnd', 'baking']);
    const muted = next(client, 'guildMemberUpdate', (_, one) => one.isCommunicationDisabled());
    world.timeOut(ann, guild, 60_000);
    await muted;
    const gone = next(client, 'guildMemberRemove');
    world.leave(ann, guild);
    expect((await gone)[0].id).toBe(ann.id);
  });

  test('have a face: none, one everywhere, one in a guild', async () => {
    const { client, guild } = await guests.party();
    const { world } = guests.discord;
    const ann = world.user('ann');
    world.join(ann, guild);
    const member = await client.guilds.cache.get(guild.id)?.members.fetch(ann.id);
    const face = async () =>
      Buffer.from(await (await fetch(member?.displayAvatarURL({ extension: 'png' }) ?? '')).arrayBuffer());
    expect((await face()).subarray(1, 4).toString()).toBe('PNG');
    for (const [change, name, shade] of [
      [() => world.setAvatar(ann, png(11).bytes), 'userUpdate', 11],
      [() => world.setMemberAvatar(ann, guild, png(12).bytes), 'guildMemberUpdate', 12],
    ] as const) {
      const changed = next(client, name);
      change();
      await changed;
      expect((await face()).equals(Buffer.from(png(shade).bytes))).toBe(true);
    }
  });

  test('where they are welcomed, it is said', async () => {
    const { client, guild } = await guests.party();
    const { world } = guests.discord;
    world.changeGuild(guild, { systemChannelId: world.find(guild, 'general').id });
    const said = next(client, 'messageCreate');
    const bob = world.user('bob');
    world.join(bob, guild);
    expect([(await said)[0].type, (await said)[0].author.id]).toEqual([7, bob.id]);
  });

  test('a bot’s presence is what it says of itself', async () => {
    const { client, guild, bot } = await guests.party();
    const { world } = guests.discord;
    const other = world.bot('watcher');
    world.invite(other, guild);
    const watcher = await guests.login(other);
    const shown = next(watcher, 'presenceUpdate', (_, { status }) => status === 'idle');
    client.user.setPresence({ status: 'idle', activities: [{ name: 'bridging' }] });
    const [, presence] = await shown;
    expect([presence.userId, presence.activities[0]?.name]).toEqual([bot.user.id, 'bridging']);
  });

  test('whose messages go with them', async () => {
    const { client, guild } = await guests.party();
    const { world } = guests.discord;
    const eve = world.user('eve');
    world.join(eve, guild);
    const place = world.find(guild, 'general');
    const ids = ['a', 'b'].map((text) => world.say(eve, place, text).data.id);
    const gone = next(client, 'messageDeleteBulk');
    world.ban(eve, guild, 'spam', 60);
    expect([...(await gone)[0].keys()].sort()).toEqual(ids.sort());
  });

  test('are thrown out and banned over REST', async () => {
    const { client, guild, bot } = await guests.party();
    const { world, state } = guests.discord;
    const call = callerOf(guests.discord, bot);
    const eve = world.user('eve');
    world.join(eve, guild);
    const banned = next(client, 'guildBanAdd');
    expect((await call('PUT', `/guilds/${guild.id}/bans/${eve.id}`, { delete_message_seconds: 60 })).status).toBe(204);
    expect((await banned)[0].user.id).toBe(eve.id);
    expect(guild.members.has(eve.id)).toBe(false);
    expect((await call('GET', `/guilds/${guild.id}/bans`)).body).toMatchObject([{ user: { id: eve.id } }]);
    const forgiven = next(client, 'guildBanRemove');
    expect((await call('DELETE', `/guilds/${guild.id}/bans/${eve.id}`)).status).toBe(204);
    await forgiven;
    expect(await call('GET', `/guilds/${guild.id}/bans/${eve.id}`)).toMatchObject({
      status: 404,
      body: { code: 10026 },
    });
    const members = client.guilds.cache.get(guild.id)?.members;
    world.join(eve, guild);
    await members?.kick(eve.id, 'ünruly');
    expect(guild.members.has(eve.id)).toBe(false);
    expect(await call('GET', `/guilds/${guild.id}/members/${eve.id}`)).toMatchObject({ body: { code: 10007 } });
    expect(await call('GET', `/guilds/${guild.id}/members/1`)).toMatchObject({ body: { code: 10013 } });
    expect(state.users.has(eve.id)).toBe(true);
  });

  test('nicks, time-outs and roles are set over REST', async () => {
    const { client, guild } = await guests.party();
    const { world } = guests.discord;
    const role = world.role(guild, { name: 'low' });
    const ann = world.user('ann');
    world.join(ann, guild);
    const member = await client.guilds.cache.get(guild.id)?.members.fetch(ann.id);
    await member?.setNickname('Annie');
    await member?.roles.add(role.id);
    await member?.timeout(60_000);
    expect(world.member(ann, guild)).toMatchObject({
      nick: 'Annie',
      roles: [role.id],
      communication_disabled_until: expect.any(String),
    });
    await client.guilds.cache.get(guild.id)?.members.editMe({ nick: 'bridge' });
    expect(guild.members.get(client.user.id)?.nick).toBe('bridge');
  });
});

describe('lists of members', () => {
  const guests = useGuests();

  test('of ten thousand come by the thousand', async () => {
    const { world } = guests.discord;
    const guild = world.guild('Huge', world.user('owner'));
    world.crowd(guild, 9_998);
    const bot = world.bot('counter');
    world.invite(bot, guild);
    const client = await guests.login(bot);
    expect(client.guilds.cache.get(guild.id)?.large).toBe(true);
    const members = await client.guilds.cache.get(guild.id)?.members.fetch();
    expect(members?.size).toBe(10_000);
    const socket = knock(guests.discord);
    socket.send(2, identity(bot, Intent.Guilds | Intent.GuildMembers | Intent.GuildPresences));
    await socket.event('GUILD_CREATE');
    socket.send(8, { guild_id: guild.id, query: '', limit: 0, nonce: 'n', presences: true });
    const chunks = [];
    for (let n = 0; n < 10; n++) chunks.push((await socket.event('GUILD_MEMBERS_CHUNK')).d);
    expect(
      chunks.map(({ chunk_index, chunk_count, nonce, members: some }) => [
        chunk_index,
        chunk_count,
        nonce,
        some.length,
      ]),
    ).toEqual(Array.from({ length: 10 }, (_, n) => [n, 10, 'n', 1_000]));
    socket.send(8, { guild_id: guild.id, query: 'member999', limit: 5 });
    expect((await socket.event('GUILD_MEMBERS_CHUNK')).d.members).toHaveLength(5);
    socket.send(8, { guild_id: guild.id, user_ids: [bot.user.id, '1'], nonce: 'x'.repeat(33) });
    const { d } = await socket.event('GUILD_MEMBERS_CHUNK');
    expect([d.members.length, d.not_found, d.nonce, d.presences]).toEqual([1, ['1'], undefined, undefined]);
    socket.close();
    const call = callerOf(guests.discord, bot);
    const page = (await call('GET', `/guilds/${guild.id}/members?limit=1000`)).body as { user: { id: string } }[];
    expect(page).toHaveLength(1_000);
    const after = (await call('GET', `/guilds/${guild.id}/members?limit=2&after=${page.at(-1)?.user.id}`))
      .body as typeof page;
    expect(after).toHaveLength(2);
    expect((await call('GET', `/guilds/${guild.id}/members/search?query=member12&limit=3`)).body).toHaveLength(3);
  });

  test('are not for those without the intent', async () => {
    const { world } = guests.discord;
    const bot = world.bot('nosy', 0);
    const guild = world.guild('Private', world.user('owner'));
    world.invite(bot, guild, May.Administrator);
    expect(await callerOf(guests.discord, bot)('GET', `/guilds/${guild.id}/members`)).toMatchObject({
      status: 403,
      body: { code: 50001 },
    });
    const socket = knock(guests.discord);
    socket.send(2, identity(bot, Intent.Guilds));
    await socket.event('GUILD_CREATE');
    socket.send(8, { guild_id: guild.id, query: '', limit: 0 });
    socket.send(8, { guild_id: guild.id, query: 'o', limit: 1 });
    expect((await socket.event('GUILD_MEMBERS_CHUNK')).d.members).toMatchObject([{ user: { username: 'owner' } }]);
    socket.close();
  });
});

describe('the whole list', () => {
  const guests = useGuests({ identifyEveryMs: 0 });
  test('is given once in half a minute', async () => {
    const { client, guild } = await guests.party();
    const members = client.guilds.cache.get(guild.id)?.members;
    await members?.fetch();
    await expect(members?.fetch()).rejects.toMatchObject({ data: { retry_after: expect.any(Number) } });
  });
});
