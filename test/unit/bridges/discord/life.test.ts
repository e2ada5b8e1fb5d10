/** A bot's connection over time: cuts that nobody notices, cuts that are told, a token that is good no more; and what is said of switches that are off. */
import { expect, test } from 'vitest';
import { GatewayError } from '../../../../src/bridge/index.ts';
import { roomOf, useStage } from './stage.ts';

const stage = useStage();
const content = 1 << 15;

test('a cut that is mended at once is not told, and nothing is lost', async () => {
  const { discord, room, guild } = stage;
  const { world } = discord;
  const ann = world.user('ann');
  world.join(ann, guild);
  const { enters, hears, events } = await stage.login();
  await enters(room);
  discord.cut();
  world.say(ann, room, 'meanwhile');
  expect(await hears('message')).toMatchObject({ nick: 'ann' });
  expect(events.filter(({ kind }) => kind === 'state')).toEqual([]);
});

test('a session that begins anew tells all of its rooms once more', async () => {
  const { discord, room } = stage;
  const { enters, hears, events } = await stage.login();
  const chat = await enters(room);
  await hears('members', ({ complete }) => complete === true);
  discord.invalidate(false);
  await hears('state', ({ state }) => state === 'ready');
  expect(await hears('members', ({ complete }) => complete === true)).toMatchObject({ chat });
  expect(events.flatMap((event) => (event.kind === 'state' ? [event.state] : []))).toEqual(['reconnecting', 'ready']);
});

test('a token that is good no more ends the session, and pauses the account', async () => {
  const { discord } = stage;
  const { hears, bot } = await stage.login();
  discord.world.resetToken(bot);
  const { state, reason } = await hears('state');
  expect([state, reason?.code, reason?.next]).toEqual(['ended', 'login-refused', 'pause']);
});

test('who is not let in hears why', async () => {
  const { world } = stage.discord;
  const bot = world.bot('stranger');
  const stale = { ...bot, token: bot.token ?? '' };
  world.resetToken(bot);
  const refused = await stage.login({ bot: stale }).catch((error: unknown) => error);
  expect(refused instanceof GatewayError && [refused.code, refused.next]).toEqual(['login-refused', 'pause']);
  expect(String(refused)).not.toContain(stale.token);
});

test('switches that are off are told once, by name, and the session does without', async () => {
  const { world } = stage.discord;
  const bot = world.bot('modest', content);
  world.invite(bot, stage.guild);
  const first = await stage.login({ bot });
  const told = [await first.hears('notice'), await first.hears('notice')].map(({ text }) => text.plain);
  expect(told).toEqual([
    expect.stringContaining('The Server Members Intent is switched off in the developer portal'),
    expect.stringContaining('The Presence Intent is switched off'),
  ]);
  await first.enters(stage.room);
  await first.hears('members');
  const facts = (await first.session.describe?.(AbortSignal.timeout(1_000))) ?? [];
  expect(facts.map(({ value }) => value)).toEqual(expect.arrayContaining([told[0], told[1]]));
  await first.end();
  const [resume = ''] = first.resumes;
  const second = await stage.login({ bot, resume });
  await second.enters(stage.room);
  expect(second.events.filter(({ kind }) => kind === 'notice')).toEqual([]);
  world.setIntents(bot, content | (1 << 1) | (1 << 8));
  const third = await stage.login({ bot, resume });
  expect(third.resumes).toEqual([JSON.stringify({ missing: [], conversations: [] })]);
});

test('without the intent nobody is known but who speaks', async () => {
  const { discord, guild, room } = stage;
  const { world } = discord;
  const bob = world.user('bob');
  world.join(bob, guild);
  const { enters, hears, events } = await stage.login({ options: { intents: { members: false, presences: false } } });
  await enters(room);
  const list = await hears('members');
  expect(list.changes).toHaveLength(1);
  world.say(bob, room, 'hello');
  await hears('message');
  expect(events.at(-2)).toMatchObject({ changes: [{ is: 'in', member: { nick: 'bob' } }] });
});

test('an outage of Discord is told as such, and messages are tried again later', async () => {
  const { discord, room } = stage;
  const { enters, says } = await stage.login();
  const chat = await enters(room);
  const laid = discord.lay({ method: 'POST', path: /messages$/, mishap: { kind: 'status', status: 503 } });
  const failed = await says(chat, 'now?').catch((error: unknown) => error);
  expect(failed instanceof GatewayError && [failed.code, failed.next]).toEqual(['network-away', 'later']);
  laid.lift();
  await says(chat, 'now!');
});

