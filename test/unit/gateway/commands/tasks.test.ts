/** What the commands besides settings do: ending connections, looking at one, looking somebody up, reading the configuration again. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { PersonCard, Session } from '../../../../src/bridge/contract.ts';
import { GatewayError } from '../../../../src/core/errors.ts';
import { personId } from '../../../../src/core/ids.ts';
import { child, childrenOf, textOf } from '../../../harness/markup.ts';
import { sessionOf } from '../rooms/world.ts';
import { admin, type CommandWorld, contact, createCommandWorld, domain, me, read, server, submit } from './world.ts';

let world: CommandWorld = createCommandWorld();
beforeEach(() => {
  world = createCommandWorld();
});

const run = async (to: string, node: string, from = me) => read(await world.run(to, `node='${node}'`, '', from));
const carryOn = async (to: string, node: string, id: string, values: Parameters<typeof submit>[0], from = me) =>
  read(await world.run(to, `node='${node}' sessionid='${id}'`, submit(values), from));
const facts = ({ labels, fields }: ReturnType<typeof read>) =>
  Object.keys(labels).map((name) => `${labels[name]}: ${fields[name]?.join('|')}`);

describe('more to choose from than a form holds', () => {
  const most = 501;
  const crowd = Array.from({ length: most }, (_, i) => `user${i}@example.org`);

  test('114-33 the name is typed, one a line, and has to be one of them', async () => {
    for (const owner of crowd) world.known(owner, 'net.test');
    const asked = await run(domain, 'disconnect-user', admin);
    expect(asked.types.jids).toBe('text-multi');
    expect(JSON.stringify(asked.form).length).toBeLessThan(5_000);
    expect(JSON.stringify(asked.form)).toContain('There are 501 to choose from: type which.');
    const wrong = await carryOn(domain, 'disconnect-user', asked.id, { jids: ['nobody@example.org'] }, admin);
    expect([wrong.status, wrong.notes.length]).toEqual(['executing', 1]);
    const jids = ['user7@example.org ', '', 'user9@example.org'];
    const done = await carryOn(domain, 'disconnect-user', asked.id, { jids }, admin);
    expect(done.notes).toEqual(['info: 2 users have been disconnected.']);
    expect((await run(domain, 'disconnect-from-irc-server', admin)).types.jid).toBe('text-single');
  });

  test('by chat nobody reads a list of them', async () => {
    world.state.banned = crowd;
    const asked = await world.says('unban-user', domain, admin);
    expect(asked.split('\n')).toEqual([
      'Who may come again?',
      'There are 501 to choose from: type which.',
      'Write the name or the number; several with commas between.',
    ]);
    expect(await world.says('help accountjids', domain, admin)).toContain('There are 501');
    expect(await world.says('user3@example.org, user5@example.org', domain, admin)).toBe(
      'Not banned any more: user3@example.org, user5@example.org.',
    );
  });
});

describe('disconnect-from-irc-server', () => {
  test('from the servers that one is connected to, with a message for the others', async () => {
    const net = world.known('romeo@example.org', 'net.test');
    world.known('romeo@example.org', 'other.test');
    world.known('juliet@example.org', 'third.test');
    const asked = await run(domain, 'disconnect-from-irc-server');
    const options = childrenOf(child(asked.form, 'field'), 'option').map((option) => textOf(child(option, 'value')));
    expect(options).toEqual(['net.test', 'other.test']);
    const done = await carryOn(domain, 'disconnect-from-irc-server', asked.id, {
      'irc-servers': ['net.test'],
      'quit-message': 'Good night',
    });
    expect(done.notes).toEqual(['info: romeo@example.org was disconnected from 1 server.']);
    expect(world.given).toEqual([`disconnect ${net}: Good night`]);
  });

  test('where one is connected to none, it says so', async () => {
    expect(await run(domain, 'disconnect-from-irc-server')).toMatchObject({
      status: 'completed',
      notes: ['info: You are connected to no server.'],
    });
  });

  test('nobody can name a server that is not theirs', async () => {
    world.known('romeo@example.org', 'net.test');
    world.known('juliet@example.org', 'third.test');
    const { id } = await run(domain, 'disconnect-from-irc-server');
    const again = await carryOn(domain, 'disconnect-from-irc-server', id, { 'irc-servers': ['third.test'] });
    expect(again.status).toBe('executing');
    expect(world.given).toEqual([]);
  });

  test('an operator first says whose', async () => {
    const id = world.known('romeo@example.org', 'net.test');
    const first = await run(domain, 'disconnect-from-irc-server', admin);
    expect(first.fields).toHaveProperty('jid');
    const node = 'disconnect-from-irc-server';
    const second = await carryOn(domain, node, first.id, { jid: 'romeo@example.org' }, admin);
    const done = await carryOn(domain, node, second.id, { 'irc-servers': 'net.test' }, admin);
    expect(done.notes).toEqual(['info: romeo@example.org was disconnected from 1 server.']);
    expect(world.given).toEqual([`disconnect ${id}: Disconnected by command`]);
  });
});

describe('disconnect-user', () => {
  test('133-01 all connections of some people, for operators alone', async () => {
    const ids = [world.known('romeo@example.org', 'a.test'), world.known('romeo@example.org', 'b.test')];
    world.known('juliet@example.org', 'a.test');
    const { id } = await run(domain, 'disconnect-user', admin);
    const done = await carryOn(domain, 'disconnect-user', id, { jids: ['romeo@example.org'] }, admin);
    expect(done.notes).toEqual(['info: 1 user has been disconnected.']);
    expect(world.given).toEqual(ids.map((one) => `disconnect ${one}: Disconnected by an operator`));
  });

  test('with nobody there', async () => {
    expect((await run(domain, 'disconnect-user', admin)).notes).toEqual(['info: Nobody is connected.']);
  });
});

describe('get-irc-connection-info', () => {
  test('not connected', async () => {
    const done = await run(server, 'get-irc-connection-info');
    expect(done.notes).toEqual(['info: You are not connected to net.test. Join a room there first.']);
  });

  test('not connected where one needs an account: how one comes to have one', async () => {
    world = createCommandWorld({ registration: 'required' });
    const done = await run(server, 'get-irc-connection-info');
    expect(done.notes).toEqual([
      'info: You are not connected to net.test: accounts shows the accounts that you have added, register adds one.',
    ]);
    expect(await world.says('whois juliet', server)).toMatch(/^You are not connected to net\.test: accounts shows/);
  });

  test('what the session tells, and the rooms', async () => {
    world.state.rooms = ['#verona', '#mantua'];
    world.state.session = sessionOf('romeo', { describe: async () => [{ label: 'Port', value: '6697' }] });
    const { status, ...told } = await run(server, 'get-irc-connection-info');
    expect(status).toBe('completed');
    expect(facts(told as ReturnType<typeof read>)).toEqual(['Port: 6697', 'Rooms: #mantua|#verona']);
  });

  test('a session that tells nothing is told of by what is known without it', async () => {
    world.state.session = sessionOf('romeo');
    const told = await run(server, 'get-irc-connection-info');
    expect(facts(told)).toEqual(['Account: romeo@example.org', 'Server: net.test', 'You are: romeo', 'Rooms: (none)']);
  });
});

describe('whois', () => {
  const asked: string[] = [];
  const knows = (card: PersonCard): Session =>
    sessionOf('romeo', {
      people: {
        async about(person) {
          asked.push(person);
          return card;
        },
      },
    });

  test('on a contact: that one; what was said once is not said twice', async () => {
    world.state.session = knows({
      nick: 'juliet',
      realName: 'Juliet Capulet',
      facts: [
        { label: 'Real name', value: 'Juliet Capulet' },
        { label: 'Idle', value: '3 minutes' },
      ],
    });
    const told = await run(contact, 'whois');
    expect(facts(told)).toEqual(['Nick: juliet', 'Real name: Juliet Capulet', 'Idle: 3 minutes']);
    expect(asked.splice(0)).toEqual([personId('juliet')]);
  });

  test('on a server it asks who', async () => {
    world.state.session = knows({ nick: 'nurse', account: 'nurse', address: 'n@h', facts: [] });
    const { id } = await run(server, 'whois');
    expect(facts(await carryOn(server, 'whois', id, { nick: 'nurse' }))).toEqual([
      'Nick: nurse',
      'Account: nurse',
      'Address: n@h',
    ]);
    expect(asked.splice(0)).toEqual([personId('nurse')]);
  });

  test('not connected, not possible, nobody of that name: said in a note', async () => {
    expect((await run(contact, 'whois')).notes).toEqual([expect.stringContaining('not connected')]);
    world.state.session = sessionOf('romeo');
    expect((await run(contact, 'whois')).notes).toEqual(['error: This network tells nothing of its people.']);
    const error = new GatewayError('no-such-person', { text: 'No such nick' });
    world.state.session = sessionOf('romeo', { people: { about: () => Promise.reject(error) } });
    expect((await run(contact, 'whois')).notes).toEqual(['error: No such nick']);
  });
});

test('reload says what counts now and what needs a restart', async () => {
  expect((await run(domain, 'reload', admin)).notes).toEqual([
    'info: Read again: allow.',
    'warn: Needs a restart: xmpp.',
  ]);
});
