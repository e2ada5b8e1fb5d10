/** What is said on Discord, both ways, and what is done to it. */
import { EmbedType, PermissionFlagsBits as May } from 'discord-api-types/v10';
import { expect, test } from 'vitest';
import { chatId, deliveryKey, GatewayError, messageId, personId, plainText } from '../../../../src/bridge/index.ts';
import { updated } from '../../../harness/discord/deeds/messages.ts';
import { usualForBots } from '../../../harness/discord/world/people.ts';
import { roomOf, useStage } from './stage.ts';

const stage = useStage();
const ref = (id: string) => ({ id: messageId(id), part: 0 });
const attempt = (chat: string, key: string, number = 1) => ({
  chat: chatId(chat),
  key: deliveryKey(key),
  number,
  signal: AbortSignal.timeout(10_000),
});

function somebody(name: string) {
  const { world } = stage.discord;
  const user = world.user(name);
  world.join(user, stage.guild);
  return user;
}

const saidIn = (channel = stage.room) => stage.discord.world.messages(channel).map(({ data }) => data);

test('45-42 what we say is told once, at its place in the order, with the network’s name for it', async () => {
  const { world } = stage.discord;
  const ann = somebody('ann');
  const { hears, enters, says, events } = await stage.login();
  const chat = await enters(stage.room);
  const sent = await says(chat, 'hello');
  world.say(ann, stage.room, 'hello yourself');
  await hears('message', ({ by }) => by === ann.id);
  const told = events.filter((event) => event.kind === 'message');
  expect(told).toMatchObject([
    { sentBy: expect.stringMatching(/^\d+-\d+$/), ref: sent.refs[0], content: { text: { plain: 'hello' } } },
    { nick: 'ann', content: { text: { plain: 'hello yourself' } } },
  ]);
  expect(saidIn().at(-2)).toMatchObject({ content: 'hello', id: sent.refs[0]?.id });
});

test('308-05 corrections, deletions, many at once; a preview is no correction', async () => {
  const { world } = stage.discord;
  const ben = somebody('ben');
  const { hears, enters, events } = await stage.login();
  await enters(stage.room);
  const message = world.say(ben, stage.room, 'teh');
  await hears('message');
  message.data.embeds = [{ type: EmbedType.Article, title: 'a preview' }];
  updated(stage.discord.state, message);
  world.edit(message, 'the');
  const edited = await hears('edited');
  expect(edited).toMatchObject({ by: ben.id, target: ref(message.data.id), content: { text: { plain: 'the' } } });
  world.remove(message);
  expect(await hears('retracted')).toMatchObject({ by: ben.id, target: ref(message.data.id) });
  const two = [world.say(ben, stage.room, '1'), world.say(ben, stage.room, '2')];
  world.removeAll(stage.room, two);
  for (const { data } of two) expect(await hears('retracted')).toMatchObject({ target: ref(data.id) });
  expect(events.filter(({ kind }) => kind === 'edited')).toHaveLength(1);
});

test('444-04 reactions come and go one by one and all at once; a guild’s own emoji are not told', async () => {
  const { world } = stage.discord;
  const cat = somebody('cat');
  const { hears, enters, events } = await stage.login();
  await enters(stage.room);
  const message = world.say(cat, stage.room, 'vote!');
  world.react(cat, message, { id: '77', name: 'blob' });
  world.react(cat, message, '👍');
  world.react(cat, message, '🎉');
  world.unreact(cat, message, '👍');
  world.clearReactions(message);
  await hears('reaction', ({ emoji, present }) => emoji === '🎉' && !present);
  expect(events.flatMap((event) => (event.kind === 'reaction' ? [[event.emoji, event.present]] : []))).toEqual([
    ['👍', true],
    ['🎉', true],
    ['👍', false],
    ['🎉', false],
  ]);
});

test('085-02 somebody writes, and has said it', async () => {
  const { world } = stage.discord;
  const dan = somebody('dan');
  const { hears, enters, events } = await stage.login();
  const chat = await enters(stage.room);
  world.type(dan, stage.room);
  expect(await hears('typing')).toMatchObject({ chat, by: dan.id, active: true });
  world.type(dan, stage.room);
  world.say(dan, stage.room, 'there');
  await hears('message');
  expect(events.filter(({ kind }) => kind === 'typing')).toHaveLength(1);
});

