/** Somebody is blocked: by command, over a restart, on the network and here. */
import { describe, expect } from 'vitest';
import { chatId, personId } from '../../src/bridge/index.ts';
import { bodyOf, child, childrenOf, conditionOf, textOf } from '../harness/markup.ts';
import { present } from '../harness/present.ts';
import { failed } from './lines.ts';
import type { Client } from './server.ts';
import { type Stage, scenario, verona } from './stage.ts';

const tybalt = 'tybalt@net.test';
const message = (id: string, to = tybalt) =>
  `<message type='chat' id='${id}' to='${to}'><body>Turn, villain</body><request xmlns='urn:xmpp:receipts'/></message>`;
const command = (node: string, to = tybalt) =>
  `<iq type='set' id='c' to='${to}'><command xmlns='http://jabber.org/protocol/commands' node='${node}'/></iq>`;

async function pair(stage: Stage): Promise<Client> {
  const romeo = stage.client();
  await romeo.joins(verona, 'romeo');
  await stage.calm();
  romeo.ignores();
  return romeo;
}

/** Its note. */
async function runs(client: Client, node: string, to = tybalt): Promise<string> {
  client.ignores();
  await client.sends(command(node, to));
  const answer = client.queue.find(({ name }) => name === 'iq');
  client.ignores();
  return textOf(child(child(answer, 'command'), 'note'));
}

for (const deeds of [true, false]) {
  describe(deeds ? 'on a network that can' : 'on one that can not', () => {
    scenario(
      '191-02 nothing of theirs comes, what is sent to them is refused, over a restart too, until they are unblocked',
      async (stage) => {
        const person = await stage.inhabitant('tybalt', '#verona');
        const juliet = await stage.inhabitant('juliet', '#verona');
        const romeo = await pair(stage);
        const { blockLists } = stage.gateway.world;
        expect(await runs(romeo, 'block')).toBe(`${tybalt} is blocked.`);
        expect(blockLists.of(personId('romeo'))).toEqual(deeds ? ['tybalt'] : []);
        for (const restarts of [false, true]) {
          if (restarts) {
            // As a network that knows of them only while there is a connection.
            blockLists.set(personId('romeo'), personId('tybalt'), false);
            await stage.restarts('kill');
            await stage.passes(3);
            romeo.ignores();
            expect(blockLists.of(personId('romeo'))).toEqual(deeds ? ['tybalt'] : []);
          }
          await person.says('romeo', 'What, art thou drawn');
          await person.says('#verona', 'among these heartless hinds?');
          await juliet.says('#verona', 'who is it?');
          await romeo.sends(message('m1'), message('m2', `${verona}/tybalt`));
          const got = romeo.queue.splice(0);
          expect(got.map((one) => bodyOf(one) ?? one.attrs.id)).toEqual(['who is it?', 'm1', 'm2']);
          romeo.queue.push(...got.slice(1));
          romeo.gets(
            failed('message', 'm1', 'cancel', 'not-acceptable'),
            failed('message', 'm2', 'cancel', 'not-acceptable'),
          );
          expect(person.heard.filter((line) => line.includes('villain'))).toEqual([]);
        }
        expect(await runs(romeo, 'unblock')).toBe(`Not blocked any more: ${tybalt}.`);
        expect(blockLists.of(personId('romeo'))).toEqual([]);
        await person.says('romeo', 'Have at thee, coward');
        await romeo.sends(message('m3'));
        romeo.gets(
          `<message type='chat' from='${present(tybalt)}'><body>Have at thee, coward</body></message>`,
          `<message from='${tybalt}'><received xmlns='urn:xmpp:receipts' id='m3'/></message>`,
        );
        expect(person.heard).toContain('romeo: Turn, villain');
      },
      { options: { deeds } },
    );
  });
}

