/** What an account is ordered while it runs, begins or does not run here; an erasure first of all. */
import { describe, expect, test } from 'vitest';
import { mantua, romeo, verona } from './account-world.ts';
import { accept, calm, key, setUp } from './runner-world.ts';

describe('erasing', () => {
  const erase = { is: 'erase', reason: 'Gone' } as const;

  test('one that runs leaves, and nothing of it is left; what waits is not tried', async () => {
    const test = setUp();
    await accept(test);
    await test.runner.open(key);
    await calm(test);
    expect(test.fakeWorld.members(verona)).toHaveLength(1);
    await accept(test, { kind: 'join', chat: mantua, nick: 'romeo' });
    expect(await test.runner.obey(romeo, erase)).toBe(true);
    await calm(test);
    expect([test.fakeWorld.members(verona), test.runner.size, test.accounts.size, test.rooms.size]).toEqual([
      [],
      0,
      0,
      0,
    ]);
    expect(await test.memory.outbox.ids('', '')).toEqual([]);
    expect(await test.memory.leases('three').holder(romeo)).toBeUndefined();
  });

  test('one that does not run is erased too, and comes back as if it had never been', async () => {
    const test = setUp();
    await test.world.store.put({ id: romeo, domain: 'net.test', owner: 'romeo@test', nick: 'montague' });
    expect(await test.runner.obey(romeo, erase)).toBe(true);
    expect(test.accounts.size).toBe(0);
    expect((await test.runner.open(key))?.row.nick).toBeUndefined();
  });

  test('one that another worker runs is not touched', async () => {
    const test = setUp();
    await accept(test);
    await test.runner.open(key);
    await calm(test);
    expect(await test.another().obey(romeo, erase)).toBe(false);
    expect(test.fakeWorld.members(verona)).toHaveLength(1);
  });

  test('whoever comes in the very turn in which one that does not run is erased waits too', async () => {
    const test = setUp();
    await accept(test);
    const erased = test.runner.obey(romeo, erase);
    const opened = test.runner.open(key);
    expect(await erased).toBe(true);
    expect((await opened)?.row).toEqual({ id: romeo, domain: 'net.test', owner: 'romeo@test' });
    expect(await test.memory.outbox.size(romeo)).toBe(0);
  });

  test('whoever comes meanwhile waits until it is done, and stays', async () => {
    const test = setUp();
    await accept(test);
    await test.runner.open(key);
    await calm(test);
    const erased = test.runner.obey(romeo, erase);
    const opened = test.runner.open(key);
    expect(await erased).toBe(true);
    expect((await opened)?.row).toEqual({ id: romeo, domain: 'net.test', owner: 'romeo@test' });
  });

  test('where the store fails the lease is given back, and it can be tried again', async () => {
    const test = setUp();
    const { erase: real } = test.world;
    const world = test.world as { erase: typeof real };
    world.erase = () => Promise.reject(new Error('the disk is full'));
    await expect(test.runner.obey(romeo, erase)).rejects.toThrow('disk');
    world.erase = real;
    expect(await test.runner.obey(romeo, erase)).toBe(true);
  });
});

describe('orders', () => {
  test('one for an account that is being opened waits for it: what it has read may be older', async () => {
    const test = setUp();
    await accept(test);
    test.clock.jump(1);
    const opened = test.runner.open(key);
    expect(await test.runner.obey(romeo, { is: 'disconnect', reason: 'enough' })).toBe(true);
    await opened;
    await calm(test);
    expect(test.fakeWorld.members(verona)).toEqual([]);
  });

  test('one for an account that can not be opened comes to nothing', async () => {
    const test = setUp();
    await accept(test);
    test.world.store.get = () => Promise.reject(new Error('the disk is full'));
    const opened = test.runner.open(key);
    expect(await test.runner.obey(romeo, { is: 'reconfigure' })).toBe(false);
    await expect(opened).rejects.toThrow('disk');
  });
});
