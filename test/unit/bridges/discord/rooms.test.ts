/** Rooms of Discord: what is listed, who comes in and sees whom, and what of all that changes while one is there. */
import { ChannelType, PermissionFlagsBits as May } from 'discord-api-types/v10';
import { expect, test } from 'vitest';
import { GatewayError, type Member, type NetworkEvent, personId } from '../../../../src/bridge/index.ts';
import { roomOf, useStage } from './stage.ts';

const stage = useStage();

const membersIn = (event: Extract<NetworkEvent, { kind: 'members' }>): readonly Member[] =>
  event.changes.flatMap((change) => (change.is === 'in' ? [change.member] : []));

test('what the bot sees is listed, in the guild’s order, threads behind their channels', async () => {
  const { world } = stage.discord;
  const owner = world.user('mercutio');
  const guild = world.guild('Mantua', owner);
  const bot = world.bot('lister');
  const news = world.channel(guild, { name: 'news', type: ChannelType.GuildAnnouncement });
  const forum = world.channel(guild, { name: 'ideas', type: ChannelType.GuildForum });
  const hidden = world.channel(guild, { name: 'hidden' });
  world.rule(hidden, { of: 'everyone', deny: May.ViewChannel });
  world.thread(news, { name: 'comments', owner });
  world.forumPost(forum, { name: 'a park', owner }, (thread) => world.say(owner, thread, 'with trees'));
  world.invite(bot, guild);
  const { session } = await stage.login({ bot });
  const all = (await session.rooms?.list?.({ max: 50 })) ?? [];
  expect(all.map(({ name }) => name)).toEqual([
    'Mantua: #news',
    'Mantua: #news › comments',
    'Mantua: #ideas › a park',
    'Mantua: #general',
  ]);
  const named = await session.rooms?.list?.({ match: 'PARK', max: 5 });
  expect(named?.map(({ name }) => name)).toEqual(['Mantua: #ideas › a park']);
  const rest = await session.rooms?.list?.({ after: all[1]?.chat ?? '', max: 1 });
  expect(rest?.map(({ name }) => name)).toEqual(['Mantua: #ideas › a park']);
});

test('who is there, as what, called how, and what the room is', async () => {
  const { guild, discord } = stage;
  const { world } = discord;
  const room = world.channel(guild, { name: 'hall', topic: 'Feasts', slowS: 5 });
  const guards = world.role(guild, { name: 'guards', permissions: May.KickMembers, hoist: true, color: 0xff_00_00 });
  const ann = world.user('ann', { global_name: 'Annie' });
  const other = world.user('ann2', { global_name: 'Annie' });
  world.join(ann, guild, { roles: [guards.id] });
  world.join(other, guild);
  world.rule(room, { of: other, deny: May.SendMessages });
  const { hears, enters, session } = await stage.login();
  const chat = await enters(room);
  const described = await hears('room');
  expect(described).toMatchObject({
    chat,
    change: { name: 'Verona: #hall', topic: 'Feasts', isPublic: true, isModerated: false, slowModeSeconds: 5 },
  });
  const list = await hears('members');
  expect(list.complete).toBe(true);
  const found = new Map(membersIn(list).map((member) => [member.person as string, member]));
  expect(found.get(ann.id)).toMatchObject({
    nick: 'Annie',
    power: 'moderator',
    hats: [{ id: guards.id, title: 'guards', hue: 12 }],
  });
  expect(found.get(other.id)).toMatchObject({ nick: 'Annie (ann2)', power: 'visitor' });
  expect(found.get(session.me)).toMatchObject({ isBot: true });
  expect(found.get(guild.ownerId)).toMatchObject({ power: 'owner', show: 'xa' });
  world.changeRole(guild, guards, { name: 'captains' });
  expect(await hears('members')).toMatchObject({
    changes: [{ is: 'facts', person: ann.id, facts: { hats: [{ title: 'captains' }] } }],
  });
});

