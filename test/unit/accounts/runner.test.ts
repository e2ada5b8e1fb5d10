/** Who runs accounts: leases, opening and closing, what is accepted at the last moment, and the end. */

import { describe, expect, test, vi } from 'vitest';
import { accountId, deliveryKey, personId } from '../../../src/core/ids.ts';
import { createOutbox } from '../../../src/delivery/outbox.ts';
import { send } from '../delivery/entries.ts';
import { desk, mantua, romeo, verona } from './account-world.ts';
import { accept, calm, join, key, origin, setUp } from './runner-world.ts';

describe('opening', () => {
  test('opened twice at once it is one account', async () => {
    const test = setUp();
    const { runner } = test;
    await accept(test);
    const [one, two] = await Promise.all([runner.open(key), runner.open(key)]);
    expect(one).toBeDefined();
    expect(two).toBe(one);
    expect(runner.get(romeo)).toBe(one);
  });

  test('it is seen to be opening', async () => {
    const { runner } = setUp();
    const opening = runner.open(key);
    expect(runner.isOpening(romeo)).toBe(true);
    await opening;
    expect(runner.isOpening(romeo)).toBe(false);
  });

  test('an account that another worker runs is not opened', async () => {
    const test = setUp();
    await accept(test);
    await test.runner.open(key);
    expect(await test.another().open(key)).toBeUndefined();
  });

  test('an account that moves away leaves its room as it is, and is brought back by the other worker', async () => {
    const test = setUp();
    await accept(test);
    await test.runner.open(key);
    await calm(test);
    const other = test.another();
    other.begin();
    const moving = test.runner.moveAway(romeo);
    await calm(test);
    expect(await moving).toBe(true);
    expect(test.runner.size).toBe(0);
    expect(test.fakeWorld.members(verona)).toEqual([]);
    expect(await other.comeBack(romeo)).toBe(true);
    await calm(test);
    expect(test.fakeWorld.members(verona).map(({ nick }) => nick)).toEqual(['romeo']);
    expect(await test.runner.moveAway(romeo)).toBe(false);
    expect(await other.comeBack(accountId('romeo elsewhere'))).toBe(false);
  });

  test('where the store fails the lease is given back, so that the next try works', async () => {
    const test = setUp();
    test.store.fails = true;
    await expect(test.runner.open(key)).rejects.toThrow('disk');
    expect(test.runner.size).toBe(0);
    test.store.fails = false;
    expect(await test.runner.open(key)).toBeDefined();
  });

  test('what waits in the outbox is done once it has begun', async () => {
    const test = setUp();
    await accept(test);
    await test.runner.open(key);
    await calm(test);
    expect(test.fakeWorld.members(verona).map(({ nick }) => nick)).toEqual(['romeo']);
    expect(test.runner.count('ready')).toBe(1);
  });

  test('an account with nothing to do is closed and forgotten at once', async () => {
    const test = setUp();
    await test.runner.open(key);
    await calm(test);
    expect(test.runner.size).toBe(0);
    expect(test.accounts.size).toBe(0);
  });
});

