/** Bans by operators: whom, whom not, and lifted again. */
import { beforeEach, expect, test } from 'vitest';
import { conditionOf } from '../../../harness/markup.ts';
import { admin, type CommandWorld, createCommandWorld, domain, read, submit } from './world.ts';

let world: CommandWorld = createCommandWorld();
beforeEach(() => {
  world = createCommandWorld();
});

async function fills(node: string, accountjids: readonly string[]) {
  const { id } = read(await world.run(domain, `node='${node}'`, '', admin));
  return read(await world.run(domain, `node='${node}' sessionid='${id}'`, submit({ accountjids }), admin));
}

test('133-01 nobody but operators finds them', async () => {
  for (const node of ['ban-user', 'unban-user']) {
    expect(conditionOf(await world.run(domain, `node='${node}'`))).toBe('forbidden');
    expect(await world.says(node)).toBe('This is for the operators of this gateway.');
  }
});

test('people and domains are banned as the addresses that they are', async () => {
  const done = await fills('ban-user', [' Tybalt@Example.org', 'spam.example']);
  expect(done.notes).toEqual(['info: Banned: tybalt@example.org, spam.example.']);
  expect(world.given).toEqual(['ban tybalt@example.org spam.example: Disconnected by an operator']);
});

test.each(['tybalt@example.org/phone', 'tybalt@', 'two words'])('%s is asked for anew', async (text) => {
  const again = await fills('ban-user', [text]);
  expect([again.status, again.notes[0]]).toEqual(['executing', expect.stringContaining('neither a JID')]);
  expect(world.given).toEqual([]);
});

test('nobody bans themselves', async () => {
  expect((await fills('ban-user', ['admin@example.org'])).notes).toEqual(['error: That would be yourself.']);
  expect(world.given).toEqual([]);
});

test('who is banned is shown, and let in again; by chat too', async () => {
  expect(await world.says('unban-user', domain, admin)).toBe('Nobody is banned.');
  world.state.banned = ['spam.example', 'tybalt@example.org'];
  expect(await world.says('unban-user', domain, admin)).toContain('2. tybalt@example.org');
  expect(await world.says('2', domain, admin)).toBe('Not banned any more: tybalt@example.org.');
  expect(await world.says('ban-user tybalt@example.org', domain, admin)).toBe('Banned: tybalt@example.org.');
  expect(world.given).toEqual(['unban tybalt@example.org', 'ban tybalt@example.org: Disconnected by an operator']);
});
