/** Answers of bots that have to think: the message is there at once and says nothing, and what it says comes as a change that nobody has made by hand. */
import type { MessageFlags } from 'discord-api-types/v10';
import { expect, test } from 'vitest';
import { post, updated } from '../../../harness/discord/deeds/messages.ts';
import { useStage } from './stage.ts';

const stage = useStage();
const loading = 1 << 7;
const command = { type: 20 as never, flags: loading };

function dealer() {
  const { world } = stage.discord;
  const bot = world.bot('dealer');
  world.invite(bot, stage.guild);
  return bot.user;
}

test('what a bot says to a command when it has thought is told once, when it has said it', async () => {
  const { world, state } = stage.discord;
  const bot = dealer();
  const { enters, hears, events } = await stage.login();
  const chat = await enters(stage.room);
  const message = world.say(bot, stage.room, command);
  const ann = world.user('ann');
  world.join(ann, stage.guild);
  world.say(ann, stage.room, 'well?');
  await hears('message', ({ nick }) => nick === 'ann');
  message.data.content = 'A four and a six.';
  message.data.flags = 0 as MessageFlags;
  updated(state, message);
  expect(await hears('message', ({ by }) => by === bot.id)).toMatchObject({
    chat,
    ref: { id: message.data.id },
    content: { text: { plain: 'A four and a six.' } },
  });
  updated(state, message);
  world.edit(message, 'A five and a six.');
  expect(await hears('edited')).toMatchObject({ content: { text: { plain: 'A five and a six.' } } });
  expect(events.filter((event) => event.kind === 'message' && event.by === bot.id)).toHaveLength(1);
});

test('so is what it was thinking about when somebody came in', async () => {
  const { world, state } = stage.discord;
  const room = world.channel(stage.guild, { name: 'table' });
  const bot = dealer();
  const message = world.say(bot, room, command);
  const { enters, hears, session } = await stage.login();
  const chat = await enters(room);
  expect(await session.history?.before?.(chat, undefined, 10)).toEqual([]);
  message.data.content = 'Snake eyes.';
  message.data.flags = 0 as MessageFlags;
  updated(state, message);
  expect(await hears('message')).toMatchObject({ by: bot.id, content: { text: { plain: 'Snake eyes.' } } });
});

test('what our own bot answers to commands, which another program does, is told as the bot’s; what one person alone is shown is not', async () => {
  const { state, world } = stage.discord;
  const { bot, enters, hears, says, events } = await stage.login();
  const chat = await enters(stage.room);
  const speaker = { user: bot.user, webhookId: bot.id, applicationId: bot.id };
  const answer = { channel: stage.room, speaker, everyone: false, type: 20 as never };
  post(state, { ...answer, content: 'for you alone', flags: 1 << 6 });
  const message = post(state, { ...answer, content: 'Heads.' });
  expect(await hears('message')).toMatchObject({ chat, by: bot.user.id, content: { text: { plain: 'Heads.' } } });
  await says(chat, 'by the bot');
  expect(world.messages(stage.room).at(-1)?.data.content).toBe('by the bot');
  world.remove(message);
  expect(await hears('retracted')).toMatchObject({ by: bot.user.id });
  expect(events.filter(({ kind }) => kind === 'message')).toHaveLength(2);
});
