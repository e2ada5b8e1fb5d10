/** 45-55: who leaves before being let in. */
import { describe, expect, test } from 'vitest';
import { plainText } from '../../../../src/core/content.ts';
import { createWorld, desk, inVerona, joinIntent, noon, origin, phone, room, verona } from './world.ts';

const leaves = (from: string) => `<presence type='unavailable' from='${from}' to='${room}/Romeo'/>`;
const asked = (from: string, at: number) => ({ ...origin(from, `${room}/Romeo`), at });

describe('a join of who left since', () => {
  test('is not to be tried; an older leave, or another client’s, is no matter', () => {
    const world = createWorld();
    world.hear(leaves(phone));
    const has = (from: string, at: number) => world.face.hasLeft(joinIntent('Romeo'), asked(from, at));
    expect([has(phone, noon - 1), has(phone, noon), has(phone, noon + 1), has(desk, noon - 1)]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  test('who is in leaves as ever; who is being let in counts as not in', () => {
    const world = inVerona(['Romeo'], [phone, desk]);
    world.hear(leaves(phone));
    expect(world.face.hasLeft(joinIntent('Romeo'), asked(phone, noon - 1))).toBe(false);
    world.begin(phone, 'Romeo');
    world.hear(leaves(phone));
    expect(world.face.hasLeft(joinIntent('Romeo'), asked(phone, noon - 1))).toBe(true);
    expect(world.face.clients(verona)).toEqual([desk]);
  });

  test('a thousand are kept in mind, the newest', () => {
    const world = createWorld();
    const client = (i: number) => `user${i}@example.org/x`;
    for (let i = 0; i <= 1000; i++) world.hear(leaves(client(i)));
    const has = (i: number) => world.face.hasLeft(joinIntent('Romeo'), asked(client(i), noon - 1));
    expect([has(0), has(1), has(1000)]).toEqual([false, true, true]);
  });
});

describe('45-44 what somebody said who is out since', () => {
  const error = `<error type='cancel'><recipient-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>`;
  const bounces = `<message type='error' id='x' from='${phone}' to='${room}/Romeo'>${error}</message>`;
  const say = { kind: 'send', chat: verona, content: { text: plainText('good night') } } as const;

  test.each([
    ['left', leaves(phone)],
    ['was lost', bounces],
  ])('counts where it was said before; not what was said behind, nor by somebody who never was in: %s', (_, out) => {
    const world = inVerona(['Romeo'], [phone, desk]);
    world.hear(out);
    const said = (from: string, at: number) => () => world.face.check(say, asked(from, at));
    expect(said(phone, noon - 1)).not.toThrow();
    expect(said(phone, noon + 1)).toThrow('You are not in this room');
    expect(said('romeo@example.org/tablet', noon - 1)).toThrow('You are not in this room');
  });
});
