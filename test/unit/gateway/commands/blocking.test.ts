/** Blocking by command: at a contact, at a server, at the gateway, as forms and by chat. */
import { beforeEach, expect, test } from 'vitest';
import type { Session } from '../../../../src/bridge/contract.ts';
import { personId } from '../../../../src/core/ids.ts';
import { child, childrenOf, textOf } from '../../../harness/markup.ts';
import { sessionOf } from '../rooms/world.ts';
import { type CommandWorld, contact, createCommandWorld, domain, me, read, server, submit } from './world.ts';

let world: CommandWorld = createCommandWorld();
beforeEach(() => {
  world = createCommandWorld();
});

const begin = async (node: string, to: string) => read(await world.run(to, `node='${node}'`));
const carryOn = async (node: string, to: string, id: string, values: Parameters<typeof submit>[0]) =>
  read(await world.run(to, `node='${node}' sessionid='${id}'`, submit(values)));
const them = [
  { person: personId('juliet'), on: 'net.test' },
  { person: personId('paris'), on: 'net.test' },
  { person: personId('juliet'), on: 'other.test' },
];

test('191-02 050-11 at a contact that one is blocked, and unblocked, without a question', async () => {
  expect((await begin('block', contact)).notes).toEqual([`info: ${contact} is blocked.`]);
  world.state.blocked = them;
  expect((await begin('unblock', contact)).notes).toEqual([`info: Not blocked any more: ${contact}.`]);
  expect(world.given).toEqual(['block romeo@example.org juliet net.test', 'unblock romeo@example.org juliet net.test']);
  world.state.blocked = them.slice(1);
  expect((await begin('unblock', contact)).notes).toEqual(['info: You have blocked nobody.']);
});

test('191-02 at a server it asks whom: an address, or what they are called', async () => {
  for (const jid of ['Juliet', contact, `xmpp:${contact}`, 'juliet%net.test']) {
    const asked = await begin('block', server);
    expect(asked.types).toEqual({ jid: 'text-single' });
    expect((await carryOn('block', server, asked.id, { jid })).notes).toEqual([`info: ${contact} is blocked.`]);
  }
  expect(new Set(world.given)).toEqual(new Set(['block romeo@example.org juliet net.test']));
});

test('where people can be looked for by name, that is said to who names one that is no address', async () => {
  const find = async () => [];
  world.state.session = sessionOf('romeo', {
    contacts: { list: async function* () {}, about: async () => ({}), find },
  });
  expect(await world.says('block Juliet C.')).toContain(
    'Juliet C. is nobody’s address here. Write find NAME to look for people by name.',
  );
});

test('004-04 nobody’s address is no answer', async () => {
  const asked = await begin('block', domain);
  const again = await carryOn('block', domain, asked.id, { jid: 'juliet' });
  expect(again.notes.join()).toContain('juliet is nobody’s address here.');
  expect(again.status).toBe('executing');
  const done = await carryOn('block', domain, asked.id, { jid: contact });
  expect(done.notes).toEqual([`info: ${contact} is blocked.`]);
});

test('nobody blocks themselves', async () => {
  world.state.session = { me: personId('juliet') } as Session;
  expect((await begin('block', contact)).notes).toEqual(['error: That would be yourself.']);
  expect(world.given).toEqual([]);
});

test('191-02 who is blocked: at a server there, at the gateway everywhere, to be chosen from', async () => {
  world.state.blocked = them;
  const rows = async (to: string) => childrenOf(child((await begin('blocked', to)).form, 'field'), 'value').map(textOf);
  expect(await rows(server)).toEqual([contact, `paris%net.test@${domain}`]);
  expect(await rows(domain)).toEqual([contact, `paris%net.test@${domain}`, `juliet%other.test@${domain}`]);
  const asked = await begin('unblock', domain);
  const done = await carryOn('unblock', domain, asked.id, { jids: [contact, `juliet%other.test@${domain}`] });
  expect(done.notes).toEqual([`info: Not blocked any more: ${contact}, juliet%other.test@${domain}.`]);
  expect(world.given).toEqual([
    'unblock romeo@example.org juliet net.test',
    'unblock romeo@example.org juliet other.test',
  ]);
  world.state.blocked = [];
  expect((await begin('blocked', domain)).notes).toEqual(['info: You have blocked nobody.']);
  expect((await begin('unblock', domain)).notes).toEqual(['info: You have blocked nobody.']);
});

test('050-11 by chat, with the address behind it, in one’s own language', async () => {
  expect(await world.says(`block ${contact}`)).toBe(`${contact} is blocked.`);
  expect(await world.says('block juliet', server)).toBe(`${contact} is blocked.`);
  world.state.blocked = them;
  expect(await world.says('blocked')).toContain(`juliet%other.test@${domain}`);
  const unblock = `<message xml:lang='de' type='chat' id='m' from='${me}' to='${domain}'><body>unblock ${contact}</body></message>`;
  const [told] = await world.send(unblock);
  expect(told && textOf(childrenOf(told, 'body')[0])).toBe(`Nicht mehr blockiert: ${contact}.`);
});
