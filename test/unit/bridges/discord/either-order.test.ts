/** What Discord answers and what its gateway tells of the same come in either order, by seconds. */
import { expect, test } from 'vitest';
import type { Member, NetworkEvent } from '../../../../src/bridge/index.ts';
import { useStage } from './stage.ts';

const stage = useStage();

/** The next call of that kind is done, and answered when that is called. Resolves when it is done. */
async function answersLate(method: string, path: string, doing: () => unknown): Promise<() => void> {
  const { discord } = stage;
  const laid = discord.lay({ method, path: new RegExp(`^${path}$`), times: 1, mishap: { kind: 'late' } });
  doing();
  await discord.exchanges.take((one) => one.method === method && one.path === path, path);
  return laid.lift;
}

const nicksIn = ({ changes }: Extract<NetworkEvent, { kind: 'members' }>): readonly string[] =>
  changes.flatMap((change): readonly Member[] => (change.is === 'in' ? [change.member] : [])).map(({ nick }) => nick);

test('MSG-09 what a webhook had half said before it was refused goes on by the bot, though the gateway has told nothing of it yet', async () => {
  const { discord, guild } = stage;
  const { world, lay } = discord;
  const room = world.channel(guild, { name: 'balcony' });
  const { enters, says, hears, bot } = await stage.login();
  const chat = await enters(room);
  const release = discord.hold();
  const path = /^\/webhooks\//;
  lay({ path, times: 1, mishap: { kind: 'delay', ms: 0 } });
  const refusal = lay({ path, times: 1, mishap: { kind: 'status', status: 403, code: 50013 } });
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

test('45-30 a thread that is spoken in while it is asked for as an archived one is entered as it is by now', async () => {
  const { discord, guild, room } = stage;
  const { world } = discord;
  const ann = world.user('ann');
  world.join(ann, guild);
  const thread = world.thread(room, { name: 'old plans', owner: ann });
  world.changeThread(thread, { archived: true });
  const { enters, hears, bot } = await stage.login();
  let entered: Promise<unknown> = Promise.resolve();
  const answer = await answersLate('GET', `/channels/${thread.id}`, () => {
    entered = enters(thread);
  });
  world.say(ann, thread, 'awake!');
  await discord.heeded(bot);
  answer();
  await entered;
  expect(nicksIn(await hears('members', ({ complete }) => complete === true))).toContain('ann');
});

/** A thread in a guild of its own, which that bot is entering: Discord has said who is in it, and the answer is on its way. */
async function entering(name: string) {
  const { discord, login } = stage;
  const { world } = discord;
  const owner = world.user(`owner of ${name}`);
  const guild = world.guild(name, owner);
  const thread = world.thread(world.find(guild, 'general'), { name: 'plans', owner });
  const bot = world.bot(`envoy to ${name}`);
  world.invite(bot, guild);
  const session = await login({ bot });
  let entered: Promise<unknown> = Promise.resolve();
  const answer = await answersLate('GET', `/channels/${thread.id}/thread-members`, () => {
    entered = session.enters(thread);
  });
  return { ...session, guild, owner, answer, entered: entered.catch((error: unknown) => error) };
}

test('45-30 a room of a guild that puts the bot out while it comes in is not entered', async () => {
  const { discord } = stage;
  const { guild, bot, owner, answer, entered } = await entering('Mantua');
  discord.world.kick(bot.user, guild, owner);
  await discord.heeded(bot);
  answer();
  expect(await entered).toMatchObject({ code: 'not-allowed-there' });
});

test('45-30 who is in a thread is known though its guild was told anew before the answer came', async () => {
  const { discord } = stage;
  const { guild, bot, owner, answer, entered, hears } = await entering('Padua');
  discord.world.setAvailable(guild, false);
  discord.world.setAvailable(guild, true);
  await discord.heeded(bot);
  answer();
  await entered;
  expect(nicksIn(await hears('members', ({ complete }) => complete === true))).toContain(owner.username);
});

test('425-02 what the bot has said and a moderator deletes is told as theirs, though the answer is not there yet', async () => {
  const { discord, guild } = stage;
  const { world } = discord;
  const room = world.channel(guild, { name: 'market' });
  const mod = world.user('market mod');
  world.join(mod, guild);
  const { enters, says, hears } = await stage.login();
  const chat = await enters(room);
  let said: Promise<unknown> = Promise.resolve();
  const answer = await answersLate('POST', `/channels/${room.id}/messages`, () => {
    said = says(chat, 'buy my potions');
  });
  await hears('message');
  for (const message of world.messages(room)) world.remove(message, mod, 'no potions');
  expect(await hears('retracted')).toMatchObject({ by: mod.id, reason: 'no potions' });
  answer();
  await said;
});
