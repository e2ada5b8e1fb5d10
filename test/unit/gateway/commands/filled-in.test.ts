/** Forms that come back because something in them is wrong, and what browsers find in commands. */
import { beforeEach, expect, test } from 'vitest';
import { child, conditionOf } from '../../../harness/markup.ts';
import {
  type CommandWorld,
  channel,
  contact,
  createCommandWorld,
  domain,
  me,
  onServer,
  read,
  server,
  submit,
} from './world.ts';

let world: CommandWorld = createCommandWorld();
beforeEach(() => {
  world = createCommandWorld();
});

const owner = 'romeo@example.org';
const items = (node: string) => `<query xmlns='http://jabber.org/protocol/disco#items' node='${node}'/>`;

/** Starts and sends the form back at once. */
async function fill(to: string, node: string, values: Parameters<typeof submit>[0]) {
  const begun = read(await world.run(to, `node='${node}'`));
  return world.run(to, `node='${node}' sessionid='${begun.id}' action='complete'`, submit(values));
}

test('what was filled in stands in the form that comes back, what is wrong in it too; secrets do not', async () => {
  await fill(server, 'configure', { nick: 'romeo', ports: ['6697'] });
  const wrong = { nick: 'a b', pass: 'hunter2', ports: ['7000', '7001'], max_history_length: '' };
  const again = await fill(server, 'configure', wrong);
  expect(read(again).fields).toEqual({ ...wrong, nick: ['a b'], pass: [], max_history_length: [] });
  expect(JSON.stringify(again)).not.toContain('hunter2');
  const step = `node='configure' sessionid='${read(again).id}'`;
  const long = { nick: 'x'.repeat(200_000), ports: Array(101).fill('1'), max_history_length: 'many' };
  const last = read(await world.run(server, step, submit(long)));
  expect(last.fields).toMatchObject({ nick: ['romeo'], ports: long.ports, max_history_length: ['many'] });
  await world.run(server, step, submit({ nick: 'benvolio', ports: ['7000'] }));
  expect((await world.settings.of(owner)).at(onServer)).toEqual({ nick: 'benvolio', ports: ['7000'] });
  const kept = read(await fill(channel, 'configure', { record_history: 'maybe', persistent: '1' }));
  expect(kept.fields).toMatchObject({ record_history: ['unset'], persistent: ['true'] });
});

test('030-04 in a command there is nothing, which is an empty list and no error', async () => {
  for (const [to, node] of [
    [domain, 'configure'],
    [server, 'whois'],
    [channel, 'configure'],
    [contact, 'block'],
  ] as const) {
    const answer = await world.iq(to, items(node), me, 'get');
    const query = child(answer, 'query');
    expect([answer.attrs.type, query?.attrs.node, query?.children], to).toEqual(['result', node, []]);
  }
  expect(conditionOf(await world.iq(domain, items('no-such'), me, 'get'))).toBe('item-not-found');
});

test('GEN-10 what the bridge finds wrong with a value is said in the language of whoever filled it in', async () => {
  const translate = (text: string, lang: string | undefined): string | undefined =>
    lang === 'de' && text === 'No spaces.' ? 'Keine Leerzeichen.' : undefined;
  world = createCommandWorld({ translate });
  const step = (attrs: string, inside = ''): Promise<string> =>
    world
      .send(
        `<iq type='set' id='q' from='${me}' to='${server}' xml:lang='de'><command xmlns='http://jabber.org/protocol/commands' node='configure' ${attrs}>${inside}</command></iq>`,
      )
      .then(([answer]) => (answer === undefined ? '' : (read(answer).notes[0] ?? read(answer).id)));
  const id = await step('');
  expect(await step(`sessionid='${id}'`, submit({ nick: 'a b' }))).toBe('error: „Nick“: Keine Leerzeichen.');
});
