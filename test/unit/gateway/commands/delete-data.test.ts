/** Deleting all of one's data: never without a yes, and what contacts are told. */
import { beforeEach, expect, test } from 'vitest';
import { present } from '../../../harness/present.ts';
import { type CommandWorld, createCommandWorld, domain, me, ns, read, submit } from './world.ts';

const node = 'delete-my-data';
const owner = 'romeo@example.org';
const contact = `juliet%net.test@${domain}`;
let world: CommandWorld = createCommandWorld();
beforeEach(() => {
  world = createCommandWorld();
  world.state.contacts = [contact];
});

const begin = async () => read(await world.run(domain, `node='${node}'`));
const confirm = (id: string, inside: string) =>
  world.send(
    `<iq type='set' id='q' from='${me}' to='${domain}'><command xmlns='${ns}' node='${node}' sessionid='${id}' action='complete'>${inside}</command></iq>`,
  );

test('004-01 it asks first, and an empty form or a no deletes nothing', async () => {
  const asked = await begin();
  expect([asked.status, asked.types, asked.fields]).toEqual(['executing', { confirm: 'boolean' }, { confirm: [] }]);
  await confirm(asked.id, submit({}));
  const [no] = await confirm((await begin()).id, submit({ confirm: '0' }));
  expect(no && read(no).notes).toEqual(['info: Nothing was changed.']);
  expect(await world.says(node)).toContain('Nobody can bring it back');
  expect(await world.says('no')).toBe('Nothing was changed.');
  await world.says(node);
  expect(await world.says('cancel')).toBe('Left as it was.');
  expect(world.given).toEqual([]);
});

test('100-40 100-41 behind the answer the contacts and the gateway are unavailable, unsubscribe and are unsubscribed', async () => {
  const [answer, ...behind] = await confirm((await begin()).id, submit({ confirm: '1' }));
  expect(answer && read(answer)).toMatchObject({ status: 'completed' });
  expect(world.given).toEqual([`erase ${owner}: Gone for good`]);
  expect(behind.map(({ name, attrs }) => [name, attrs.type, attrs.from])).toEqual(
    [contact, domain].flatMap((from) => [
      ['presence', 'unavailable', present(from)],
      ['presence', 'unsubscribe', from],
      ['presence', 'unsubscribed', from],
    ]),
  );
});

test('100-40 whoever asked has given up before it was done: contacts say goodbye all the same', async () => {
  const late = new AbortController();
  world.state.signal = late.signal;
  const { id } = await begin();
  Object.defineProperty(world.state, 'contacts', {
    get() {
      late.abort();
      return [contact];
    },
  });
  const [, ...behind] = await confirm(id, submit({ confirm: '1' }));
  expect(behind.map(({ name }) => name)).toEqual(Array(6).fill('presence'));
});

test('by chat, with the yes behind the word or on its own', async () => {
  expect(await world.says(`${node} yes`)).toContain('everything was deleted');
  await world.says(node);
  const [answer, ...behind] = await world.send(
    `<message type='chat' id='m' from='${me}' to='${domain}'><body>yes</body></message>`,
  );
  expect([answer?.name, behind.length, world.given.length]).toEqual(['message', 6, 2]);
});
