/** CHECKLIST 11.5, 11.6, 11.10: nicks, ranks, comings and goings of occupants, and the codes that say why. */
import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../../../src/core/errors.ts';
import type { MemberChange, Power } from '../../../../src/core/event.ts';
import { chatId, personId } from '../../../../src/core/ids.ts';
import type { Element } from '../../../../src/xml/element.ts';
import { child, codesOf, conditionOf, textOf } from '../../../harness/markup.ts';
import {
  comesIn,
  createWorld,
  desk,
  inbox,
  inVerona,
  key,
  member,
  noon,
  origin,
  phone,
  room,
  sendIntent,
  verona,
} from './world.ts';

const user = 'http://jabber.org/protocol/muc#user';
const item = (one: Element | undefined) => child(child(one, 'x', user), 'item');
const out = (
  nick: string,
  how: Extract<MemberChange, { is: 'out' }>['how'],
  more: { by?: string; reason?: string } = {},
) => ({ is: 'out', person: personId(nick), how, ...more }) as const;

describe('comings and goings', () => {
  test('JID-04 who is called as no server passes it on is seen, heard and answered under what is left of the name', () => {
    const world = inVerona(['Romeo', 'عمر2'], [phone]);
    const shown = `${room}/عمر`;
    expect(inbox(world.enter(desk), desk).map(({ attrs }) => attrs.from)).toContain(shown);
    expect(world.says('عمر2', 'hello')[0]?.from).toBe(shown);
    expect(world.archive.at(-1)?.nick).toBe('عمر');
    expect(world.face.whois(verona, 'عمر')).toBe('عمر2');
    const changed = world.changes({ is: 'renamed', person: personId('عمر2'), nick: 'x\u202e' });
    expect(changed.map(({ from }) => from)).toEqual([shown, `${room}/x`]);
    expect(world.topic({ topic: 'T', topicBy: '\u2063' })[0]?.from).toBe(`${room}/=e2=81=a3`);
  });

  test('45-60 somebody comes: one presence for all, rendered once', () => {
    const world = inVerona(['Romeo'], [phone, desk]);
    const stanzas = world.changes(comesIn('juliet'));
    expect(stanzas).toHaveLength(1);
    expect(stanzas[0]).toMatchObject({ kind: 'presence', from: `${room}/juliet`, to: [phone, desk] });
    expect(stanzas[0]?.type).toBeUndefined();
  });

  test('45-57 45-60 somebody goes: unavailable, role none, affiliation as it was, the reason as status', () => {
    const world = inVerona(['Romeo', '@juliet'], [phone]);
    const [one] = inbox(world.changes(out('juliet', 'left', { reason: 'bye' })), phone);
    expect(one?.attrs.type).toBe('unavailable');
    expect(item(one)?.attrs).toMatchObject({ role: 'none', affiliation: 'admin' });
    expect(textOf(child(one, 'status'))).toBe('bye');
    expect(one && codesOf(one)).toEqual([]);
  });

  test.each([
    ['kicked', 307, 'none'],
    ['banned', 301, 'outcast'],
    ['revoked', 321, 'none'],
    ['closed', 322, 'none'],
    ['lost', 333, 'none'],
  ] as const)('45-61 45-62 %s is %i', (how, code, affiliation) => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    const [one] = inbox(world.changes(out('juliet', how, { by: 'tybalt', reason: 'because' })), phone);
    expect(one && codesOf(one)).toEqual([code]);
    expect(item(one)?.attrs).toMatchObject({ role: 'none', affiliation });
    expect(child(item(one), 'actor')?.attrs.nick).toBe(how === 'lost' ? undefined : 'tybalt');
    expect(textOf(child(item(one), 'reason'))).toBe(how === 'lost' ? '' : 'because');
    expect(textOf(child(one, 'status'))).toBe(how === 'lost' ? 'because' : '');
  });

  test.each([
    ['kicked', 'member'],
    ['revoked', 'none'],
  ] as const)('45-61 45-62 a member who is %s is %s from then on', (how, affiliation) => {
    const world = inVerona(['Romeo', '+juliet'], [phone]);
    expect(item(inbox(world.changes(out('juliet', how)), phone)[0])?.attrs.affiliation).toBe(affiliation);
  });

  test.each([
    ['kicked', [307, 110]],
    ['banned', [301, 110]],
    ['revoked', [321, 110]],
    ['closed', [322, 110]],
    ['lost', [333, 110]],
  ] as const)('45-61 45-62 we are %s: every client is told with 110, and nobody is in any more', (how, codes) => {
    const world = inVerona(['Romeo', 'juliet'], [phone, desk]);
    const stanzas = world.event({ kind: 'removed', chat: verona, how, by: 'juliet', reason: 'r', at: new Date(noon) });
    expect(stanzas.map(({ to, from, type }) => [to, from, type])).toEqual([
      [[phone], `${room}/Romeo`, 'unavailable'],
      [[desk], `${room}/Romeo`, 'unavailable'],
    ]);
    expect(inbox(stanzas, desk).map(codesOf)).toEqual([codes]);
    expect(world.face.rooms()).toEqual([]);
    expect(world.face.clients()).toEqual([]);
    expect(world.face.isIn(verona)).toBe(false);
    expect(world.says('juliet', 'gone?')).toEqual([]);
  });

  test('45-61 410-02 put out as one of its members we are out of it just as well: a self-ping says so', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    expect(inbox(world.changes(out('romeo', 'kicked')), phone).map(codesOf)).toEqual([[307, 110]]);
    const ping = `<iq type='get' id='p' from='${phone}' to='${room}/Romeo'><ping xmlns='urn:xmpp:ping'/></iq>`;
    expect(inbox(world.hear(ping).stanzas, phone).map(conditionOf)).toEqual(['not-acceptable']);
  });

  test('45-86 the room is gone: destroyed, with its reason', () => {
    const world = inVerona(['@Romeo'], [phone]);
    const [one] = inbox(
      world.event({ kind: 'removed', chat: verona, how: 'gone', reason: 'moved', at: new Date(noon) }),
      phone,
    );
    expect(item(one)?.attrs).toMatchObject({ role: 'none', affiliation: 'none' });
    expect(textOf(child(child(child(one, 'x', user), 'destroy'), 'reason'))).toBe('moved');
    expect(child(one, 'status')).toBeUndefined();
  });

  test.each([{}, { by: '', reason: '' }])('45-57 45-61 45-86 what nobody said is not there: %j', (more) => {
    for (const how of ['left', 'kicked'] as const) {
      const world = inVerona(['Romeo', 'juliet'], [phone]);
      const [one] = inbox(world.changes(out('juliet', how, more)), phone);
      expect(item(one)).toMatchObject({ name: 'item', children: [] });
      expect(child(one, 'status')).toBeUndefined();
    }
    const world = inVerona(['@Romeo'], [phone]);
    const [one] = inbox(
      world.event({ kind: 'removed', chat: verona, how: 'gone', ...more, at: new Date(noon) }),
      phone,
    );
    const destroyed = child(child(one, 'x', user), 'destroy');
    expect([destroyed?.attrs, destroyed?.children]).toEqual([{}, []]);
    expect(child(one, 'status')).toBeUndefined();
  });

  test('45-86 the room that is in its place is named by its address', () => {
    const world = inVerona(['@Romeo'], [phone]);
    const gone = { kind: 'removed', chat: verona, how: 'gone', to: chatId('#mantua'), at: new Date(noon) } as const;
    const [one] = inbox(world.event(gone), phone);
    expect(child(child(one, 'x', user), 'destroy')?.attrs.jid).toBe('#mantua%net@irc.test');
    expect(one && codesOf(one)).toEqual([110]);
  });

  test('our own going as a change of the list is the end too, and the room can be joined anew', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    const [one] = inbox(world.changes(out('romeo', 'left')), phone);
    expect(one && codesOf(one)).toEqual([110]);
    expect(world.face.isIn(verona)).toBe(false);
    const entering = world.begin(phone, 'Romeo');
    world.list('Romeo', 'nurse');
    expect(inbox(entering.finish([]), phone).map((each) => each.attrs.from)).toEqual([
      `${room}/nurse`,
      `${room}/Romeo`,
      room,
    ]);
  });

  test('who is not there cannot go, rise or be renamed', () => {
    const world = inVerona(['Romeo'], [phone]);
    expect(world.changes(out('nobody', 'left'))).toEqual([]);
    expect(world.changes({ is: 'power', person: personId('nobody'), power: 'owner' })).toEqual([]);
    expect(world.changes({ is: 'renamed', person: personId('nobody'), nick: 'x' })).toEqual([]);
  });
});

