/** Where nobody can be shown by their own name: channels with as many webhooks as they hold, names that Discord does not take. The bot says it, with the name in front. */
import { PermissionFlagsBits as May } from 'discord-api-types/v10';
import { expect, test } from 'vitest';
import { deliveryKey, messageId, plainText } from '../../../../src/bridge/index.ts';
import { changeWebhook } from '../../../harness/discord/deeds/webhooks.ts';
import { quick } from '../../../harness/discord/settings.ts';
import { useStage } from './stage.ts';

const stage = useStage({
  ...quick,
  webhooksPerChannel: 3,
  webhooksPerGuild: 8,
  forbiddenNames: ['clyde', 'discord', 'montague'],
});

test('a channel that holds no more webhooks is asked for one again when something is different about them', async () => {
  const { discord, guild } = stage;
  const { world, exchanges } = discord;
  const full = world.channel(guild, { name: 'full' });
  const [first] = ['one', 'two', 'three'].map((name) => world.webhook(full, { name }));
  const { enters, says } = await stage.login();
  const chat = await enters(full);
  for (const text of ['a', 'b', 'c']) await says(chat, text, { author: { nick: 'Juliet' } });
  const made = () =>
    exchanges.all.filter(({ method, path }) => method === 'POST' && path === `/channels/${full.id}/webhooks`);
  expect(world.messages(full).map(({ data }) => data.content)).toEqual(['<Juliet> a', '<Juliet> b', '<Juliet> c']);
  expect(made()).toHaveLength(1);
  if (first !== undefined) world.deleteWebhook(first);
  const said = async () => {
    await says(chat, 'd', { author: { nick: 'Juliet' } });
    return world.messages(full).at(-1)?.data.author.username;
  };
  await expect.poll(said).toBe('Juliet');
});

test('whose name Discord does not take is named by the bot, and so is what they say next', async () => {
  const { discord, guild } = stage;
  const { world, exchanges } = discord;
  const street = world.channel(guild, { name: 'street' });
  const { enters, says } = await stage.login();
  const chat = await enters(street);
  for (const text of ['a', 'b']) await says(chat, text, { author: { nick: 'Romeo Montague' } });
  await says(chat, 'c', { author: { nick: 'Juliet' } });
  expect(world.messages(street).map(({ data }) => data.content)).toEqual([
    '<Romeo Montague> a',
    '<Romeo Montague> b',
    'c',
  ]);
  expect(exchanges.all.filter(({ path, status }) => path.startsWith('/webhooks/') && status === 400)).toHaveLength(1);
});

test('where only a few may speak, and the bot is none of them, nobody speaks by it, under no name', async () => {
  const { discord, guild } = stage;
  const { world } = discord;
  const decrees = world.channel(guild, { name: 'decrees' });
  const answers = world.thread(decrees, { name: 'answers', owner: world.user('herald') });
  world.rule(decrees, { of: 'everyone', deny: May.SendMessages });
  const { enters, says, session } = await stage.login();
  const texts = (where: typeof decrees) => world.messages(where).map(({ data }) => data.content);
  const said = 'Never was a story';
  const [closed, open] = [await enters(decrees), await enters(answers)];
  expect([closed, open].map((chat) => session.puppets?.canSpeakAs(chat))).toEqual([false, true]);
  const refused = says(closed, said, { author: { nick: 'Juliet' } });
  await expect(refused).rejects.toMatchObject({ code: 'not-allowed-there' });
  await says(open, said, { author: { nick: 'Juliet' } });
  expect([texts(decrees).includes(said), texts(answers)]).toEqual([false, [said]]);
});

test('what was said by a webhook that is no more is taken back by the bot, before and after a restart, or not at all', async () => {
  const { discord, guild } = stage;
  const { world } = discord;
  const { bot, ...first } = await stage.login();
  const vault = world.channel(guild, { name: 'vault' });
  const chat = await first.enters(vault);
  const author = { nick: 'Juliet' };
  const [one, two, three] = [
    await first.says(chat, 'one', { author }),
    await first.says(chat, 'two', { author }),
    await first.says(chat, 'three', { author }),
  ].map(({ refs: [ref] }) => ref);
  const texts = () => world.messages(vault).map(({ data }) => data.content);
  for (const webhook of world.webhooks(vault)) world.deleteWebhook(webhook);
  const takesBack = ({ session }: Pick<typeof first, 'session'>, ref = one) =>
    session.retractions?.retract(ref ?? { id: messageId(''), part: 0 }, undefined, {
      chat,
      key: deliveryKey('1-1'),
      number: 1,
      signal: AbortSignal.timeout(5_000),
    });
  await takesBack(first, one);
  expect(texts()).toEqual(['two', 'three']);
  await first.end();
  const again = await stage.login({ bot });
  await again.enters(vault);
  await takesBack(again, two);
  expect([texts(), world.webhooks(vault)]).toEqual([['three'], []]);
  world.rule(vault, { of: bot.user, deny: May.ManageMessages });
  await expect(takesBack(again, three)).rejects.toMatchObject({ code: 'not-allowed-there' });
  expect(texts()).toEqual(['three']);
});