scenario(
  '191-02 what is blocked for one user comes to others; what was not connected meanwhile is remembered',
  async (stage) => {
    const person = await stage.inhabitant('tybalt', '#verona');
    const romeo = stage.client();
    // Before there is an account.
    expect(await runs(romeo, 'block')).toBe(`${tybalt} is blocked.`);
    await romeo.joins(verona, 'romeo');
    const benvolio = stage.client('benvolio');
    await benvolio.joins(verona, 'benvolio');
    await stage.calm();
    romeo.ignores();
    benvolio.ignores();
    await person.says('#verona', 'Peace?');
    await person.says('romeo', 'Peace?');
    romeo.gets();
    benvolio.gets(`<message type='groupchat' from='${verona}/tybalt'><body>Peace?</body></message>`);
    await romeo.leaves(verona, 'romeo');
    await romeo.joins(verona, 'romeo');
    expect(romeo.queue.some((one) => bodyOf(one) === 'Peace?')).toBe(false);
    expect(stage.gateway.world.members(chatId('#verona')).map(({ nick }) => nick)).toContain('tybalt');
  },
);

scenario('191-02 erased with all else that is kept of its owner', async (stage) => {
  const romeo = await pair(stage);
  await runs(romeo, 'block');
  const sends = async (line: string): Promise<string> => {
    romeo.ignores();
    await romeo.sends(`<message type='chat' id='m' to='net.test'><body>${line}</body></message>`);
    return romeo.queue.map((one) => bodyOf(one) ?? '').join('\n');
  };
  expect(await sends('blocked')).toContain(tybalt);
  expect(await sends('export-my-data')).toContain('"is":"blocked","person":"tybalt"');
  await sends('delete-my-data');
  await sends('yes');
  expect(await sends('blocked')).toBe('You have blocked nobody.');
});

scenario('050-11 191-02 the person behind a nick is blocked at the occupant’s address', async (stage) => {
  const person = await stage.inhabitant('tybalt', '#verona');
  const romeo = await pair(stage);
  const occupant = `${verona}/tybalt`;
  const discovers = async (what: 'info' | 'items', node: string, to = occupant) => {
    romeo.ignores();
    const attr = node === '' ? '' : ` node='${node}'`;
    await romeo.sends(
      `<iq type='get' id='d' to='${to}'><query xmlns='http://jabber.org/protocol/disco#${what}'${attr}/></iq>`,
    );
    return romeo.queue.splice(0).find(({ attrs }) => attrs.id === 'd');
  };
  const commands = 'http://jabber.org/protocol/commands';
  const features = childrenOf(child(await discovers('info', ''), 'query'), 'feature').map(({ attrs }) => attrs.var);
  expect(features).toContain(commands);
  const items = childrenOf(child(await discovers('items', commands), 'query'), 'item').map(({ attrs }) => attrs);
  expect(items.map(({ jid, node }) => [jid, node])).toEqual(
    expect.arrayContaining([
      [occupant, 'block'],
      [occupant, 'unblock'],
    ]),
  );
  const identity = child(child(await discovers('info', 'block'), 'query'), 'identity')?.attrs;
  expect(identity).toMatchObject({ category: 'automation', type: 'command-node' });
  expect((await discovers('info', 'other'))?.attrs.type).toBe('error');
  expect(await runs(romeo, 'block', occupant)).toBe(`${tybalt} is blocked.`);
  await person.says('#verona', 'What, drawn?');
  romeo.gets();
  expect(await runs(romeo, 'unblock', occupant)).toBe(`Not blocked any more: ${tybalt}.`);
  await person.says('#verona', 'I hate the word');
  romeo.gets(`<message type='groupchat' from='${occupant}'/>`);
  for (const [nick, condition] of [
    ['nobody', 'item-not-found'],
    ['romeo', 'service-unavailable'],
  ] as const) {
    await romeo.sends(command('block', `${verona}/${nick}`));
    expect(conditionOf(romeo.queue.splice(0)[0] as never)).toBe(condition);
  }
});
