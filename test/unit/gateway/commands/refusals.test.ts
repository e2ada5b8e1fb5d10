/** What refuses a command, in the language of whoever ran it (GEN-10). By chat: chat.test.ts. */
import { expect, test } from 'vitest';
import { GatewayError } from '../../../../src/core/errors.ts';
import type { Element } from '../../../../src/xml/element.ts';
import { createCommandWorld, me, ns, read, server, submit } from './world.ts';

test('GEN-10 050-08 what ends a command is told in the language of whoever asks, where that is known', async () => {
  const world = createCommandWorld({ translate: (text) => (text === 'Say please' ? 'Sag bitte' : undefined) });
  const refuses = async (text: string, lang: string) => {
    world.state.refuses = new GatewayError('queue-full', { text });
    const step = async (attrs: string, inside = '') => {
      const command = `<command xmlns='${ns}' node='configure' ${attrs}>${inside}</command>`;
      const [answer] = await world.send(
        `<iq type='set' id='q' from='${me}' to='${server}' xml:lang='${lang}'>${command}</iq>`,
      );
      return read(answer as Element);
    };
    const { id } = await step('');
    return (await step(`sessionid='${id}'`, submit({ nick: 'benvolio' }))).notes;
  };
  expect(await refuses('At most 50 accounts here: remove one first', 'de')).toEqual([
    'error: Höchstens 50 Konten hier: entferne erst eines',
  ]);
  expect(await refuses('Say please', 'de-AT')).toEqual(['error: Sag bitte']);
  expect(await refuses('Begone, varlet', 'de')).toEqual(['error: Begone, varlet']);
  expect(await refuses('At most 50 accounts here: remove one first', 'fr')).toEqual([
    'error: At most 50 accounts here: remove one first',
  ]);
});
