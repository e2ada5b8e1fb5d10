/** What is done to messages, as a room shows it: whose it is, whom it reaches, what is left for who comes later. */
import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../../../src/core/errors.ts';
import type { NetworkEvent } from '../../../../src/core/event.ts';
import { type MessageRef, messageId, personId } from '../../../../src/core/ids.ts';
import { foldReaction, isEmoji } from '../../../../src/gateway/rooms/reactions.ts';
import { buried } from '../../../../src/gateway/rooms/tombstones.ts';
import { bodyOf, child } from '../../../harness/markup.ts';
import { desk, inbox, inVerona, key, noon, phone, received, room, sendIntent, text, toRoom, verona } from './world.ts';

type Deed = Extract<NetworkEvent, { kind: 'edited' | 'retracted' | 'reaction' | 'typing' }>;
type Without<Event> = Event extends unknown ? Omit<Event, 'chat' | 'at' | 'by'> : never;
const ref = (id: string): MessageRef => ({ id: messageId(id), part: 0 });

function setUp(members = ['Romeo', 'juliet', '@tybalt'], clients = [phone]) {
  const world = inVerona(members, clients);
  const does = (by: string, deed: Without<Deed>) =>
    world.event({ ...deed, by: personId(by), chat: verona, at: new Date(noon) });
  const said = (nick: string, plain: string, id: string) => {
    const [one] = world.says(nick, plain, { ref: ref(id) });
    return one?.id ?? '';
  };
  return { ...world, world, does, said };
}

