/** Who may do what where: the reference's algorithm, and what REST and the gateway make of it. */
import { ChannelType, PermissionFlagsBits as May } from 'discord.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { everything, permissionsIn } from '../../../harness/discord/permissions.ts';
import type { Application, Channel, Guild } from '../../../harness/discord/state.ts';
import { next, useGuests } from './guests.ts';
import { type Caller, callerOf, identity, knock } from './raw.ts';

describe('permissions', () => {
  const guests = useGuests();

  test('are computed as discord.js computes them', async () => {
    const { world, state } = guests.discord;
    const { client, guild, bot } = await guests.party();
    const roles = [May.ManageThreads, May.SendTTSMessages, May.MentionEveryone].map((permissions, n) =>
      world.role(guild, { name: `r${n}`, permissions }),
    );
    const [first, second] = roles;
    if (first === undefined || second === undefined) throw new Error('two roles');
    world.changeMember(bot.user, guild, { roles: [...world.member(bot.user, guild).roles, first.id, second.id] });
    const place = world.channel(guild, { name: 'rules' });
    const rules = [
      { of: 'everyone' as const, deny: May.SendMessages | May.AddReactions },
      { of: first, allow: May.SendMessages, deny: May.AttachFiles },
      { of: second, allow: May.AttachFiles },
      { of: bot.user, deny: May.EmbedLinks, allow: May.AddReactions },
    ];
    for (const rule of rules) {
      const seen = next(client, 'channelUpdate');
      world.rule(place, rule);
      await seen;
      const theirs = client.guilds.cache.get(guild.id)?.members.me?.permissionsIn(place.id).bitfield;
      const ours = permissionsIn(state, place, bot.user.id);
      // discord.js leaves out what SEND_MESSAGES takes along.
      const speaking = May.MentionEveryone | May.SendTTSMessages | May.AttachFiles | May.EmbedLinks;
      expect(ours & ~speaking).toBe((theirs ?? 0n) & ~speaking);
      expect(ours & speaking).toBe((ours & May.SendMessages) === 0n ? 0n : (theirs ?? 0n) & speaking);
    }
  });

  test('owners and administrators may do everything, those in time-out read, those outside nothing', () => {
    const { world, state } = guests.discord;
    const [owner, admin, muted] = ['owner', 'admin', 'muted'].map((name) => world.user(name));
    if (owner === undefined || admin === undefined || muted === undefined) throw new Error('three people');
    const guild = world.guild('powers', owner);
    const role = world.role(guild, { name: 'admin', permissions: May.Administrator });
    world.join(admin, guild, { roles: [role.id] });
    world.join(muted, guild);
    const place = world.channel(guild, { name: 'closed' });
    world.timeOut(muted, guild, 60_000);
    world.timeOut(admin, guild, 60_000);
    const may = (id: string) => permissionsIn(state, place, id);
    expect(may(muted.id)).toBe(May.ViewChannel | May.ReadMessageHistory);
    world.rule(place, { of: 'everyone', deny: May.ViewChannel });
    expect([owner.id, admin.id, muted.id, '1'].map(may)).toEqual([everything, everything, 0n, 0n]);
  });
});

