/** CHECKLIST 7.1 and 8: the owner's contacts, and how they are. */
import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../../../src/core/errors.ts';
import { chatId, personId } from '../../../../src/core/ids.ts';
import { child, textOf } from '../../../harness/markup.ts';
import { present } from '../../../harness/present.ts';
import { createWorld, inVerona, key, noon, origin, owner, phone, received } from '../rooms/world.ts';

type World = ReturnType<typeof createWorld>;
const juliet = 'juliet%net@irc.test';
const person = personId('juliet');
const wants = (wanted: boolean) => ({ kind: 'contact', chat: chatId('juliet'), wanted }) as const;
const subscribe = origin(owner, juliet, { via: 'presence', type: 'subscribe', stanzaId: 's1' });

const befriend = (world: World) => world.face.done(key('1-0'), wants(true), subscribe).stanzas;
const isNow = (world: World, show: 'chat' | 'online' | 'away' | 'xa' | 'dnd' | 'offline', status?: string) =>
  world.face.apply({ kind: 'presence', at: new Date(noon), person, show, ...(status !== undefined && { status }) })
    .stanzas;

describe('subscribing', () => {
  test('ROS-01 ROS-05 accepted bare to bare with the request’s id, and asked for in return', () => {
    const stanzas = befriend(createWorld());
    expect(stanzas).toMatchObject([
      { kind: 'presence', type: 'subscribed', from: juliet, to: [owner], id: 's1' },
      { kind: 'presence', type: 'subscribe', from: juliet, to: [owner] },
    ]);
  });

  test.each([
    ['in a room', (world: World) => world.list('Romeo', 'Juliet')],
    ['by what they wrote', (world: World) => world.says('Juliet', 'x', { direct: true, chat: chatId('juliet') })],
    ['by nobody', () => []],
  ])('172-01 JID-16 who is known %s asks by the name that they have there', (how, meet) => {
    const world = inVerona(['Romeo'], [phone]);
    meet(world);
    const asks = befriend(world).find(({ type }) => type === 'subscribe');
    const nick = asks && textOf(child(received(asks, owner), 'nick'));
    expect(nick).toBe(how === 'by nobody' ? 'juliet' : 'Juliet');
  });

  test('ROS-04 who is subscribed already is told so once more, with how they are, and not asked again', () => {
    const world = createWorld();
    befriend(world);
    isNow(world, 'away', 'asleep');
    const [again, now, ...rest] = befriend(world);
    expect(again).toMatchObject({ type: 'subscribed' });
    expect(now && textOf(child(received(now, owner), 'status'))).toBe('asleep');
    expect(rest).toEqual([]);
  });

  test('who was asked for, and declined, is asked once more by whoever subscribes after all; who has agreed is not', () => {
    const types = (may: boolean) => {
      const world = createWorld();
      world.face.listed.ask(person);
      const seen = { kind: 'seen', chat: chatId('juliet'), may } as const;
      const answered = origin(owner, juliet, { type: may ? 'subscribed' : 'unsubscribed' });
      expect(world.face.done(key('1-0'), seen, answered).stanzas).toEqual([]);
      return befriend(world).map(({ type }) => type);
    };
    expect(types(false)).toEqual(['subscribed', 'subscribe']);
    expect(types(true)).toEqual(['subscribed']);
  });

  test('ROS-02 what can not be is refused in words', () => {
    const error = new GatewayError('queue-full', { text: 'too many' });
    const [refused] = createWorld().face.failed(key('1-0'), wants(true), subscribe, error).stanzas;
    expect(refused).toMatchObject({ kind: 'presence', type: 'unsubscribed', from: juliet, to: [owner] });
    expect(refused && textOf(child(received(refused, owner), 'status'))).toContain('too many');
  });
});