describe('restoring', () => {
  test('accounts that are written down and those with entries come back; others do not', async () => {
    const test = setUp();
    const other = accountId('romeo elsewhere');
    await test.world.store.put({ id: romeo, domain: 'net.test', owner: 'romeo@test' });
    await test.memory.outbox.append(other, { intent: join, origin }, undefined, { account: 10 });
    await test.memory.outbox.append(accountId('paris'), { intent: join, origin }, undefined, { account: 10 });
    const runner = test.another();
    await runner.restore(() => true);
    expect([runner.get(romeo), runner.get(other)].every((one) => one !== undefined)).toBe(true);
    expect(runner.size).toBe(2);
  });

  test('only what is ours; who looks through many lets everybody else have a turn', async () => {
    const { world, clock, ...test } = setUp();
    for (let i = 0; i < 1_200; i++) await world.store.put({ ...key, domain: 'net.test', id: accountId(`romeo ${i}`) });
    let looked = 0;
    const runner = test.another();
    const restored = runner.restore(() => ++looked === 700);
    await clock.advance(0);
    expect(looked).toBeLessThan(600);
    await Promise.all([restored, clock.advance(10)]);
    expect([looked, runner.size]).toEqual([1_200, 1]);
  });

  test('nothing begins before it is said, and saying it twice changes nothing', async () => {
    const test = setUp();
    await accept(test);
    const runner = test.another();
    await runner.restore(() => true);
    await calm(test);
    expect(test.fakeWorld.rooms()).toEqual([]);
    runner.begin();
    runner.begin();
    await calm(test);
    expect(test.fakeWorld.members(verona)).toHaveLength(1);
  });

  test('one that can not be restored is tried again until it can be', async () => {
    let isAway = true;
    const test = setUp((leases) => ({
      ...leases,
      acquire: (id) => (isAway ? Promise.reject(new Error('no')) : leases.acquire(id)),
    }));
    await accept(test);
    await test.runner.restore(() => true);
    await test.clock.advance(60_000);
    expect(test.runner.size).toBe(0);
    isAway = false;
    await test.clock.advance(60_000);
    expect(test.fakeWorld.members(verona)).toHaveLength(1);
    await test.runner.stop('keep', 'enough');
  });

  test('one that can not be restored does not keep the others away', async () => {
    const test = setUp((leases) => ({
      ...leases,
      acquire: (id) => (id === romeo ? Promise.reject(new Error('no')) : leases.acquire(id)),
    }));
    const other = accountId('romeo elsewhere');
    await accept(test);
    await test.memory.outbox.append(other, { intent: join, origin }, undefined, { account: 10 });
    await test.runner.restore(() => true);
    expect(test.runner.get(other)).toBeDefined();
  });
});