test('who comes, goes, is called otherwise, may more or less, or is away', async () => {
  const { guild, discord, room } = stage;
  const { world } = discord;
  const { hears, enters } = await stage.login();
  const chat = await enters(room);
  await hears('members', ({ complete }) => complete === true);
  const ben = world.user('ben');
  world.join(ben, guild);
  expect(membersIn(await hears('members'))).toMatchObject([{ nick: 'ben', power: 'participant', show: 'xa' }]);
  world.setPresence(ben, { status: 'idle' as never, activities: [], client_status: {} });
  expect(await hears('members')).toMatchObject({ changes: [{ is: 'facts', facts: { show: 'away' } }] });
  world.changeMember(ben, guild, { nick: 'Benvolio' });
  expect(await hears('members')).toMatchObject({ chat, changes: [{ is: 'renamed', nick: 'Benvolio' }] });
  world.timeOut(ben, guild, 60_000);
  expect(await hears('members')).toMatchObject({ changes: [{ is: 'power', power: 'visitor' }] });
  world.timeOut(ben, guild, 0);
  expect(await hears('members')).toMatchObject({ changes: [{ is: 'power', power: 'participant' }] });
  world.ban(ben, guild);
  expect(await hears('members')).toMatchObject({ changes: [{ is: 'out', person: ben.id }] });
  const cat = world.user('cat');
  world.join(cat, guild);
  await hears('members');
  world.leave(cat, guild);
  expect(await hears('members')).toMatchObject({ changes: [{ is: 'out', person: cat.id, how: 'left' }] });
});

test('a channel’s new rules are told of everybody at once', async () => {
  const { guild, discord } = stage;
  const { world } = discord;
  const room = world.channel(guild, { name: 'garden' });
  const dan = world.user('dan');
  world.join(dan, guild);
  const { hears, enters } = await stage.login();
  await enters(room);
  await hears('members', ({ complete }) => complete === true);
  world.rule(room, { of: dan, deny: May.ViewChannel });
  expect(await hears('members')).toMatchObject({ changes: [{ is: 'out', person: dan.id, how: 'revoked' }] });
  world.rule(room, { of: dan, allow: May.ManageMessages });
  expect(membersIn(await hears('members'))).toMatchObject([{ nick: 'dan', power: 'moderator' }]);
  world.changeChannel(room, { name: 'orchard', topic: 'Apples' });
  expect(await hears('room', ({ change }) => change.topic !== '')).toMatchObject({
    change: { name: 'Verona: #orchard', topic: 'Apples' },
  });
});

test('45-86 a channel that is deleted is gone, one that is closed to us is left, and so is a guild', async () => {
  const { guild, discord } = stage;
  const { world } = discord;
  const [tomb, cell] = [world.channel(guild, { name: 'tomb' }), world.channel(guild, { name: 'cell' })];
  const { hears, enters, bot } = await stage.login();
  await enters(tomb);
  await enters(cell);
  world.deleteChannel(tomb);
  expect(await hears('removed')).toMatchObject({ chat: roomOf(tomb), how: 'gone' });
  world.rule(cell, { of: 'everyone', deny: May.ViewChannel });
  expect(await hears('removed')).toMatchObject({ chat: roomOf(cell), how: 'revoked' });
  await enters(stage.room);
  world.leave(bot.user, guild);
  expect(await hears('removed')).toMatchObject({ chat: roomOf(stage.room), how: 'kicked' });
});

test('45-30 what can’t be entered says why', async () => {
  const { guild, discord } = stage;
  const { world } = discord;
  const forum = world.channel(guild, { name: 'forum', type: ChannelType.GuildForum });
  const secret = world.channel(guild, { name: 'secret' });
  world.rule(secret, { of: 'everyone', deny: May.ViewChannel });
  const { enters } = await stage.login();
  const codeOf = (entering: Promise<unknown>): Promise<unknown> =>
    entering.catch((error: unknown) => error instanceof GatewayError && error.code);
  expect(await codeOf(enters(forum))).toBe('network-cannot');
  expect(await codeOf(enters(secret))).toBe('members-only');
  expect(await codeOf(enters({ id: '4242' } as never))).toBe('no-such-room');
  expect(await codeOf(enters({ id: 'general' } as never))).toBe('no-such-room');
});