test('our corrections, reactions and retractions', async () => {
  const { enters, says, session } = await stage.login();
  const chat = await enters(stage.room);
  const [first = ref('')] = (await says(chat, 'teh')).refs;
  const to = attempt(chat, '9-9');
  await session.edits?.edit(first, { text: plainText('the') }, to);
  expect(saidIn().at(-1)?.content).toBe('the');
  await session.reactions?.react(first, ['👍', '🎉'], to, []);
  await session.reactions?.react(first, ['🎉'], to, ['👍', '🎉']);
  const [last] = stage.discord.world.messages(stage.room).slice(-1);
  expect([...(last?.reactions.values() ?? [])].map(({ emoji }) => emoji.name)).toEqual(['🎉']);
  await session.retractions?.retract(first, 'no', to);
  await session.retractions?.retract(first, 'no', to);
  expect(saidIn().some(({ id }) => id === first.id)).toBe(false);
});

test('a long text is several messages: corrected in their places, retracted one by one', async () => {
  const { enters, says, session, events } = await stage.login();
  const chat = await enters(stage.room);
  const words = (count: number): string => Array.from({ length: count }, (_, i) => `word${i}`).join(' ');
  const { refs } = await says(chat, words(500));
  expect(refs.length).toBe(2);
  expect(events.filter((event) => event.kind === 'message' && event.sentBy !== undefined)).toMatchObject([{ refs }]);
  const [first = ref(''), ...rest] = refs;
  await session.edits?.edit(first, { text: plainText('short') }, attempt(chat, '9-9'), rest);
  expect(saidIn().filter(({ id }) => refs.some((one) => one.id === id))).toMatchObject([{ content: 'short' }]);
});

test('45-42 the answer may come before the gateway’s word, and is told at that word’s place all the same', async () => {
  const { discord } = stage;
  const { enters, says, hears, events } = await stage.login();
  const chat = await enters(stage.room);
  const release = discord.hold();
  const first = says(chat, 'held');
  await discord.exchanges.take(
    ({ method, path }) => method === 'POST' && path.endsWith(`${stage.room.id}/messages`),
    'the message',
  );
  release();
  const { refs } = await first;
  const told = await hears('message', ({ sentBy }) => sentBy !== undefined);
  expect(told.ref).toEqual(refs[0]);
  expect(events.filter(({ kind }) => kind === 'message')).toHaveLength(1);
});

test('an answer names what it answers', async () => {
  const { world } = stage.discord;
  const eva = somebody('eva');
  const { enters, says } = await stage.login();
  const chat = await enters(stage.room);
  const question = world.say(eva, stage.room, 'who?');
  await says(chat, 'me', { replyTo: ref(question.data.id) });
  expect(saidIn().at(-1)).toMatchObject({ content: 'me', message_reference: { message_id: question.data.id } });
});

test('nobody is rung who was not meant', async () => {
  const { enters, says } = await stage.login();
  await says(await enters(stage.room), '@everyone @here');
  expect(saidIn().at(-1)).toMatchObject({ mention_everyone: false, mentions: [], mention_roles: [] });
});

test('people whom an account speaks for are shown as they are, and their words never come back', async () => {
  const { world } = stage.discord;
  const room = world.channel(stage.guild, { name: 'masks' });
  const { enters, says, session, events } = await stage.login();
  const chat = await enters(room);
  const author = { nick: 'Juliet of discord', avatar: 'https://capulet.test/juliet.png' };
  expect(session.puppets?.canSpeakAs(chat)).toBe(true);
  const sent = await says(chat, 'wherefore', { author });
  expect(saidIn(room)).toMatchObject([
    { content: 'wherefore', author: { username: expect.stringMatching(/^Juliet of d\u2060iscord$/) } },
  ]);
  expect(events.filter(({ kind }) => kind === 'message')).toMatchObject([
    { sentBy: expect.anything(), ref: sent.refs[0] },
  ]);
  await says(chat, 'art thou', { author: { nick: 'Juliet' } });
  expect(world.webhooks(room)).toHaveLength(1);
  await session.edits?.edit(sent.refs[0] ?? ref(''), { text: plainText('Wherefore'), author }, attempt(chat, '9-9'));
  expect(saidIn(room)[0]?.content).toBe('Wherefore');
  await session.retractions?.retract(sent.refs[0] ?? ref(''), undefined, attempt(chat, '9-9'));
  expect(saidIn(room)).toHaveLength(1);
  const [webhook] = world.webhooks(room);
  if (webhook !== undefined) world.deleteWebhook(webhook);
  await says(chat, 'Romeo?', { author });
  expect(saidIn(room).at(-1)).toMatchObject({ content: 'Romeo?' });
  expect(world.webhooks(room)).toHaveLength(1);
});

