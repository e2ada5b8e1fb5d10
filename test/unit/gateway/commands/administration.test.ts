/** XEP-0133's commands: under its nodes, with its fields, for operators alone. */
import { beforeEach, describe, expect, test } from 'vitest';
import { bodyOf, conditionOf } from '../../../harness/markup.ts';
import { admin, type CommandWorld, createCommandWorld, domain, ns, read, submit } from './world.ts';

const node = (name: string): string => `http://jabber.org/protocol/admin#${name}`;
const FORM_TYPE = ['http://jabber.org/protocol/admin'];
let world: CommandWorld = createCommandWorld();
beforeEach(() => {
  world = createCommandWorld();
  world.known('romeo@example.org', 'net.test');
  world.known('romeo@example.org', 'other.test');
  world.known('juliet@example.org', 'net.test');
});

const begin = async (name: string) => read(await world.run(domain, `node='${node(name)}'`, '', admin));
const carryOn = (name: string, id: string, values: Parameters<typeof submit>[0]) =>
  world.send(
    `<iq type='set' id='q' from='${admin}' to='${domain}'><command xmlns='${ns}' node='${node(name)}' sessionid='${id}'>${submit(values)}</command></iq>`,
  );

test('133-01 they are forbidden to all others', async () => {
  for (const name of ['get-online-users-num', 'get-online-users-list', 'end-user-session', 'announce']) {
    expect(conditionOf(await world.run(domain, `node='${node(name)}'`))).toBe('forbidden');
    expect(await world.says(name)).toBe('This is for the operators of this gateway.');
  }
});

describe('who is online', () => {
  test('133-01 their number and their names, each once', async () => {
    const count = await begin('get-online-users-num');
    expect([count.status, count.fields]).toEqual(['completed', { FORM_TYPE, onlineusersnum: ['2'] }]);
    const { fields, types } = await begin('get-online-users-list');
    expect(fields).toEqual({ FORM_TYPE, onlineuserjids: ['juliet@example.org', 'romeo@example.org'] });
    expect(types).toEqual({ FORM_TYPE: 'hidden', onlineuserjids: 'text-multi' });
  });

  test('by chat, and where nobody is', async () => {
    expect(await world.says('get-online-users-num', domain, admin)).toBe('How many users are online: 2');
    world.accounts.length = 0;
    expect(await world.says('get-online-users-list', domain, admin)).toBe('Nobody is connected.');
  });

  test('a long list is cut, and says so', async () => {
    for (let n = 0; n < 510; n++) world.known(`user${n}@example.org`, 'net.test');
    const { fields, notes } = await begin('get-online-users-list');
    expect([fields.onlineuserjids?.length, notes]).toEqual([500, ['warn: 12 more.']]);
  });
});

test('133-01 end-user-session ends all connections of those who are named, by either kind of JID', async () => {
  const asked = await begin('end-user-session');
  expect([asked.fields, asked.types]).toEqual([
    { FORM_TYPE, accountjids: [] },
    { FORM_TYPE: 'hidden', accountjids: 'text-multi' },
  ]);
  const accountjids = ['Romeo@example.org/phone', 'nobody@example.org'];
  const [done] = await carryOn('end-user-session', asked.id, { accountjids });
  expect(done && read(done).notes).toEqual(['info: 1 user has been disconnected.']);
  expect(world.given).toEqual(
    ['net.test', 'other.test'].map((on) => `disconnect romeo@example.org/${on}/${domain}: Disconnected by an operator`),
  );
  expect(await world.says('end-user-session juliet@example.org', domain, admin)).toBe('1 user has been disconnected.');
  expect(await world.says('end-user-session juliet', domain, admin)).toContain('"juliet" is no JID of a person.');
});

describe('announce', () => {
  test('133-01 to those who are in rooms, once each', async () => {
    world.state.rooms = ['#verona'];
    world.known('admin@example.org', 'net.test');
    const asked = await begin('announce');
    expect(asked.fields).toEqual({ FORM_TYPE, announcement: [] });
    const [done, ...told] = await carryOn('announce', asked.id, { announcement: ['Back', 'at noon'] });
    expect(done && read(done).notes).toEqual(['info: Said to 3 users.']);
    expect(told.map((one) => [one.attrs.type, one.attrs.from, bodyOf(one)])).toEqual([
      ['headline', domain, 'Back\nat noon'],
    ]);
  });

  test('where nobody is in a room nothing is said', async () => {
    expect(await world.says('announce Hello', domain, admin)).toBe('Said to 0 users.');
  });
});
