/** 45-55: who leaves before being let in. */
import { describe, expect, test } from 'vitest';
import { plainText } from '../../../../src/core/content.ts';
import { parse } from '../../../harness/markup.ts';
import { createWorld, desk, inbox, inVerona, joinIntent, noon, origin, phone, room, verona } from './world.ts';

const leaves = (from: string) => `<presence type='unavailable' from='${from}' to='${room}/Romeo'/>`;
const asked = (from: string, at: number) => ({ ...origin(from, `${room}/Romeo`), at });

describe('a join of who left since', () => {
  test('is not to be tried; an older leave, or another client’s, is no matter', () => {
    const world = createWorld();
    world.hear(leaves(phone));
    const left = (from: string, at: number) => world.face.leftSince(joinIntent('Romeo'), asked(from, at)) !== undefined;
    expect([left(phone, noon - 1), left(phone, noon), left(phone, noon + 1), left(desk, noon - 1)]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  test('its client is told once that it is out, with 110 and the id of its leave', () => {
    const world = createWorld();
    expect(world.hear(`<presence type='unavailable' id='l1' from='${phone}' to='${room}/Romeo'/>`)).toEqual({
      stanzas: [],
    });
    const told = () => inbox(world.face.leftSince(joinIntent('Romeo'), asked(phone, noon - 1)) ?? [], phone);
    expect(told()).toEqual([
      parse(
        `<presence from='${room}/Romeo' to='${phone}' type='unavailable' id='l1'><x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='none' role='none' jid='${phone}'/><status code='110'/></x></presence>`,
      ),
    ]);
    expect(told()).toEqual([]);
  });

  test('who is in leaves as ever; who is being let in counts as not in, and was told', () => {
    const world = inVerona(['Romeo'], [phone, desk]);
    world.hear(leaves(phone));
    expect(world.face.leftSince(joinIntent('Romeo'), asked(phone, noon - 1))).toBeUndefined();
    world.begin(phone, 'Romeo');
    world.hear(leaves(phone));
    expect(world.face.leftSince(joinIntent('Romeo'), asked(phone, noon - 1))).toEqual([]);
    expect(world.face.clients(verona)).toEqual([desk]);
  });

  test('a thousand are kept in mind, the newest', () => {
    const world = createWorld();
    const client = (i: number) => `user${i}@example.org/x`;
    for (let i = 0; i <= 1000; i++) world.hear(leaves(client(i)));
    const left = (i: number) => world.face.leftSince(joinIntent('Romeo'), asked(client(i), noon - 1)) !== undefined;
    expect([left(0), left(1), left(1000)]).toEqual([false, true, true]);
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
