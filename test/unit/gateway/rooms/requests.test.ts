/** CHECKLIST 11.1, 11.7, 11.11 and 45-45: what clients ask of a room and its occupants. */
import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../../../src/core/errors.ts';
import { child, childrenOf, codesOf, conditionOf, textOf } from '../../../harness/markup.ts';
import {
  createWorld,
  desk,
  inbox,
  inVerona,
  key,
  origin,
  phone,
  room,
  sessionOf,
  verona,
  type World,
} from './world.ts';

const user = 'http://jabber.org/protocol/muc#user';
const info = 'http://jabber.org/protocol/disco#info';
const items = 'http://jabber.org/protocol/disco#items';

/** The one answer to an iq get. */
function asks(world: World, from: string, to: string, payload: string, type = 'get') {
  const { stanzas } = world.hear(`<iq type='${type}' id='q1' from='${from}' to='${to}'>${payload}</iq>`);
  expect(stanzas).toHaveLength(1);
  expect(stanzas[0]).toMatchObject({ kind: 'iq', from: to, to: [from], id: 'q1' });
  const [answer] = inbox(stanzas, from);
  return answer;
}
const disco = (ns: string, node?: string) => `<query xmlns='${ns}'${node === undefined ? '' : ` node='${node}'`}/>`;
const featuresOf = (world: World) =>
  childrenOf(child(asks(world, phone, room, disco(info)), 'query'), 'feature').map((one) => one.attrs.var);

