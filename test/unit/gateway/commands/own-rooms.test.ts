/** The rooms that one is in, and coming into another. */
import { beforeEach, expect, test } from 'vitest';
import { chatId } from '../../../../src/core/ids.ts';
import { child, childrenOf, textOf } from '../../../harness/markup.ts';
import { sessionOf } from '../rooms/world.ts';
import { type CommandWorld, channel, createCommandWorld, domain, me, ns, read, server, submit } from './world.ts';

let world: CommandWorld = createCommandWorld();
beforeEach(() => {
  world = createCommandWorld();
});

test('they are listed with their addresses: of all servers, or of one', async () => {
  expect(await world.says('rooms')).toBe('You are in no room.');
  world.known('romeo@example.org', 'net.test');
  world.known('romeo@example.org', 'other.test');
  world.known('juliet@example.org', 'net.test');
  world.state.rooms = ['#verona'];
  const listed = async (to: string): Promise<readonly string[]> => {
    const { form } = read(await world.run(to, "node='rooms'"));
    return childrenOf(form, 'field').map((row) => `${row.attrs.label} ${textOf(child(row, 'value') ?? row)}`);
  };
  expect(await listed(domain)).toEqual([
    `#verona on net.test ${channel}`,
    `#verona on other.test #verona%other.test@${domain}`,
  ]);
  expect(await listed(server)).toEqual([`#verona on net.test ${channel}`]);
});

test('a room that can be written in several ways has the address by which its clients are in', async () => {
  world.known('romeo@example.org', 'net.test');
  world.state.rooms = ['#grüße'];
  world.state.local = '#grüße%net.test';
  expect(await world.says('rooms')).toContain(`#grüße on net.test · #grüße%net.test@${domain}`);
});

test('whoever is asked for a room is told how one is written there', async () => {
  const asked = async (to: string): Promise<unknown> =>
    childrenOf(read(await world.run(to, "node='join'")).form, 'field').map((row) => textOf(child(row, 'desc') ?? row));
  expect(await asked(domain)).toContain('Its address, as in #channel%irc.example.org');
  expect(await asked(server)).toContain('Its address, as in #channel');
  expect(await world.says('join')).toMatch(/\nRoom\?\nIts address, as in #channel%irc\.example\.org$/);
});

test('whoever gives a name where an address is needed is told how rooms are found by name, where they can be', async () => {
  const written = 'one is written like this: #channel%irc.example.org';
  expect(await world.says('join general')).toContain(`${written}\n`);
  world.state.session = sessionOf('romeo', { rooms: { list: async () => [] } as never });
  expect(await world.says('join general')).toContain(`${written} (find-rooms NAME looks for rooms by name)`);
});

let says = '';

/** Runs `join` and gives what the invitation says. */
async function invited(to: string, room: string, password = '') {
  const { id } = read(await world.run(to, "node='join'"));
  const told = await world.send(
    `<iq type='set' id='q' from='${me}' to='${to}'><command xmlns='${ns}' node='join' sessionid='${id}'>${submit({ room, password })}</command></iq>`,
  );
  const message = told.find(({ name }) => name === 'message');
  says = textOf(child(message, 'body'));
  return { from: message?.attrs.from, ...child(message, 'x', 'jabber:x:conference')?.attrs };
}

test.each([
  [domain, '#verona%net.test'],
  [domain, channel],
  [domain, `xmpp:${channel}?join`],
  [domain, `xmpp:%23verona%25net.test@${domain}?join`],
  [domain, `xmpp:%23verona%25net.test@${domain}?join;password=sesame`],
  [server, '#verona'],
])('at %s, %s is an invitation from the room', async (to, typed) => {
  expect(await invited(to, typed, 'sesame')).toEqual({ from: channel, jid: channel, password: 'sesame' });
  expect(says).toBe(`#verona on net.test: xmpp:%23verona%25net.test@${domain}?join`);
});

test('45-30 into a room that is open one is invited by the address by which its clients are in', async () => {
  world.known('romeo@example.org', 'net.test');
  world.state.rooms = ['#grüße'];
  world.state.local = '#grüße%net.test';
  const open = `#grüße%net.test@${domain}`;
  expect(await invited(domain, '#grüße%net.test')).toEqual({ from: open, jid: open });
  expect(says).toContain(`xmpp:${encodeURIComponent('#grüße%net.test')}@${domain}?join`);
  expect(await invited(domain, '#verona%net.test')).toEqual({ from: channel, jid: channel });
});

test('what is no room is asked for anew', async () => {
  const { id } = read(await world.run(domain, "node='join'"));
  const again = read(await world.run(domain, `node='join' sessionid='${id}'`, submit({ room: 'verona@elsewhere' })));
  expect([again.status, again.notes]).toEqual(['executing', [expect.stringContaining('#channel%irc.example.org')]]);
});

test('rooms are found by name, with their addresses', async () => {
  world = createCommandWorld({ browsable: true });
  const toServer = (text: string) => world.says(text, server);
  expect(await toServer('find-rooms verona')).toMatch(/^You are not connected to net\.test/);
  const all = ['#verona', '#verona-balcony', '#mantua'].map((name, at) => ({ chat: chatId(name), name, size: 9 - at }));
  const asked: object[] = [];
  world.state.session = sessionOf('romeo', {
    rooms: {
      ...{ join: () => Promise.reject(new Error('nobody joins')), leave: async () => {} },
      list: async (query) => {
        asked.push(query);
        const { match = '', max } = query;
        return max < 101 ? [] : all.filter(({ name }) => name.includes(match));
      },
    },
  });
  expect(await toServer('find-rooms')).toContain('Name of a room?\nOr part of it; * shows them all.');
  expect(await toServer('find-rooms verona')).toBe(
    `Room · JID\n#verona (9) · ${channel}\n#verona-balcony (8) · #verona-balcony%net.test@${domain}`,
  );
  expect((await toServer('find-rooms *')).split('\n')).toHaveLength(4);
  expect(await toServer('find-rooms tomb')).toBe('No room is found by the name "tomb".');
  expect(asked.map((query) => Reflect.get(query, 'match'))).toEqual(['verona', undefined, 'tomb']);
});

test('45-30 a room that is open is found by the address by which its clients are in', async () => {
  world = createCommandWorld({ browsable: true });
  world.known('romeo@example.org', 'net.test');
  world.state.rooms = ['#grüße'];
  world.state.local = '#grüße%net.test';
  world.state.session = sessionOf('romeo', {
    rooms: {
      ...{ join: () => Promise.reject(new Error('nobody joins')), leave: async () => {} },
      list: async () => ['#grüße', '#verona'].map((name) => ({ chat: chatId(name), name })),
    },
  });
  expect(await world.says('find-rooms *', server)).toBe(
    `Room · JID\n#grüße · #grüße%net.test@${domain}\n#verona · ${channel}`,
  );
});

test('of very many the first are shown, and that there are more', async () => {
  world = createCommandWorld({ browsable: true });
  const many = Array.from({ length: 300 }, (_, n) => ({ chat: chatId(`#r${n}`), name: `#r${n}` }));
  world.state.session = sessionOf('romeo', {
    rooms: {
      ...{ join: () => Promise.reject(new Error('nobody joins')), leave: async () => {} },
      list: async ({ max }) => many.slice(0, max),
    },
  });
  const lines = (await world.says('find-rooms r', server)).split('\n');
  expect(lines).toHaveLength(102);
  expect(lines).toContain('There are more; say more of the name.');
});