test('45-64 a netsplit: one presence each, nothing else in between', () => {
  const crowd = Array.from({ length: 200 }, (_, n) => `guest${n}`);
  const world = inVerona(['Romeo', ...crowd], [phone]);
  const gone = inbox(world.changes(...crowd.map((nick) => out(nick, 'lost'))), phone);
  expect(gone.map(({ name, attrs }) => `${name} ${attrs.type} ${attrs.from}`)).toEqual(
    crowd.map((nick) => `presence unavailable ${room}/${nick}`),
  );
});

describe('nicks', () => {
  test('45-52 45-54 somebody else: the pair of 303 and presence, role and occupant-id kept', () => {
    const world = inVerona(['Romeo', '@juliet'], [phone]);
    const got = inbox(
      world.changes({ is: 'renamed', person: personId('juliet'), nick: 'Julia', as: personId('julia') }),
      phone,
    );
    expect(got.map((one) => [one.attrs.from, one.attrs.type, codesOf(one)])).toEqual([
      [`${room}/juliet`, 'unavailable', [303]],
      [`${room}/Julia`, undefined, []],
    ]);
    expect(item(got[0])?.attrs).toMatchObject({ nick: 'Julia', role: 'moderator', affiliation: 'admin' });
    expect(got.map((one) => child(one, 'occupant-id')?.attrs.id)).toEqual(['occupant-juliet', 'occupant-juliet']);
    expect(world.face.whois(verona, 'Julia')).toBe('julia');
    expect(world.face.whois(verona, 'juliet')).toBeUndefined();
  });

  test('421-03 who takes a nick that somebody gave up in the room gets an occupant-id of their own', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    const comes = (nick: string) =>
      child(
        inbox(world.changes({ is: 'in', member: { person: personId(nick), nick, power: 'participant' } }), phone)[0],
        'occupant-id',
      )?.attrs.id;
    const becomes = (nick: string, next: string) =>
      world.changes({ is: 'renamed', person: personId(nick), nick: next, as: personId(next) });
    becomes('juliet', 'julia');
    expect(comes('juliet')).toBe('occupant-juliet 2');
    becomes('juliet', 'jules');
    expect(comes('juliet')).toBe('occupant-juliet 3');
    world.changes(out('julia', 'left'), out('juliet', 'left'));
    expect(comes('juliet')).toBe('occupant-juliet');
    expect(comes('julia')).toBe('occupant-julia');
  });

  test('45-52 ourselves: 110 in both halves, each client with its own JID', () => {
    const world = inVerona(['Romeo'], [phone, desk]);
    const stanzas = world.changes({ is: 'renamed', person: personId('romeo'), nick: 'Montague' });
    for (const client of [phone, desk]) {
      const got = inbox(stanzas, client);
      expect(got.map(codesOf)).toEqual([[303, 110], [110]]);
      expect(got.map((one) => item(one)?.attrs.jid)).toEqual([client, client]);
    }
  });

  test('45-54 the wish becomes an intent, and nothing is told before the network has confirmed it', () => {
    const world = inVerona(['Romeo'], [phone]);
    const heard = world.hear(`<presence from='${phone}' to='${room}/Montague' id='n1'/>`);
    expect(heard).toEqual({
      stanzas: [],
      ask: {
        intent: { kind: 'nick', chat: verona, nick: 'Montague' },
        origin: { from: phone, to: `${room}/Montague`, stanzaId: 'n1', via: 'presence', at: noon },
      },
    });
  });

  test('GEN-10 45-54 why it can not be is told in the language of whoever asked', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    const { ask } = world.hear(`<presence from='${phone}' to='${room}/juliet' xml:lang='de'/>`);
    if (ask === undefined) throw new Error('nothing was asked');
    const taken = new GatewayError('nick-taken', { text: 'The nick juliet is taken in this room' });
    const { stanzas } = world.face.failed(undefined, ask.intent, ask.origin, taken);
    const text = child(child(inbox(stanzas, phone)[0], 'error'), 'text');
    expect([textOf(text), text?.attrs['xml:lang']]).toEqual(['Der Nick juliet ist in diesem Raum vergeben', 'de']);
  });

  test('45-53 taken: known before the network is asked; from the network: conflict from the old R/N, by R', () => {
    const world = inVerona(['Romeo', 'Montague'], [phone]);
    const ask = { kind: 'nick', chat: verona, nick: 'Montague' } as const;
    const asked = origin(phone, `${room}/Montague`, { stanzaId: 'n1' });
    expect(() => world.face.check(ask, asked)).toThrow(GatewayError);
    expect(() => world.face.check({ ...ask, nick: 'Romeo' }, asked)).not.toThrow();
    const [error] = inbox(world.face.failed(key('1'), ask, asked, new GatewayError('nick-taken')).stanzas, phone);
    expect(error?.attrs).toMatchObject({ type: 'error', from: `${room}/Romeo`, id: 'n1' });
    expect(child(error, 'error')?.attrs).toEqual({ by: room, type: 'cancel' });
    expect(error && conditionOf(error)).toBe('conflict');
  });

  test('210 where the network gives another nick than the one asked for, and only then', () => {
    const world = inVerona(['Romeo'], [phone]);
    const asked = origin(phone, `${room}/Montague`);
    world.face.check({ kind: 'nick', chat: verona, nick: 'Montague' }, asked);
    world.face.check(sendIntent('meanwhile'), origin(phone, room));
    const got = inbox(world.changes({ is: 'renamed', person: personId('romeo'), nick: 'Montague1' }), phone);
    expect(got.map(codesOf)).toEqual([
      [303, 110],
      [110, 210],
    ]);
    world.face.done(key('1'), { kind: 'nick', chat: verona, nick: 'Montague' }, asked);
    const later = inbox(world.changes({ is: 'renamed', person: personId('romeo'), nick: 'Guest7' }), phone);
    expect(later.map(codesOf)).toEqual([[303, 110], [110]]);
  });

  test('a nick that another one held moves to its new holder, and the old one is gone without a word', () => {
    const world = inVerona(['Romeo', 'juliet', 'nurse'], [phone]);
    world.changes({ is: 'renamed', person: personId('juliet'), nick: 'nurse' });
    expect(world.face.whois(verona, 'nurse')).toBe('juliet');
    expect(world.changes(out('nurse', 'left'))).toEqual([]);
  });

  test('a change of case is a change', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    const got = inbox(
      world.changes({ is: 'renamed', person: personId('juliet'), nick: 'Juliet', as: personId('juliet') }),
      phone,
    );
    expect(got.map((one) => one.attrs.from)).toEqual([`${room}/juliet`, `${room}/Juliet`]);
    expect(world.face.whois(verona, 'Juliet')).toBe('juliet');
  });
});

