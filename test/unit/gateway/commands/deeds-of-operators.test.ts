/** What operators did by commands is told to the log; what they only looked at, or said, is not. */
import { beforeEach, expect, test } from 'vitest';
import { admin, type CommandWorld, createCommandWorld, domain, read, submit } from './world.ts';

let world: CommandWorld = createCommandWorld();
beforeEach(() => {
  world = createCommandWorld();
});

const by = { operator: 'admin@example.org', at: 'IRC' };

async function fills(node: string, ...forms: readonly Parameters<typeof submit>[0][]): Promise<void> {
  const { id } = read(await world.run(domain, `node='${node}'`, '', admin));
  for (const form of forms) await world.run(domain, `node='${node}' sessionid='${id}'`, submit(form), admin);
}

test('who did what to whom, by forms and by chat', async () => {
  await fills('ban-user', { accountjids: ['tybalt@example.org', 'spam.example'] });
  expect(await world.says('log-level debug', domain, admin)).toContain('debug');
  expect(world.deeds).toEqual([
    { ...by, command: 'ban-user', accountjids: 'tybalt@example.org spam.example' },
    { ...by, command: 'log-level', level: 'debug' },
  ]);
});

test('the words of an announcement are nobody’s but those who hear it', async () => {
  world.known('romeo@example.org', 'net.test');
  world.state.rooms = ['#verona'];
  await fills('http://jabber.org/protocol/admin#announce', { announcement: ['but soft'] });
  expect(world.deeds).toEqual([{ ...by, command: 'announce' }]);
});

test('what is looked at, refused, not confirmed, or not an operator’s is none', async () => {
  await world.says('sessions', domain, admin);
  await world.says('ban-user admin@example.org', domain, admin);
  await world.says('ban-user spam.example');
  world.known('tybalt@example.org', 'net.test');
  const deleting = 'http://jabber.org/protocol/admin#delete-user';
  await fills(deleting, { accountjids: ['tybalt@example.org'] }, { confirm: '0' });
  await world.says('configure-all persistent yes');
  expect(world.deeds).toEqual([]);
});
