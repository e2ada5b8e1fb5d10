/** A room over a restart: clients that are still there are told differences, and fold them to the truth. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accountId, personId } from '../../../../src/core/ids.ts';
import { restoreRoom, snapshotOf } from '../../../../src/gateway/rooms/snapshot.ts';
import type { MembershipRow } from '../../../../src/storage/ports.ts';
import type { Element } from '../../../../src/xml/element.ts';
import { child, codesOf } from '../../../harness/markup.ts';
import {
  comesIn,
  createWorld,
  desk,
  inbox,
  inVerona,
  phone,
  room,
  sendIntent,
  toRoom,
  verona,
  type World,
} from './world.ts';

const saved = (world: World): MembershipRow => {
  const snapshot = world.face.snapshot(verona);
  if (snapshot === undefined) throw new Error('no room');
  return JSON.parse(JSON.stringify({ ...snapshot, account: accountId('romeo-on-net'), away: {} }));
};
const restarted = (world: World, clients: readonly string[], me = 'romeo'): World => {
  const next = createWorld(me);
  next.face.restore(saved(world), clients);
  return next;
};

describe('what is written down', () => {
  test('the room, our nick, who is in and what they were told', () => {
    const world = inVerona(['Romeo', '@juliet'], [phone, desk]);
    expect(world.face.snapshot(verona)).toEqual({
      chat: verona,
      local: '#verona%net',
      nick: 'Romeo',
      clients: [phone, desk],
      occupants: ['participant Romeo', 'moderator juliet'],
    });
  });

  test('45-38 the topic that they were told, which is not told again as it is', () => {
    const world = inVerona(['Romeo'], [phone]);
    world.topic({ topic: 'Two households' }, 'romeo');
    expect(saved(world).occupants).toContain('\tTwo households');
    const once = restarted(world, [phone]);
    expect(saved(once).occupants).toContain('\tTwo households');
    once.list('Romeo');
    expect(once.topic({ topic: 'Two households', topicBy: 'Romeo' })).toEqual([]);
    expect(once.topic({ topic: 'both alike' })).toHaveLength(1);
    const twice = restarted(world, [phone]);
    twice.list('Romeo');
    expect(inbox(twice.topic({ topic: '' }), phone)).toHaveLength(1);
  });

  test('a key never leaves the face', () => {
    const world = createWorld();
    const entering = world.face.begin(
      { kind: 'join', chat: verona, nick: 'Romeo', password: 'secret' },
      { from: phone, to: `${room}/Romeo`, via: 'presence', at: 0 },
    );
    world.list('Romeo');
    entering.finish([]);
    expect(JSON.stringify(world.face.snapshot(verona))).not.toContain('secret');
  });

  test('nothing of a room that is not there yet', () => {
    const world = createWorld();
    expect(world.face.snapshot(verona)).toBeUndefined();
    world.begin(phone, 'Romeo');
    expect(world.face.snapshot(verona)).toBeUndefined();
  });

  test('a second restart before the network is back loses nothing', () => {
    const world = inVerona(['Romeo', '@juliet', 'the nurse'], [phone, desk]);
    const once = restarted(world, [phone]);
    expect(saved(once)).toEqual({ ...saved(world), clients: [phone] });
  });

  test('rows of nicks alone are read as well: those are told again', () => {
    const back = restoreRoom(
      { ...saved(inVerona(['Romeo'], [])), occupants: ['Romeo', 'plain nick'] },
      [phone],
      'irc.test',
    );
    expect(back.told?.powers).toEqual(
      new Map([
        ['Romeo', undefined],
        ['plain nick', undefined],
      ]),
    );
    expect(snapshotOf(back)?.occupants).toEqual(['Romeo', 'plain nick']);
  });
});

describe('coming back', () => {
  test('what is said before the network is back waits, and so does what is said to somebody', () => {
    const next = restarted(inVerona(['Romeo', 'juliet'], [phone]), [phone]);
    const check = (from: string, privately?: string) => () =>
      next.face.check({ ...sendIntent('x'), ...(privately !== undefined && { privately }) }, toRoom(from, 'm'));
    expect(check(phone)).toThrowError(expect.objectContaining({ code: 'network-away' }));
    expect(check(phone, 'juliet')).toThrowError(expect.objectContaining({ code: 'network-away' }));
    expect(check(desk)).toThrowError(expect.objectContaining({ code: 'not-in-room' }));
    next.list('Romeo', 'juliet');
    expect(check(phone)).not.toThrow();
    expect(check(phone, 'juliet')).not.toThrow();
  });

  test('only the clients that still answer are in', () => {
    const next = restarted(inVerona(['Romeo', 'juliet'], [phone, desk]), [desk]);
    expect(next.face.clients(verona)).toEqual([desk]);
    expect(next.face.isIn(verona)).toBe(false);
    expect(next.face.rooms()).toEqual([verona]);
  });

  test('nothing changed: nothing is told', () => {
    const next = restarted(inVerona(['Romeo', '@juliet'], [phone]), [phone]);
    expect(next.list('Romeo', '@juliet')).toEqual([]);
    expect(next.face.isIn(verona)).toBe(true);
  });

  test('who is new, who is gone, whose rank is another', () => {
    const next = restarted(inVerona(['Romeo', '@juliet', 'nurse'], [phone]), [phone]);
    const got = inbox(next.list('Romeo', 'juliet', 'paris'), phone);
    expect(got.map((one) => [one.attrs.from, one.attrs.type])).toEqual([
      [`${room}/juliet`, undefined],
      [`${room}/paris`, undefined],
      [`${room}/nurse`, 'unavailable'],
    ]);
    expect(next.list('Romeo', 'juliet', 'paris')).toEqual([]);
    // What was told before the restart counts no more.
    const back = inbox(next.changes(comesIn('nurse')), phone);
    expect(back.map((one) => [one.attrs.from, one.attrs.type])).toEqual([[`${room}/nurse`, undefined]]);
  });

  test('we have another nick: a rename with 110', () => {
    const next = restarted(inVerona(['Romeo', 'juliet'], [phone]), [phone], 'romeo_');
    const got = inbox(next.list('juliet', 'Romeo_'), phone);
    expect(got.map((one) => [one.attrs.from, codesOf(one)])).toEqual([
      [`${room}/Romeo`, [303, 110]],
      [`${room}/Romeo_`, [110]],
    ]);
  });

  test('another one has our old nick meanwhile', () => {
    const next = restarted(inVerona(['Romeo', 'juliet'], [phone]), [phone], 'romeo_');
    const got = inbox(next.list('Romeo', 'juliet', 'Romeo_'), phone);
    expect(fold(got, ['Romeo', 'juliet'])).toEqual(new Set(['Romeo', 'juliet', 'Romeo_']));
  });

  test('a client that joins anew meanwhile gets everything, the restored ones the difference', () => {
    const next = restarted(inVerona(['Romeo', 'juliet'], [phone, desk]), [phone]);
    const entering = next.begin(desk, 'Romeo');
    const told = next.list('Romeo', 'juliet', 'paris');
    expect(told.map(({ to, from }) => [to, from])).toEqual([[[phone], `${room}/paris`]]);
    expect(inbox(entering.finish([]), desk).map((one) => one.attrs.from)).toEqual([
      `${room}/juliet`,
      `${room}/paris`,
      `${room}/Romeo`,
      room,
    ]);
  });

  test('an update under the known nick before the network is back is no change of nick', () => {
    const next = restarted(inVerona(['Romeo'], [phone]), [phone]);
    const update = (nick: string) => next.hear(`<presence from='${phone}' to='${room}/${nick}'/>`).ask?.intent.kind;
    expect(update('Romeo')).toBeUndefined();
    expect(update('Montague')).toBe('nick');
  });

  test('a client that leaves before the network is back is told from the nick it knows', () => {
    const next = restarted(inVerona(['Romeo'], [phone]), [phone]);
    expect(next.hear(`<presence type='unavailable' from='${phone}' to='${room}/Romeo'/>`).stanzas[0]?.from).toBe(
      `${room}/Romeo`,
    );
    expect(next.list('Romeo', 'juliet')).toEqual([]);
  });

  test('whatever happened meanwhile, the restored view folds to the truth', () => {
    const nick = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
    const sign = fc.constantFrom('', '@', '+', '-', '~');
    const others = fc.uniqueArray(fc.tuple(sign, nick), { selector: ([, name]) => name, maxLength: 6 });
    fc.assert(
      fc.property(others, others, fc.boolean(), (before, after, renamed) => {
        const names = (list: typeof before) => list.map(([mark, name]) => `${mark}${name}`);
        const world = inVerona(['Romeo', ...names(before)], [phone]);
        const own = renamed ? 'Romeo_' : 'Romeo';
        const next = restarted(world, [phone], own.toLowerCase());
        const got = inbox(next.list(...names(after), own), phone);
        const seen = fold(got, ['Romeo', ...before.map(([, name]) => name)]);
        expect(seen).toEqual(new Set([own, ...after.map(([, name]) => name)]));
        const told = got
          .filter((one) => one.attrs.type === undefined && one.attrs.from !== `${room}/${own}`)
          .map((one) => one.attrs.from);
        const same = new Set(names(before));
        expect(new Set(told)).toEqual(
          new Set(
            names(after)
              .filter((name) => !same.has(name))
              .map((name) => `${room}/${name.replace(/^\W/, '')}`),
          ),
        );
      }),
      { numRuns: 300 },
    );
  });
});

test('another member under a restored nick is told where the rank differs, whoever it is', () => {
  const next = restarted(inVerona(['Romeo', '@juliet'], [phone]), [phone]);
  const got = inbox(
    next.changes({ is: 'in', member: { person: personId('somebody'), nick: 'juliet', power: 'participant' } }),
    phone,
  );
  expect(got.map((one) => child(one, 'occupant-id')?.attrs.id)).toEqual(['occupant-somebody']);
});

/** The nicks that a client sees, beginning with those it knew. */
function fold(got: readonly Element[], known: readonly string[]): ReadonlySet<string> {
  const nicks = new Set(known);
  for (const one of got) {
    const nick = one.attrs.from?.slice(room.length + 1) ?? '';
    if (one.attrs.type === 'unavailable') nicks.delete(nick);
    else nicks.add(nick);
  }
  return nicks;
}
