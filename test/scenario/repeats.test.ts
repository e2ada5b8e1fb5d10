/** A network that plays its past back, without names, at every connection. */
import { expect } from 'vitest';
import { chatId, messageId, personId } from '../../src/bridge/index.ts';
import { plainText } from '../../src/core/content.ts';
import { bodyOf } from '../harness/markup.ts';
import { type Stage, scenario, verona } from './stage.ts';

scenario(
  'MSG-09 what was said twice in a past that is played back comes twice, and none of it again at the next connection',
  async (stage: Stage) => {
    await stage.inhabitant('juliet', '#verona');
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    romeo.ignores();
    const { world } = stage.gateway;
    const [by, chat] = [personId('juliet'), chatId('#verona')];
    let played = 0;
    const playsBack = async (): Promise<readonly (string | undefined)[]> => {
      for (const text of ['ay', 'me', 'ay']) {
        const ref = { id: messageId(`~${played++}`), part: 0 };
        const past = {
          kind: 'message',
          at: new Date(5_000),
          history: true,
          unnamed: true,
          chat,
          by,
          nick: 'juliet',
          ref,
        } as const;
        world.tell(by, chat, { ...past, content: { text: plainText(text) } });
      }
      await stage.calm();
      return romeo.queue.splice(0).map(bodyOf);
    };
    expect(await playsBack()).toEqual(['ay', 'me', 'ay']);
    for (const state of ['reconnecting', 'ready'] as const)
      world.tell(by, chat, { kind: 'state', at: new Date(6_000), state });
    await stage.calm();
    romeo.ignores();
    expect(await playsBack()).toEqual([]);
  },
);