describe('ranks', () => {
  const table: readonly (readonly [Power, string, string])[] = [
    ['visitor', 'visitor', 'none'],
    ['participant', 'participant', 'none'],
    ['voiced', 'participant', 'member'],
    ['helper', 'moderator', 'member'],
    ['moderator', 'moderator', 'admin'],
    ['admin', 'moderator', 'owner'],
    ['owner', 'moderator', 'owner'],
  ];
  test.each(table)('45-63 %s is role %s, affiliation %s', (power, role, affiliation) => {
    const world = inVerona(['Romeo', power === 'participant' ? '@juliet' : 'juliet'], [phone]);
    const got = inbox(world.changes({ is: 'power', person: personId('juliet'), power }), phone);
    expect(got).toHaveLength(1);
    expect(item(got[0])?.attrs).toMatchObject({ role, affiliation });
  });

  test('45-63 ours with 110; one that shows alike is told to nobody', () => {
    const world = inVerona(['&Romeo', 'juliet'], [phone]);
    expect(world.changes({ is: 'power', person: personId('romeo'), power: 'owner' })).toEqual([]);
    const got = inbox(world.changes({ is: 'power', person: personId('romeo'), power: 'participant' }), phone);
    expect(got.map(codesOf)).toEqual([[110]]);
  });
});

