/** What is done to messages, and what becomes of it where IRC has no words for it. */
import { expect } from 'vitest';
import type { Element } from '../../../src/xml/element.ts';
import { bodyOf, child, textOf } from '../../harness/markup.ts';
import { scenario, theme } from '../../harness/scenario.ts';

const sid = 'urn:xmpp:sid:0';

const stanzaId = (stanza: Element): string => child(stanza, 'stanza-id', sid)?.attrs.id ?? '';

export const doneToMessages = theme('what is done to messages', [
  scenario('308-01 a correction is said in a way that IRC people recognise', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    romeo.client.say(stage.room, 'parting is such sweat sorrow', 'wrong');
    await juliet.hears(romeo, 'parting is such sweat sorrow');
    romeo.client.send(
      `<message type='groupchat' id='right' to='${stage.room}'><body>parting is such sweet sorrow</body><replace xmlns='urn:xmpp:message-correct:0' id='wrong'/></message>`,
    );
    const text = await juliet.hears(romeo, /sweet/);
    expect(text).not.toBe('parting is such sweet sorrow');
    const told = await romeo.client.receive(
      `<message type='groupchat' from='${stage.room}/${romeo.nick}'><replace xmlns='urn:xmpp:message-correct:0' id='wrong'/></message>`,
    );
    expect(bodyOf(told)).toBe('parting is such sweet sorrow');
  }),

  scenario(
    '428-01 a reply where IRC has none still says whom it answers',
    async (stage) => {
      const { romeo, juliet } = await stage.pair();
      juliet.says('art thou not Romeo');
      const said = await romeo.hears(juliet, 'art thou not Romeo');
      const quote = '> art thou not Romeo\n';
      romeo.client.send(
        `<message type='groupchat' id='re' to='${stage.room}'><body>${quote.replace('>', '&gt;')}neither, fair saint</body><reply xmlns='urn:xmpp:reply:0' to='${stage.room}/${juliet.nick}' id='${stanzaId(said)}'/><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body start='0' end='${quote.length}'/></fallback></message>`,
      );
      const text = await juliet.hears(romeo, /neither, fair saint$/);
      expect(text).toContain(juliet.nick);
      expect(text).not.toContain('\n');
    },
    { modern: 'there it is a reply' },
  ),

  scenario('380-01 an encrypted message is never forwarded, and its sender is told once', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    romeo.client.send(
      `<message type='groupchat' id='omemo' to='${stage.room}'><encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='1'/><payload>c2VjcmV0</payload></encrypted><encryption xmlns='urn:xmpp:eme:0' namespace='eu.siacs.conversations.axolotl' name='OMEMO'/><body>I sent you an OMEMO encrypted message</body></message>`,
    );
    const error = await romeo.client.receive(`<message type='error' id='omemo'/>`);
    expect(textOf(child(child(error, 'error'), 'text'))).not.toBe('');
    romeo.says('in the open');
    await juliet.hears(romeo, 'in the open');
    expect(juliet.client.seen(/OMEMO|c2VjcmV0/)).toEqual([]);
  }),
]);