describe('discovery', () => {
  test('030-08 45-10 identity conference/text with a name, the muc feature, one of each pair', () => {
    const world = inVerona(['Romeo'], [phone]);
    const answer = asks(world, phone, room, disco(info));
    const identities = childrenOf(child(answer, 'query'), 'identity').map((one) => one.attrs);
    expect(identities).toEqual([{ category: 'conference', type: 'text', name: '#verona on net' }]);
    const features = featuresOf(world);
    for (const pair of [
      ['muc_public', 'muc_hidden'],
      ['muc_persistent', 'muc_temporary'],
      ['muc_open', 'muc_membersonly'],
      ['muc_moderated', 'muc_unmoderated'],
      ['muc_nonanonymous', 'muc_semianonymous'],
      ['muc_passwordprotected', 'muc_unsecured'],
    ]) {
      expect(features.filter((one) => pair.includes(one ?? ''))).toHaveLength(1);
    }
    expect(features).toContain('http://jabber.org/protocol/muc');
    expect(new Set(features).size).toBe(features.length);
  });

  test('45-10 the flags follow the room', () => {
    const world = inVerona(['Romeo'], [phone]);
    world.topic({ isPublic: false, isMembersOnly: true, isModerated: true, hasPassword: true });
    expect(featuresOf(world)).toEqual(
      expect.arrayContaining(['muc_hidden', 'muc_moderated', 'muc_passwordprotected', 'muc_nonanonymous']),
    );
  });

  test('380-03 45-10 by invitation only it is no room in which clients encrypt by themselves', () => {
    const world = inVerona(['Romeo'], [phone]);
    world.topic({ isMembersOnly: true });
    expect(featuresOf(world)).toEqual(expect.arrayContaining(['muc_open', 'muc_nonanonymous']));
    expect(featuresOf(world)).not.toContain('muc_membersonly');
  });

  test('410-01 421-01 what is announced is what is there', () => {
    expect(featuresOf(inVerona(['Romeo'], [phone]))).toEqual(
      expect.arrayContaining([
        'http://jabber.org/protocol/muc#self-ping-optimization',
        'http://jabber.org/protocol/muc#stable_id',
        'urn:xmpp:occupant-id:0',
        'urn:xmpp:sid:0',
      ]),
    );
  });

  test('45-02 nothing is known any more of a room that was closed', () => {
    const world = inVerona(['Romeo'], [phone]);
    world.topic({ name: 'Verona', isModerated: true });
    world.face.forget(verona);
    const answer = asks(world, phone, room, disco(info));
    expect(child(child(answer, 'query'), 'identity')?.attrs.name).toBe('#verona on net');
    expect(featuresOf(world)).toContain('muc_unmoderated');
  });

  test('45-11 the roominfo form', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    world.topic({ topic: 'Two houses', name: 'Verona' });
    const form = child(child(asks(world, phone, room, disco(info)), 'query'), 'x', 'jabber:x:data');
    const values = childrenOf(form, 'field').map((one) => [one.attrs.var, textOf(child(one, 'value'))]);
    expect(values).toEqual([
      ['FORM_TYPE', 'http://jabber.org/protocol/muc#roominfo'],
      ['muc#roominfo_occupants', '2'],
      ['muc#roominfo_subject', 'Two houses'],
      ['muc#roomconfig_roomname', 'Verona'],
    ]);
  });

  test('500-01 slow mode, where the network has it, and 104 when it changes', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    world.topic({ name: 'Verona', slowModeSeconds: 0 });
    const change = inbox(world.topic({ slowModeSeconds: 30 }), phone);
    expect(change.flatMap(codesOf)).toEqual([104]);
    const form = child(child(asks(world, phone, room, disco(info)), 'query'), 'x', 'jabber:x:data');
    const [field] = childrenOf(form, 'field').filter(({ attrs }) => attrs.var === 'muc#roominfo_slow_mode_duration');
    expect(textOf(child(field, 'value'))).toBe('30');
  });

  test('45-12 030-04 059-01 occupants to who is in, an empty list to who is not, as no page where none was asked for', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    const listed = (from: string) => {
      const query = child(asks(world, from, room, disco(items)), 'query');
      expect(child(query, 'set')).toBeUndefined();
      return childrenOf(query, 'item').map((one) => one.attrs);
    };
    expect(listed(phone)).toEqual([
      { jid: `${room}/Romeo`, name: 'Romeo' },
      { jid: `${room}/juliet`, name: 'juliet' },
    ]);
    expect(listed(desk)).toEqual([]);
  });

  test('45-12 059-01 a crowd by the page: five hundred to who asks for none, since thousands are more than a stanza holds', () => {
    const crowd = Array.from({ length: 1_200 }, (_, n) => `guest${n}`);
    const world = inVerona(['Romeo', ...crowd], [phone]);
    const page = (inside = '') => {
      const query = child(asks(world, phone, room, `<query xmlns='${items}'>${inside}</query>`), 'query');
      const set = child(query, 'set');
      const jids = childrenOf(query, 'item').map(({ attrs }) => attrs.jid ?? '');
      return { jids, count: textOf(child(set, 'count')), last: textOf(child(set, 'last')) };
    };
    const rsm = (inside: string) => `<set xmlns='http://jabber.org/protocol/rsm'>${inside}</set>`;
    const first = page();
    expect([first.jids.length, first.count, first.last]).toEqual([500, '1201', first.jids.at(-1)]);
    const seen: string[] = [];
    for (let after = ''; ; after = `<after>${seen.at(-1)}</after>`) {
      const { jids } = page(rsm(`<max>450</max>${after}`));
      if (jids.length === 0) break;
      seen.push(...jids);
    }
    expect(seen).toEqual(['Romeo', ...crowd].map((nick) => `${room}/${nick}`));
    const unknown = `<query xmlns='${items}'>${rsm('<after>nobody</after>')}</query>`;
    const refused = asks(world, phone, room, unknown);
    expect(refused && conditionOf(refused)).toBe('item-not-found');
    const damaged = `<query xmlns='${items}'><item/></query>`;
    expect(childrenOf(child(asks(world, phone, room, damaged), 'query'), 'item')).toHaveLength(500);
  });

  test('45-13 the reserved nick: ours, or nothing', () => {
    const named = asks(inVerona(['Romeo'], [phone]), desk, room, disco(info, 'x-roomuser-item'));
    expect(child(named, 'query')?.attrs.node).toBe('x-roomuser-item');
    expect(child(child(named, 'query'), 'identity')?.attrs.name).toBe('Romeo');
    const none = asks(createWorld(), desk, room, disco(info, 'x-roomuser-item'));
    expect(none?.attrs.type).toBe('result');
    expect(child(none, 'query')?.children).toEqual([]);
  });

  test.each([
    ['030-02', info, 'unknown', 'item-not-found'],
    ['030-02', items, 'unknown', 'item-not-found'],
  ])('%s %s node %s', (_, ns, node, condition) => {
    const answer = asks(inVerona(['Romeo'], [phone]), phone, room, disco(ns, node));
    expect(answer && conditionOf(answer)).toBe(condition);
  });

  test('45-14 no extension passes', () => {
    const node = 'http://jabber.org/protocol/muc#traffic';
    const answer = asks(inVerona(['Romeo'], [phone]), phone, room, disco(info, node));
    expect(child(answer, 'query')).toMatchObject({ attrs: { node }, children: [] });
  });

  test('45-15 occupants: only from inside; legacy ones are answered by us, our own not at all', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    const condition = (from: string, nick: string, node?: string) => {
      const answer = asks(world, from, `${room}/${nick}`, disco(info, node));
      return answer?.attrs.type === 'result' ? 'result' : answer && conditionOf(answer);
    };
    expect(condition(desk, 'juliet')).toBe('bad-request');
    expect(condition(phone, 'juliet')).toBe('result');
    expect(condition(phone, 'Romeo')).toBe('service-unavailable');
    expect(condition(phone, 'nobody')).toBe('item-not-found');
    expect(condition(phone, 'juliet', 'node')).toBe('item-not-found');
    expect(asks(world, phone, `${room}/juliet`, disco(items))?.attrs.type).toBe('result');
  });
});

