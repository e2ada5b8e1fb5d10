/** Threads and forums: begun, listed, archived, locked, entered (API reference, "Threads"). */
import {
  ChannelType,
  type ForumChannel,
  PermissionFlagsBits as May,
  type TextChannel,
  ThreadAutoArchiveDuration,
} from 'discord.js';
import type { APIUser } from 'discord-api-types/v10';
import { beforeAll, describe, expect, test } from 'vitest';
import { privileged } from '../../../harness/discord/gateway/identify.ts';
import { next, type Party, useGuests } from './guests.ts';
import { type Caller, callerOf } from './raw.ts';

describe('threads', () => {
  const guests = useGuests();
  let party: Party;
  let ann: APIUser;
  let call: Caller;
  beforeAll(async () => {
    party = await guests.party();
    ann = guests.discord.world.user('ann');
    guests.discord.world.join(ann, party.guild);
    call = callerOf(guests.discord, party.bot);
  });
  const general = () => guests.discord.world.find(party.guild, 'general');
  const theirs = () => party.client.channels.cache.get(general().id) as TextChannel;

  test('one that others begin at a message is told, with its first message', async () => {
    const { world } = guests.discord;
    const said = world.say(ann, general(), 'root');
    const begun = next(party.client, 'threadCreate');
    const starter = next(party.client, 'messageCreate', ({ type }) => type === 21);
    const marked = next(party.client, 'messageUpdate', (_, { id }) => id === said.data.id);
    const thread = world.thread(general(), { name: 'branch', owner: ann, from: said });
    const [found, isNew] = await begun;
    expect([found.id, found.name, found.ownerId, found.parentId, isNew]).toEqual([
      said.data.id,
      'branch',
      ann.id,
      general().id,
      true,
    ]);
    expect((await starter)[0].reference?.messageId).toBe(said.data.id);
    expect((await marked)[1].hasThread).toBe(true);
    world.say(ann, thread, 'leaf');
    const list = await call('GET', `/channels/${thread.id}/messages`);
    expect(list.body).toMatchObject([{ content: 'leaf' }, { type: 21, referenced_message: { content: 'root' } }]);
    expect((await call('GET', `/channels/${thread.id}`)).body).toMatchObject({
      message_count: 1,
      total_message_sent: 1,
      member_count: 1,
    });
    expect(
      await call('POST', `/channels/${general().id}/messages/${said.data.id}/threads`, { name: 'x' }),
    ).toMatchObject({ body: { code: 160004 } });
  });

  test('of ours: begun, spoken in, renamed, archived, brought back by speaking, deleted', async () => {
    const thread = await theirs().threads.create({
      name: 'ours',
      type: ChannelType.PublicThread,
      autoArchiveDuration: ThreadAutoArchiveDuration.OneDay,
    });
    expect(guests.discord.world.messages(general()).at(-1)?.data).toMatchObject({ type: 18, content: 'ours' });
    await thread.send('hi');
    await thread.setName('still ours');
    expect(guests.discord.world.messages(guests.discord.world.find(party.guild, 'still ours')).at(-1)?.data.type).toBe(
      4,
    );
    const archived = next(party.client, 'threadUpdate', (_, after) => after.archived === true);
    await thread.setArchived(true);
    await archived;
    expect(await call('PATCH', `/channels/${thread.id}`, { name: 'x' })).toMatchObject({
      status: 400,
      body: { code: 50083 },
    });
    const back = next(party.client, 'threadUpdate', (_, after) => after.archived === false);
    await thread.send('again');
    await back;
    const gone = next(party.client, 'threadDelete');
    await thread.delete();
    expect((await gone)[0].id).toBe(thread.id);
    expect(await call('GET', `/channels/${thread.id}`)).toMatchObject({ body: { code: 10003 } });
  });

  test('that is locked lets nobody speak but those who manage threads', async () => {
    const { world } = guests.discord;
    const thread = world.thread(general(), { name: 'locked', owner: ann });
    world.changeThread(thread, { locked: true });
    world.permit(party.bot, party.guild, 0n);
    const say = () => call('POST', `/channels/${thread.id}/messages`, { content: 'x' });
    expect(await say()).toMatchObject({ status: 400, body: { code: 160005 } });
    world.changeThread(thread, { archived: true });
    expect(await say()).toMatchObject({ status: 400, body: { code: 50083 } });
    expect(await call('PATCH', `/channels/${thread.id}`, { archived: false })).toMatchObject({ body: { code: 50013 } });
    world.permit(party.bot, party.guild, May.ManageThreads);
    expect((await say()).status).toBe(200);
    expect(thread.thread?.metadata.archived).toBe(false);
    world.permit(party.bot, party.guild, May.Administrator);
  });

  test('that is private is seen by those who are in it', async () => {
    const { world } = guests.discord;
    world.permit(party.bot, party.guild, May.CreatePrivateThreads);
    const thread = world.thread(general(), { name: 'secret', owner: ann, type: ChannelType.PrivateThread });
    expect(await call('GET', `/channels/${thread.id}`)).toMatchObject({ status: 403, body: { code: 50001 } });
    const come = next(party.client, 'threadCreate', ({ id }) => id === thread.id);
    const joined = next(party.client, 'threadMembersUpdate', (added) => added.has(party.bot.user.id));
    world.joinThread(party.bot.user, thread);
    expect((await come)[0].joined).toBe(true);
    await joined;
    expect(await call('GET', `/channels/${thread.id}`)).toMatchObject({ body: { type: 12, member: { flags: 1 } } });
    const members = await call('GET', `/channels/${thread.id}/thread-members?with_member=true`);
    expect(members.body).toMatchObject([
      { user_id: party.bot.user.id, member: {} },
      { user_id: ann.id, member: { user: { username: 'ann' } } },
    ]);
    world.setIntents(party.bot, 0);
    expect(await call('GET', `/channels/${thread.id}/thread-members`)).toMatchObject({ body: { code: 50001 } });
    world.setIntents(party.bot, privileged);
    const out = next(party.client, 'threadMembersUpdate', (_, removed) => removed.has(party.bot.user.id));
    world.leaveThread(party.bot.user, thread);
    await out;
    expect(await call('GET', `/channels/${thread.id}`)).toMatchObject({ status: 403 });
    world.permit(party.bot, party.guild, May.Administrator);
  });

  test('are joined, left, and others brought into them', async () => {
    const { world } = guests.discord;
    const thread = world.thread(general(), { name: 'club', owner: ann });
    const at = `/channels/${thread.id}/thread-members`;
    expect(await call('GET', `${at}/@me`)).toMatchObject({ status: 404, body: { code: 10007 } });
    expect((await call('PUT', `${at}/@me`)).status).toBe(204);
    expect(await call('GET', `${at}/@me`)).toMatchObject({ status: 200, body: { user_id: party.bot.user.id } });
    const bob = world.user('bob');
    expect(await call('PUT', `${at}/${bob.id}`)).toMatchObject({ body: { code: 10007 } });
    world.join(bob, party.guild);
    expect((await call('PUT', `${at}/${bob.id}`)).status).toBe(204);
    expect(world.messages(thread).at(-1)?.data.type).toBe(1);
    expect((await call('DELETE', `${at}/@me`)).status).toBe(204);
    expect([...(thread.thread?.members.keys() ?? [])]).toEqual([ann.id, bob.id]);
  });

  test('are listed: those alive, those archived page by page', async () => {
    const { world } = guests.discord;
    const place = world.channel(party.guild, { name: 'archive' });
    const make = (name: string, type = ChannelType.PublicThread) => world.thread(place, { name, owner: ann, type });
    const all = ['a', 'b', 'c', 'd'].map((name) => make(name));
    const hidden = make('p', ChannelType.PrivateThread);
    const names = (answered: { body: unknown }) =>
      (answered.body as { threads: { name: string }[] }).threads.map(({ name }) => name);
    const active = names(await call('GET', `/guilds/${party.guild.id}/threads/active`));
    expect(active).toEqual(expect.arrayContaining(['a', 'b', 'c', 'd', 'p']));
    for (const [index, thread] of [...all.slice(0, 3), hidden].entries()) {
      world.changeThread(thread, { archived: true });
      if (thread.thread !== undefined)
        thread.thread.metadata.archive_timestamp = new Date(Date.now() + index * 1_000).toISOString();
    }
    const list = (query: string) => call('GET', `/channels/${place.id}/threads/archived/public?${query}`);
    const first = await list('limit=2');
    expect([names(first), (first.body as { has_more: boolean }).has_more]).toEqual([['c', 'b'], true]);
    const before = all[1]?.thread?.metadata.archive_timestamp ?? '';
    const rest = await list(`limit=2&before=${encodeURIComponent(before)}`);
    expect([names(rest), (rest.body as { has_more: boolean }).has_more]).toEqual([['a'], false]);
    expect(names(await call('GET', `/channels/${place.id}/threads/archived/private`))).toEqual(['p']);
    expect(names(await call('GET', `/channels/${place.id}/users/@me/threads/archived/private`))).toEqual([]);
    const fetched = await (party.client.channels.cache.get(place.id) as TextChannel).threads.fetchArchived();
    expect(fetched.threads.size).toBe(3);
  });
});