test('where nobody says how long to wait, as Cloudflare at Discord’s door, nothing is asked in a row', async () => {
  const { discord, room } = stage;
  const { enters, says } = await stage.login();
  const chat = await enters(room);
  const laid = discord.lay({ method: 'POST', path: /messages$/, mishap: { kind: 'status', status: 429 } });
  const failed = await says(chat, 'now?').catch((error: unknown) => error);
  expect(failed instanceof GatewayError && [failed.code, failed.next, failed.details.retryAfterMs]).toEqual([
    'too-fast',
    'later',
    60_000,
  ]);
  expect(laid.met).toBe(1);
  laid.lift();
  await says(chat, 'now!');
});

test.each([401, 403, 404])('a page in the place of Discord is no refusal of its: %i', async (status) => {
  const { discord, room } = stage;
  const { enters, says } = await stage.login();
  const chat = await enters(room);
  const laid = discord.lay({ method: 'POST', path: /messages$/, mishap: { kind: 'status', status } });
  const failed = await says(chat, 'now?').catch((error: unknown) => error);
  expect(failed instanceof GatewayError && [failed.code, failed.next]).toEqual(['network-away', 'later']);
  laid.lift();
  await says(chat, 'now!');
});

test('a call that has to wait holds up its own channel, and no other; one that would wait for long is given back', async () => {
  const { discord, guild } = stage;
  const [slow, free] = ['slow', 'free'].map((name) => discord.world.channel(guild, { name }));
  if (slow === undefined || free === undefined) throw new Error('no channels');
  const { enters, says } = await stage.login();
  const [there, here] = [await enters(slow), await enters(free)];
  const path = new RegExp(`^/channels/${slow.id}/messages$`);
  discord.lay({ method: 'POST', path, times: 1, mishap: { kind: 'limit', seconds: 1, scope: 'shared' } });
  const order: string[] = [];
  const waits = says(there, 'one').then(() => order.push('there'));
  await says(here, 'two').then(() => order.push('here'));
  await waits;
  expect(order).toEqual(['here', 'there']);
  discord.lay({ method: 'POST', path, times: 1, mishap: { kind: 'limit', seconds: 600, scope: 'shared' } });
  const given = await says(there, 'three').catch((error: unknown) => error);
  expect(given instanceof GatewayError && [given.code, given.next]).toEqual(['too-fast', 'later']);
  expect(given instanceof GatewayError && (given.details.retryAfterMs ?? 0) > 500_000).toBe(true);
});

test('an outage of a guild changes nothing but that nobody comes in; when it is over, what changed is told', async () => {
  const { discord, guild } = stage;
  const { world } = discord;
  const room = world.channel(guild, { name: 'plague', topic: 'before' });
  const { enters, hears, events } = await stage.login();
  await enters(room);
  await hears('members', ({ complete }) => complete === true);
  world.setAvailable(guild, false);
  const entering = () => enters(room).then(String, (error: unknown) => error instanceof GatewayError && error.code);
  await expect.poll(entering, { timeout: 15_000 }).toBe('network-away');
  world.changeChannel(room, { topic: 'after' });
  world.setAvailable(guild, true);
  expect(await hears('room', ({ change }) => change.topic === 'after')).toMatchObject({ chat: roomOf(room) });
  expect(events.filter(({ kind }) => kind === 'removed' || kind === 'state')).toEqual([]);
});

test('45-86 what was deleted while a guild was out of order is gone when it is back, threads too; who has gone then too', async () => {
  const { discord } = stage;
  const { world } = discord;
  const owner = world.user('isabella');
  const guild = world.guild('Milan', owner);
  const crowd = world.crowd(guild, 60, 'milanese');
  const room = world.find(guild, 'general');
  const [left, kept, doomed] = ['left', 'kept', 'doomed'].map((name) => world.thread(room, { name, owner }));
  const channel = world.channel(guild, { name: 'court' });
  const bot = world.bot('envoy');
  world.invite(bot, guild);
  const { enters, hears, events } = await stage.login({ bot });
  if (left === undefined || kept === undefined || doomed === undefined) throw new Error('no threads');
  for (const one of [room, left, kept, doomed, channel]) await enters(one);
  world.setAvailable(guild, false);
  world.deleteChannel(doomed);
  world.deleteChannel(channel);
  world.changeThread(left, { archived: true });
  const [gone] = crowd;
  if (gone !== undefined) world.leave(gone, guild);
  world.setAvailable(guild, true);
  const removed = [await hears('removed'), await hears('removed')].map(({ chat, how }) => `${chat} ${how}`);
  expect(removed.sort()).toEqual([roomOf(doomed), roomOf(channel)].map((chat) => `${chat} gone`).sort());
  const isOut = await hears('members', ({ chat, changes }) => chat === roomOf(room) && changes[0]?.is === 'out');
  expect(isOut.changes).toMatchObject([{ person: gone?.id }]);
  expect(events.filter(({ kind }) => kind === 'removed')).toHaveLength(2);
});

