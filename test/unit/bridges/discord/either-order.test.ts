/** What Discord answers and what its gateway tells of the same come in either order, by seconds. */
import { expect, test } from 'vitest';
import { useStage } from './stage.ts';

const stage = useStage();

test('MSG-09 what a webhook had half said before it was refused goes on by the bot, though the gateway has told nothing of it yet', async () => {
  const { discord, guild } = stage;
  const { world, lay } = discord;
  const room = world.channel(guild, { name: 'balcony' });
  const { enters, says, hears, bot } = await stage.login();
  const chat = await enters(room);
  const release = discord.hold();
  const path = /^\/webhooks\//;
  lay({ path, times: 1, mishap: { kind: 'delay', ms: 0 } });
  const refusal = lay({ path, times: 1, mishap: { kind: 'status', status: 403 } });
  const words = Array.from({ length: 500 }, (_, i) => `word${i}`);
  const saying = says(chat, words.join(' '), { author: { nick: 'Juliet' } });
  await expect.poll(() => world.messages(room).length).toBeGreaterThan(1);
  release();
  const { refs } = await saying;
  const said = world.messages(room).map(({ data }) => data);
  expect([said.map(({ author }) => author.username), refusal.met]).toEqual([['Juliet', bot.user.username], 1]);
  expect(said.filter(({ content }) => content.includes('word0 '))).toHaveLength(1);
  expect(refs.map(({ id }) => id)).toEqual(said.map(({ id }) => id));
  expect(await hears('message')).toMatchObject({ refs });
});