describe('444 reactions', () => {
  test('444-01 444-03 each person has a set of their own; a new nick keeps it', () => {
    const { does, said, world } = setUp();
    const name = said('juliet', 'hi', 'm1');
    const set = (by: string, emoji: string, present = true) => {
      const [one] = does(by, { kind: 'reaction', target: ref('m1'), emoji, present });
      const reactions = one && child(received(one, phone), 'reactions', 'urn:xmpp:reactions:0');
      expect(reactions === undefined || reactions.attrs.id === name).toBe(true);
      return reactions?.children.map((each) => (typeof each === 'string' ? each : each.children.join('')));
    };
    expect(set('juliet', '👍')).toEqual(['👍']);
    expect(set('tybalt', '🎉')).toEqual(['🎉']);
    world.changes({ is: 'renamed', person: personId('juliet'), nick: 'Julia', as: personId('julia') });
    expect(set('julia', '🎉')).toEqual(['👍', '🎉']);
    expect(set('julia', '👍', false)).toEqual(['🎉']);
    expect(set('julia', '👍', false)).toBeUndefined();
    expect(set('nobody', '👍')).toEqual(['👍']);
  });

  test.each(['react', 'retract', 'moderate'] as const)(
    '421-02 424-04 444-01 confirmed behind a kick it is kept as done in the room (%s)',
    (how) => {
      const { face, said, world } = setUp(['@romeo', 'juliet']);
      const target = { stanzaId: said(how === 'retract' ? 'romeo' : 'juliet', 'hi', 'm1') };
      const intents = {
        react: { kind: 'react', chat: verona, target, emoji: ['👍'] },
        retract: { kind: 'retract', chat: verona, target },
        moderate: { kind: 'retract', chat: verona, target, moderates: true },
      } as const;
      const intent = intents[how];
      const asked = toRoom(phone, 'd', how === 'moderate' ? { via: 'iq', type: 'set' } : { receipt: true });
      face.sending(key('1'), intent, asked);
      world.event({ kind: 'removed', chat: verona, how: 'kicked', at: new Date(noon) });
      const { stanzas, archive } = face.done(key('1'), intent, asked);
      expect(stanzas.map(({ kind }) => kind)).toEqual(how === 'moderate' ? ['iq'] : []);
      expect(archive).toMatchObject([{ nick: how === 'moderate' ? '' : 'romeo', about: target.stanzaId }]);
      expect(archive[0]?.body).toContain("id='occupant-romeo@example.org'/>");
    },
  );

  test.each(['react', 'retract'] as const)(
    '444-02 424-01 a client’s own is told when the network has it, however much was said meanwhile (%s)',
    (kind) => {
      const { face, said, world } = setUp(['@Romeo', 'juliet']);
      const name = said('juliet', 'hi', 'm1');
      const target = { stanzaId: name };
      const intent =
        kind === 'react'
          ? ({ kind, chat: verona, target, emoji: ['👍'] } as const)
          : ({ kind, chat: verona, target, moderates: true } as const);
      face.sending(key('1-0'), intent, toRoom(phone, 'd'));
      for (let line = 0; line < 100; line++) world.says('juliet', `line ${line}`);
      const { stanzas, archive } = face.done(key('1-0'), intent, toRoom(phone, 'd'));
      expect(inbox(stanzas, phone)).toHaveLength(1);
      expect(archive).toMatchObject([{ about: name }]);
    },
  );

  test('308-02 what is done to a correction is done to its message, by all its names; answers quote what it says now', () => {
    const { face, world, does } = setUp(['Romeo', 'juliet']);
    const asked = toRoom(phone, 's');
    face.sending(key('1-0'), sendIntent('but sort'), asked);
    world.says('Romeo', 'but sort', { ref: ref('m1'), sentBy: key('1-0') });
    face.done(key('1-0'), sendIntent('but sort'), asked);
    const name = world.archive[0]?.id;
    const intent = { kind: 'edit', chat: verona, target: { stanzaId: 's' }, content: text('but soft') } as const;
    face.sending(key('2-0'), intent, toRoom(phone, 'e'));
    world.says('Romeo', 'but soft', { ref: ref('m2'), sentBy: key('2-0') });
    face.done(key('2-0'), intent, toRoom(phone, 'e'), { at: noon, refs: [ref('m3')] });
    for (const [id, emoji] of Object.entries({ m1: '👍', m2: '🎉', m3: '🌙' })) {
      const [one] = inbox(does('juliet', { kind: 'reaction', target: ref(id), emoji, present: true }), phone);
      expect(child(one, 'reactions')?.attrs.id).toBe(name);
    }
    const [answer] = inbox(world.says('juliet', '', { content: { ...text('what light'), replyTo: ref('m1') } }), phone);
    expect(answer && bodyOf(answer)).toBe('> Romeo: but soft\nwhat light');
  });

  test('308-02 424-04 a correction is kept as one of its message, however much was said meanwhile', () => {
    const { face, world } = setUp(['Romeo', 'juliet']);
    face.sending(key('1-0'), sendIntent('but sort'), toRoom(phone, 's'));
    const [first] = face.done(key('1-0'), sendIntent('but sort'), toRoom(phone, 's')).archive;
    const intent = { kind: 'edit', chat: verona, target: { stanzaId: 's' }, content: text('but soft') } as const;
    face.sending(key('2-0'), intent, toRoom(phone, 'e'));
    for (let line = 0; line < 100; line++) world.says('juliet', `line ${line}`);
    const { archive } = face.done(key('2-0'), intent, toRoom(phone, 'e'));
    expect(archive).toMatchObject([{ kind: 'edit', about: first?.id }]);
  });

  test('308-02 of words that stand in for a correction on the network clients hear the correction', () => {
    const { face, world } = setUp(['Romeo', 'juliet']);
    face.sending(key('1-0'), sendIntent('but sort'), toRoom(phone, 's'));
    face.done(key('1-0'), sendIntent('but sort'), toRoom(phone, 's'));
    const intent = { kind: 'edit', chat: verona, target: { stanzaId: 's' }, content: text('but soft') } as const;
    face.sending(key('2-0'), intent, toRoom(phone, 'e'), true);
    const [told] = inbox(world.says('Romeo', '[edited] but soft', { sentBy: key('2-0') }), phone);
    expect(told && bodyOf(told)).toBe('but soft');
    expect(child(told, 'replace')?.attrs.id).toBe('s');
  });

  test('461-01 an answer of ours is told as the answer that it is', () => {
    const { face, said, world } = setUp(['Romeo', 'juliet']);
    const name = said('juliet', 'ay me', 'm1');
    const intent = { ...sendIntent('she speaks'), content: { ...text('she speaks'), replyTo: { stanzaId: name } } };
    face.sending(key('1-0'), intent, toRoom(phone, 's'));
    const echo = { sentBy: key('1-0'), content: { ...text('she speaks'), replyTo: ref('m1') } };
    const [told] = inbox(world.says('Romeo', '', echo), phone);
    expect(child(told, 'reply')?.attrs.id).toBe(name);
  });

  test('424-01 each part of a message of ours is known once, so that it is taken back once', () => {
    const { face, world } = setUp(['Romeo', 'juliet']);
    const asked = toRoom(phone, 's');
    face.sending(key('1-0'), sendIntent('but soft'), asked);
    world.says('Romeo', 'but soft', { ref: ref('m1'), sentBy: key('1-0') });
    face.done(key('1-0'), sendIntent('but soft'), asked, { at: noon, refs: [ref('m1'), ref('m2')] });
    expect(face.find(verona, { stanzaId: 's' })?.refs).toEqual([ref('m1'), ref('m2')]);
  });

  test('308-03 nobody but its author corrects what was said', () => {
    const { said, does } = setUp(['Romeo', 'juliet', '@tybalt']);
    said('juliet', 'but sort', 'm1');
    const corrected = { kind: 'edited', target: ref('m1'), content: text('but soft') } as const;
    expect(does('tybalt', corrected)).toEqual([]);
    expect(does('juliet', corrected)).toHaveLength(1);
  });

  test('444-04 words, names and novels are no emoji', () => {
    for (const emoji of ['👍', '👍🏽', '🇮🇹', '1️⃣', '❤', '👩‍🚀']) expect(isEmoji(emoji)).toBe(true);
    for (const emoji of ['', 'lol', ':thumbsup:', '👍 👍', `👍${'x'.repeat(60)}`]) expect(isEmoji(emoji)).toBe(false);
  });

  test('a bound on kinds', () => {
    const { face, said } = setUp();
    const known = face.find(verona, { stanzaId: said('juliet', 'hi', 'm1') });
    if (known === undefined) throw new Error('not remembered');
    const all = Array.from({ length: 40 }, (_, at) =>
      foldReaction(known, known.by, String.fromCodePoint(0x1f600 + at), true),
    );
    expect(all.filter((one) => one !== undefined)).toHaveLength(32);
  });

  test('a bound on people, of whom those who are in mind may have another', () => {
    const { face, said } = setUp();
    const known = face.find(verona, { stanzaId: said('juliet', 'hi', 'm1') });
    if (known === undefined) throw new Error('not remembered');
    const people = Array.from({ length: 501 }, (_, at) => personId(`citizen${at}`));
    const first = people.map((person) => foldReaction(known, person, '👍', true));
    expect(first.filter((one) => one !== undefined)).toHaveLength(500);
    expect(foldReaction(known, personId('citizen0'), '❤', true)).toEqual(['👍', '❤']);
  });
});

