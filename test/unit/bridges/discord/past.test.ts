/** What was said before we came: whose it is, and by whom it can be changed. */
import { expect, test } from 'vitest';
import { chatId, deliveryKey, plainText } from '../../../../src/bridge/index.ts';
import { useStage } from './stage.ts';

const stage = useStage();

test('what a webhook’s speaker had said is taken back by themselves', async () => {
  const { world } = stage.discord;
  const webhook = world.webhook(stage.room, { name: 'elsewhere' });
  const message = world.speak(webhook, 'Paris', 'These times of woe');
  const { enters, hears, session } = await stage.login();
  const chat = await enters(stage.room);
  const [past] = (await session.history?.before?.(chat, undefined, 10)) ?? [];
  expect(past).toMatchObject({ kind: 'message', by: `${webhook.id}:Paris` });
  world.remove(message);
  expect(await hears('retracted')).toMatchObject({ by: `${webhook.id}:Paris` });
});

test('what our webhook had said is corrected and taken back by it, where it was fetched as the past', async () => {
  const room = stage.discord.world.channel(stage.guild, { name: 'orchard' });
  const author = { nick: 'Juliet' };
  const first = await stage.login();
  const { refs } = await first.says(await first.enters(room), 'teh', { author });
  const [target] = refs;
  if (target === undefined) throw new Error('nothing was said');
  await first.end();
  const { enters, session } = await stage.login({ bot: first.bot });
  const chat = await enters(room);
  expect(await session.history?.before?.(chat, undefined, 10)).toHaveLength(1);
  const to = { chat: chatId(chat), key: deliveryKey('9-9'), number: 1, signal: AbortSignal.timeout(10_000) };
  await session.edits?.edit(target, { text: plainText('the'), author }, to);
  const said = () => stage.discord.world.messages(room).map(({ data }) => data.content);
  expect(said()).toEqual(['the']);
  await session.retractions?.retract(target, undefined, to);
  expect(said()).toEqual([]);
});