describe('closing', () => {
  test('accepted at the last moment: the account comes back for it', async () => {
    const test = setUp();
    await accept(test);
    const account = await test.runner.open(key);
    await calm(test);
    const stop = account?.stop.bind(account);
    if (account === undefined || stop === undefined) throw new Error('not opened');
    let accepted: Promise<unknown> = Promise.resolve();
    account.stop = async (how, reason) => {
      await stop(how, reason);
      accepted = accept(test, { kind: 'join', chat: verona, nick: 'again' });
    };
    test.fakeWorld.leave(personId('romeo'), verona, 'kicked');
    await calm(test);
    await accepted;
    expect(test.fakeWorld.members(verona).map(({ nick }) => nick)).toEqual(['again']);
    expect(test.accounts.size).toBe(1);
  });

  test.each([
    ['and nothing waits for it', false],
    ['and a join of another room waits for it', true],
  ])(
    'an account that is put out of its last room while the database is away, %s, does not go back there',
    async (_, waits) => {
      const test = setUp();
      await accept(test);
      await test.runner.open(key);
      await calm(test);
      expect(test.rooms.size).toBe(1);
      test.store.fails = true;
      test.fakeWorld.leave(personId('romeo'), verona, 'kicked');
      await calm(test);
      expect(test.runner.size).toBe(0);
      const elsewhere = { ...origin, to: '#mantua@net.test/romeo' };
      if (waits) await accept(test, { ...join, chat: mantua }, elsewhere);
      test.store.fails = false;
      await test.clock.advance(60_000);
      if (!waits) await accept(test, { ...join, chat: mantua }, elsewhere);
      await test.runner.open(key);
      await calm(test);
      expect([test.fakeWorld.members(verona).length, test.fakeWorld.members(mantua).length]).toEqual([0, 1]);
    },
  );

  test('one that can not be forgotten, as the disk is full, lets its owner in again, and does not go back', async () => {
    const test = setUp();
    await accept(test);
    await test.runner.open(key);
    await calm(test);
    const remove = vi.spyOn(test.world.store, 'remove').mockRejectedValue(new Error('the disk is full'));
    const forget = vi.spyOn(test.world.store, 'removeMembership').mockRejectedValue(new Error('the disk is full'));
    test.fakeWorld.leave(personId('romeo'), verona, 'kicked');
    await calm(test);
    await test.clock.advance(60_000);
    await calm(test);
    expect(test.fakeWorld.members(verona)).toHaveLength(0);
    await accept(test, { ...join, chat: mantua }, { ...origin, to: '#mantua@net.test/romeo' });
    await test.runner.open(key);
    await calm(test);
    expect([test.fakeWorld.members(verona).length, test.fakeWorld.members(mantua).length]).toEqual([0, 1]);
    remove.mockRestore();
    forget.mockRestore();
    await test.clock.advance(60_000);
    await calm(test);
    expect([...test.rooms.values()].map(({ chat }) => chat)).toEqual([mantua]);
  });

  test('what another worker has written down of one that could not be forgotten stays', async () => {
    const test = setUp();
    await accept(test);
    await test.runner.open(key);
    await calm(test);
    test.store.fails = true;
    test.fakeWorld.leave(personId('romeo'), verona, 'kicked');
    await calm(test);
    test.store.fails = false;
    const other = test.another();
    other.begin();
    await other.open(key);
    await accept(test, { ...join, chat: mantua }, { ...origin, to: '#mantua@net.test/romeo' });
    other.poke(romeo, mantua);
    await calm(test);
    await test.clock.advance(60_000);
    const moved = other.moveAway(romeo);
    await calm(test);
    expect([await moved, await test.runner.comeBack(romeo)]).toEqual([true, true]);
    await calm(test);
    expect(test.fakeWorld.members(mantua)).toHaveLength(1);
  });

  test('one that can not be forgotten holds no stop back', async () => {
    const test = setUp();
    await test.runner.open(key);
    test.store.fails = true;
    await calm(test);
    const stopping = test.runner.stop('keep', 'restart');
    await calm(test);
    await stopping;
    expect(await test.memory.leases('two').acquire(romeo)).toBeDefined();
  });

  test('a poke starts an account for which something waits, and no other', async () => {
    const test = setUp();
    test.runner.poke(romeo);
    await calm(test);
    expect(test.runner.size).toBe(0);
    await accept(test);
    test.runner.poke(romeo, verona);
    await calm(test);
    expect(test.fakeWorld.members(verona)).toHaveLength(1);
  });

  test('what is accepted for one that was to come back, when the database was away, is tried though it was never written down', async () => {
    const test = setUp();
    const { get } = test.world.store;
    const store = test.world.store as { get: typeof get };
    store.get = () => Promise.reject(new Error('the database is away'));
    await expect(test.runner.comeBack(romeo)).rejects.toThrow('away');
    await accept(test);
    test.runner.poke(romeo, verona);
    await calm(test);
    store.get = get;
    await test.clock.advance(60_000);
    expect(test.fakeWorld.members(verona)).toHaveLength(1);
  });

  test('what waits is tried as soon as its account can be started, with nothing said again', async () => {
    const test = setUp();
    await accept(test);
    const { get } = test.world.store;
    const store = test.world.store as { get: typeof get };
    store.get = () => Promise.reject(new Error('the database is away'));
    test.runner.poke(romeo, verona);
    test.runner.poke(romeo, verona);
    await test.clock.advance(30_000);
    store.get = get;
    await test.clock.advance(60_000);
    expect(test.fakeWorld.members(verona)).toHaveLength(1);
  });

  test('what waited when the account was lost, and another has settled, takes no room when it is back', async () => {
    const test = setUp();
    const { memory, world } = test;
    const outbox = createOutbox({ store: memory.outbox, caps: { account: 9, lane: 2 } });
    const narrow = { ...world, outbox };
    const append = (text: string) => accept({ ...test, world: narrow }, send('#verona', text));
    const runner = test.another(narrow);
    await runner.open(key);
    await Promise.all([append('1'), append('2')]);
    await expect(append('3')).rejects.toMatchObject({ code: 'queue-full' });
    memory.expire('two');
    const fence = (await memory.leases('three').acquire(romeo))?.fence ?? 0;
    const waiting = await memory.outbox.after(romeo, undefined, 9);
    await memory.outbox.settle(romeo, fence, waiting);
    memory.expire('three');
    await runner.open(key);
    expect(await append('4')).toMatchObject({ is: 'new' });
    await runner.stop('keep', 'enough');
  });

  test('where a lease was lost and nobody has it the account is back in its rooms a moment later', async () => {
    const test = setUp();
    await accept(test);
    const before = await test.runner.open(key);
    await calm(test);
    test.memory.expire('one');
    await calm(test);
    expect(test.runner.get(romeo)).toBeUndefined();
    await test.clock.advance(5_000);
    await calm(test);
    expect(test.runner.get(romeo)).not.toBe(before);
    expect(test.fakeWorld.members(verona)).toHaveLength(1);
  });

  test('a lost lease ends the session at once, and another runs it', async () => {
    const test = setUp();
    await accept(test);
    await test.runner.open(key);
    await calm(test);
    test.memory.expire('one');
    await calm(test);
    expect(test.runner.size).toBe(0);
    expect(test.fakeWorld.members(verona)).toEqual([]);
    expect(test.accounts.has(romeo)).toBe(true);
    const other = test.another();
    expect(await other.open(key)).toBeDefined();
  });
});

