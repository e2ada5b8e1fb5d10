/** What an account is ordered while it runs, begins or does not run here; an erasure first of all. */
import { describe, expect, test, vi } from 'vitest';
import type { FileLink } from '../../../src/core/content.ts';
import { chatId, personId } from '../../../src/core/ids.ts';
import { desk, mantua, romeo, verona } from './account-world.ts';
import { accept, calm, key, origin, setUp } from './runner-world.ts';

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

  test('what waits for its file is neither told nor kept behind it', async () => {
    const test = setUp();
    const lasting = Promise.withResolvers<readonly FileLink[]>();
    const files = { patienceMs: 10_000, takes: () => true, last: () => lasting.promise, forget: async () => 0 };
    Object.assign(test.world, { files });
    await accept(test);
    await test.runner.open(key);
    await calm(test);
    const juliet = personId('juliet');
    test.fakeWorld.join(juliet, verona);
    await calm(test);
    test.fakeWorld.say(juliet, chatId('romeo'), { files: [{ url: 'https://files.test/1', name: 'poison' }] });
    await calm(test);
    expect(await test.runner.obey(romeo, erase)).toBe(true);
    test.sent.length = 0;
    lasting.resolve([{ url: 'https://gateway.test/1', name: 'poison' }]);
    await calm(test);
    expect([test.sent, vi.mocked(test.world.archive.keep).mock.calls]).toEqual([[], []]);
  });

  test('one that does not run is erased too, and comes back as if it had never been', async () => {
    const test = setUp();
    await test.world.store.put({ id: romeo, domain: 'net.test', owner: 'romeo@test', nick: 'montague' });
    expect(await test.runner.obey(romeo, erase)).toBe(true);
    expect(test.accounts.size).toBe(0);
    expect((await test.runner.open(key))?.row.nick).toBeUndefined();
  });

  test('who said what waited is told that it was not sent; nobody waits for a leave', async () => {
    const test = setUp();
    const said = { kind: 'send', chat: verona, content: { text: { plain: 'hello', marks: [] } } } as const;
    await accept(test, said, { ...origin, via: 'message', type: 'groupchat', stanzaId: 'm1', to: '#verona@net.test' });
    await accept(test, { kind: 'leave', chat: verona });
    expect(await test.runner.obey(romeo, erase)).toBe(true);
    expect(test.sent.map(({ kind, type, to, id }) => [kind, type, to, id])).toEqual([
      ['message', 'error', [desk], 'm1'],
    ]);
  });

  test('who ordered it learns that it is done, whoever has come back since', async () => {
    const test = setUp();
    await accept(test);
    await test.runner.open(key);
    await calm(test);
    const erased = test.runner.obey(romeo, { ...erase, as: 'this one' });
    const back = test.runner.open(key);
    expect(await test.memory.leases('three').erased('this one')).toBe(false);
    await erased;
    expect(await back).toBeDefined();
    const { holder, erased: isErased } = test.memory.leases('three');
    expect([await holder(romeo), await isErased('this one')]).toEqual([expect.any(String), true]);
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
  test('by the login of somebody else one goes on in its rooms with another session, which knows nothing of the last', async () => {
    const test = setUp();
    await accept(test);
    const before = await test.runner.open(key);
    await calm(test);
    await test.world.store.put({ id: romeo, domain: 'net.test', owner: 'romeo@test', nick: 'romeo', resume: 'here' });
    expect(await test.runner.obey(romeo, { is: 'login', isOther: true })).toBe(true);
    await calm(test);
    expect(test.runner.get(romeo)).not.toBe(before);
    expect(test.runner.get(romeo)?.row).toEqual({ id: romeo, domain: 'net.test', owner: 'romeo@test', nick: 'romeo' });
    expect(test.fakeWorld.members(verona)).toHaveLength(1);
  });

  test('where it can not be started again at once it is tried until it can be', async () => {
    const test = setUp();
    await accept(test);
    await test.runner.open(key);
    await calm(test);
    const { memberships } = test.world.store;
    const store = test.world.store as { memberships: typeof memberships };
    store.memberships = () => Promise.reject(new Error('the database is away'));
    await test.runner.obey(romeo, { is: 'login', isOther: true }).catch(() => undefined);
    store.memberships = memberships;
    await test.clock.advance(60_000);
    await calm(test);
    expect(test.fakeWorld.members(verona)).toHaveLength(1);
  });

  test('of one that has a login now, and can not be started at once, whoever ordered it is told; it is tried until it can be', async () => {
    let isAway = true;
    const test = setUp(
      (leases) => ({
        ...leases,
        acquire: (id) => (isAway ? Promise.reject(new Error('Redis is away')) : leases.acquire(id)),
      }),
      [romeo],
    );
    const begun = vi.spyOn(test.world.store, 'put');
    await expect(test.runner.obey(romeo, { is: 'login' })).rejects.toThrow('away');
    isAway = false;
    await test.clock.advance(60_000);
    expect(begun).toHaveBeenCalledWith(expect.objectContaining({ id: romeo }));
  });

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

  test('one that has left a worker and has not begun at another yet is disconnected all the same', async () => {
    const test = setUp();
    await accept(test);
    await test.runner.open(key);
    await calm(test);
    await test.runner.moveAway(romeo);
    const heir = test.another();
    heir.begin();
    expect(await heir.obey(romeo, { is: 'disconnect', reason: 'enough' })).toBe(true);
    await calm(test);
    expect([await heir.comeBack(romeo), test.fakeWorld.members(verona), test.accounts.size]).toEqual([false, [], 0]);
  });

  test('one that is on its way out of here is disconnected, and comes back nowhere', async () => {
    const test = setUp();
    await accept(test);
    await test.runner.open(key);
    await calm(test);
    const moved = test.runner.moveAway(romeo);
    expect(await test.runner.obey(romeo, { is: 'disconnect', reason: 'enough' })).toBe(true);
    await moved;
    await calm(test);
    expect([await test.another().comeBack(romeo), test.fakeWorld.members(verona)]).toEqual([false, []]);
  });

  test('nothing is started to be disconnected that nobody wanted to run', async () => {
    const test = setUp();
    const put = vi.spyOn(test.world.store, 'put');
    expect(await test.runner.obey(romeo, { is: 'disconnect', reason: 'enough' })).toBe(false);
    expect(put).not.toHaveBeenCalled();
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
