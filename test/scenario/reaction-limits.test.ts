/** A network that takes few reactions says so where clients ask, and whatever breaks its rules comes back (XEP-0444 §2.2, §3.3). */
import { expect } from 'vitest';
import type { Element } from '../../src/xml/element.ts';
import { typedForm, valueField } from '../../src/xmpp/xep/0004-data-forms.ts';
import { discoInfo } from '../../src/xmpp/xep/0030-disco.ts';
import { capsVer } from '../../src/xmpp/xep/0115-caps.ts';
import { child, textOf } from '../harness/markup.ts';
import { deedsOf, nameOf, pair, reaction } from './deed-lines.ts';
import { failed } from './lines.ts';
import type { Client } from './server.ts';
import { scenario, verona } from './stage.ts';

const few = { options: { reactions: ['👍', '❤️'] } };
const rules = typedForm('result', 'urn:xmpp:reactions:0:restrictions', [
  valueField('max_reactions_per_user', ['1']),
  valueField('allowlist', ['👍', '❤️'], 'text-multi'),
]);

async function asks(client: Client, to: string) {
  client.ignores();
  await client.sends(`<iq type='get' id='i' to='${to}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>`);
  const info = discoInfo.read(child(client.queue.splice(0).at(-1), 'query') as Element);
  return { ...info, features: info?.features.map((one) => one.var) ?? [] };
}

const errorText = (stanza: Element | undefined): string => textOf(child(child(stanza, 'error'), 'text'));

scenario(
  '444-10 rooms and contacts say how many there may be and which, and contacts say it in their hash too',
  async (stage) => {
    const { romeo } = await pair(stage);
    expect((await asks(romeo, verona)).forms).toContainEqual(rules);
    await romeo.sends("<presence type='subscribe' id='s' to='juliet@net.test'/>");
    const ver = romeo.queue.map((one) => child(one, 'c')?.attrs.ver).find((one) => one !== undefined);
    const { features, forms = [], identities = [] } = await asks(romeo, 'juliet@net.test');
    expect(forms).toContainEqual(rules);
    expect(ver).toBe(capsVer({ features, forms, identities }));
  },
  few,
);

scenario('444-10 where anything is taken nothing is said of rules', async (stage) => {
  const { romeo } = await pair(stage);
  for (const to of [verona, 'juliet@net.test'])
    expect(JSON.stringify((await asks(romeo, to)).forms)).not.toContain(':restrictions');
});

scenario(
  '444-05 444-10 a set that breaks the rules comes back with them, and the network hears nothing of it',
  async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await juliet.says('#verona', 'Ay me!');
    const name = nameOf(romeo);
    const refused = failed('message', 'r', 'modify', 'not-acceptable');
    await romeo.sends(reaction('r', name, '👍', '❤️'));
    const [many] = romeo.gets(refused);
    expect(errorText(many)).toBe('Reactions that are taken here: at most 1 to a message from one person');
    await romeo.sends(reaction('r', name, '🎉'));
    const [other] = romeo.gets(refused);
    expect(errorText(other)).toBe('Reactions that are taken here: only 👍 ❤');
    expect(deedsOf(juliet)).toEqual([]);
    // With the sign for colours or without it, the other in its place, and none at all.
    await romeo.sends(reaction('a', name, '❤'), reaction('b', name, '👍'), reaction('c', name));
    romeo.gets(...['a', 'b', 'c'].map((id) => `<message type='groupchat' id='${id}'/>`));
    expect(deedsOf(juliet)).toHaveLength(4);
  },
  few,
);

scenario(
  '444-10 in conversations too',
  async (stage) => {
    const { romeo, juliet } = await pair(stage);
    const sent = await juliet.says('romeo', 'Ay me!');
    romeo.ignores();
    await romeo.sends(
      `<message type='chat' id='r' to='juliet@net.test'><reactions xmlns='urn:xmpp:reactions:0' id='${sent.id}'><reaction>🎉</reaction></reactions></message>`,
    );
    romeo.gets(failed('message', 'r', 'modify', 'not-acceptable'));
    expect(deedsOf(juliet)).toEqual([]);
  },
  few,
);
