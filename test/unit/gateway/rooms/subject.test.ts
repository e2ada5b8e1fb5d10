/** CHECKLIST 45-38, 45-39: the subject, and with it the settings of a room. */
import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../../../src/core/errors.ts';
import { child, codesOf } from '../../../harness/markup.ts';
import { createWorld, desk, inbox, inVerona, key, noon, phone, received, room, toRoom, verona } from './world.ts';

const ask = (topic: string) => ({ kind: 'topic', chat: verona, text: topic }) as const;
const subjectOf = (one: Parameters<typeof child>[0]) => child(one, 'subject')?.children.join('');

describe('on joining', () => {
  test('45-38 always, last, and empty where there is none', () => {
    const world = createWorld();
    const entering = world.begin(phone, 'Romeo');
    world.list('Romeo');
    const last = inbox(entering.finish([]), phone).at(-1);
    expect(last?.attrs).toMatchObject({ type: 'groupchat', from: room });
    expect(subjectOf(last)).toBe('');
    expect(child(last, 'body')).toBeUndefined();
    expect(child(last, 'thread')).toBeUndefined();
    expect(child(last, 'delay')).toBeUndefined();
  });

  test('45-38 with who set it and when', () => {
    const world = createWorld();
    const entering = world.begin(phone, 'Romeo');
    world.list('Romeo', 'juliet');
    world.topic({ topic: 'T', topicBy: 'juliet', topicAt: new Date(noon - 60_000) });
    const last = inbox(entering.finish([]), phone).at(-1);
    expect(last?.attrs.from).toBe(`${room}/juliet`);
    expect(child(last, 'delay')?.attrs).toEqual({ from: room, stamp: '2026-11-21T11:59:00.000Z' });
    expect(child(last, 'occupant-id')?.attrs.id).toBe('occupant-juliet');
  });

  test('45-38 set by somebody who is gone, or by nobody known', () => {
    for (const [topicBy, from] of [
      ['nurse', `${room}/nurse`],
      ['', room],
    ] as const) {
      const world = createWorld();
      const entering = world.begin(phone, 'Romeo');
      world.list('Romeo');
      world.topic({ topic: 'T', topicBy });
      expect(inbox(entering.finish([]), phone).at(-1)?.attrs.from).toBe(from);
    }
  });
});