test('who would come into a guild that is out of order since before we came is told to wait, and comes in when it is back', async () => {
  const { world } = stage.discord;
  const guild = world.guild('Padua', world.user('petruchio'));
  const room = world.find(guild, 'general');
  const bot = world.bot('lucentio');
  world.invite(bot, guild);
  world.setAvailable(guild, false);
  const { enters, session } = await stage.login({ bot });
  const refused = await enters(room).catch((error: unknown) => error);
  expect(refused instanceof GatewayError && [refused.code, refused.next, refused.message]).toEqual([
    'network-away',
    'later',
    'Discord is out of order in this guild.',
  ]);
  expect(await session.rooms?.list?.({ max: 5 })).toEqual([]);
  world.setAvailable(guild, true);
  await expect.poll(() => enters(room).catch(String)).toBe(roomOf(room));
}, 60_000);

test('a connection that is away for longer is told to be, and messages wait; then all is told anew', async () => {
  const { discord, room } = stage;
  const { enters, hears, says } = await stage.login();
  const chat = await enters(room);
  await hears('members', ({ complete }) => complete === true);
  discord.faults.open = false;
  discord.cut();
  await hears('state', ({ state }) => state === 'reconnecting');
  const waiting = await says(chat, 'now?').catch((error: unknown) => error);
  expect(waiting instanceof GatewayError && [waiting.code, waiting.next]).toEqual(['network-away', 'later']);
  discord.faults.open = true;
  await hears('state', ({ state }) => state === 'ready');
  expect(await hears('members', ({ complete }) => complete === true)).toMatchObject({ chat });
  await says(chat, 'now!');
}, 60_000);

test('people who are watched are told of: name, picture, how they are', async () => {
  const { discord, guild } = stage;
  const { world } = discord;
  const cat = world.user('cat', { global_name: 'Cat' });
  const far = world.user('far', { global_name: 'Far away' });
  world.join(cat, guild);
  const { session, hears, enters } = await stage.login();
  await enters(stage.room);
  session.watch?.([cat.id as never, far.id as never]);
  expect(await hears('person', ({ person }) => person === cat.id)).toMatchObject({ change: { name: 'Cat' } });
  expect(await hears('presence', ({ person }) => person === cat.id)).toMatchObject({ show: 'offline' });
  expect(await hears('person', ({ person }) => person === far.id)).toMatchObject({ change: { name: 'Far away' } });
  world.setPresence(cat, { status: 'dnd' as never, activities: [], client_status: {} });
  expect(await hears('presence')).toMatchObject({ person: cat.id, show: 'dnd' });
  const card = await session.people?.about?.(far.id as never, AbortSignal.timeout(5_000));
  expect(card).toMatchObject({ nick: 'Far away', account: 'far' });
});

test('PRE-01 who is watched and shares no guild with the bot any more is not there, and is again with another one', async () => {
  const { world } = stage.discord;
  const [ada, bea] = [world.user('ada'), world.user('bea')];
  world.join(ada, stage.guild);
  const comeOnline = (user: typeof ada) =>
    world.setPresence(user, { status: 'online' as never, activities: [], client_status: {} });
  comeOnline(ada);
  const { session, hears, bot } = await stage.login();
  session.watch?.([ada.id as never, bea.id as never]);
  const shows = async (person: string) => (await hears('presence', (event) => event.person === person)).show;
  expect(await shows(ada.id)).toBe('online');
  world.leave(ada, stage.guild);
  expect(await shows(ada.id)).toBe('offline');
  const other = world.guild('Mantua', world.user('prince'));
  for (const user of [ada, bea]) world.join(user, other);
  for (const user of [ada, bea]) comeOnline(user);
  world.invite(bot, other);
  expect([await shows(ada.id), await shows(bea.id)]).toEqual(['online', 'online']);
  world.kick(bot.user, other, world.user('guard'));
  expect([await shows(ada.id), await shows(bea.id)]).toEqual(['offline', 'offline']);
});

test('two sessions of one bot hear the same, and each what it said as its own', async () => {
  const { room } = stage;
  const one = await stage.login();
  const other = await stage.login({ bot: one.bot });
  await one.enters(room);
  await other.enters(room);
  await one.says(roomOf(room), 'from one');
  const elsewhere = await other.hears('message');
  expect(elsewhere.sentBy).toBeUndefined();
  expect(elsewhere.by).toBe(other.session.me);
});
