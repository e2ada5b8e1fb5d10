/** CHECKLIST 45-90, 45-92 and 45-93: invitations that the room passes on, and the right to speak. */
import { describe, expect, test } from 'vitest';
import type { NetworkEvent } from '../../../../src/core/event.ts';
import { chatId, personId } from '../../../../src/core/ids.ts';
import type { Element } from '../../../../src/xml/element.ts';
import { bodyOf, child, childrenOf, conditionOf, textOf } from '../../../harness/markup.ts';
import { createWorld, desk, inbox, inVerona, noon, origin, owner, phone, room, sessionOf, verona } from './world.ts';

const user = 'http://jabber.org/protocol/muc#user';
const invite = (to: string, from = phone, inside = '') =>
  `<message from='${from}' to='${room}'><x xmlns='${user}'><invite to='${to}'>${inside}</invite></x></message>`;
const guest = 'mercutio@example.org';
const mediated = (one: Element | undefined) => child(one, 'x', user);
const direct = (one: Element | undefined) => child(one, 'x', 'jabber:x:conference')?.attrs;

describe('45-90 of ours to others', () => {
  test('from the room, in both vocabularies, with reason and continuation', () => {
    const world = inVerona(['Romeo'], [phone]);
    const { stanzas } = world.hear(invite(`${guest}/x`, phone, "<reason>feast</reason><continue thread='t'/>"));
    expect(stanzas).toMatchObject([{ kind: 'message', from: room, to: [guest], keep: true }]);
    const [one] = inbox(stanzas, guest);
    const inside = child(mediated(one), 'invite');
    expect([inside?.attrs.from, textOf(child(inside, 'reason')), child(inside, 'continue')?.attrs.thread]).toEqual([
      owner,
      'feast',
      't',
    ]);
    expect(direct(one)).toEqual({ jid: room, reason: 'feast' });
    expect(one && bodyOf(one)).toBe(`${owner} invites you to xmpp:%23verona%25net@irc.test?join (feast)`);
  });

  test('with the password that we came in with, as long as there is one', () => {
    const world = createWorld();
    const entering = world.begin(phone, 'Romeo', undefined, undefined, { password: 'sesame' });
    world.list('Romeo');
    entering.finish([]);
    const [one] = inbox(world.hear(invite(guest)).stanzas, guest);
    expect([textOf(child(mediated(one), 'password')), direct(one)?.password]).toEqual(['sesame', 'sesame']);
    // Nobody looks at what is said where we are in already.
    world.enter(desk, 'Romeo', undefined, [], { password: 'guessed' });
    expect(direct(inbox(world.hear(invite(guest, desk)).stanzas, guest)[0])?.password).toBe('sesame');
    world.topic({ isModerated: true });
    expect(direct(inbox(world.hear(invite(guest)).stanzas, guest)[0])?.password).toBe('sesame');
    world.topic({ hasPassword: false });
    expect(direct(inbox(world.hear(invite(guest)).stanzas, guest)[0])).toEqual({ jid: room });
  });

  test('only from who is in', () => {
    const { stanzas } = inVerona(['Romeo'], [phone]).hear(invite(guest, desk));
    expect(inbox(stanzas, desk).map(conditionOf)).toEqual(['not-acceptable']);
    expect(inbox(stanzas, guest)).toEqual([]);
  });
});