describe('changes', () => {
  test('45-39 313-08 to all, from who did it, without body, and into the archive', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone, desk]);
    const stanzas = world.topic({ topic: 'New' }, 'juliet');
    expect(stanzas).toHaveLength(1);
    expect(stanzas[0]).toMatchObject({ type: 'groupchat', from: `${room}/juliet`, to: [phone, desk] });
    expect(stanzas[0]?.keep).toBeUndefined();
    const [one] = inbox(stanzas, desk);
    expect(subjectOf(one)).toBe('New');
    expect(child(one, 'body')).toBeUndefined();
    expect(world.archive).toMatchObject([
      { kind: 'subject', nick: 'juliet', by: 'juliet', id: child(one, 'stanza-id')?.attrs.id },
    ]);
    expect(world.archive[0]?.body).not.toContain('stanza-id');
  });

  test('45-39 cleared', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    world.topic({ topic: 'New' }, 'juliet');
    expect(inbox(world.topic({ topic: '' }, 'juliet'), phone).map(subjectOf)).toEqual(['']);
  });

  test.each([
    ['a line', 'two\nlines', 'two lines'],
    ['its length', 'a topic that is too long', 'a topic that is too'],
  ])('45-39 ours as the network has made it, %s: with our id, once, and so it stays', (_, asked, told) => {
    const world = inVerona(['Romeo'], [phone]);
    world.face.check(ask(asked), toRoom(phone, 't1'));
    const [one] = inbox(world.topic({ topic: told }, 'romeo'), phone);
    expect([one?.attrs.id, subjectOf(one)]).toEqual(['t1', told]);
    expect(world.face.done(key('1'), ask(asked), toRoom(phone, 't1')).stanzas).toEqual([]);
  });

  test('45-39 somebody else’s topic is not what was asked for, however it begins', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    world.face.check(ask('New'), toRoom(phone, 't1'));
    expect(inbox(world.topic({ topic: 'N' }, 'juliet'), phone)[0]?.attrs.id).not.toBe('t1');
    const { stanzas } = world.face.done(key('1'), ask('New'), toRoom(phone, 't1'));
    expect(inbox(stanzas, phone).map(subjectOf)).toEqual(['New']);
  });

  test('45-39 ours is reflected with our id, once', () => {
    const world = inVerona(['Romeo'], [phone, desk]);
    world.face.check(ask('New'), toRoom(phone, 't1'));
    expect(world.topic({ topic: 'New' }, 'romeo')[0]).toMatchObject({
      id: 't1',
      to: [phone, desk],
      from: `${room}/Romeo`,
    });
    expect(world.face.done(key('1'), ask('New'), toRoom(phone, 't1')).stanzas).toEqual([]);
    expect(world.topic({ topic: 'New' }, 'romeo')).toEqual([]);
  });

  test('45-39 45-43 ours as the network made it, cut or on one line, is its reflection, and stays the subject', () => {
    const world = inVerona(['Romeo'], [phone, desk]);
    world.face.check(ask('New\nand long'), toRoom(phone, 't1'));
    const [told] = world.topic({ topic: 'New and', topicBy: 'Romeo' }, 'romeo');
    expect(told).toMatchObject({ id: 't1', to: [phone, desk], from: `${room}/Romeo` });
    expect(world.face.done(key('1'), ask('New\nand long'), toRoom(phone, 't1')).stanzas).toEqual([]);
    expect(inbox(world.enter(desk), desk).map(subjectOf).at(-1)).toBe('New and');
  });

  test('45-39 the same text set again by us is still answered', () => {
    const world = inVerona(['Romeo'], [phone]);
    world.topic({ topic: 'Same' });
    world.face.check(ask('Same'), toRoom(phone, 't2'));
    expect(world.topic({ topic: 'Same' }, 'romeo')[0]?.id).toBe('t2');
    world.face.check(ask('Same'), toRoom(phone, 't3'));
    expect(world.face.done(key('1'), ask('Same'), toRoom(phone, 't3')).stanzas[0]?.id).toBe('t3');
  });

  test('45-39 refused: an error to who asked; the id is not used for somebody else’s change', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    world.face.check(ask('New'), toRoom(phone, 't1'));
    const { stanzas } = world.face.failed(
      key('1'),
      ask('New'),
      toRoom(phone, 't1'),
      new GatewayError('not-allowed-there'),
    );
    expect(stanzas[0]).toMatchObject({ kind: 'message', type: 'error', id: 't1', from: room, to: [phone] });
    expect(world.topic({ topic: 'New' }, 'juliet')[0]?.id).not.toBe('t1');
  });

  test('after a reconnect the same topic is told to nobody, and its date is learnt', () => {
    const world = inVerona(['Romeo'], [phone]);
    world.topic({ topic: 'T' });
    expect(world.topic({ topic: 'T', topicBy: 'nurse', topicAt: new Date(noon - 60_000) })).toEqual([]);
    const last = inbox(world.enter(desk), desk).at(-1);
    expect(last?.attrs.from).toBe(`${room}/nurse`);
    expect(child(last, 'delay')?.attrs.stamp).toBe('2026-11-21T11:59:00.000Z');
  });

  test('who set it may be told after the text', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    world.topic({ topic: 'T' });
    expect(world.topic({ topicBy: 'juliet', topicAt: new Date(noon) })).toEqual([]);
    expect(inbox(world.enter(desk), desk).at(-1)?.attrs.from).toBe(`${room}/juliet`);
  });
});

describe('settings', () => {
  test('104 once for each real change, from the room, with nothing else in it', () => {
    const world = inVerona(['Romeo'], [phone, desk]);
    const [one] = world.topic({ isModerated: true });
    expect(one).toMatchObject({ kind: 'message', type: 'groupchat', from: room, to: [phone, desk] });
    const got = one && received(one, phone);
    expect(got && codesOf(got)).toEqual([104]);
    expect(got?.children).toHaveLength(1);
    expect(world.topic({ isModerated: true })).toEqual([]);
    expect(world.topic({ hasPassword: true })).toHaveLength(1);
    expect(world.topic({ name: 'Verona' })).toHaveLength(1);
    expect(world.topic({ isMembersOnly: true, isPublic: false })).toHaveLength(1);
    // Nobody could have it shown.
    expect(world.topic({ avatar: 'a' })).toEqual([]);
  });

  test('nobody is told while nobody is in', () => {
    const world = createWorld();
    world.begin(phone, 'Romeo');
    world.list('Romeo');
    expect(world.topic({ isModerated: true })).toEqual([]);
  });
});
