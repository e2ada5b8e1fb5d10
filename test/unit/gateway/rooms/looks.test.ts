/** Occupants look the same to all accounts that are in a channel: rendered once for all of them. */
import { describe, expect, test } from 'vitest';
import { personId } from '../../../../src/core/ids.ts';
import { alike, createLooks, keepLook, lookOf, type Rendered } from '../../../../src/gateway/rooms/looks.ts';
import { xml } from '../../../../src/xml/writer.ts';

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

describe('looks', () => {
  test('a room is one for all accounts; another room is another', () => {
    const looks = createLooks();
    expect(looks('r')).toBe(looks('r'));
    expect(looks('q')).not.toBe(looks('r'));
  });

  test('rooms that nobody asks for are forgotten, those in use are not', () => {
    const looks = createLooks();
    const used = looks('used');
    const unused = looks('unused');
    for (let i = 0; i < 2_500; i++) {
      looks(`r${i}`);
      if (i % 500 === 0) expect(looks('used')).toBe(used);
    }
    expect(looks('unused')).not.toBe(unused);
  });

  test('who is like that is found', () => {
    const looks = createLooks()('r');
    keepLook(looks, juliet, 'none');
    expect(lookOf(looks, { ...juliet, facts: { ...juliet.facts } }, 'none')).toBe(juliet);
    expect(alike(looks, { ...juliet, facts: { ...juliet.facts } }, 'none')).toBe(juliet);
  });

  test('who knows other things of somebody than shows has the looks, and an object of their own', () => {
    const looks = createLooks()('r');
    keepLook(looks, juliet, 'none');
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
    keepLook(looks, juliet, 'none');
    expect(lookOf(looks, { ...juliet, ...change }, 'none')).toBeUndefined();
  });

  test('153-01 so is another picture', () => {
    const looks = createLooks()('r');
    keepLook(looks, juliet, 'none');
    expect(lookOf(looks, juliet, 'none')).toBeDefined();
    expect(lookOf(looks, juliet, 'unknown')).toBeUndefined();
  });

  test('a room through which many pass does not grow for ever', () => {
    const looks = createLooks()('r');
    for (let i = 0; i < 50_000; i++) keepLook(looks, { ...juliet, nick: `${i}` }, 'none');
    expect(looks.size).toBeLessThanOrEqual(20_000);
  });
});
