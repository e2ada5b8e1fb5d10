/** What goes with the words of a conversation of two, both ways: who is writing, files, when it was said, and what of it servers shall keep. */
import { describe, expect } from 'vitest';
import { chatId, messageId, personId, plainText } from '../../src/bridge/index.ts';
import { bodyOf, child, textOf } from '../harness/markup.ts';
import { present } from '../harness/present.ts';
import { deedsOf, pair } from './deed-lines.ts';
import { type Stage, scenario } from './stage.ts';

const juliet = 'juliet@net.test';
const states = 'http://jabber.org/protocol/chatstates';
const chat = (inside: string, id = 'm') => `<message type='chat' id='${id}' to='${juliet}'>${inside}</message>`;
const hinted = (name: string) => `<${name} xmlns='urn:xmpp:hints'/>`;
const from = `from='${present(juliet)}' to='romeo@test' type='chat'`;

describe('who is writing', () => {
  scenario(
    '085-01 085-04 is told to a client that has shown that it knows what that is, alone and unkept',
    async (stage) => {
      const { romeo, juliet: her } = await pair(stage);
      await her.does('romeo', { kind: 'typing', active: true });
      romeo.gets();
      await romeo.sends(chat(`<active xmlns='${states}'/>`));
      await her.does('romeo', { kind: 'typing', active: true });
      await her.does('romeo', { kind: 'typing', active: false, paused: true });
      await her.does('romeo', { kind: 'typing', active: false });
      const told = (state: string) => `<message ${from}><${state} xmlns='${states}'/>${hinted('no-store')}</message>`;
      for (const { children } of romeo.gets(told('composing'), told('paused'), told('active')))
        expect(children).toHaveLength(2);
    },
  );

  scenario('085-04 a client that tells of its state with what it says alone is told, too', async (stage) => {
    const { romeo, juliet: her } = await pair(stage);
    await romeo.sends(chat('<body>But soft!</body>'));
    await her.does('romeo', { kind: 'typing', active: true });
    await romeo.sends(chat(`<body>What light?</body><active xmlns='${states}'/>`, 'm2'));
    await her.does('romeo', { kind: 'typing', active: true });
    romeo.gets(`<message ${from}><composing xmlns='${states}'/></message>`);
  });

  scenario('085-01 of a client the network is told, each state as it has it', async (stage) => {
    const { romeo, juliet: her } = await pair(stage);
    for (const state of ['composing', 'paused', 'active']) await romeo.sends(chat(`<${state} xmlns='${states}'/>`));
    expect(deedsOf(her)).toMatchObject([
      { kind: 'typing', by: 'romeo', active: true },
      { kind: 'typing', active: false, paused: true },
      { kind: 'typing', active: false },
    ]);
  });

  scenario('085-01 085-04 what she says carries that she is there, and nothing else of the kind', async (stage) => {
    const { romeo, juliet: her } = await pair(stage);
    await her.says('romeo', 'Ay me!');
    const [said] = romeo.gets(`<message ${from}><body>Ay me!</body><active xmlns='${states}'/></message>`);
    expect(said?.children.filter((one) => typeof one !== 'string' && one.ns === states)).toHaveLength(1);
  });
});

describe('files', () => {
  const url = 'https://files.example/rose.png';

  scenario('066-01 447-01 hers: the address alone in the body, and what is known of it beside', async (stage) => {
    const { romeo, juliet: her } = await pair(stage);
    await her.says('romeo', { files: [{ url, name: 'rose.png', type: 'image/png', size: 7 }] });
    const [got] = romeo.gets(
      `<message ${from}><body>${url}</body><x xmlns='jabber:x:oob'><url>${url}</url></x><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:sfs:0'/></message>`,
    );
    const file = child(child(got, 'file-sharing', 'urn:xmpp:sfs:0'), 'file');
    expect(['media-type', 'name', 'size'].map((name) => textOf(child(file, name)))).toEqual([
      'image/png',
      'rose.png',
      '7',
    ]);
  });

  scenario('447-10 his: once, whether a client describes it, or gives its address only', async (stage) => {
    const { romeo, juliet: her } = await pair(stage);
    const oob = `<x xmlns='jabber:x:oob'><url>${url}</url></x>`;
    const sfs = `<file-sharing xmlns='urn:xmpp:sfs:0'><file xmlns='urn:xmpp:file:metadata:0'><name>rose.png</name><media-type>image/png</media-type></file><sources><url-data xmlns='http://jabber.org/protocol/url-data' target='${url}'/></sources></file-sharing>`;
    await romeo.sends(chat(`<body>${url}</body>${oob}`, 'm1'), chat(`<body>${url}</body>${oob}${sfs}`, 'm2'));
    const contents = her.events.flatMap((event) => (event.kind === 'message' ? [event.content] : []));
    expect(contents.map(({ files }) => files)).toEqual([
      [{ url, name: 'rose.png' }],
      [{ url, name: 'rose.png', type: 'image/png' }],
    ]);
    expect(contents.map(({ text }) => text?.plain ?? '')).toEqual(['', '']);
  });
});

const past = async (stage: Stage, text: string): Promise<void> => {
  const by = personId('juliet');
  const ref = { id: messageId(`past ${text}`), part: 0 };
  const said = { kind: 'message', by, nick: 'juliet', ref, content: { text: plainText(text) } } as const;
  const when = { at: new Date(stage.clock.now() - 60_000), history: true } as const;
  stage.gateway.world.tell(by, chatId('romeo'), { ...said, ...when, chat: chatId('juliet'), direct: true });
  await stage.calm();
};

scenario('MSG-08 what was said before has its time, and no state; what is said now has no stamp', async (stage) => {
  const { romeo, juliet: her } = await pair(stage);
  const stamp = new Date(stage.clock.now() - 60_000).toISOString();
  await past(stage, 'Who is there?');
  await her.says('romeo', 'Ay me!');
  const [then, now] = romeo.queue.splice(0);
  expect([then, now].map((one) => one && bodyOf(one))).toEqual(['Who is there?', 'Ay me!']);
  expect(child(then, 'delay', 'urn:xmpp:delay')?.attrs).toMatchObject({ from: 'net.test', stamp });
  expect(child(then, 'active')).toBeUndefined();
  expect(child(now, 'delay')).toBeUndefined();
});

scenario('334-01 333-05 444-02 424-01 what has no words but is worth keeping says so', async (stage) => {
  const { romeo, juliet: her } = await pair(stage);
  const target = await her.says('romeo', 'Ay me!');
  await romeo.sends(chat('<body>She speaks</body>', 'mine'));
  romeo.ignores();
  const mine = { id: messageId('m2'), part: 0 };
  await her.does('romeo', { kind: 'reaction', target, emoji: '🌹', present: true });
  await her.does('romeo', { kind: 'read', upTo: mine });
  await her.does('romeo', { kind: 'retracted', target });
  const got = romeo.queue.splice(0);
  expect(
    got.map((one) => [child(one, 'store', 'urn:xmpp:hints') !== undefined, child(one, 'no-store') !== undefined]),
  ).toEqual(got.map(() => [true, false]));
  const names = got.map(({ children }) => children.flatMap((one) => (typeof one === 'string' ? [] : [one.name]))[0]);
  expect(names).toEqual(['reactions', 'displayed', 'retract']);
});
