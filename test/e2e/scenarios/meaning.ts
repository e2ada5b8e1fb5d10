/** More than plain text: formatting, corrections, answers, reactions, files, and what is encrypted. */
import { expect } from 'vitest';
import { bodyOf, child, conditionOf } from '../../harness/markup.ts';
import { scenario, theme } from '../../harness/scenario.ts';

const sid = 'urn:xmpp:sid:0';
const nameOf = (stanza: Parameters<typeof child>[0]): string => child(stanza, 'stanza-id', sid)?.attrs.id ?? '';

export const meaning = theme('meaning', [
  scenario(
    '393-01 393-02 394-01 formatting goes both ways, the body is clean, and stars that mean nothing are said to',
    async (stage) => {
      const { romeo, juliet } = await stage.pair();
      romeo.says('so *bold* and _fine_');
      await juliet.hears(romeo, 'so \x02*bold*\x02 and \x1d_fine_\x1d');
      await romeo.hears(romeo, 'so *bold* and _fine_');
      juliet.says('so \x02bold\x02 and \x1dfine\x1d');
      const said = await romeo.hears(juliet, 'so bold and fine');
      const spans = child(said, 'markup', 'urn:xmpp:markup:0')?.children ?? [];
      expect(spans.map((span) => (typeof span === 'string' ? '' : `${span.attrs.start}-${span.attrs.end}`))).toEqual([
        '3-7',
        '12-16',
      ]);
      juliet.says('rm *.o*');
      expect(child(await romeo.hears(juliet, 'rm *.o*'), 'unstyled', 'urn:xmpp:styling:0')).toBeDefined();
    },
  ),

  scenario('308-02 308-03 a correction is marked on IRC, and in its place here', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const id = romeo.says('but sort');
    romeo.client.send(
      `<message type='groupchat' id='${id}b' to='${stage.room}'><body>but soft</body><replace xmlns='urn:xmpp:message-correct:0' id='${id}'/></message>`,
    );
    await juliet.hears(romeo, '[edited] but soft');
    const corrected = await romeo.hears(romeo, 'but soft');
    expect(child(corrected, 'replace', 'urn:xmpp:message-correct:0')?.attrs.id).toBe(id);
    expect(corrected.attrs.id).toBe(`${id}b`);
  }),

  scenario('461-01 428-02 an answer names who is answered, and keeps its quotation here', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    juliet.says('wherefore art thou?');
    const name = nameOf(await romeo.hears(juliet, 'wherefore art thou?'));
    romeo.client.send(
      `<message type='groupchat' id='answer' to='${stage.room}'><body>&gt; wherefore?\nhere</body><reply xmlns='urn:xmpp:reply:0' to='${stage.room}/${juliet.nick}' id='${name}'/><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body start='0' end='13'/></fallback></message>`,
    );
    await juliet.hears(romeo, `${juliet.nick}: here`);
    const own = await romeo.hears(romeo, '> wherefore?\nhere');
    expect(child(own, 'reply', 'urn:xmpp:reply:0')?.attrs.id).toBe(name);
  }),

  scenario(
    '424-03 what can not be taken back comes back',
    async (stage) => {
      const { romeo, juliet } = await stage.pair();
      romeo.says('a secret');
      const name = nameOf(await romeo.hears(romeo, 'a secret'));
      romeo.client.send(
        `<message type='groupchat' id='take-back' to='${stage.room}'><retract xmlns='urn:xmpp:message-retract:1' id='${name}'/></message>`,
      );
      const error = await romeo.client.receive(`<message type='error' id='take-back' from='${stage.room}'/>`);
      expect(conditionOf(error)).toBe('feature-not-implemented');
      await juliet.hears(romeo, 'a secret');
    },
    { modern: 'it can be taken back there' },
  ),

  scenario(
    '444-01 a reaction is seen by all clients, and on IRC by everybody or by those who know it',
    async (stage) => {
      const { romeo, juliet } = await stage.pair();
      juliet.says('they won!');
      const name = nameOf(await romeo.hears(juliet, 'they won!'));
      romeo.client.send(
        `<message type='groupchat' id='cheer' to='${stage.room}'><reactions xmlns='urn:xmpp:reactions:0' id='${name}'><reaction>🎉</reaction></reactions></message>`,
      );
      const seen = await romeo.client.receive(
        `<message type='groupchat' id='cheer' from='${stage.room}/${romeo.nick}'/>`,
      );
      expect(child(seen, 'reactions', 'urn:xmpp:reactions:0')?.attrs.id).toBe(name);
      romeo.says('the end');
      await juliet.hears(romeo, 'the end');
      const words = juliet.client.seen(/reacted with 🎉 to .*: “they won!”/);
      expect(words.length).toBe(['ngircd', 'hybrid', 'plain'].includes(stage.world.ircd.name) ? 1 : 0);
    },
  ),

  scenario('447-10 066-01 a file is a line with its name and size', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const url = 'https://example.org/4a77/x';
    romeo.client.send(
      `<message type='groupchat' id='file' to='${stage.room}'><body>${url}</body><x xmlns='jabber:x:oob'><url>${url}</url></x><file-sharing xmlns='urn:xmpp:sfs:0'><file xmlns='urn:xmpp:file:metadata:0'><name>cat.png</name><size>1234567</size></file><sources><url-data xmlns='http://jabber.org/protocol/url-data' target='${url}'/></sources></file-sharing></message>`,
    );
    await juliet.hears(romeo, `cat.png (1.2 MB): ${url}`);
    expect(bodyOf(await romeo.hears(romeo, url))).toBe(url);
  }),

  scenario('380-01 380-02 what is encrypted comes back, and why is said once', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    for (const id of ['e1', 'e2']) {
      romeo.client.send(
        `<message type='groupchat' id='${id}' to='${stage.room}'><encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='1'/><payload>x</payload></encrypted><body>I sent you an OMEMO encrypted message</body></message>`,
      );
      const error = await romeo.client.receive(`<message type='error' id='${id}' from='${stage.room}'/>`);
      expect(conditionOf(error)).toBe('not-acceptable');
    }
    romeo.says('plainly');
    await juliet.hears(romeo, 'plainly');
    await romeo.hears(romeo, 'plainly');
    expect(
      romeo.client.seen(`<message type='groupchat' from='${stage.room}'><no-store xmlns='urn:xmpp:hints'/></message>`),
    ).toHaveLength(1);
    expect(juliet.client.seen(/OMEMO/)).toEqual([]);
  }),

  scenario('45-43 a flood of lines is refused with a hint', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const id = romeo.says(Array.from({ length: 40 }, (_, n) => `line ${n}`).join('\n'));
    const error = await romeo.client.receive(`<message type='error' id='${id}' from='${stage.room}'/>`);
    expect(conditionOf(error)).toBe('not-acceptable');
    expect(child(child(error, 'error'), 'text')?.children.join('')).toMatch(/40 lines.*a file or a link/);
    romeo.says('short');
    await juliet.hears(romeo, 'short');
    expect(juliet.client.seen(/:line 0$/)).toEqual([]);
  }),
]);
