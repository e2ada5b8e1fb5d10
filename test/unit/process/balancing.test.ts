/** Accounts that go to workers which have joined: whose they are, when, and how many. */
import { describe, expect, test } from 'vitest';
import type { Account } from '../../../src/accounts/account-port.ts';
import { type AccountId, accountId } from '../../../src/core/ids.ts';
import { responsible } from '../../../src/delivery/rendezvous.ts';
import { createBalancing } from '../../../src/process/balancing.ts';
import type { AccountRow } from '../../../src/storage/ports.ts';
import { createManualClock } from '../../harness/manual-clock.ts';
import { silentLog } from '../../harness/silent-log.ts';

import { sessionOf } from '../gateway/rooms/world.ts';

const [old, fresh] = ['worker-old', 'worker-new'];
const ids = Array.from({ length: 40 }, (_, n) => accountId(`account ${n}`));
const theirs = ids.filter((id) => responsible([old, fresh], id) === fresh);

/** A worker that runs forty accounts, the first twenty connected, and lives with that many others. */
function setUp(living: string[] = [old]) {
  const clock = createManualClock();
  const over = new AbortController();
  const here = new Map<AccountId, Pick<Account, 'row' | 'state' | 'session' | 'lanes'>>();
  for (const [n, id] of ids.entries()) {
    const row: AccountRow = { id, domain: 'net.test', owner: 'romeo@test' };
    here.set(id, { row, state: n < 20 ? 'ready' : 'idle', session: undefined, lanes: [] });
  }
  const state = { living, moved: 0, random: 0.5, gate: undefined as PromiseWithResolvers<void> | undefined };
  const told: AccountId[] = [];
  const back: AccountId[] = [];
  const balancing = createBalancing({
    workers: { self: old, alive: async () => state.living },
    clock,
    log: silentLog,
    signal: over.signal,
    random: () => state.random,
    accounts: () => here.values(),
    async release(id) {
      await state.gate?.promise;
      return here.delete(id);
    },
    async announce(worker, id) {
      expect(worker).toBe(fresh);
      told.push(id);
    },
    async takeBack(id) {
      back.push(id);
    },
    moved: { add: () => void state.moved++ },
  });
  const running = balancing.run();
  return {
    ...{ balancing, clock, here, state, told, back },
    async seconds(n: number): Promise<void> {
      for (let i = 0; i < n; i++) await clock.advance(1_000);
    },
    async end(): Promise<void> {
      over.abort(new Error('over'));
      await running;
    },
  };
}

describe('who joins', () => {
  test('gets those that are its own, one a second, once it has been there for a minute', async () => {
    const { seconds, told, state, here, end } = setUp();
    await seconds(120);
    state.living = [fresh, old];
    await seconds(60);
    expect(told).toEqual([]);
    await seconds(5);
    expect(told.length).toBeGreaterThan(2);
    expect(told.length).toBeLessThanOrEqual(5);
    await seconds(60);
    expect([...told].sort()).toEqual([...theirs].sort());
    expect(state.moved).toBe(theirs.length);
    expect(here.size).toBe(ids.length - theirs.length);
    await end();
  });

  test('those that are connected come last', async () => {
    const { seconds, told, state, end } = setUp();
    state.living = [fresh, old];
    await seconds(130);
    const quiet = theirs.filter((id) => ids.indexOf(id) >= 20);
    expect(told.slice(0, quiet.length)).toEqual(quiet);
    expect(told).toHaveLength(theirs.length);
    await end();
  });

  test('the seconds are not even: between a half and one and a half', async () => {
    const { seconds, told, state, end } = setUp([fresh, old]);
    await seconds(70);
    const before = told.length;
    state.random = 0;
    await seconds(4);
    expect(told.length - before).toBeGreaterThanOrEqual(7);
    await end();
  });

  test('again and again, and nothing moves', async () => {
    const { seconds, told, state, end } = setUp();
    for (let i = 0; i < 10; i++) {
      state.living = i % 2 === 0 ? [fresh, old] : [old];
      await seconds(50);
    }
    expect(told).toEqual([]);
    await end();
  });

  test('while accounts move, and goes: the others stay', async () => {
    const { seconds, told, state, end } = setUp([fresh, old]);
    await seconds(66);
    const before = told.length;
    state.living = [old];
    await seconds(130);
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(theirs.length);
    expect(told).toHaveLength(before);
    await end();
  });

  test('an edge is nobody to move to', async () => {
    const { seconds, told, end } = setUp([old, 'edge-x']);
    await seconds(130);
    expect(told).toEqual([]);
    await end();
  });
});

test('whoever is gone before an account has come there: it comes back', async () => {
  const { seconds, state, told, back, end } = setUp([fresh, old]);
  state.gate = Promise.withResolvers();
  await seconds(62);
  state.living = [old];
  state.gate.resolve();
  await seconds(1);
  expect(told).toHaveLength(1);
  expect(back).toEqual(told);
  await end();
});

test('what is being tried, or connected, is not torn out of it: it moves when it is at rest', async () => {
  const { seconds, told, here, end } = setUp([fresh, old]);
  const [busy, connecting] = theirs;
  const row = (id: AccountId | undefined) => ({ row: { id: id ?? ids[0], domain: 'net.test', owner: 'romeo@test' } });
  const lane = { chat: '#verona', entries: 1, since: 0 } as unknown as Account['lanes'][number];
  if (busy !== undefined) here.set(busy, { ...row(busy), state: 'ready', lanes: [lane] } as never);
  if (connecting !== undefined) here.set(connecting, { ...row(connecting), state: 'connecting', lanes: [] } as never);
  await seconds(119);
  expect(told).toHaveLength(theirs.length - 2);
  if (busy !== undefined) here.set(busy, { ...row(busy), state: 'ready', lanes: [] } as never);
  await seconds(70);
  expect(told).toHaveLength(theirs.length - 1);
  expect(told).toContain(busy);
  await end();
});

test('whose network is away for long is moved all the same', async () => {
  const { seconds, told, here, end } = setUp([fresh, old]);
  const [away = accountId('none')] = theirs;
  const row: AccountRow = { id: away, domain: 'net.test', owner: 'romeo@test' };
  here.set(away, { row, state: 'connecting', session: sessionOf('romeo'), lanes: [] });
  await seconds(119);
  expect(told).toHaveLength(theirs.length);
  await end();
});

test('what comes for an account that is moving waits until it has, and follows it for ten seconds', async () => {
  const { balancing, seconds, state, here, end } = setUp([fresh, old]);
  expect(await balancing.whereTo(accountId('account 0'))).toBeUndefined();
  state.gate = Promise.withResolvers();
  await seconds(62);
  const moving = theirs.find((id) => ids.indexOf(id) >= 20) ?? accountId('none');
  let where: string | undefined = 'not yet';
  const asking = balancing.whereTo(moving).then((to) => (where = to));
  await seconds(1);
  expect(where).toBe('not yet');
  state.gate.resolve();
  await asking;
  expect(where).toBe(fresh);
  expect(here.has(moving)).toBe(false);
  state.living = [old];
  expect(await balancing.whereTo(moving)).toBeUndefined();
  state.living = [fresh, old];
  await seconds(11);
  expect(await balancing.whereTo(moving)).toBeUndefined();
  await end();
});