describe('self-ping', () => {
  const ping = "<ping xmlns='urn:xmpp:ping'/>";
  test('410-01 410-03 410-04 who is in: result, under any nick', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    for (const nick of ['Romeo', 'juliet', 'WishedFor']) {
      expect(asks(world, phone, `${room}/${nick}`, ping)?.attrs.type).toBe('result');
    }
  });

  test('410-02 who is not: not-acceptable, by the room', () => {
    for (const world of [inVerona(['Romeo'], [phone]), createWorld()]) {
      const answer = asks(world, desk, `${room}/Romeo`, ping);
      expect(answer && conditionOf(answer)).toBe('not-acceptable');
      expect(child(answer, 'error')?.attrs).toEqual({ by: room, type: 'cancel' });
    }
  });

  test('410-02 a client that bounced or left is out', () => {
    const world = inVerona(['Romeo'], [phone]);
    world.hear(`<presence type='unavailable' from='${phone}' to='${room}/Romeo'/>`);
    expect(asks(world, phone, `${room}/Romeo`, ping)?.attrs.type).toBe('error');
  });

  test('199-01 the room itself, and who is about to be let in', () => {
    const world = inVerona(['Romeo'], [phone]);
    expect(asks(world, desk, room, ping)?.attrs.type).toBe('result');
    world.begin(desk, 'Romeo');
    expect(asks(world, desk, `${room}/Romeo`, ping)?.attrs.type).toBe('result');
  });
});