test('461-01 who speaks by a webhook answers by a line that leads there', async () => {
  const { world } = stage.discord;
  const room = world.channel(stage.guild, { name: 'answers' });
  const { enters, says, events } = await stage.login();
  const chat = await enters(room);
  const question = world.say(somebody('iris'), room, 'who?');
  await says(chat, '*me*', { author: { nick: 'Juliet' }, replyTo: ref(question.data.id) });
  const link = `https://discord.com/channels/${stage.guild.id}/${room.id}/${question.data.id}`;
  expect(saidIn(room).at(-1)?.content).toBe(`-# [↪](${link})\n\\*me\\*`);
  expect(events.filter(({ kind }) => kind === 'message').at(-1)).toMatchObject({
    content: { text: { plain: '*me*' } },
  });
});

test('nothing is sent of nothing', async () => {
  const { enters, says } = await stage.login();
  const refused = await says(await enters(stage.room), '').catch((error: unknown) => error);
  expect(refused instanceof GatewayError && refused.code).toBe('bad-value');
});

test('in threads the parent’s webhook speaks; where there may be none, the bot does with the name in front', async () => {
  const { world } = stage.discord;
  const room = world.channel(stage.guild, { name: 'stage' });
  const thread = world.thread(room, { name: 'scene', owner: world.user('director') });
  const { enters, says, session, bot } = await stage.login();
  const author = { nick: 'Juliet' };
  const scene = await enters(thread);
  await says(scene, 'in a thread', { author });
  expect(saidIn(thread)).toMatchObject([{ content: 'in a thread', author: { username: 'Juliet' } }]);
  const chat = await enters(room);
  world.permit(bot, stage.guild, usualForBots & ~May.ManageWebhooks);
  await expect.poll(() => session.puppets?.canSpeakAs(chat), { timeout: 15_000 }).toBe(false);
  await says(chat, 'by the bot', { author });
  expect(saidIn(room).at(-1)).toMatchObject({ content: '<Juliet> by the bot', author: { id: bot.user.id } });
});

test('a webhook of others has people of its own', async () => {
  const { world } = stage.discord;
  const room = world.channel(stage.guild, { name: 'relay' });
  const webhook = world.webhook(room, { name: 'IRC' });
  const { hears, enters } = await stage.login();
  await enters(room);
  const url = `${stage.discord.api}/v10/webhooks/${webhook.id}/${webhook.token}`;
  const body = JSON.stringify({ content: 'from afar', username: 'tybalt' });
  await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  expect(await hears('message')).toMatchObject({ nick: 'tybalt', by: `${webhook.id}:tybalt` });
});

test('conversations of two, both ways', async () => {
  const { world } = stage.discord;
  const fay = somebody('fay');
  const { hears, says, bot } = await stage.login();
  const said = world.whisper(fay, bot, 'psst');
  expect(await hears('message')).toMatchObject({
    chat: fay.id,
    by: fay.id,
    direct: true,
    nick: 'fay',
    ref: ref(said.data.id),
  });
  await says(chatId(fay.id), 'yes?');
  const both = world.messages(world.conversation(fay, bot)).map(({ data }) => data.content);
  expect(both).toEqual(['psst', 'yes?']);
  world.edit(said, 'pssst');
  expect(await hears('edited')).toMatchObject({ chat: fay.id });
  const gus = somebody('gus');
  world.closeDoor(gus);
  const refused = await says(chatId(gus.id), 'hey').catch((error: unknown) => error);
  expect(refused instanceof GatewayError && refused.code).toBe('not-allowed-there');
});