test('what was said by a webhook that is in another channel by now is taken back by the bot', async () => {
  const { discord, guild } = stage;
  const { world } = discord;
  const [hall, yard] = [world.channel(guild, { name: 'hall' }), world.channel(guild, { name: 'yard' })];
  const { enters, says, session, hears } = await stage.login();
  const chat = await enters(hall);
  const [ref = { id: messageId(''), part: 0 }] = (await says(chat, 'a', { author: { nick: 'Juliet' } })).refs;
  const [webhook] = world.webhooks(hall);
  if (webhook !== undefined) changeWebhook(discord.state, webhook, { channel: yard });
  const servant = world.user('servant');
  world.join(servant, guild);
  world.say(servant, hall, 'all is moved');
  await hears('message', ({ by }) => by === servant.id);
  const to = { chat, key: deliveryKey('1-1'), number: 1, signal: AbortSignal.timeout(5_000) };
  await session.retractions?.retract(ref, undefined, to);
  expect(world.messages(hall).map(({ data }) => data.content)).toEqual(['all is moved']);
});

test('in a guild that holds no more webhooks the bot says it, until there is one less', async () => {
  const { discord } = stage;
  const { world, exchanges } = discord;
  const guild = world.guild('Mantua', world.user('gonzaga'));
  const [street, shop, ...others] = ['street', 'shop', 'gate', 'bridge', 'mill', 'well'].map((name) =>
    world.channel(guild, { name }),
  );
  const all = others.flatMap((one) => ['a', 'b'].map((name) => world.webhook(one, { name })));
  const bot = world.bot('apothecary');
  world.invite(bot, guild);
  const { enters, says } = await stage.login({ bot });
  if (street === undefined || shop === undefined) throw new Error('there is no street');
  const chat = await enters(street);
  for (const text of ['a', 'b']) await says(chat, text, { author: { nick: 'Romeo' } });
  await says(await enters(shop), 'c', { author: { nick: 'Romeo' } });
  const lines = (where: typeof street) => world.messages(where).map(({ data }) => data.content);
  expect([...lines(street), ...lines(shop)]).toEqual(['<Romeo> a', '<Romeo> b', '<Romeo> c']);
  const made = [street, shop].map(({ id }) => `/channels/${id}/webhooks`);
  expect(exchanges.all.filter(({ method, path }) => method === 'POST' && made.includes(path))).toHaveLength(1);
  if (all[0] !== undefined) world.deleteWebhook(all[0]);
  const said = async () => {
    await says(chat, 'd', { author: { nick: 'Romeo' } });
    return world.messages(street).at(-1)?.data.author.username;
  };
  await expect.poll(said).toBe('Romeo');
});

test('a webhook that has another token by now speaks by that, and the bot’s own is not taken for refused', async () => {
  const { discord, guild } = stage;
  const { world } = discord;
  const masque = world.channel(guild, { name: 'masque' });
  const { enters, says, session, events, bot } = await stage.login();
  const chat = await enters(masque);
  const author = { nick: 'Juliet' };
  await says(chat, 'a', { author });
  // That there is a webhook now is told behind its making, and has it looked for once more.
  await discord.heeded(bot);
  const [ref = { id: messageId(''), part: 0 }] = (await says(chat, 'b', { author })).refs;
  const [webhook] = world.webhooks(masque);
  Object.assign(webhook ?? {}, { token: 'another' });
  const to = { chat, key: deliveryKey('1-1'), number: 1, signal: AbortSignal.timeout(5_000) };
  const correcting = session.edits?.edit(ref, { text: plainText('B'), author }, to);
  await expect(correcting).rejects.toMatchObject({ code: 'no-such-item' });
  await says(chat, 'c', { author });
  expect(world.messages(masque).map(({ data }) => data.author.username)).toEqual(['Juliet', 'Juliet', 'Juliet']);
  expect(world.webhooks(masque)).toHaveLength(1);
  expect(events.filter(({ kind }) => kind === 'state')).toEqual([]);
});

test('in a thread that is locked nobody speaks by a bot that does not keep the threads, until it is open again', async () => {
  const { discord, guild } = stage;
  const { world } = discord;
  const capulet = world.user('capulet');
  world.join(capulet, guild);
  const feuds = world.channel(guild, { name: 'feuds' });
  const feud = world.thread(feuds, { name: 'feud', owner: capulet });
  const { enters, says, session, hears, bot } = await stage.login();
  world.rule(feuds, { of: bot.user, deny: May.ManageThreads });
  const chat = await enters(feud);
  const author = { nick: 'Juliet' };
  await says(chat, 'peace', { author });
  world.changeThread(feud, { locked: true });
  const is = (power: string) =>
    hears('members', ({ changes }) => changes.some((one) => one.is === 'power' && one.power === power));
  await is('visitor');
  expect(session.puppets?.canSpeakAs(chat)).toBe(false);
  await expect(says(chat, 'no peace', { author })).rejects.toMatchObject({ code: 'not-allowed-there' });
  world.changeThread(feud, { locked: false });
  await is('participant');
  await says(chat, 'peace again', { author });
  expect(world.messages(feud).map(({ data }) => data.content)).toEqual(['peace', 'peace again']);
});
