/** Who runs accounts: leases, opening and closing, what is accepted at the last moment, and the end. */

import { describe, expect, test } from 'vitest';
import fake from '../../../bridges/fake/index.ts';
import { createNetwork } from '../../../bridges/fake/network.ts';
import { createWorld } from '../../../bridges/fake/world.ts';
import { createRunner, type Runner } from '../../../src/accounts/runner.ts';
import { type AccountId, accountId, deliveryKey, personId } from '../../../src/core/ids.ts';
import type { Origin } from '../../../src/core/intent.ts';
import { createOutbox } from '../../../src/delivery/outbox.ts';
import { createFace } from '../../../src/gateway/create-face.ts';
import type { AccountKey } from '../../../src/gateway/face.ts';
import { createLooks } from '../../../src/gateway/rooms/looks.ts';
import type { Leases } from '../../../src/storage/ports.ts';
import { send } from '../delivery/entries.ts';
import { createTestWorld, desk, mantua, romeo, type TestWorld, verona } from './account-world.ts';

const key: AccountKey = { id: romeo, owner: 'romeo@test' };
const keyOf = (id: AccountId): AccountKey | undefined => (id.startsWith('romeo') ? { ...key, id } : undefined);
const origin: Origin = { from: desk, to: '#verona@net.test/romeo', via: 'presence', at: 1_700_000_000_000 };
const join = { kind: 'join', chat: verona, nick: 'romeo' } as const;

interface Setup extends TestWorld {
  readonly runner: Runner;
  readonly fakeWorld: ReturnType<typeof createWorld>;
  another(world?: TestWorld['world']): Runner;
}

function setUp(leasesOf?: (made: Leases) => Leases): Setup {
  const test = createTestWorld();
  const fakeWorld = createWorld(test.clock);
  const network = createNetwork(fake.config.parse({}), fakeWorld, { clock: test.clock });
  const make = (worker: string, world = test.world): Runner => {
    const leases = test.memory.leases(worker);
    return createRunner({
      network,
      world,
      leases: leasesOf?.(leases) ?? leases,
      outbox: test.memory.outbox,
      keyOf,
      face: (account) =>
        createFace({
          domain: 'net.test',
          account,
          addresses: network.addresses,
          newId: () => 'id',
          occupantId: (_, who) => who,
          looks: createLooks(),
          now: () => test.clock.now(),
        }),
    });
  };
  const runner = make('one');
  runner.begin();
  return { ...test, runner, fakeWorld, another: (world) => make('two', world) };
}

const accept = ({ world }: TestWorld, intent: Parameters<typeof world.outbox.append>[1] = join) =>
  new Promise((resolve, reject) => world.outbox.append(romeo, intent, origin, { accepted: resolve, refused: reject }));

async function calm({ clock }: TestWorld): Promise<void> {
  for (let i = 0; i < 20; i++) await clock.advance(0);
}

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

  test('only what is ours', async () => {
    const test = setUp();
    await test.world.store.put({ id: romeo, domain: 'net.test', owner: 'romeo@test' });
    await test.runner.restore(() => false);
    expect(test.runner.size).toBe(0);
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
    await test.runner.stop('keep', 'restart');
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