describe('424 425 retractions', () => {
  test('424-01 the stand-in is marked as one, and it is kept', () => {
    const { does, said, archive } = setUp();
    const name = said('juliet', 'secret', 'm1');
    const [one] = inbox(does('juliet', { kind: 'retracted', target: ref('m1') }), phone);
    expect(child(one, 'retract', 'urn:xmpp:message-retract:1')?.attrs.id).toBe(name);
    expect(child(one, 'fallback', 'urn:xmpp:fallback:0')?.attrs.for).toBe('urn:xmpp:message-retract:1');
    expect(one && bodyOf(one)).toMatch(/^\/me retracted/);
    expect(archive).toHaveLength(2);
    expect(does('juliet', { kind: 'retracted', target: ref('m1') })).toEqual([]);
    expect(does('juliet', { kind: 'edited', target: ref('m1'), content: text('x') })).toEqual([]);
    expect(does('juliet', { kind: 'reaction', target: ref('m1'), emoji: '👍', present: true })).toEqual([]);
  });

  test('424-01 where the network does not say who did it, the author has', () => {
    const { world, said } = setUp();
    said('juliet', 'secret', 'm1');
    const told = world.event({ kind: 'retracted', target: ref('m1'), chat: verona, at: new Date(noon) });
    const [one] = inbox(told, phone);
    expect(one?.attrs.from).toBe(`${room}/juliet`);
    expect(child(child(one, 'retract', 'urn:xmpp:message-retract:1'), 'moderated', 'urn:xmpp:message-moderate:1')).toBe(
      undefined,
    );
  });

  test('GEN-10 424-01 the stand-in is in the language in which a client spoke last', () => {
    const { does, said, world } = setUp();
    world.hear(`<presence from='${phone}' to='${room}/Romeo' xml:lang='de'/>`);
    said('juliet', 'secret', 'm1');
    const [one] = inbox(does('juliet', { kind: 'retracted', target: ref('m1') }), phone);
    expect(one && bodyOf(one)).toMatch(/^\/me hat eine frühere Nachricht zurückgenommen/);
  });

  test('425-01 a moderator’s comes from the room, and says who', () => {
    const { does, said } = setUp();
    said('juliet', 'rude', 'm1');
    const [one] = inbox(does('tybalt', { kind: 'retracted', target: ref('m1'), reason: 'a < b' }), phone);
    expect(one?.attrs.from).toBe(room);
    const retract = child(one, 'retract', 'urn:xmpp:message-retract:1');
    const moderated = child(retract, 'moderated', 'urn:xmpp:message-moderate:1');
    expect(moderated?.attrs.by).toBe(`${room}/tybalt`);
    expect(child(moderated, 'occupant-id', 'urn:xmpp:occupant-id:0')?.attrs.id).toBe('occupant-tybalt');
    expect(child(retract, 'reason')?.children).toEqual(['a < b']);
  });

  test.each([
    ['spam', '<reason>spam</reason>'],
    [undefined, ''],
  ])('425-03 and is said once more as clients of before know it, told live and kept: for %s', (reason, because) => {
    const { does, said, world } = setUp();
    const name = said('juliet', 'rude', 'm1');
    const why = reason === undefined ? {} : { reason };
    const [one] = does('tybalt', { kind: 'retracted', target: ref('m1'), ...why });
    const old = `<apply-to xmlns='urn:xmpp:fasten:0' id='${name}'><moderated xmlns='urn:xmpp:message-moderate:0' by='${room}/tybalt'><retract xmlns="urn:xmpp:message-retract:0"/>${because}</moderated></apply-to>`;
    expect(one?.body.text).toContain(old);
    expect(world.archive.at(-1)?.body).toContain(old);
  });

  test('425-02 only moderators may ask', () => {
    const intent = { kind: 'retract', chat: verona, target: { stanzaId: 'x' }, moderates: true } as const;
    const asked = toRoom(phone, 'q', { via: 'iq' });
    expect(() => setUp().face.check(intent, asked)).toThrow(expect.objectContaining({ condition: 'forbidden' }));
    expect(() => setUp(['@Romeo', 'juliet']).face.check(intent, asked)).not.toThrow();
  });

  test('our own, told by the network while it is being done, is told once', () => {
    const { does, said, face } = setUp(['@Romeo', 'juliet']);
    const name = said('juliet', 'rude', 'm1');
    const intent = { kind: 'retract', chat: verona, target: { stanzaId: name }, moderates: true } as const;
    const asked = toRoom(phone, 'q', { via: 'iq' });
    face.sending(key('1-0'), intent, asked);
    expect(does('romeo', { kind: 'retracted', target: ref('m1') })).toEqual([]);
    expect(face.done(key('1-0'), intent, asked).stanzas.map(({ kind }) => kind)).toEqual(['message', 'iq']);
  });

  test('424-01 a wish for another message, or another wish for the same, keeps back nothing', () => {
    const { does, said, face } = setUp(['@Romeo', 'juliet']);
    const [first, second] = [said('juliet', 'rude', 'm1'), said('juliet', 'ruder', 'm2')];
    const retract = { kind: 'retract', chat: verona, target: { stanzaId: second }, moderates: true } as const;
    const react = { kind: 'react', chat: verona, target: { stanzaId: first }, emoji: ['👍'] } as const;
    face.sending(key('1-0'), retract, toRoom(phone, 'q', { via: 'iq' }));
    face.sending(key('2-0'), react, toRoom(phone, 'r'));
    const told = inbox(does('juliet', { kind: 'retracted', target: ref('m1') }), phone);
    expect(told.map((one) => child(one, 'retract', 'urn:xmpp:message-retract:1')?.attrs.id)).toEqual([first]);
  });

  test('425-02 what two clients of ours take back is told once, and both hear that it is done', () => {
    const { said, face } = setUp(['@Romeo', 'juliet'], [phone, desk]);
    const intent = { kind: 'retract', chat: verona, target: { stanzaId: said('juliet', 'rude', 'm1') } } as const;
    const asked = [toRoom(phone, 'p', { via: 'iq' }), toRoom(desk, 'd', { via: 'iq' })] as const;
    face.sending(key('1-0'), { ...intent, moderates: true }, asked[0]);
    face.sending(key('2-0'), { ...intent, moderates: true }, asked[1]);
    const kinds = (at: 0 | 1) =>
      face.done(key(`${at + 1}-0`), { ...intent, moderates: true }, asked[at]).stanzas.map(({ kind }) => kind);
    expect([kinds(0), kinds(1)]).toEqual([['message', 'iq'], ['iq']]);
  });

  test('425-02 what others took back first is told, though a client’s wish for the same is refused behind it', () => {
    const { does, said, face } = setUp(['@Romeo', 'juliet', '@tybalt'], [phone, desk]);
    const name = said('juliet', 'rude', 'm1');
    const intent = { kind: 'retract', chat: verona, target: { stanzaId: name }, moderates: true } as const;
    const [one, other] = [toRoom(phone, 'p', { via: 'iq' }), toRoom(desk, 'd', { via: 'iq' })];
    face.sending(key('1-0'), intent, one);
    face.sending(key('2-0'), intent, other);
    expect(does('tybalt', { kind: 'retracted', target: ref('m1') })).toEqual([]);
    const gone = new GatewayError('no-such-message');
    const failed = [face.failed(key('1-0'), intent, one, gone), face.failed(key('2-0'), intent, other, gone)];
    const told = inbox(
      failed.flatMap(({ stanzas }) => stanzas),
      phone,
    ).filter((each) => each.name === 'message');
    expect(told).toHaveLength(1);
    const retract = child(told[0], 'retract', 'urn:xmpp:message-retract:1');
    expect(retract?.attrs.id).toBe(name);
    expect(child(retract, 'moderated', 'urn:xmpp:message-moderate:1')?.attrs.by).toBe(`${room}/tybalt`);
    expect(failed.flatMap(({ archive }) => archive)).toMatchObject([{ kind: 'retraction', about: name }]);
  });

  test('424-04 425-04 what is left: ids, when, and by whom', () => {
    const { does, said, archive } = setUp();
    const name = said('juliet', '<occupant-id spoof', 'm1');
    said('juliet', 'kept', 'm2');
    does('tybalt', { kind: 'retracted', target: ref('m1'), reason: 'spam' });
    const [first, second, deed] = archive;
    if (first === undefined || second === undefined || deed === undefined) throw new Error('not kept');
    expect(deed).toMatchObject({ kind: 'retraction', about: name, nick: '' });
    const grave = buried(first, deed);
    expect(grave).toEqual({ ...first, kind: 'tombstone', body: grave?.body });
    expect(grave?.body).toBe(
      `<retracted xmlns='urn:xmpp:message-retract:1' id='${deed.id}' stamp='${new Date(noon).toISOString()}'>` +
        `<moderated xmlns='urn:xmpp:message-moderate:1' by='${room}/tybalt'><occupant-id xmlns='urn:xmpp:occupant-id:0' id='occupant-tybalt'/></moderated><reason>spam</reason></retracted>` +
        `<occupant-id xmlns='urn:xmpp:occupant-id:0' id='occupant-juliet'/>`,
    );
    expect(buried(deed, deed)).toBeUndefined();
    expect(grave && buried(grave, deed)).toBeUndefined();
    expect(buried({ ...second, kind: 'edit' }, deed)?.kind).toBe('tombstone');
  });

  test('424-04 what is left of what a client took back names the stanza by which it did', () => {
    const { face, world } = setUp();
    face.sending(key('1-0'), sendIntent('secret'), toRoom(phone, 's'));
    const { archive: said } = face.done(key('1-0'), sendIntent('secret'), toRoom(phone, 's'));
    const [first] = said;
    if (first === undefined) throw new Error('not kept');
    const intent = { kind: 'retract', chat: verona, target: { stanzaId: first.id } } as const;
    face.sending(key('2-0'), intent, toRoom(phone, 'r'));
    const { stanzas, archive } = face.done(key('2-0'), intent, toRoom(phone, 'r'));
    expect(inbox(stanzas, phone)[0]?.attrs.id).toBe('r');
    const [deed] = archive;
    expect(deed && buried(first, deed)?.body).toContain(
      `<retracted xmlns='urn:xmpp:message-retract:1' id='r' stamp='${new Date(world.clock).toISOString()}'>`,
    );
  });
});

