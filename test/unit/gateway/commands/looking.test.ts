/** Commands that only look: at a person, at a connection. */
import { expect, test } from 'vitest';
import { createTranslate } from '../../../../src/core/sentences.ts';
import { bodyOf } from '../../../harness/markup.ts';
import { sessionOf } from '../rooms/world.ts';
import { createCommandWorld, me, server } from './world.ts';

test('whois says that somebody is away, and GEN-10 what the bridge calls things in the language of who asks', async () => {
  const world = createCommandWorld({ translate: createTranslate({ de: { Channels: 'Kanäle', 'as {}': 'als {}' } }) });
  world.state.session = sessionOf('romeo', {
    people: {
      about: async (nick) => ({ nick, away: 'in Mantua', facts: [{ label: 'Channels', value: 'as you like it' }] }),
    },
    describe: async () => [{ label: 'Channels', value: 'as romeo' }],
  });
  const inGerman = async (line: string) =>
    (
      await world.send(
        `<message xml:lang='de' type='chat' id='m' from='${me}' to='${server}'><body>${line}</body></message>`,
      )
    )
      .map(bodyOf)
      .join();
  expect(await inGerman('whois juliet')).toBe('Nick: juliet\nAbwesend: in Mantua\nKanäle: as you like it');
  expect(await inGerman('info')).toBe('Kanäle: als romeo\nRäume: (nichts)');
  expect(await world.says('whois juliet', server)).toBe('Nick: juliet\nAway: in Mantua\nChannels: as you like it');
});