test('a channel that was made just now, and is not told yet, can be entered', async () => {
  const { guild, discord } = stage;
  const { enters } = await stage.login();
  await enters(discord.world.channel(guild, { name: 'known' }));
  discord.freeze();
  const made = discord.world.channel(guild, { name: 'made' });
  expect(await enters(made)).toBe(roomOf(made));
});

test('a thread shows who has joined it, and an archived one can be entered', async () => {
  const { guild, discord, room } = stage;
  const { world } = discord;
  const eva = world.user('eva');
  const fay = world.user('fay');
  world.join(eva, guild);
  world.join(fay, guild);
  const thread = world.thread(room, { name: 'plans', owner: eva });
  const old = world.thread(room, { name: 'old plans', owner: eva });
  world.changeThread(old, { archived: true });
  const { hears, enters, says } = await stage.login();
  const chat = await enters(thread);
  const names = membersIn(await hears('members')).map(({ nick }) => nick);
  expect(names).toContain('eva');
  expect(names).not.toContain('fay');
  world.say(fay, thread, 'may I?');
  expect(membersIn(await hears('members', (event) => event.chat === chat))).toMatchObject([{ nick: 'fay' }]);
  const oldChat = await enters(old);
  await says(oldChat, 'wake up');
  expect(old.thread?.metadata.archived).toBe(false);
});

test('45-32 of a crowd those who matter are shown, and whoever speaks', async () => {
  const { discord } = stage;
  const { world } = discord;
  const guild = world.guild('Rome', world.user('caesar'));
  const crowd = world.crowd(guild, 2_500);
  const guards = world.role(guild, { name: 'guards', permissions: May.BanMembers });
  const guard = world.user('guard');
  world.join(guard, guild, { roles: [guards.id] });
  const bot = world.bot('roman');
  world.invite(bot, guild);
  const { hears, enters, events } = await stage.login({
    bot,
    options: { members: 100, intents: { presences: false } },
  });
  const forum = world.find(guild, 'general');
  const chat = await enters(forum);
  const list = membersIn(await hears('members'));
  expect(list).toHaveLength(100);
  const shown = new Set(list.map(({ nick }) => nick));
  expect([shown.has('caesar'), shown.has('guard'), shown.has('roman')]).toEqual([true, true, true]);
  const speaker = crowd.find(({ username }) => !shown.has(username));
  if (speaker === undefined) throw new Error('all are shown');
  world.say(speaker, forum, 'friends, countrymen');
  await hears('message');
  const quiet = crowd.find(({ username, id }) => !shown.has(username) && id !== speaker.id);
  if (quiet === undefined) throw new Error('all are shown');
  world.changeMember(quiet, guild, { nick: 'Quiet' });
  world.changeMember(quiet, guild, { nick: 'Quieter' });
  world.say(quiet, forum, 'lend me your ears');
  await hears('message', ({ nick }) => nick === 'Quieter');
  const aboutQuiet = events.flatMap((event) => (event.kind === 'members' ? event.changes : []));
  expect(aboutQuiet.filter((one) => JSON.stringify(one).includes(quiet.id))).toMatchObject([{ is: 'in' }]);
  const [came, said] = events.slice(-4);
  expect(came).toMatchObject({ kind: 'members', chat, changes: [{ is: 'in', member: { nick: speaker.username } }] });
  expect(said).toMatchObject({ kind: 'message', nick: speaker.username });
});

