/** Where nobody can be shown by their own name: channels with as many webhooks as they hold, names that Discord does not take. The bot says it, with the name in front. */
import { expect, test } from 'vitest';
import { quick } from '../../../harness/discord/settings.ts';
import { useStage } from './stage.ts';

const stage = useStage({ ...quick, webhooksPerChannel: 3, forbiddenNames: ['clyde', 'discord', 'montague'] });

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