test('ROS-21 who is not wanted to be seen any more is gone at once, where they were here, and nothing is told of them then', () => {
  const unwanted = origin(owner, juliet, { via: 'presence', type: 'unsubscribe' });
  for (const show of ['online', 'offline'] as const) {
    const world = createWorld();
    befriend(world);
    isNow(world, show);
    const told = world.face.done(key('2-0'), wants(false), unwanted).stanzas;
    const gone = { kind: 'presence', type: 'unavailable', from: present(juliet), to: [owner] };
    expect(told).toEqual(show === 'online' ? [expect.objectContaining(gone)] : []);
    expect(isNow(world, 'away')).toEqual([]);
    expect(world.face.contacts()).toEqual([]);
  }
});

test('of who is gone from the network’s list nothing is told to clients that listen from then on', () => {
  const world = createWorld();
  befriend(world);
  world.face.apply({ kind: 'person', at: new Date(noon), person, change: { name: 'Juliet' } });
  const nicks = new Set(['http://jabber.org/protocol/nick']);
  expect(world.face.listens(phone, nicks)).toHaveLength(1);
  world.face.listed.drop(person, true);
  expect(world.face.listens(`${phone}2`, nicks)).toEqual([]);
});

test('GEN-08 a subscription that was granted, or not, is never answered with an error', () => {
  const answered = origin(owner, juliet, { via: 'presence', type: 'subscribed' });
  const seen = { kind: 'seen', chat: chatId('juliet'), may: true } as const;
  const error = new GatewayError('bug', { text: 'the disk is full' });
  expect(createWorld().face.failed(key('1-0'), seen, answered, error).stanzas).toEqual([]);
});

describe('the server', () => {
  const wantsServer = { kind: 'contact', chat: chatId(''), wanted: true } as const;
  const server = 'net@irc.test';
  const toServer = origin(owner, server, { via: 'presence', type: 'subscribe', stanzaId: 's1' });
  const now = (world: World, state: 'ready' | 'reconnecting' | 'ended') =>
    world.face
      .apply({ kind: 'state', at: new Date(noon), state })
      .stanzas.filter(({ kind, from }) => kind === 'presence' && from === present(server))
      .map(({ type }) => type);

  test('100-11 100-13 is here while we are connected, and asks in turn by its name', () => {
    const world = createWorld();
    const stanzas = world.face.done(key('1-0'), wantsServer, toServer).stanzas;
    expect(stanzas.map(({ type }) => type)).toEqual(['subscribed', undefined, 'subscribe']);
    expect(now(world, 'reconnecting')).toEqual(['unavailable']);
    expect(now(world, 'ready')).toEqual([undefined]);
    expect(now(world, 'ready')).toEqual([]);
    expect(now(world, 'ended')).toEqual(['unavailable']);
  });

  test('PRE-04 who has it in the contact list from another gateway is told from the first probe on', () => {
    const world = createWorld();
    expect(now(world, 'ready')).toEqual([]);
    const answer = world.hear(`<presence type='probe' from='${phone}' to='${server}'/>`).stanzas;
    expect(answer).toMatchObject([{ kind: 'presence', from: present(server), to: [phone] }]);
    expect(now(world, 'ended')).toEqual(['unavailable']);
  });
});

