/** Changing options: only what differs is asked of the network. */
import { describe, expect, test } from 'vitest';
import { changeOptions, differing } from '../../../src/accounts/room-options.ts';
import type { RoomOptions, Rooms } from '../../../src/bridge/contract.ts';
import { verona } from './account-world.ts';

const { signal } = new AbortController();
const nothing = async (): Promise<void> => {};

describe('what differs', () => {
  test.each<readonly [Record<string, string | boolean | number>, RoomOptions | undefined, RoomOptions]>([
    [{ isModerated: true, maxMembers: 5 }, { isModerated: true, maxMembers: 0 }, { maxMembers: 5 }],
    [{ name: 'a', password: 'x' }, { name: 'a', password: 'x' }, {}],
    [{ password: '' }, { password: '' }, { password: '' }],
    [{ isModerated: true }, undefined, { isModerated: true }],
    [{ isModerated: 'yes', maxMembers: '5', unknown: true, name: 1 }, {}, {}],
  ])('%j over %j', (change, now, differs) => expect(differing(change, now)).toEqual(differs));
});

describe('changing', () => {
  const set: RoomOptions[] = [];
  const rooms: Rooms = {
    join: nothing,
    leave: nothing,
    options: async () => ({ isModerated: true }),
    setOptions: async (_, change) => void set.push(change),
  };

  test('45-82 the network is asked for the difference, and for nothing where there is none', async () => {
    await changeOptions(rooms, { kind: 'options', chat: verona, change: { isModerated: true } }, signal);
    expect(set).toEqual([]);
    await changeOptions(rooms, { kind: 'options', chat: verona, change: { isModerated: false } }, signal);
    expect(set).toEqual([{ isModerated: false }]);
  });

  test('a network that can not', async () => {
    const asked = changeOptions(
      { join: nothing, leave: nothing },
      { kind: 'options', chat: verona, change: {} },
      signal,
    );
    await expect(asked).rejects.toMatchObject({ code: 'network-cannot' });
  });
});
