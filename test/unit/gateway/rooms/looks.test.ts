/** Occupants look the same to all accounts that are in a channel: rendered once for all of them. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { personId } from '../../../../src/core/ids.ts';
import {
  alike,
  createLooks,
  keepLook,
  type Looks,
  lookOf,
  type Rendered,
} from '../../../../src/gateway/rooms/looks.ts';
import { Roll } from '../../../../src/gateway/rooms/roll.ts';
import { xml } from '../../../../src/xml/writer.ts';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

const juliet: Rendered = {
  person: personId('juliet'),
  identity: 'juliet',
  nick: 'Juliet',
  power: 'participant',
  facts: { address: 'j@balcony', show: 'away', isBot: true },
  jid: 'r/Juliet',
  contact: undefined,
  id: xml`<id/>`,
  presence: xml`<x/>`,
};

/** A room as an account sees it. */
const createSight = () => ({ people: new Roll(), joined: true, listed: undefined });

/** They come in, are shown, and leave. */
function passThrough(looks: Looks, room: ReturnType<typeof createSight>, people: number): void {
  for (let i = 0; i < people; i++) {
    const guest = { ...juliet, person: personId(`guest${i}`), identity: `guest${i}`, nick: `Guest${i}` };
    room.people.add(guest);
    keepLook(looks, room, guest, 'none');
    room.people.remove(guest);
  }
}

describe('looks', () => {
  test('a room is one for all accounts; another room is another', () => {
    const looks = createLooks();
    expect(looks('r')).toBe(looks('r'));
    expect(looks('q')).not.toBe(looks('r'));
  });

  test('a room that is open in no account any more keeps nobody, one that is open everybody', async () => {
    const looks = createLooks();
    const open = looks('open');
    keepLook(open, createSight(), juliet, 'none');
    keepLook(looks('closed'), createSight(), juliet, 'none');
    // What was looked up is held until the end of the turn.
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    expect(looks('closed').byNick.size).toBe(0);
    expect(looks('open')).toBe(open);
    expect(open.byNick.size).toBe(1);
  });

  test('who is like that is found', () => {
    const looks = createLooks()('r');
    keepLook(looks, createSight(), juliet, 'none');
    expect(lookOf(looks, { ...juliet, facts: { ...juliet.facts } }, 'none')).toBe(juliet);
    expect(alike(looks, { ...juliet, facts: { ...juliet.facts } }, 'none')).toBe(juliet);
  });

  test('who knows other things of somebody than shows has the looks, and an object of their own', () => {
    const looks = createLooks()('r');
    keepLook(looks, createSight(), juliet, 'none');
    const seen = { ...juliet, facts: { ...juliet.facts, realName: 'J. Capulet' } };
    expect(lookOf(looks, seen, 'none')).toBe(juliet);
    expect(alike(looks, seen, 'none')).toBeUndefined();
  });

  test.each([
    ['power', { power: 'moderator' }],
    ['identity', { identity: 'account juliet' }],
    ['person', { person: personId('juliet2') }],
    ['address', { facts: { ...juliet.facts, address: 'j@tomb' } }],
    ['hats', { facts: { ...juliet.facts, isBot: false } }],
    ['being away', { facts: { address: 'j@balcony', isBot: true } }],
    ['words for it', { facts: { ...juliet.facts, status: 'asleep' } }],
    ['nick', { nick: 'juliet' }],
  ] as const)('another %s is another look', (_, change) => {
    const looks = createLooks()('r');
    keepLook(looks, createSight(), juliet, 'none');
    expect(lookOf(looks, { ...juliet, ...change }, 'none')).toBeUndefined();
  });

  test('153-01 so is another picture', () => {
    const looks = createLooks()('r');
    keepLook(looks, createSight(), juliet, 'none');
    expect(lookOf(looks, juliet, 'none')).toBeDefined();
    expect(lookOf(looks, juliet, 'unknown')).toBeUndefined();
  });

  test('of a crowd that comes and goes those are kept who are there', () => {
    const looks = createLooks()('r');
    const room = createSight();
    const there = Array.from({ length: 500 }, (_, i) => ({
      ...juliet,
      person: personId(`p${i}`),
      identity: `p${i}`,
      nick: `P${i}`,
    }));
    for (const one of there) {
      room.people.add(one);
      keepLook(looks, room, one, 'none');
    }
    passThrough(looks, room, 50_000);
    expect(looks.byNick.size).toBeLessThanOrEqual(1_000);
    expect(there.filter((one) => lookOf(looks, one, 'none') !== one)).toEqual([]);
  });

  test('who does not see everybody yet forgets nobody, who does makes up for it', () => {
    const looks = createLooks()('r');
    const whole = createSight();
    whole.people.add(juliet);
    keepLook(looks, whole, juliet, 'none');
    passThrough(looks, { ...createSight(), joined: false }, 1_000);
    expect(lookOf(looks, juliet, 'none')).toBe(juliet);
    passThrough(looks, whole, 1);
    expect(looks.byNick.size).toBe(2);
  });
});
