/** Whom a message names, told to clients as references (XEP-0372): in code points of what the body says, with the address that clients know. */
import { expect } from 'vitest';
import { type Content, personId, plainText } from '../../src/bridge/index.ts';
import { bodyOf, childrenOf } from '../harness/markup.ts';
import { pair } from './deed-lines.ts';
import type { Client } from './server.ts';
import { scenario } from './stage.ts';

const calls = (plain: string, ...people: readonly string[]): Content => ({
  text: {
    plain,
    marks: people.map((one) => ({
      is: 'mention',
      person: personId(one),
      from: plain.indexOf(one),
      to: plain.indexOf(one) + one.length,
    })),
  },
});

/** Each reference: whom, and what of the body. */
function named(client: Client): readonly (readonly [string | undefined, string])[] {
  const stanza = client.queue.splice(0).find((one) => bodyOf(one) !== undefined);
  const points = Array.from((stanza && bodyOf(stanza)) ?? '');
  return childrenOf(stanza, 'reference').map(({ ns, attrs }) => {
    expect([ns, attrs.type]).toEqual(['urn:xmpp:reference:0', 'mention']);
    return [attrs.uri, points.slice(Number(attrs.begin), Number(attrs.end)).join('')];
  });
}

scenario(
  '372-01 in a room by the occupant, behind emoji, quotations and "/me" too; of others by the contact',
  async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await juliet.says('#verona', calls('🌹 romeo, ask mercutio 🙂', 'romeo', 'mercutio'));
    expect(named(romeo)).toEqual([
      ['xmpp:%23verona@net.test/romeo', 'romeo'],
      ['xmpp:mercutio@net.test', 'mercutio'],
    ]);
    const replyTo = await juliet.says('#verona', '🌹 first');
    romeo.ignores();
    await juliet.says('#verona', { ...calls('juliet says so', 'juliet'), replyTo });
    expect(named(romeo)).toEqual([['xmpp:%23verona@net.test/juliet', 'juliet']]);
    await juliet.says('#verona', { ...calls('waves at romeo', 'romeo'), action: true });
    expect(named(romeo)).toEqual([['xmpp:%23verona@net.test/romeo', 'romeo']]);
  },
);

scenario('372-01 in a conversation whoever is meant is our user by their own address', async (stage) => {
  const { romeo, juliet } = await pair(stage);
  await juliet.says('romeo', calls('romeo, wherefore art thou? ask mercutio', 'romeo', 'mercutio'));
  expect(named(romeo)).toEqual([
    ['xmpp:romeo@test', 'romeo'],
    ['xmpp:mercutio@net.test', 'mercutio'],
  ]);
});

scenario('372-01 what names nobody has none', async (stage) => {
  const { romeo, juliet } = await pair(stage);
  await juliet.says('#verona', { text: { ...plainText('romeo'), marks: [{ is: 'strong', from: 0, to: 5 }] } });
  expect(named(romeo)).toEqual([]);
});