test('of what was deleted that was said before we came nobody is said to have done it', async () => {
  const { world } = stage.discord;
  const kit = somebody('kit');
  const first = await stage.login();
  await first.enters(stage.room);
  const said = [world.whisper(kit, first.bot, 'psst'), world.say(kit, stage.room, 'hey')];
  for (const _ of said) await first.hears('message');
  await first.end();
  const { hears, enters } = await stage.login({ bot: first.bot, resume: first.resumes.at(-1) ?? '' });
  await enters(stage.room);
  for (const one of said) {
    world.remove(one);
    const { by } = await hears('retracted', ({ target }) => target.id === one.data.id);
    expect(by).toBeUndefined();
  }
});

test('what the system says is a remark', async () => {
  const { world } = stage.discord;
  const hal = somebody('hal');
  const { hears, enters } = await stage.login();
  const chat = await enters(stage.room);
  world.say(hal, stage.room, { content: 'hal pinned a message', type: 6 });
  expect(await hears('remark')).toMatchObject({ chat });
});

test('313-09 the past, page by page, with its stamps and names', async () => {
  const { world } = stage.discord;
  const room = world.channel(stage.guild, { name: 'annals' });
  const ida = somebody('ida');
  const all = Array.from({ length: 150 }, (_, i) => world.say(ida, room, `line ${i}`));
  const { enters, session } = await stage.login();
  const chat = await enters(room);
  const { history } = session;
  const texts = (events: Awaited<ReturnType<NonNullable<typeof history>['before']>> = []): readonly string[] =>
    events.flatMap((event) => (event.kind === 'message' ? [event.content.text?.plain ?? ''] : []));
  const last = await history?.before(chat, undefined, 120);
  expect(texts(last)).toEqual(Array.from({ length: 120 }, (_, i) => `line ${i + 30}`));
  expect(last?.[0]).toMatchObject({ history: true, by: personId(ida.id), ref: ref(all[30]?.data.id ?? '') });
  expect(last?.[0]?.at.toISOString()).toBe(new Date(all[30]?.data.timestamp ?? 0).toISOString());
  expect(texts(await history?.before(chat, ref(all[3]?.data.id ?? ''), 100))).toEqual(['line 0', 'line 1', 'line 2']);
  expect(texts(await history?.after?.(chat, ref(all[147]?.data.id ?? ''), 100))).toEqual(['line 148', 'line 149']);
  const since = Date.parse(all[149]?.data.timestamp ?? '') + 1000;
  expect(await history?.after?.(chat, since, 10)).toEqual([]);
});

test('a second try looks before it speaks: what is there is not said again, what is missing of it is', async () => {
  const { world } = stage.discord;
  const room = world.channel(stage.guild, { name: 'echo' });
  const { enters, session } = await stage.login();
  const chat = await enters(room);
  const content = { text: plainText('once') };
  const key = `${Date.now()}-0`;
  const sent = await session.send(content, attempt(chat, key));
  const nothing = async (refs: readonly unknown[]) => refs.map(() => false);
  const everything = async (refs: readonly unknown[]) => refs.map(() => true);
  expect((await session.reconcile?.(attempt(chat, key, 2), content, nothing))?.refs).toEqual(sent.refs);
  expect(await session.reconcile?.(attempt(chat, key, 2), content, everything)).toBeUndefined();
  expect(await session.reconcile?.(attempt(chat, key, 2), { text: plainText('never') }, nothing)).toBeUndefined();
  // By its nonce Discord itself knows it, for a while.
  await session.send(content, attempt(chat, key, 2));
  expect(saidIn(room).map(({ content: text }) => text)).toEqual(['once']);
  const author = { nick: 'Juliet' };
  const shown = await session.send({ ...content, author }, attempt(chat, key));
  const again = await session.reconcile?.(attempt(chat, key, 2), { ...content, author }, nothing);
  expect(again?.refs).toEqual(shown.refs);
  const long = { text: plainText(Array.from({ length: 500 }, (_, i) => `word${i}`).join(' ')), author };
  const halves = await session.send(long, attempt(chat, `${Date.now()}-2`));
  await session.retractions?.retract(halves.refs[1] ?? ref(''), undefined, attempt(chat, '9-9'));
  const retry = attempt(chat, `${Date.now()}-3`, 2);
  expect(await session.reconcile?.(retry, long, nothing)).toBeUndefined();
  const whole = await session.send(long, retry);
  expect(whole.refs[0]).toEqual(halves.refs[0]);
  expect(saidIn(room)).toHaveLength(4);
});