describe('a forum', () => {
  const guests = useGuests();
  test('has posts with tags, by hand and by webhook', async () => {
    const { client, guild, bot } = await guests.party();
    const { world } = guests.discord;
    const call = callerOf(guests.discord, bot);
    const made = next(client, 'channelCreate');
    const forum = world.channel(guild, {
      name: 'ideas',
      type: ChannelType.GuildForum,
      topic: 'rules',
      tags: [{ name: 'good' }],
    });
    const theirs = (await made)[0] as unknown as ForumChannel;
    expect([theirs.type, theirs.topic, theirs.availableTags[0]?.name]).toEqual([
      ChannelType.GuildForum,
      'rules',
      'good',
    ]);
    const tag = forum.tags[0]?.id ?? '';
    const post = await theirs.threads.create({ name: 'more', message: { content: 'please' }, appliedTags: [tag] });
    expect(post.appliedTags).toEqual([tag]);
    expect((await post.fetchStarterMessage())?.content).toBe('please');
    expect(await call('POST', `/channels/${forum.id}/messages`, { content: 'x' })).toMatchObject({
      body: { code: 40058 },
    });
    expect(await call('POST', `/channels/${forum.id}/threads`, { name: 'x' })).toMatchObject({
      body: { code: 50035, errors: { message: { _errors: [{ code: 'BASE_TYPE_REQUIRED' }] } } },
    });
    world.changeChannel(forum, { flags: 1 << 4 });
    expect(await call('POST', `/channels/${forum.id}/threads`, { name: 'x', message: { content: 'x' } })).toMatchObject(
      { body: { code: 40067 } },
    );
    expect(await call('PATCH', `/channels/${post.id}`, { applied_tags: ['1'] })).toMatchObject({
      body: { code: 10087 },
    });
    const hook = world.webhook(forum, { name: 'hook' });
    const at = `/webhooks/${hook.id}/${hook.token}?wait=true`;
    const anyone = callerOf(guests.discord);
    expect(await anyone('POST', at, { content: 'x' })).toMatchObject({ body: { code: 220001 } });
    const begun = await anyone('POST', at, { content: 'x', thread_name: 'by hook', username: 'romeo' });
    const { channel_id, id } = begun.body as { channel_id: string; id: string };
    expect(channel_id).toBe(id);
    expect(await anyone('POST', `${at}&thread_id=${id}`, { content: 'y' })).toMatchObject({
      status: 200,
      body: { channel_id },
    });
    expect(await anyone('POST', `${at}&thread_id=${id}`, { content: 'y', thread_name: 'z' })).toMatchObject({
      body: { code: 220002 },
    });
    expect(await anyone('POST', `${at}&thread_id=1`, { content: 'y' })).toMatchObject({
      status: 404,
      body: { code: 10003 },
    });
    const edited = await anyone('PATCH', `/webhooks/${hook.id}/${hook.token}/messages/${id}?thread_id=${id}`, {
      content: 'z',
    });
    expect(edited.body).toMatchObject({ content: 'z' });
  });
});