describe('45-92 of the network to ours', () => {
  const invited = (chat: string, more: Partial<Extract<NetworkEvent, { kind: 'invited' }>> = {}): NetworkEvent => ({
    kind: 'invited',
    chat: chatId(chat),
    by: 'Juliet',
    at: new Date(noon),
    ...more,
  });

  test('to the account, by the contact, with reason and password', () => {
    const world = createWorld();
    const event = invited('#mantua', { person: personId('juliet'), reason: 'quick', password: 'sesame' });
    const stanzas = world.event(event);
    expect(stanzas).toMatchObject([{ from: '#mantua%net@irc.test', to: [owner], keep: true }]);
    const [one] = inbox(stanzas, owner);
    const inside = child(mediated(one), 'invite');
    expect([inside?.attrs.from, textOf(child(inside, 'reason'))]).toEqual(['juliet%net@irc.test', 'quick']);
    expect(textOf(child(mediated(one), 'password'))).toBe('sesame');
    expect(one && bodyOf(one)).toContain('Juliet invites you to #mantua on net: xmpp:%23mantua%25net@irc.test?join');
    const unknown = inbox(world.event(invited('#padua')), owner)[0];
    expect(child(mediated(unknown), 'invite')?.attrs.from).toBe('#padua%net@irc.test/Juliet');
  });

  test('GEN-10 in the language in which a client of theirs spoke last', () => {
    const world = createWorld();
    world.hear(`<presence from='${phone}' to='net@irc.test' xml:lang='de'/>`);
    const [one] = inbox(world.event(invited('#mantua')), owner);
    expect(one && bodyOf(one)).toBe('Juliet lädt dich ein: #mantua on net: xmpp:%23mantua%25net@irc.test?join');
  });

  test('not into a room that they are in, and not again within a minute', () => {
    const world = inVerona(['Romeo'], [phone]);
    expect(world.event(invited('#verona'))).toEqual([]);
    expect(world.event(invited('#mantua'))).toHaveLength(1);
    world.clock += 59_000;
    expect(world.event(invited('#mantua'))).toEqual([]);
    world.clock += 2_000;
    expect(world.event(invited('#mantua'))).toHaveLength(1);
  });

  test('what they have asked for they are told each time, and after a flood', () => {
    const world = createWorld();
    const asked = (more: object = {}) => world.event(invited('#mantua', { isAsked: true, ...more }));
    expect(asked({ password: 'wrong' })).toHaveLength(1);
    const [again] = inbox(asked({ password: 'right' }), owner);
    expect(textOf(child(mediated(again), 'password'))).toBe('right');
    for (let i = 0; i < 100; i++) world.event(invited(`#room${i}`));
    expect(asked()).toHaveLength(1);
    expect(world.event(invited('#another'))).toEqual([]);
  });

  test('a flood of them ends after a hundred', () => {
    const world = createWorld();
    const told = Array.from({ length: 500 }, (_, i) => world.event(invited(`#room${i}`)).length);
    expect(told.filter((n) => n === 1)).toHaveLength(100);
    world.clock += 61_000;
    expect(world.event(invited('#another'))).toHaveLength(1);
  });
});

describe('45-93 the right to speak', () => {
  test('is announced to be asked for where the network knows whom to ask', () => {
    const world = inVerona(['Romeo'], [phone]);
    const get = `<iq type='get' id='d' from='${phone}' to='${room}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>`;
    const isAnnounced = () => {
      const query = child(inbox(world.hear(get).stanzas, phone)[0], 'query');
      return childrenOf(query, 'feature').some(({ attrs }) => attrs.var === 'http://jabber.org/protocol/muc#request');
    };
    expect(isAnnounced()).toBe(false);
    const { rooms } = sessionOf('romeo');
    world.face.attach({ ...sessionOf('romeo'), ...(rooms && { rooms: { ...rooms, askVoice: async () => {} } }) });
    expect(isAnnounced()).toBe(true);
  });

  const check = (nick: string, moderated: boolean, can = true) => {
    const world = inVerona([nick], [phone]);
    world.topic({ isModerated: moderated });
    const { rooms } = sessionOf('romeo');
    if (can && rooms !== undefined)
      world.face.attach({ ...sessionOf('romeo'), rooms: { ...rooms, askVoice: async () => {} } });
    try {
      world.face.check({ kind: 'ask-voice', chat: verona }, origin(phone, room, { via: 'message' }));
      return 'fine';
    } catch (error) {
      return error instanceof Error && 'code' in error ? error.code : error;
    }
  };
  test.each([
    ['-Romeo', true, true, 'fine'],
    ['-Romeo', false, true, 'fine'],
    ['Romeo', true, true, 'fine'],
    ['Romeo', false, true, 'bad-request'],
    ['+Romeo', true, true, 'bad-request'],
    ['-Romeo', true, false, 'network-cannot'],
  ])('%s, moderated %s, network can %s: %s', (nick, moderated, can, code) => {
    expect(check(nick, moderated, can)).toBe(code);
  });
});

test('45-13 the reserved nick of a room that we are not in is ours elsewhere', () => {
  const world = inVerona(['Romeo'], [phone]);
  const other = '#mantua%net@irc.test';
  const asked = `<iq type='get' id='n' from='${phone}' to='${other}'><query xmlns='http://jabber.org/protocol/disco#info' node='x-roomuser-item'/></iq>`;
  const [answer] = inbox(world.hear(asked).stanzas, phone);
  expect(child(child(answer, 'query'), 'identity')?.attrs.name).toBe('Romeo');
});
