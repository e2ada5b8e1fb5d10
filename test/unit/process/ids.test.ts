/** Ids for the outside: unguessable, sorted, and occupants' that tell nobody who they are. */
import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createIds, createOccupantIds } from '../../../src/process/ids.ts';
import { keptEach } from '../../harness/kept-heap.ts';

describe('ids of messages', () => {
  test('359-01 313-03 never the same, and sorted as they were made', () => {
    const next = createIds();
    const ids = Array.from({ length: 5_000 }, next);
    expect(new Set(ids).size).toBe(5_000);
    expect(ids.toSorted()).toEqual(ids);
  });

  test('two makers have nothing in common', () => {
    const prefix = (id: string): string => id.slice(0, -7);
    expect(prefix(createIds()())).not.toBe(prefix(createIds()()));
  });
});

describe('421-03 occupants’ ids', () => {
  const key = new Uint8Array(32).fill(1);
  const idOf = createOccupantIds(key);

  test('the same for one identity in one room, over restarts', () => {
    expect(idOf('#verona@net.test', 'juliet')).toBe(createOccupantIds(key)('#verona@net.test', 'juliet'));
  });

  test('which are remembered keep nothing of what the identity was cut from', () => {
    const line = 4_000;
    const of = createOccupantIds(key);
    const kept = keptEach(1_000, (n) => {
      const read = `${n} ${'y'.repeat(line)} JOIN somebody-of-${n}`;
      return of('#verona@net.test', `~romeo@${read.slice(read.indexOf('somebody'))}`);
    });
    expect(kept).toBeLessThan(line / 4);
  });

  test('different in each room, for each identity, and with each key', () => {
    const id = idOf('#verona@net.test', 'juliet');
    expect(idOf('#mantua@net.test', 'juliet')).not.toBe(id);
    expect(idOf('#verona@net.test', 'nurse')).not.toBe(id);
    expect(createOccupantIds(new Uint8Array(32).fill(2))('#verona@net.test', 'juliet')).not.toBe(id);
  });

  test.each([16, 32, 64, 100])('a keyed hash as everybody computes it, with a key of %i bytes', (length) => {
    const long = new Uint8Array(length).fill(3);
    const expected = createHmac('sha256', long).update('occupant\0#verona@net.test\0žulie').digest();
    expect(createOccupantIds(long)('#verona@net.test', 'žulie')).toBe(expected.subarray(0, 18).toString('base64url'));
  });

  test('short, and nothing of whom it stands for is in it', () => {
    const id = idOf('#verona@net.test', 'x'.repeat(3000));
    expect(id.length).toBeLessThanOrEqual(128);
    expect(idOf('#verona@net.test', 'juliet@capulet.example')).not.toMatch(/juliet|capulet|verona/);
  });

  test('room and identity can not be shifted into each other', () => {
    expect(idOf('ab', 'c')).not.toBe(idOf('a', 'bc'));
  });

  test('still the same after more of them than are kept in mind', () => {
    const first = idOf('#verona@net.test', 'juliet');
    for (let i = 0; i < 45_000; i++) idOf('#crowd@net.test', `${i}`);
    expect(idOf('#verona@net.test', 'juliet')).toBe(first);
  });
});