test('moderation: thrown out, banned and let in again, silenced, the topic', async () => {
  const { guild, discord } = stage;
  const { world } = discord;
  const room = world.channel(guild, { name: 'court' });
  const { enters, session, hears } = await stage.login();
  const chat = await enters(room);
  const [joe, kim] = [somebody('joe'), somebody('kim')];
  const signal = AbortSignal.timeout(5_000);
  const act = (person: string, action: 'kick' | 'ban' | 'unban') =>
    session.rooms?.moderate?.(chat, [{ person: personId(person), action, reason: 'Why: ♥' }], signal);
  // Who is here is not banned: that is as it was wished.
  await act(joe.id, 'unban');
  await act(joe.id, 'kick');
  expect(guild.members.has(joe.id)).toBe(false);
  await session.rooms?.moderate?.(chat, [{ person: personId(kim.id), action: 'power', power: 'visitor' }], signal);
  await hears('members', ({ changes }) => changes.some((one) => one.is === 'power' && one.power === 'visitor'));
  await act(kim.id, 'ban');
  expect(await session.rooms?.banned?.(chat, signal)).toEqual([{ mask: kim.id, name: 'kim', reason: 'Why: ♥' }]);
  await act(kim.id, 'unban');
  expect(await session.rooms?.banned?.(chat, signal)).toEqual([]);
  await expect(act(kim.id, 'unban')).rejects.toMatchObject({ code: 'no-such-item' });
  await session.rooms?.topic?.(chat, 'Order!', signal);
  expect(await hears('room', ({ change }) => change.topic === 'Order!')).toMatchObject({ chat });
});

test('sending somewhere else than where we are is refused', async () => {
  const { says } = await stage.login();
  const refused = await says(roomOf(stage.room), 'hello?').catch((error: unknown) => error);
  expect(refused instanceof GatewayError && [refused.code, refused.next]).toEqual(['not-in-room', 'stop']);
});

test('a role that anybody may mention is rung, by webhooks too; others where the bot may ring all', async () => {
  const { discord, guild } = stage;
  const { world } = discord;
  const square = world.channel(guild, { name: 'square' });
  const [watch, lords] = [
    world.role(guild, { name: 'watch', mentionable: true }),
    world.role(guild, { name: 'lords', mentionable: false }),
  ];
  const { enters, says } = await stage.login();
  const chat = await enters(square);
  await says(chat, 'to arms, @watch and @lords');
  await says(chat, '@Watch!', { author: { nick: 'Juliet' } });
  expect(world.messages(square).map(({ data }) => [data.content, data.mention_roles])).toEqual([
    [`to arms, <@&${watch.id}> and @lords`, [watch.id]],
    [`<@&${watch.id}>!`, [watch.id]],
  ]);
  world.changeRole(guild, lords, { mentionable: true });
  const rings = async () => {
    await says(chat, '@lords');
    return world.messages(square).at(-1)?.data.mention_roles;
  };
  await expect.poll(rings).toEqual([lords.id]);
});

test('an emoji that the guild gets or loses while we are there is one, or none, from then on', async () => {
  const { discord, guild } = stage;
  const { world } = discord;
  const gallery = world.channel(guild, { name: 'gallery' });
  const { enters, says } = await stage.login();
  const chat = await enters(gallery);
  const cat = world.emoji(guild, 'queencat', Uint8Array.of(1));
  const said = async () => {
    await says(chat, 'a :queencat:');
    return world.messages(gallery).at(-1)?.data.content;
  };
  await expect.poll(said).toBe(`a <:queencat:${cat.id}>`);
  world.dropEmoji(guild, cat);
  await expect.poll(said).toMatch(/^a \\?:queencat\\?:$/);
});