describe('085 who is writing', () => {
  test('085-01 085-03 from who is there, to everybody who is in, kept nowhere', () => {
    const { does, archive } = setUp(undefined, [phone, desk]);
    const [one, ...more] = does('juliet', { kind: 'typing', active: true });
    expect(one).toMatchObject({ from: `${room}/juliet`, to: [phone, desk], type: 'groupchat' });
    expect(one?.keep).toBeUndefined();
    expect(more).toEqual([]);
    expect(does('nobody', { kind: 'typing', active: true })).toEqual([]);
    expect(does('romeo', { kind: 'typing', active: true })).toEqual([]);
    expect(archive).toEqual([]);
  });

  test('GEN-07 a client’s own is nothing where the network has no word for it', () => {
    const { hear } = setUp();
    for (const state of ['composing', 'paused', 'gone']) {
      const markup = `<message type='groupchat' from='${phone}' to='${room}'><${state} xmlns='http://jabber.org/protocol/chatstates'/></message>`;
      expect(hear(markup)).toEqual({ stanzas: [] });
    }
  });

  test.each([
    ['left the room', `<presence type='unavailable' from='${phone}' to='${room}/Romeo'/>`],
    ['left the gateway', `<presence type='unavailable' from='${phone}' to='irc.test'/>`],
    [
      'was lost',
      `<message type='error' from='${phone}' to='${room}'><error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>`,
    ],
  ])('085-02 whoever %s while they wrote is said to write again, and the others to stop', (_, goes) => {
    const { hear, session } = setUp(undefined, [phone, desk]);
    Object.assign(session, { typing: { typing: async (): Promise<void> => {} } });
    const state = (from: string, name: string) =>
      hear(
        `<message type='groupchat' from='${from}' to='${room}'><${name} xmlns='http://jabber.org/protocol/chatstates'/></message>`,
      ).fleeting;
    const [writes, is] = [
      { kind: 'typing', chat: verona, active: true },
      { kind: 'typing', chat: verona, active: false },
    ];
    expect(state(phone, 'composing')).toEqual(writes);
    expect(state(desk, 'composing')).toBeUndefined();
    hear(goes);
    expect(state(desk, 'composing')).toEqual(writes);
    expect(state(desk, 'active')).toEqual(is);
    expect(state(desk, 'active')).toBeUndefined();
  });

  test('085-01 333-02 333-04 else it is passed on, of who is in the room', () => {
    const { hear, session } = setUp();
    const nothing = async (): Promise<void> => {};
    Object.assign(session, { typing: { typing: nothing }, receipts: { read: nothing } });
    const says = (inside: string, from = phone) =>
      hear(`<message type='groupchat' from='${from}' to='${room}'>${inside}</message>`).fleeting;
    const state = (name: string) => `<${name} xmlns='http://jabber.org/protocol/chatstates'/>`;
    expect(says(state('composing'))).toEqual({ kind: 'typing', chat: verona, active: true });
    expect(says(state('paused'))).toEqual({ kind: 'typing', chat: verona, active: false, paused: true });
    expect(says(state('inactive'))).toEqual({ kind: 'typing', chat: verona, active: false });
    expect(says("<displayed xmlns='urn:xmpp:chat-markers:0' id='x'/>")).toEqual({
      kind: 'read',
      chat: verona,
      upTo: { stanzaId: 'x' },
    });
    expect(says(state('composing'), desk)).toBeUndefined();
  });
});