describe('stopping', () => {
  test('everything ends, is written down, and its lease is free', async () => {
    const test = setUp();
    await accept(test);
    await test.runner.open(key);
    await calm(test);
    const stopping = test.runner.stop('keep', 'restart');
    expect([test.runner.get(romeo) !== undefined, test.runner.isResting(romeo)]).toEqual([true, false]);
    await stopping;
    expect([test.runner.get(romeo), test.runner.isResting(romeo)]).toEqual([undefined, true]);
    expect(test.fakeWorld.members(verona)).toEqual([]);
    expect(test.rooms.get(verona)?.clients).toEqual([desk]);
    expect(await test.another().open(key)).toBeDefined();
  });

  test('what is being opened meanwhile is not left running', async () => {
    const test = setUp();
    const opening = test.runner.open(key);
    await test.runner.stop('keep', 'restart');
    expect(await opening).toBeUndefined();
    expect(test.runner.size).toBe(0);
    expect(await test.runner.open(key)).toBeUndefined();
    expect(await test.another().open(key)).toBeDefined();
  });

  test('an account that only a login wants is tried again, too, where it could not be started', async () => {
    const test = setUp(undefined, [romeo]);
    const begun = vi.spyOn(test.world.store, 'put');
    vi.spyOn(test.world.store, 'get').mockRejectedValueOnce(new Error('the database is away'));
    await test.runner.restore(() => true);
    expect(begun).not.toHaveBeenCalled();
    await test.clock.advance(60_000);
    expect(begun).toHaveBeenCalledWith(expect.objectContaining({ id: romeo }));
  });

  test('an attempt that hangs holds the stop back for three seconds, no longer', async () => {
    const test = setUp();
    test.fakeWorld.refuse(verona, undefined);
    await accept(test);
    const account = await test.runner.open(key);
    await calm(test);
    expect(account?.state).toBe('ready');
    let stopped = false;
    test.world.archive.recent = () => new Promise(() => {});
    account?.offer({
      key: deliveryKey('9999999999999-9'),
      intent: { ...join },
      origin: { ...origin, from: 'romeo@test/phone' },
    });
    const stopping = test.runner.stop('keep', 'restart').then(() => {
      stopped = true;
    });
    await calm(test);
    expect(stopped).toBe(false);
    await test.clock.advance(3_000);
    await stopping;
    expect(stopped).toBe(true);
  });
});
