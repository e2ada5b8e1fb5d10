/** Refusals, notices and what is typed are answered in the language of whoever wrote (GEN-10); English where it is not known. */
import { describe, expect } from 'vitest';
import { GatewayError } from '../../src/bridge/index.ts';
import { child, textOf } from '../harness/markup.ts';
import type { Client } from './server.ts';
import { scenario, verona } from './stage.ts';

/** Of the error that came: its text, and in which language that says to be. */
function refused(client: Client): readonly (string | undefined)[] {
  const text = child(
    child(
      client.queue.splice(0).find(({ attrs }) => attrs.type === 'error'),
      'error',
    ),
    'text',
  );
  return [text?.attrs['xml:lang'], textOf(text)];
}

describe.each([
  ['de', 'de', 'Du bist nicht in diesem Raum'],
  ['de-CH', 'de', 'Du bist nicht in diesem Raum'],
  ['fr', 'en', 'You are not in this room'],
])('%s', (asked, lang, text) => {
  scenario(`GEN-10 a message to a room that one is not in: ${text}`, async (stage) => {
    await stage.inhabitant('juliet', '#verona');
    const romeo = stage.client();
    const message = `<message type='groupchat' id='m' xml:lang='${asked}' to='${verona}'><body>Ay</body></message>`;
    await romeo.sends(message);
    expect(refused(romeo)).toEqual([lang, text]);
    await romeo.joins('#mantua@net.test', 'romeo');
    romeo.ignores();
    await romeo.sends(message);
    expect(refused(romeo)).toEqual([lang, text]);
  });
});

scenario('GEN-10 what the network says itself stays as it is', async (stage) => {
  await stage.inhabitant('juliet', '#verona');
  stage.refuses('#verona', new GatewayError('banned', { text: 'Begone, varlet' }));
  const romeo = stage.client();
  await romeo.sends(
    `<presence id='j' xml:lang='de' to='${verona}/romeo'><x xmlns='http://jabber.org/protocol/muc'/></presence>`,
  );
  expect(refused(romeo)).toEqual(['en', 'Begone, varlet']);
});
