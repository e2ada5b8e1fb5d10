/** What a room's archive is given: in the order in which it was told, with the network's names, and only where it is to be kept. */
import { describe, expect, test } from 'vitest';
import { chatId, messageId, personId } from '../../../../src/core/ids.ts';
import { createFace } from '../../../../src/gateway/create-face.ts';
import { toldBefore } from '../../../../src/gateway/rooms/archived.ts';
import { createLooks } from '../../../../src/gateway/rooms/looks.ts';
import type { ArchiveRow } from '../../../../src/storage/ports.ts';
import { child } from '../../../harness/markup.ts';
import {
  addresses,
  inbox,
  inVerona,
  key,
  noon,
  origin,
  phone,
  room,
  sendIntent,
  sessionOf,
  text,
  toRoom,
  verona,
} from './world.ts';

describe('order', () => {
  test('313-03 a network whose clock is wrong changes nothing in the order of what was said live', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    const says = (seconds: number) => world.says('juliet', 'x', { at: new Date(noon + seconds * 1000) });
    for (const seconds of [-5, 60, -3600, -1]) says(seconds);
    world.clock = noon + 2000;
    says(1);
    const ats = world.archive.map(({ at }) => at - noon);
    expect(ats).toEqual([-5000, 0, 0, 0, 1000]);
    const order = (row: ArchiveRow): string => `${row.at} ${row.id}`;
    expect([...world.archive].sort((a, b) => (order(a) < order(b) ? -1 : 1))).toEqual(world.archive);
  });

  test('313-09 what the network plays back keeps its time', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    world.says('juliet', 'now');
    world.says('juliet', 'then', { at: new Date(noon - 60_000), history: true });
    expect(world.archive.map(({ at }) => at - noon)).toEqual([0, -60_000]);
  });

  test('313-03 what it plays back from ahead of our clock is of now, but for what is known again by its time alone', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    const ahead = { at: new Date(noon + 300_000), history: true };
    const [late] = world.says('juliet', 'soon', ahead);
    world.says('juliet', 'now');
    world.says('juliet', 'from a bouncer', { ...ahead, unnamed: true });
    expect(world.archive.map(({ at }) => at - noon)).toEqual([0, 0, 300_000]);
    expect(late?.body.text).not.toContain('12:05');
    const past = { kind: 'message', chat: chatId('#verona'), by: personId('juliet'), nick: 'juliet' } as const;
    const ref = { id: messageId('gap'), part: 0 };
    expect(world.face.past([{ ...past, ...ahead, ref, content: text('in the gap') }])[0]?.at).toBe(noon);
  });
});

describe('names', () => {
  test('359-01 our own has no speaker but all the names that the network gave it', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    const refs = [messageId('a'), messageId('b')].map((id) => ({ id, part: 0 }));
    world.face.sending(key('1'), sendIntent('said'), toRoom(phone, 'm1'));
    world.says('Romeo', 'said', { sentBy: key('1'), ref: { id: messageId('a'), part: 0 }, refs });
    world.face.sending(key('2'), sendIntent('again'), toRoom(phone, 'm2'));
    const { archive } = world.face.done(key('2'), sendIntent('again'), toRoom(phone, 'm2'), { at: noon, refs });
    const [first] = world.archive;
    for (const row of [first, archive[0]]) {
      expect(row?.refs).toEqual(refs);
      expect(row?.by).toBeUndefined();
    }
    expect([first?.stanza, archive[0]?.stanza]).toEqual(['m1', 'm2']);
  });

  test('a row of the first version holds its stanza-id, and gets no second one', () => {
    const body = `<body>x</body><stanza-id xmlns='urn:xmpp:sid:0' by='${room}' id='i'/>`;
    const row: ArchiveRow = { account: 'a' as never, chat: verona, id: 'i', at: 1, nick: 'x', body };
    expect(toldBefore(room, row)?.text).toBe(body);
    expect(toldBefore(room, { ...row, body: '<body>x</body>' })?.text).toBe(body);
    expect(toldBefore(room, { ...row, body: '<body>' })).toBeUndefined();
  });
});

describe('what its owner has set', () => {
  function world(recorded: boolean, length: number) {
    const face = createFace({
      domain: 'irc.test',
      account: { id: 'romeo-on-net' as never, owner: 'romeo@example.org', on: 'net' },
      addresses,
      newId: () => 'id',
      occupantId: () => 'o',
      looks: createLooks(),
      now: () => noon,
      pastOf: (chat) => (chat === verona ? { recorded, length } : { recorded: true, length: 99 }),
    });
    face.attach(sessionOf('romeo'));
    const join = { kind: 'join', chat: verona, nick: 'Romeo' } as const;
    const entering = face.begin(join, origin(phone, `${room}/Romeo`));
    const member = (nick: string) =>
      ({ is: 'in', member: { person: personId(nick), nick, power: 'participant' } }) as const;
    const at = new Date(noon);
    face.apply({ kind: 'members', chat: verona, at, complete: true, changes: [member('romeo'), member('juliet')] });
    entering.finish([]);
    const says = () =>
      face.apply({
        kind: 'message',
        chat: verona,
        at,
        by: personId('juliet'),
        nick: 'juliet',
        ref: { id: messageId('m'), part: 0 },
        content: text('x'),
      });
    return { face, says, join };
  }

  test('record_history off: nothing goes to the archive, and the message is told all the same', () => {
    const { says } = world(false, 20);
    const { stanzas, archive } = says();
    expect(archive).toEqual([]);
    expect(child(inbox(stanzas, phone)[0], 'body')).toBeDefined();
    expect(world(true, 20).says().archive).toHaveLength(1);
  });

  test('max_history_length is what somebody is shown who asks for nothing', () => {
    const { face, join } = world(true, 3);
    const from = origin(phone, `${room}/Romeo`);
    expect(face.wants(join, from)).toEqual({ max: 3 });
    expect(face.wants({ ...join, chat: chatId('#mantua') }, from)).toEqual({ max: 99 });
    expect(face.wants({ ...join, history: { maxStanzas: 7 } }, from)).toEqual({ max: 7 });
    expect(world(true, 0).face.wants(join, from)).toBeUndefined();
  });
});
