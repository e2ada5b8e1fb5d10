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

describe('what is told unasked', () => {
  scenario('is in the language of the last command, over a restart too, and says so', async (stage) => {
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    romeo.ignores();
    await romeo.sends("<message type='chat' id='m' xml:lang='de-AT' to='net.test'><body>info</body></message>");
    romeo.gets("<message type='chat' xml:lang='de' from='net.test'><body/></message>");
    await stage.gateway.stop('keep');
    stage.gateway.away(new GatewayError('login-refused', { text: 'SASL says no.' }));
    await stage.gateway.start();
    await stage.passes(10);
    const [told, ...others] = romeo.queue.splice(0).filter(({ name }) => name === 'message');
    expect([told?.attrs['xml:lang'], others]).toEqual(['de', []]);
    expect(textOf(child(told, 'body'))).toMatch(/^Du bist noch nicht wieder auf the fake network: SASL says no\. /);
  });

  scenario('is in the language of what entered the room, where there was no command', async (stage) => {
    const romeo = stage.client();
    await romeo.sends(
      `<presence id='j' xml:lang='de' to='${verona}/romeo'><x xmlns='http://jabber.org/protocol/muc'/></presence>`,
    );
    await stage.gateway.stop('keep');
    stage.gateway.away(new GatewayError('login-refused', { text: 'SASL says no.' }));
    await stage.gateway.start();
    await stage.passes(10);
    const told = romeo.queue.splice(0).findLast(({ name }) => name === 'message');
    expect(told?.attrs['xml:lang']).toBe('de');
  });
});
