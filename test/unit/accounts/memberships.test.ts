/** The memberships table follows the face. */
import { expect, test, vi } from 'vitest';
import { createMemberships } from '../../../src/accounts/memberships.ts';
import { type ChatId, chatId } from '../../../src/core/ids.ts';
import { createTestWorld, desk, romeo, verona } from './account-world.ts';

function setUp() {
  const test = createTestWorld();
  const state = { open: true, occupants: ['participant juliet'], away: {} as Record<string, number> };
  const snapshot = (chat: ChatId) =>
    state.open ? { chat, local: '#verona', nick: 'romeo', clients: [desk], occupants: state.occupants } : undefined;
  const memberships = createMemberships(romeo, { snapshot }, test.world, () => state.away);
  return { ...test, state, memberships, calm: () => test.clock.advance(0) };
}

test('who enters is written down at once', async () => {
  const { memberships, rooms, calm } = setUp();
  memberships.entered(verona, undefined);
  await calm();
  expect(rooms.get(verona)).toMatchObject({ nick: 'romeo', clients: [desk], away: {} });
});

test('changes of occupants are gathered for a moment and written once, as they are then', async () => {
  const { memberships, rooms, state, clock } = setUp();
  memberships.changed(verona);
  memberships.changed(verona);
  await clock.advance(19);
  expect(rooms.size).toBe(0);
  state.occupants = ['participant nurse'];
  await clock.advance(1);
  expect(rooms.get(verona)?.occupants).toEqual(['participant nurse']);
});

test('the more people a room has, the longer its changes are gathered: never more than two seconds', async () => {
  for (const [people, ms] of [
    [100, 200],
    [5_000, 2_000],
  ] as const) {
    const { memberships, rooms, state, clock, calm } = setUp();
    state.occupants = Array.from({ length: people }, (_, i) => `participant nick${i}`);
    memberships.entered(verona, undefined);
    await calm();
    state.occupants = ['participant nurse'];
    memberships.changed(verona);
    await clock.advance(ms - 1);
    expect(rooms.get(verona)?.occupants).toHaveLength(people);
    await clock.advance(1);
    expect(rooms.get(verona)?.occupants).toEqual(['participant nurse']);
  }
});

test('a large room that waits does not keep a small one waiting', async () => {
  const { memberships, rooms, state, clock, calm } = setUp();
  state.occupants = Array.from({ length: 5_000 }, (_, i) => `participant nick${i}`);
  memberships.entered(verona, undefined);
  await calm();
  memberships.changed(verona);
  memberships.changed(chatId('#mantua'));
  await clock.advance(20);
  expect(rooms.has(chatId('#mantua'))).toBe(true);
});

test('many clients that come or go while the room is being written make one more write, as things are then', async () => {
  const { memberships, rooms, state, world, calm } = setUp();
  const slow = Promise.withResolvers<void>();
  const put = vi.spyOn(world.store, 'putMembership').mockImplementationOnce(() => slow.promise);
  memberships.entered(verona, undefined);
  await calm();
  for (let i = 0; i < 300; i++) memberships.departed(verona);
  await calm();
  state.occupants = ['participant nurse'];
  slow.resolve();
  await calm();
  expect(put).toHaveBeenCalledTimes(2);
  expect(rooms.get(verona)?.occupants).toEqual(['participant nurse']);
});

test('a room that is entered again right behind its removal is written down behind that', async () => {
  const { memberships, rooms, calm } = setUp();
  memberships.entered(verona, undefined);
  memberships.remove(verona);
  memberships.entered(verona, undefined);
  await calm();
  expect([...rooms.keys()]).toEqual([verona]);
});

test('a password is written sealed, and read back', async () => {
  const { memberships, rooms, calm } = setUp();
  memberships.entered(verona, 'sesame');
  await calm();
  expect(rooms.get(verona)?.password).not.toContain('sesame');
  expect(memberships.password(verona)).toBe('sesame');
});

test('a password from before the restart is kept, whatever is written first', async () => {
  const before = setUp();
  before.memberships.entered(verona, 'sesame');
  await before.calm();
  const saved = before.rooms.get(verona);
  if (saved === undefined) throw new Error('not written');
  const { memberships, rooms, clock } = setUp();
  memberships.restore(saved);
  memberships.changed(verona);
  await clock.advance(2_000);
  expect(rooms.get(verona)?.password).toBe(saved.password);
  expect(memberships.password(verona)).toBe('sesame');
});

test('a room that is gone is removed, also behind a change that waited', async () => {
  const { memberships, rooms, clock, calm } = setUp();
  memberships.entered(verona, 'sesame');
  await calm();
  memberships.changed(verona);
  memberships.remove(verona);
  await clock.advance(5_000);
  expect(rooms.size).toBe(0);
  expect(memberships.password(verona)).toBeUndefined();
});

test('a face that no longer knows the room: the row goes', async () => {
  const { memberships, rooms, state, calm } = setUp();
  memberships.entered(verona, undefined);
  await calm();
  state.open = false;
  memberships.changed(verona);
  await memberships.save();
  expect(rooms.size).toBe(0);
});

test('what could not be written is tried again, and says how things are then', async () => {
  const { memberships, rooms, state, store, clock, calm } = setUp();
  store.fails = true;
  memberships.entered(verona, undefined);
  await calm();
  store.fails = false;
  state.away = { [desk]: 5 };
  await clock.advance(10_000);
  expect(rooms.get(verona)?.away).toEqual({ [desk]: 5 });
});

test('closed: what waits can still be saved, but no timer is left', async () => {
  const { memberships, rooms, clock } = setUp();
  memberships.changed(verona);
  memberships.close();
  expect(clock.waiting).toBe(0);
  await memberships.save();
  expect(rooms.size).toBe(1);
});