test('45-60 45-61 whoever is put out by the bot, or by somebody else, is told so with who did it and why', async () => {
  const { guild, discord, room } = stage;
  const { world } = discord;
  const { hears, enters, session, events } = await stage.login();
  const chat = await enters(room);
  await hears('members', ({ complete }) => complete === true);
  const [ann, ben, cat, dan] = ['anna', 'benno', 'catalina', 'daniel'].map((name) => world.user(name));
  if (ann === undefined || ben === undefined || cat === undefined || dan === undefined) throw new Error('nobody came');
  for (const one of [ann, ben, cat, dan]) world.join(one, guild);
  const goes = async ({ id }: { readonly id: string }) =>
    (await hears('members', ({ changes }) => changes[0]?.is === 'out' && changes[0].person === id)).changes;
  const act = (person: string, action: 'kick' | 'ban', reason?: string) =>
    session.rooms?.moderate?.(
      chat,
      [{ person: personId(person), action, ...(reason !== undefined && { reason }) }],
      AbortSignal.timeout(5_000),
    );
  const by = world.member({ id: session.me } as never, guild).user.username;
  await act(ann.id, 'kick', 'a brawl');
  expect(await goes(ann)).toEqual([{ is: 'out', person: ann.id, how: 'kicked', by, reason: 'a brawl' }]);
  await act(ben.id, 'ban', 'exile');
  expect(await goes(ben)).toEqual([{ is: 'out', person: ben.id, how: 'banned', by, reason: 'exile' }]);
  world.kick(cat, guild, { id: guild.ownerId } as never, 'too loud');
  expect(await goes(cat)).toEqual([{ is: 'out', person: cat.id, how: 'kicked', by: 'owner', reason: 'too loud' }]);
  expect(await act(cat.id, 'kick')?.catch(String)).toContain('not in the guild');
  world.join(cat, guild);
  world.leave(cat, guild);
  expect(await goes(cat)).toEqual([{ is: 'out', person: cat.id, how: 'left' }]);
  const thread = world.thread(room, { name: 'a quarrel', owner: dan });
  await enters(thread);
  await session.rooms?.moderate?.(
    roomOf(thread),
    [{ person: personId(dan.id), action: 'kick' }],
    AbortSignal.timeout(5_000),
  );
  expect(await goes(dan)).toEqual([{ is: 'out', person: dan.id, how: 'kicked', by }]);
  expect(events.filter((event) => event.kind === 'members' && event.changes[0]?.is === 'out')).toHaveLength(5);
});

test('45-61 without the members intent whoever is banned is seen to go', async () => {
  const { guild, discord, room } = stage;
  const { world } = discord;
  const eve = world.user('eve');
  world.join(eve, guild);
  const { hears, enters } = await stage.login({ options: { intents: { members: false, presences: false } } });
  await enters(room);
  world.say(eve, room, 'a plague');
  await hears('members', ({ changes }) => changes[0]?.is === 'in' && changes[0].member.person === eve.id);
  world.ban(eve, guild);
  const out = await hears('members', ({ changes }) => changes[0]?.is === 'out');
  expect(out).toMatchObject({ changes: [{ person: eve.id, how: 'banned' }] });
});

test('45-32 without the members intent whoever has another nick, or another role, is shown so when they speak', async () => {
  const { guild, discord, room } = stage;
  const { world } = discord;
  const flo = world.user('flo');
  world.join(flo, guild);
  const guards = world.role(guild, { name: 'guards of the square', permissions: May.KickMembers });
  const { hears, enters, events } = await stage.login({ options: { intents: { members: false, presences: false } } });
  const chat = await enters(room);
  world.say(flo, room, 'it is me');
  await hears('message', ({ nick }) => nick === 'flo');
  world.changeMember(flo, guild, { nick: 'Florizel', roles: [guards.id] });
  world.say(flo, room, 'it still is');
  await hears('message', ({ nick }) => nick === 'Florizel');
  expect(events.at(-2)).toMatchObject({
    kind: 'members',
    chat,
    changes: [
      { is: 'renamed', person: flo.id, nick: 'Florizel' },
      { is: 'power', person: flo.id, power: 'moderator' },
    ],
  });
});

test('45-32 without the members intent whoever has another nick is shown so when they begin to write', async () => {
  const { guild, discord, room } = stage;
  const { world } = discord;
  const hal = world.user('hal');
  world.join(hal, guild);
  const { hears, enters } = await stage.login({ options: { intents: { members: false, presences: false } } });
  const chat = await enters(room);
  world.say(hal, room, 'it is I');
  await hears('message', ({ nick }) => nick === 'hal');
  world.changeMember(hal, guild, { nick: 'Henry' });
  world.type(hal, room);
  expect(await hears('members', ({ changes }) => changes[0]?.is === 'renamed')).toMatchObject({
    chat,
    changes: [{ is: 'renamed', person: hal.id, nick: 'Henry' }],
  });
});

