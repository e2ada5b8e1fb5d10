/** What operators do while the gateway runs. */
import { beforeEach, expect, test } from 'vitest';
import { GatewayError } from '../../../../src/core/errors.ts';
import { conditionOf } from '../../../harness/markup.ts';
import { admin, type CommandWorld, createCommandWorld, domain, read, submit } from './world.ts';

let world: CommandWorld = createCommandWorld();
beforeEach(() => {
  world = createCommandWorld();
});

const deleting = 'http://jabber.org/protocol/admin#delete-user';

test('133-01 nobody but operators finds them', async () => {
  for (const node of ['sessions', deleting, 'log-level', 'maintenance'])
    expect(conditionOf(await world.run(domain, `node='${node}'`))).toBe('forbidden');
});

test('sessions are listed with their servers and how many rooms they are in', async () => {
  expect(await world.says('sessions', domain, admin)).toBe('Nobody is connected.');
  world.known('romeo@example.org', 'net.test');
  world.known('juliet@example.org', 'other.test');
  world.state.rooms = ['#verona', '#mantua'];
  const { form } = read(await world.run(domain, "node='sessions'", '', admin));
  const rows = form?.children.filter((one) => typeof one !== 'string' && one.name === 'field') ?? [];
  expect(JSON.stringify(rows)).toMatch(/juliet@example\.org.*other\.test.*2.*romeo@example\.org.*net\.test.*2/);
});

test('133-01 somebody is deleted with all that is kept of them, once the operator is sure', async () => {
  world.known('tybalt@example.org', 'net.test');
  world.state.contacts = [`nurse%net.test@${domain}`];
  const { id } = read(await world.run(domain, `node='${deleting}'`, '', admin));
  const asked = read(
    await world.run(
      domain,
      `node='${deleting}' sessionid='${id}'`,
      submit({ accountjids: 'tybalt@example.org' }),
      admin,
    ),
  );
  expect([asked.status, Object.keys(asked.fields)]).toEqual(['executing', expect.arrayContaining(['confirm'])]);
  expect(world.given).toEqual([]);
  const told = await world.send(
    `<iq type='set' id='q' from='${admin}' to='${domain}'><command xmlns='http://jabber.org/protocol/commands' node='${deleting}' sessionid='${id}'>${submit({ confirm: '1' })}</command></iq>`,
  );
  expect(world.given).toEqual([expect.stringMatching(/^erase tybalt@example\.org: /)]);
  expect(told.length).toBeGreaterThan(0);
});

test('133-01 of several all are deleted but for whom it can not be done, which is told', async () => {
  const [tybalt, paris, mercutio] = ['tybalt', 'paris', 'mercutio'].map((name) => `${name}@example.org`);
  world.state.keeps.set(
    paris ?? '',
    new GatewayError('timed-out', { text: 'Not everything is deleted yet; try it again' }),
  );
  const step = (id: string, values: Parameters<typeof submit>[0]) =>
    world.send(
      `<iq type='set' id='q' from='${admin}' to='${domain}'><command xmlns='http://jabber.org/protocol/commands' node='${deleting}' sessionid='${id}'>${submit(values)}</command></iq>`,
    );
  const { id } = read(await world.run(domain, `node='${deleting}'`, '', admin));
  await step(id, { accountjids: [`${tybalt}`, `${paris}`, `${mercutio}`] });
  const [done] = await step(id, { confirm: '1' });
  expect(world.given.map((line) => line.split(':')[0])).toEqual([tybalt, paris, mercutio].map((who) => `erase ${who}`));
  expect(done && read(done).notes).toEqual([
    `info: Deleted: ${tybalt}, ${mercutio}.`,
    `error: ${paris}: Not everything is deleted yet; try it again`,
  ]);
});

test('somebody is kept where the operator is not sure', async () => {
  await world.says('delete-user', domain, admin);
  expect(await world.says('tybalt@example.org', domain, admin)).toContain('no way back');
  expect(await world.says('no', domain, admin)).toBe('Nothing was changed.');
  expect(world.given).toEqual([]);
});

test('a domain is nobody', async () => {
  await world.says('delete-user', domain, admin);
  expect(await world.says('example.org', domain, admin)).toContain('"example.org" is no JID of a person.');
  expect(world.given).toEqual([]);
});

test('the log is written from another level on', async () => {
  expect(await world.says('log-level', domain, admin)).toContain('Now it is "info"');
  expect(await world.says('cancel', domain, admin)).toBe('Left as it was.');
  expect(await world.says('log-level debug', domain, admin)).toBe(
    'The log is written from "debug" on, until the next restart.',
  );
  expect(world.given).toEqual(['log debug']);
});

test('newcomers are kept out with a word, and let in again', async () => {
  const { id } = read(await world.run(domain, "node='maintenance'", '', admin));
  const done = read(
    await world.run(
      domain,
      `node='maintenance' sessionid='${id}'`,
      submit({ state: '1', words: 'Back at noon.' }),
      admin,
    ),
  );
  expect([done.notes, world.state.maintenance]).toEqual([
    ['info: Newcomers are kept out: Back at noon.'],
    'Back at noon.',
  ]);
  expect(read(await world.run(domain, "node='maintenance'", '', admin)).fields).toMatchObject({
    state: ['true'],
    words: ['Back at noon.'],
  });
  expect(await world.says('maintenance state off', domain, admin)).toBe(
    'Everybody who may use the gateway may come in.',
  );
  expect(world.state.maintenance).toBeUndefined();
});

test('by chat a switch needs no name, and neither do the words behind it', async () => {
  expect(await world.says('maintenance on Back at noon.', domain, admin)).toBe('Newcomers are kept out: Back at noon.');
  expect(await world.says('maintenance off', domain, admin)).toBe('Everybody who may use the gateway may come in.');
  expect(await world.says('maintenance soon', domain, admin)).toMatch(/soon/);
  expect(world.state.maintenance).toBeUndefined();
});