describe('moderation', () => {
  const admin = (item: string) => `<query xmlns='http://jabber.org/protocol/muc#admin'>${item}</query>`;
  const kick = (nick: string) => ({ kind: 'moderate', chat: verona, targets: [{ nick, action: 'kick' }] }) as const;
  const asked = origin(phone, room, { via: 'iq', stanzaId: 'i1' });

  test('45-74 lists by role and by affiliation', () => {
    const world = inVerona(['@Romeo', 'juliet', '~prince', '+paris', '-ghost'], [phone]);
    const nicks = (item: string) =>
      childrenOf(child(asks(world, phone, room, admin(item)), 'query'), 'item').map((one) => one.attrs.nick);
    expect(nicks("<item role='moderator'/>")).toEqual(['Romeo', 'prince']);
    expect(nicks("<item role='participant'/>")).toEqual(['juliet', 'paris']);
    expect(nicks("<item role='visitor'/>")).toEqual(['ghost']);
    expect(nicks("<item affiliation='member'/>")).toEqual(['paris']);
    expect(nicks("<item affiliation='owner'/>")).toEqual(['prince']);
    expect(nicks("<item affiliation='admin'/>")).toEqual(['Romeo']);
  });

  test('45-74 a role stands in lists of roles alone', () => {
    const world = inVerona(['@Romeo'], [phone]);
    const roles = (item: string) =>
      childrenOf(child(asks(world, phone, room, admin(item)), 'query'), 'item').map((one) => one.attrs.role);
    expect(roles("<item role='moderator'/>")).toEqual(['moderator']);
    expect(roles("<item affiliation='admin'/>")).toEqual([undefined]);
  });

  test('45-74 of a crowd the first thousand: more than a stanza holds ends the stream of the whole gateway', () => {
    const crowd = Array.from({ length: 6000 }, (_, i) => `somebody-with-a-longer-nick-${i}`);
    const answer = asks(inVerona(['@Romeo', ...crowd], [phone]), phone, room, admin("<item role='participant'/>"));
    expect(childrenOf(child(answer, 'query'), 'item')).toHaveLength(1000);
  });

  test('45-74 items have bare JIDs, ours the owner’s', () => {
    const world = inVerona(['@Romeo', '@tybalt!t@cats.example'], [phone]);
    const jids = childrenOf(child(asks(world, phone, room, admin("<item affiliation='admin'/>")), 'query'), 'item');
    expect(jids.map((one) => one.attrs.jid)).toEqual(['romeo@example.org', 'tybalt%net@irc.test']);
  });

  test.each([
    ["<item role='none'/>", 'bad-request'],
    ["<item affiliation='none'/>", 'bad-request'],
    ["<item role='moderator' affiliation='owner'/>", 'bad-request'],
    ["<item role='king'/>", 'bad-request'],
    ["<item role='moderator'/><item role='visitor'/>", 'bad-request'],
    ['', 'bad-request'],
  ])('45-72 45-73 %s is %s', (item, condition) => {
    const answer = asks(inVerona(['Romeo'], [phone]), phone, room, admin(item));
    expect(answer && conditionOf(answer)).toBe(condition);
  });

  test('45-74 not from outside', () => {
    const answer = asks(inVerona(['Romeo'], [phone]), desk, room, admin("<item role='moderator'/>"));
    expect(answer && conditionOf(answer)).toBe('forbidden');
  });

  test('45-70 the kicked is told before the moderator gets the result; a repetition gets it again', () => {
    const world = inVerona(['@Romeo', 'juliet'], [phone]);
    world.face.check(kick('juliet'), asked);
    world.changes({ is: 'out', person: world.face.whois(verona, 'juliet') ?? raise(), how: 'kicked', by: 'Romeo' });
    const { stanzas, result } = world.face.done(key('1'), kick('juliet'), asked);
    expect(stanzas).toMatchObject([{ kind: 'iq', type: 'result', id: 'i1', from: room, to: [phone] }]);
    expect(world.face.again(kick('juliet'), asked, result ?? '')).toMatchObject([{ type: 'result', id: 'i1' }]);
  });

  test('45-73 unknown nick, no such power, a network that cannot', () => {
    const world = inVerona(['@Romeo'], [phone]);
    expect(() => world.face.check(kick('juliet'), asked)).toThrowError(
      expect.objectContaining({ code: 'no-such-person' }),
    );
    const [error] = inbox(
      world.face.failed(key('1'), kick('juliet'), asked, new GatewayError('not-allowed-there')).stanzas,
      phone,
    );
    expect(error?.attrs).toMatchObject({ type: 'error', id: 'i1', from: room });
    expect(error && conditionOf(error)).toBe('forbidden');
    const poor = inVerona(['@Romeo', 'juliet'], [phone]);
    const session = sessionOf('romeo');
    const { join, leave } = session.rooms;
    poor.face.attach({ ...session, rooms: { join, leave } });
    expect(() => poor.face.check(kick('juliet'), asked)).toThrowError(
      expect.objectContaining({ code: 'network-cannot' }),
    );
  });

  test('45-75 somebody who is not here can be banned', () => {
    const world = inVerona(['@Romeo'], [phone]);
    const ban = { kind: 'moderate', chat: verona, targets: [{ nick: 'tybalt', action: 'ban' }] } as const;
    expect(() => world.face.check(ban, asked)).not.toThrow();
  });
});

describe('everything else', () => {
  test.each(['get', 'set'])('GEN-01 an unknown iq %s gets one error, wherever it goes', (type) => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    for (const to of [room, `${room}/juliet`, `${room}/nobody`, 'juliet%net@irc.test', 'net@irc.test']) {
      const answer = asks(world, phone, to, "<query xmlns='urn:unknown'/>", type);
      expect(answer && conditionOf(answer)).toBe('service-unavailable');
    }
  });

  test('GEN-03 results are never answered', () => {
    const world = inVerona(['Romeo'], [phone]);
    for (const to of [room, 'juliet%net@irc.test']) {
      expect(world.hear(`<iq type='result' id='x' from='${phone}' to='${to}'/>`)).toEqual({ stanzas: [] });
    }
  });

  test('45-45 GEN-07 to the room itself: text is refused, what only rooms say is not for clients, the rest is silence', () => {
    const world = inVerona(['Romeo'], [phone]);
    const said = (inner: string, type = '') =>
      inbox(world.hear(`<message id='m' from='${phone}' to='${room}'${type}>${inner}</message>`).stanzas, phone);
    expect(said('<body>x</body>').map(conditionOf)).toEqual(['bad-request']);
    expect(said(`<x xmlns='${user}'><item/></x>`).map(conditionOf)).toEqual(['feature-not-implemented']);
    expect(said("<x xmlns='jabber:x:data' type='submit'/>").map(conditionOf)).toEqual(['feature-not-implemented']);
    expect(said("<active xmlns='http://jabber.org/protocol/chatstates'/>")).toEqual([]);
    expect(said("<active xmlns='http://jabber.org/protocol/chatstates'/>", " type='groupchat'")).toEqual([]);
    expect(said('<body>x</body>', " type='headline'")).toEqual([]);
  });
});

function raise(): never {
  throw new Error('nobody of that nick');
}
