/** What is wrong with one account is that account's: others don't notice. */
import { describe, expect } from 'vitest';
import { chatId, type GatewayError, messageId, personId, plainText } from '../../src/bridge/index.ts';
import { failed, said } from './lines.ts';
import { type Stage, scenario, verona } from './stage.ts';

const padua = '#padua@net.test';

/** Two people of ours, each in a room of their own, and one of the network in both. */
async function apart(stage: Stage) {
  const juliet = await stage.inhabitant('juliet', '#verona', 'moderator');
  await juliet.joins('#padua');
  const [romeo, mercutio] = [stage.client(), stage.client('mercutio', 'desk')];
  await romeo.joins(verona, 'romeo');
  await mercutio.joins(padua, 'mercutio');
  romeo.ignores();
  mercutio.ignores();
  return { juliet, romeo, mercutio };
}

describe('one account', () => {
  scenario('an event that nobody can render costs itself alone', async (stage) => {
    const { juliet, romeo, mercutio } = await apart(stage);
    stage.mayFail = true;
    const [by, chat] = [personId('juliet'), chatId('#verona')];
    const ref = { id: messageId('poison'), part: 0 };
    const poison = { kind: 'message', at: new Date(Number.NaN), history: true, chat, by, nick: 'juliet', ref } as const;
    stage.gateway.world.tell(by, chat, { ...poison, content: { text: plainText('poison') } });
    await stage.calm();
    await juliet.says('#verona', 'a churlish drop');
    await juliet.says('#padua', 'to thee');
    romeo.gets(said('juliet', 'a churlish drop'));
    mercutio.gets(said('juliet', 'to thee', '*', padua));
    expect(stage.gateway.errors).toHaveLength(1);
    expect(await stage.accounts()).toMatchObject({ running: 2 });
  });

  scenario('a bug of its bridge bounces the message that met it, and nothing else', async (stage) => {
    const { romeo, mercutio } = await apart(stage);
    stage.mayFail = true;
    stage.refuses('#verona', new TypeError('not a function') as unknown as GatewayError);
    await romeo.says(verona, 'one', 'm1');
    romeo.gets(failed('message', 'm1', 'cancel', 'internal-server-error'));
    stage.refuses('#verona', undefined);
    await romeo.says(verona, 'two', 'm2');
    await mercutio.says(padua, 'three', 'm3');
    romeo.gets(said('romeo', 'two', 'm2'));
    mercutio.gets(said('mercutio', 'three', 'm3', padua));
    expect(stage.gateway.errors).toHaveLength(1);
  });

  scenario('a flood in its room leaves others their turn', async (stage) => {
    const { juliet, romeo, mercutio } = await apart(stage);
    const flood = Array.from({ length: 3_000 }, (_, n) => juliet.says('#verona', `flood ${n}`));
    await mercutio.says(padua, 'a plague', 'm1');
    mercutio.gets(said('mercutio', 'a plague', 'm1', padua));
    await Promise.all(flood);
    expect(romeo.queue.filter(({ name }) => name === 'message')).toHaveLength(3_000);
    romeo.ignores();
  });
});