describe('complete lists', () => {
  test('only differences are told: who is new, who is gone, whose rank or nick is another', () => {
    const world = inVerona(['Romeo', 'juliet', '@tybalt', 'nurse'], [phone]);
    const got = inbox(world.list('Romeo', '+juliet', '@tybalt', 'paris'), phone);
    expect(got.map((one) => [one.attrs.from, one.attrs.type])).toEqual([
      [`${room}/juliet`, undefined],
      [`${room}/paris`, undefined],
      [`${room}/nurse`, 'unavailable'],
    ]);
    expect(world.list('Romeo', '+juliet', '@tybalt', 'paris')).toEqual([]);
  });

  test('an address that becomes known is shown from the next presence on, without one of its own', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    expect(world.changes(comesIn('juliet!j@capulet.example'))).toEqual([]);
    const got = inbox(world.enter(desk), desk);
    expect(item(got[0])?.attrs.jid).toBe('juliet%net@irc.test/j@capulet.example');
  });

  test('the same person under another nick is a rename', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    const got = inbox(
      world.changes({ is: 'in', member: { ...member('juliet'), nick: 'Julia', power: 'voiced' } }),
      phone,
    );
    expect(got.map((one) => [one.attrs.from, codesOf(one)])).toEqual([
      [`${room}/juliet`, [303]],
      [`${room}/Julia`, []],
    ]);
  });

  test('after a reconnect under another id we are renamed, not replaced', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    world.session.me = personId('romeo_');
    const got = inbox(world.list('juliet', 'Romeo_'), phone);
    expect(got.map((one) => [one.attrs.from, codesOf(one)])).toEqual([
      [`${room}/Romeo`, [303, 110]],
      [`${room}/Romeo_`, [110]],
    ]);
    expect(got.map((one) => child(one, 'occupant-id')?.attrs.id)).toEqual([
      'occupant-romeo@example.org',
      'occupant-romeo@example.org',
    ]);
  });

  test('45-57 and whoever had that id, in letters of another case, is gone first', () => {
    const world = inVerona(['Romeo', 'Romeo_'], [phone]);
    world.session.me = personId('romeo_');
    const got = inbox(world.list('romeo_'), phone);
    expect(got.map((one) => [one.attrs.from, one.attrs.type, codesOf(one)])).toEqual([
      [`${room}/Romeo_`, 'unavailable', []],
      [`${room}/Romeo`, 'unavailable', [303, 110]],
      [`${room}/romeo_`, undefined, [110]],
    ]);
  });

  test('a complete list without us is the end of our stay', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    const [one] = inbox(world.list('juliet'), phone);
    expect(one && codesOf(one)).toEqual([110]);
    expect(world.face.isIn(verona)).toBe(false);
    expect(world.face.clients(verona)).toEqual([]);
  });

  test('isIn from the first complete list on', () => {
    const world = createWorld();
    const entering = world.begin(phone, 'Romeo');
    expect(world.face.isIn(verona)).toBe(false);
    world.changes(comesIn('Romeo'));
    expect(world.face.isIn(verona)).toBe(false);
    world.list('Romeo');
    expect(world.face.isIn(verona)).toBe(true);
    entering.finish([]);
    world.face.attach(undefined);
    expect(world.face.isIn(verona)).toBe(false);
  });
});