/** Nicks as the room has them, by who has each: none is two people's at any time. */
function nicksOf(events: readonly NetworkEvent[]): ReadonlyMap<string, string> {
  const nicks = new Map<string, string>();
  for (const one of events.flatMap((event) => (event.kind === 'members' ? event.changes : []))) {
    if (one.is !== 'in' && one.is !== 'renamed') continue;
    const { person, nick } = one.is === 'in' ? one.member : one;
    if (one.is === 'renamed') expect([nick, nicks.get(nick)]).toEqual([nick, undefined]);
    for (const [other, whose] of nicks) if (whose === person) nicks.delete(other);
    nicks.set(nick, person);
  }
  return nicks;
}

/** Four in a guild of their own, which is away while two take each other's nick, and who comes first on the list that of one who is called otherwise. */
async function ephesus() {
  const { world } = stage.discord;
  const guild = world.guild('Ephesus', world.user('solinus'));
  const [ant, dro, luc, abb] = ['ant', 'dro', 'luc', 'abb'].map((name) => world.user(name));
  if (!ant || !dro || !luc || !abb) throw new Error('nobody is there');
  for (const one of [ant, dro, luc, abb]) world.join(one, guild);
  const bot = world.bot('dromedary');
  world.invite(bot, guild);
  const login = await stage.login({ bot });
  const room = world.find(guild, 'general');
  await login.enters(room);
  await login.hears('members', ({ complete }) => complete === true);
  world.setAvailable(guild, false);
  const after = [
    [ant, 'dro'],
    [dro, 'ant'],
    [luc, 'abb'],
    [abb, 'Emilia'],
  ] as const;
  for (const [user, nick] of after) world.changeMember(user, guild, { nick });
  world.setAvailable(guild, true);
  return { ...login, world, room, ant, luc, after };
}

test('45-54 nicks that changed hands while a guild was away: each is free before it is somebody else’s, and everybody is told of', async () => {
  const { hears, events, after } = await ephesus();
  await hears('members', ({ changes }) => changes.some((one) => one.is === 'renamed'));
  const nicks = nicksOf(events);
  for (const [user, nick] of after) expect([nick, nicks.get(nick)]).toEqual([nick, user.id]);
});

test('45-40 whoever speaks as soon as a guild is back has in the room the nick by which they speak', async () => {
  const { hears, events, world, room, ant, luc, after } = await ephesus();
  for (const [user, nick] of [
    [luc, 'abb'],
    [ant, 'dro'],
  ] as const) {
    world.say(user, room, 'what error drives our eyes');
    const said = await hears('message', ({ by }) => by === user.id);
    const before = nicksOf(events.slice(0, events.indexOf(said)));
    expect([said.nick, before.get(nick)]).toEqual([nick, user.id]);
  }
  const [, twin] = after;
  await hears('members', ({ changes }) =>
    changes.some((one) => one.is === 'renamed' && one.person === twin[0].id && one.nick === twin[1]),
  );
  const nicks = nicksOf(events);
  for (const [user, nick] of after) expect([nick, nicks.get(nick)]).toEqual([nick, user.id]);
});

test('45-86 whoever gets a role that does not see the channel has lost their place in it, and has not left', async () => {
  const { guild, discord } = stage;
  const { world } = discord;
  const room = world.channel(guild, { name: 'lists' });
  const exiles = world.role(guild, { name: 'exiles' });
  world.rule(room, { of: exiles, deny: May.ViewChannel });
  const eli = world.user('eli');
  world.join(eli, guild);
  const { hears, enters } = await stage.login();
  await enters(room);
  await hears('members', ({ complete }) => complete === true);
  world.changeMember(eli, guild, { roles: [exiles.id] });
  expect(await hears('members')).toMatchObject({ changes: [{ is: 'out', person: eli.id, how: 'revoked' }] });
});
