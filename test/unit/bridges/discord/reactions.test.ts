/** What is reacted with, as Discord has it. */
import { expect, test } from 'vitest';
import { deliveryKey, messageId } from '../../../../src/bridge/index.ts';
import { useStage } from './stage.ts';

const stage = useStage();

test('444-05 an emoji is Discord’s whether or not it asks for colours, and is taken back however it was written', async () => {
  const { enters, says, session } = await stage.login();
  const chat = await enters(stage.room);
  const [said = { id: messageId(''), part: 0 }] = (await says(chat, 'vote')).refs;
  const to = { chat, key: deliveryKey('9-9'), number: 1, signal: AbortSignal.timeout(10_000) };
  const shown = () => {
    const message = stage.discord.world.messages(stage.room).find(({ data }) => data.id === said.id);
    return [...(message?.reactions.values() ?? [])].map(({ emoji }) => emoji.name);
  };
  await session.reactions?.react(said, ['\u{1f44d}\ufe0f', '\u2764', '\u{1f3f3}\u200d\u{1f308}', '1\u20e3'], to, []);
  const all = ['\u{1f44d}', '\u2764\ufe0f', '\u{1f3f3}\ufe0f\u200d\u{1f308}', '1\ufe0f\u20e3'];
  expect(shown()).toEqual(all);
  await session.reactions?.react(said, ['\u2764\ufe0f'], to, all.slice(0, 1).concat('\u2764', all.slice(2)));
  expect(shown()).toEqual(['\u2764\ufe0f']);
});