describe('presence', () => {
  test('PRE-01 of nobody who is no contact', () => expect(isNow(createWorld(), 'online')).toEqual([]));

  test('PRE-02 PRE-05 PRE-10 153-01 with show and status, from the one resource, and only what is new', () => {
    const world = createWorld();
    befriend(world);
    const [away] = isNow(world, 'away', 'asleep');
    expect(away).toMatchObject({ kind: 'presence', from: present(juliet), to: [owner] });
    const stanza = away && received(away, owner);
    expect(textOf(child(stanza, 'show'))).toBe('away');
    expect(child(child(stanza, 'x', 'vcard-temp:x:update'), 'photo')).toBeDefined();
    expect(isNow(world, 'away', 'asleep')).toEqual([]);
    expect(isNow(world, 'offline')).toMatchObject([{ type: 'unavailable', from: present(juliet) }]);
  });

  test.each([
    ['chat', undefined, 'chat'],
    ['online', undefined, ''],
    ['away', undefined, 'away'],
    ['xa', undefined, 'xa'],
    ['dnd', undefined, 'dnd'],
    ['offline', 'unavailable', ''],
  ] as const)('PRE-05 %s, with what they say of themselves', (show, type, written) => {
    const world = createWorld();
    befriend(world);
    const [told, ...more] = isNow(world, show, 'in Mantua');
    expect(more).toEqual([]);
    const stanza = told && received(told, owner);
    const shown = child(stanza, 'show');
    expect([told?.type, shown === undefined ? '' : textOf(shown)]).toEqual([type, written]);
    expect(textOf(child(stanza, 'status'))).toBe('in Mantua');
  });

  test('PRE-06 who is away is idle since when the network says, and nobody else is', () => {
    const world = createWorld();
    befriend(world);
    const shows = (show: 'away' | 'xa' | 'dnd' | 'online', since: number) => {
      const [one] = world.face.apply({ kind: 'presence', at: new Date(noon), person, show, since }).stanzas;
      return one && child(received(one, owner), 'idle', 'urn:xmpp:idle:1')?.attrs.since;
    };
    expect(shows('away', noon - 60_000)).toBe('2026-11-21T11:59:00Z');
    expect(shows('away', noon)).toBe('2026-11-21T12:00:00Z');
    expect(shows('xa', noon)).toBe('2026-11-21T12:00:00Z');
    for (const show of ['online', 'dnd'] as const) expect(shows(show, noon)).toBeUndefined();
  });

  test('PRE-04 a probe is answered: here, not here, no contact', () => {
    const world = createWorld();
    const probe = () => world.hear(`<presence type='probe' from='${phone}' to='${juliet}'/>`).stanzas;
    expect(probe()).toMatchObject([{ type: 'unsubscribed', to: [owner] }]);
    befriend(world);
    isNow(world, 'offline');
    expect(probe()).toMatchObject([{ type: 'unavailable', from: juliet, to: [phone] }]);
    isNow(world, 'online');
    const [here] = probe();
    expect(here).toMatchObject({ kind: 'presence', from: present(juliet), to: [phone] });
    expect(here).not.toHaveProperty('type');
  });

  test('PRE-07 of whom the network does not say how they are nothing is said, while they can be reached', () => {
    const world = createWorld();
    befriend(world);
    const probe = () => world.hear(`<presence type='probe' from='${phone}' to='${juliet}'/>`).stanzas;
    expect(probe()).toEqual([]);
    const state = (now: 'reconnecting' | 'ready') =>
      world.face.apply({ kind: 'state', at: new Date(noon), state: now }).stanzas;
    state('reconnecting');
    expect(probe()).toMatchObject([{ type: 'unavailable', from: juliet, to: [phone] }]);
    state('ready');
    expect(probe()).toEqual([]);
  });

  test('100-18 PRE-10 what a client tells every contact, none answers', () => {
    const world = createWorld();
    befriend(world);
    isNow(world, 'online');
    expect(world.hear(`<presence from='${phone}' to='${juliet}'><show>away</show></presence>`).stanzas).toEqual([]);
    expect(world.hear(`<presence type='unavailable' from='${phone}' to='${juliet}'/>`).stanzas).toEqual([]);
  });

  test('PRE-13 the connection lost: nobody is known to be here, told once each', () => {
    const world = createWorld();
    befriend(world);
    isNow(world, 'online');
    const lost = () => world.face.apply({ kind: 'state', at: new Date(noon), state: 'reconnecting' }).stanzas;
    expect(lost()).toContainEqual(expect.objectContaining({ type: 'unavailable', from: present(juliet) }));
    expect(lost()).not.toContainEqual(expect.objectContaining({ type: 'unavailable' }));
    expect(isNow(world, 'online')).toHaveLength(1);
  });
});
