/** What was said before we came: whose it is, and by whom it can be changed. */
import { expect, test } from 'vitest';
import { chatId, deliveryKey, messageId, type NetworkEvent, plainText } from '../../../../src/bridge/index.ts';
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

test('a thread that begins at a message of its channel begins with it, by whoever said it', async () => {
  const { world } = stage.discord;
  const room = world.channel(stage.guild, { name: 'hall' });
  const [romeo, nurse] = [world.user('romeo'), world.user('nurse')];
  for (const one of [romeo, nurse]) world.join(one, stage.guild);
  const reply = world.say(nurse, room, 'Madam');
  const asked = world.say(romeo, room, { content: 'What is her mother?', reply });
  const thread = world.thread(room, { name: 'mothers', owner: nurse, from: asked });
  world.say(nurse, thread, 'Her mother is the lady of the house');
  const gone = world.say(romeo, room, 'O dear account!');
  const other = world.thread(room, { name: 'accounts', owner: nurse, from: gone });
  world.remove(gone);
  const { enters, session } = await stage.login();
  const past = async (where: typeof room) =>
    (await session.history?.before?.(await enters(where), undefined, 10))?.map((event) =>
      event.kind === 'message' ? [event.nick, event.content.text?.plain, event.content.replyTo] : event,
    );
  expect(await past(thread)).toEqual([
    ['romeo', 'What is her mother?', undefined],
    ['nurse', 'Her mother is the lady of the house', undefined],
  ]);
  expect(await past(other)).toEqual([]);
});

test('behind a hundred lines of Discord’s own about who has come, what was said is found, both ways', async () => {
  const { world } = stage.discord;
  const room = world.channel(stage.guild, { name: 'gates' });
  const sampson = world.user('Sampson');
  const first = world.say(sampson, room, 'Gregory');
  for (let i = 0; i < 120; i++) world.say(sampson, room, { content: '', type: 7 });
  const last = world.say(sampson, room, 'on my word');
  const { enters, session } = await stage.login();
  const chat = await enters(room);
  const texts = (events: readonly NetworkEvent[] = []) =>
    events.flatMap((event) => (event.kind === 'message' ? [event.content.text?.plain] : [event.kind]));
  const refOf = ({ data: { id } }: typeof last) => ({ id: messageId(id), part: 0 });
  expect(texts(await session.history?.after?.(chat, refOf(first), 100))).toEqual(['on my word']);
  expect(texts(await session.history?.before?.(chat, refOf(last), 100))).toEqual(['Gregory']);
  // Clients ask for a few at once.
  expect(texts(await session.history?.before?.(chat, refOf(last), 5))).toEqual(['Gregory']);
});