describe('a bot without a permission', () => {
  const guests = useGuests();
  let call: Caller;
  let bot: Application;
  let guild: Guild;
  let place: Channel;
  beforeAll(() => {
    const { world } = guests.discord;
    bot = world.bot('poor');
    guild = world.guild('Poor', world.user('owner'));
    world.invite(bot, guild, 0n);
    place = world.find(guild, 'general');
    call = callerOf(guests.discord, bot);
  });

  test.each<[string, bigint, string, string, unknown, number]>([
    ['does not speak', May.SendMessages, 'POST', 'messages', { content: 'x' }, 50013],
    ['is not there', May.ViewChannel, 'POST', 'messages', { content: 'x' }, 50001],
    ['does not show embeds', May.EmbedLinks, 'POST', 'messages', { embeds: [{ title: 'x' }] }, 50013],
    [
      'holds no polls',
      May.SendPolls,
      'POST',
      'messages',
      { poll: { question: { text: 'x' }, answers: [{ poll_media: { text: 'y' } }] } },
      50013,
    ],
    ['does not read back', May.ReadMessageHistory, 'GET', 'messages/1', undefined, 50013],
    ['makes no threads', May.CreatePublicThreads, 'POST', 'threads', { name: 'x', type: 11 }, 50013],
    ['is not seen to type', May.SendMessages, 'POST', 'typing', undefined, 50013],
  ])('%s', async (_, bit, method, path, body, code) => {
    const { world } = guests.discord;
    world.rule(place, { of: 'everyone', deny: bit });
    const answered = await call(method, `/channels/${place.id}/${path}`, body);
    expect([answered.status, (answered.body as { code: number }).code]).toEqual([403, code]);
    world.rule(place, { of: 'everyone' });
  });

  test.each([
    ['webhooks', 'GET', () => `/channels/${place.id}/webhooks`],
    ['webhooks of its own', 'POST', () => `/channels/${place.id}/webhooks`],
    ['the channel', 'PATCH', () => `/channels/${place.id}`],
    ['the guild', 'PATCH', () => `/guilds/${guild.id}`],
    ['bans', 'GET', () => `/guilds/${guild.id}/bans`],
    ['roles', 'POST', () => `/guilds/${guild.id}/roles`],
    ['others', 'DELETE', () => `/guilds/${guild.id}/members/${guild.ownerId}`],
  ])('has no hand in %s', async (_, method, path) => {
    expect(
      await call(method, path(), method === 'GET' || method === 'DELETE' ? undefined : { name: 'xx' }),
    ).toMatchObject({
      status: 403,
      body: { code: 50013, message: 'Missing Permissions' },
    });
  });

  test('is not in the guild', async () => {
    const other = guests.discord.world.guild('Other', guests.discord.world.user('x'));
    expect(await call('GET', `/guilds/${other.id}`)).toMatchObject({ status: 403, body: { code: 50001 } });
    expect(await call('GET', '/guilds/1')).toMatchObject({ status: 404, body: { code: 10004 } });
  });

  test('gives nobody what it does not have', async () => {
    const { world } = guests.discord;
    world.permit(bot, guild, May.ManageRoles);
    const rule = (allow: bigint) =>
      call('PUT', `/channels/${place.id}/permissions/${guild.id}`, { type: 0, allow: allow.toString() });
    expect(await rule(May.BanMembers)).toMatchObject({ status: 403, body: { code: 50013 } });
    expect((await rule(May.SendMessages)).status).toBe(204);
    world.permit(bot, guild, 0n);
  });

  test('waits in slow mode', async () => {
    const { world } = guests.discord;
    const slow = world.channel(guild, { name: 'slow', slowS: 60 });
    const say = () => call('POST', `/channels/${slow.id}/messages`, { content: 'x' });
    expect((await say()).status).toBe(200);
    const refused = await say();
    expect(refused).toMatchObject({ status: 429, body: { code: 20016, global: false } });
    expect((refused.body as { retry_after: number }).retry_after).toBeGreaterThan(50);
    world.permit(bot, guild, May.ManageMessages);
    expect((await say()).status).toBe(200);
    world.permit(bot, guild, 0n);
  });

  test('does not set itself above its place', async () => {
    const { world } = guests.discord;
    world.permit(bot, guild, May.ManageRoles | May.ManageNicknames | May.KickMembers);
    const above = world.role(guild, { name: 'above', position: 10 });
    const below = world.role(guild, { name: 'below' });
    const [boss, peer] = [world.user('boss'), world.user('peer')];
    world.join(boss, guild, { roles: [above.id] });
    world.join(peer, guild);
    const of = (id: string) => `/guilds/${guild.id}/members/${id}`;
    expect(await call('PATCH', of(boss.id), { nick: 'x' })).toMatchObject({ body: { code: 50013 } });
    expect(await call('DELETE', of(boss.id))).toMatchObject({ body: { code: 50013 } });
    expect(await call('PUT', `${of(peer.id)}/roles/${above.id}`)).toMatchObject({ body: { code: 50013 } });
    expect(await call('PATCH', of(peer.id), { nick: 'x', roles: [below.id] })).toMatchObject({
      status: 200,
      body: { nick: 'x', roles: [below.id] },
    });
    expect((await call('DELETE', of(peer.id))).status).toBe(204);
    world.permit(bot, guild, 0n);
  });
});

describe('the gateway', () => {
  const guests = useGuests();
  test('is silent about what can not be seen, and tells threads when that changes', async () => {
    const { world } = guests.discord;
    const bot = world.bot('blind');
    const ann = world.user('ann');
    const guild = world.guild('Veil', ann);
    world.invite(bot, guild, 0n);
    const hidden = world.channel(guild, { name: 'hidden' });
    const shown = world.find(guild, 'general');
    world.rule(hidden, { of: 'everyone', deny: May.ViewChannel });
    const thread = world.thread(hidden, { name: 'deep', owner: ann, type: ChannelType.PublicThread });
    const socket = knock(guests.discord);
    socket.send(2, identity(bot, 1 | 512 | 32768));
    const { d: created } = await socket.event('GUILD_CREATE');
    expect(created.threads).toEqual([]);
    const told = created.channels.find(({ id }: { id: string }) => id === hidden.id);
    expect(told).toMatchObject({ name: '___hidden___', flags: 1 << 17 });
    world.say(ann, hidden, 'secret');
    world.say(ann, thread, 'secret');
    world.say(ann, shown, 'open');
    expect((await socket.event('MESSAGE_CREATE')).d.content).toBe('open');
    world.rule(hidden, { of: 'everyone' });
    const sync = await socket.event('THREAD_LIST_SYNC');
    expect(sync.d).toMatchObject({ guild_id: guild.id, channel_ids: [hidden.id], threads: [{ id: thread.id }] });
    world.say(ann, hidden, 'no secret');
    expect((await socket.event('MESSAGE_CREATE')).d.content).toBe('no secret');
    world.timeOut(bot.user, guild, 60_000);
    world.say(ann, hidden, 'heard in time-out');
    expect((await socket.event('MESSAGE_CREATE')).d.content).toBe('heard in time-out');
    socket.close();
  });
});
