/** Contact lists on servers that let us, that let us read, and that say so and don't (CHECKLIST 12.2). */
import { expect, test } from 'vitest';
import type { Answered, Request } from '../../../src/accounts/requests.ts';
import { createRosters } from '../../../src/accounts/rosters.ts';
import { createPrivileges } from '../../../src/gateway/privileges.ts';
import { parse } from '../../harness/markup.ts';
import { silentLog } from '../../harness/silent-log.ts';
import { stanza } from '../gateway/rooms/world.ts';

const owner = 'romeo@example.org';
const entry = { name: 'Juliet', groups: ['Verona'] };

function setUp(ns: 1 | 2, roster: string) {
  const privileges = createPrivileges({ counts: () => true, onChange: () => {} });
  const announce = (): void =>
    void privileges.hear(
      stanza(
        `<message from='example.org' to='net.test'><privilege xmlns='urn:xmpp:privilege:${ns}'><perm access='roster' type='${roster}'/></privilege></message>`,
      ),
    );
  announce();
  const asked: Request[] = [];
  const state: { answer: Answered } = { answer: { is: 'error', condition: 'forbidden' } };
  const warnings: object[] = [];
  const rosters = createRosters({
    domain: 'net.test',
    privileges,
    requests: {
      async ask(request) {
        asked.push(request);
        return state.answer;
      },
    },
    log: { ...silentLog, warn: (fields) => warnings.push(fields) },
  });
  const result = (inside?: string): Answered =>
    inside === undefined ? { is: 'result' } : { is: 'result', payload: parse(inside) };
  return { rosters, asked, state, warnings, result, announce };
}

test('356-10 356-15 the list is read, and of it only what is on our domain', async () => {
  const { rosters, state, result, asked } = setUp(2, 'both');
  state.answer = result(`<query xmlns='jabber:iq:roster'>
    <item jid='nurse@other.org' subscription='both'/>
    <item jid='juliet@net.test' name='Jule' subscription='both'><group>Verona</group></item></query>`);
  const items = await rosters.read(owner);
  expect(asked).toMatchObject([{ to: owner, type: 'get' }]);
  expect([...(items ?? [])]).toEqual([
    ['juliet@net.test', { jid: 'juliet@net.test', name: 'Jule', subscription: 'both', groups: ['Verona'] }],
  ]);
});

test('356-11 356-12 an entry is set alone, with its subscription both ways; it is removed by name', async () => {
  const { rosters, state, result, asked } = setUp(2, 'both');
  state.answer = result();
  expect(rosters.may(owner)).toBe('write');
  expect(await rosters.put(owner, 'juliet@net.test', entry)).toBe(true);
  expect(await rosters.remove(owner, 'juliet@net.test')).toBe(true);
  expect(asked.map(({ body }) => body.text)).toEqual([
    "<query xmlns='jabber:iq:roster'><item jid='juliet@net.test' name='Juliet' subscription='both'><group>Verona</group></item></query>",
    "<query xmlns='jabber:iq:roster'><item jid='juliet@net.test' subscription='remove'/></query>",
  ]);
  state.answer = { is: 'error', condition: 'item-not-found' };
  expect(await rosters.remove(owner, 'juliet@net.test')).toBe(true);
});

test('356-13 the older namespace is read by, and never set', async () => {
  const { rosters, asked } = setUp(1, 'both');
  expect(rosters.may(owner)).toBe('read');
  expect(await rosters.put(owner, 'juliet@net.test', entry)).toBe(false);
  expect(asked).toEqual([]);
});

test('356-04 nothing is asked of hosts that have said nothing, or not this', async () => {
  for (const { rosters, asked } of [setUp(2, 'none'), setUp(2, 'set')]) {
    expect(await rosters.read(owner)).toBeUndefined();
    expect(asked).toEqual([]);
  }
  const { rosters, asked } = setUp(2, 'both');
  expect(await rosters.put('romeo@elsewhere.org', 'juliet@net.test', entry)).toBe(false);
  expect(asked).toEqual([]);
});

test('356-06 what is refused all the same is not asked for again, is logged once, and is tried when it is announced anew', async () => {
  const { rosters, asked, warnings, announce } = setUp(2, 'both');
  expect(await rosters.put(owner, 'juliet@net.test', entry)).toBe(false);
  expect(await rosters.put(owner, 'juliet@net.test', entry)).toBe(false);
  expect([rosters.may(owner), asked.length, warnings.length]).toEqual(['read', 1, 1]);
  expect(await rosters.read(owner)).toBeUndefined();
  expect([rosters.may(owner), asked.length, warnings.length]).toEqual(['nothing', 2, 2]);
  announce();
  expect(rosters.may(owner)).toBe('write');
});

test('356-06 who is refused, as Prosody refuses one whom it knows no more, stops nobody else of the host, and it is logged once', async () => {
  const { rosters, asked, state, result, warnings } = setUp(2, 'both');
  state.answer = { is: 'error', condition: 'service-unavailable' };
  for (const gone of [owner, 'tybalt@example.org']) {
    expect(await rosters.put(gone, 'juliet@net.test', entry)).toBe(false);
    expect(rosters.may(gone)).toBe('read');
  }
  state.answer = result();
  expect(await rosters.put('mercutio@example.org', 'juliet@net.test', entry)).toBe(true);
  expect([rosters.may('mercutio@example.org'), asked.length, warnings.length]).toEqual(['write', 3, 1]);
});

test('356-06 a server that is slow for once has not refused', async () => {
  const { rosters, state, warnings } = setUp(2, 'both');
  state.answer = { is: 'error', condition: 'remote-server-timeout' };
  expect(await rosters.put(owner, 'juliet@net.test', entry)).toBe(false);
  expect([rosters.may(owner), warnings]).toEqual(['write', []]);
});
