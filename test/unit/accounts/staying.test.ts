/** Accounts that stay connected: what was refused with a login that has been changed meanwhile says nothing about the one that there is now. */
import { expect, test } from 'vitest';
import fake from '../../../bridges/fake/index.ts';
import { createNetwork } from '../../../bridges/fake/network.ts';
import { createWorld } from '../../../bridges/fake/world.ts';
import { createStaying } from '../../../src/accounts/staying.ts';
import type { Session } from '../../../src/bridge/contract.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { sessionOf } from '../gateway/rooms/world.ts';
import { createTestWorld, romeo } from './account-world.ts';

function setUp() {
  const { world, clock, sent } = createTestWorld();
  const network = createNetwork(fake.config.parse({ logins: 'required' }), createWorld(clock), { clock });
  const tries: PromiseWithResolvers<Session>[] = [];
  const row = { id: romeo, domain: 'net.test', owner: 'romeo@test' };
  const known = { has: true, over: 0 };
  const credentials = { ...world.credentials, has: async () => known.has };
  const staying = createStaying(
    row,
    network,
    { shutOut: () => [] },
    { ...world, credentials },
    () => {
      const made = Promise.withResolvers<Session>();
      tries.push(made);
      return made.promise;
    },
    () => known.over++,
  );
  return { staying, tries, clock, sent, known };
}

test('a login that is changed while the old one is tried is tried too, and nobody is told of the old one', async () => {
  const { staying, tries, clock, sent } = setUp();
  staying.begin();
  staying.renew();
  tries[0]?.reject(new GatewayError('login-refused'));
  await clock.advance(0);
  expect([tries.length, sent.length]).toEqual([2, 0]);
  tries[1]?.resolve(sessionOf('romeo'));
  await clock.advance(0);
  expect(tries).toHaveLength(2);
});

test('refused once more it waits for its owner, who is told', async () => {
  const { staying, tries, clock, sent } = setUp();
  staying.begin();
  staying.renew();
  for (const one of [0, 1]) {
    tries[one]?.reject(new GatewayError('login-refused'));
    await clock.advance(0);
  }
  expect([tries.length, sent.map(({ kind }) => kind)]).toEqual([2, ['presence', 'message']]);
});

test('a login that is changed while the network is away is tried at once', async () => {
  const { staying, tries, clock } = setUp();
  staying.begin();
  tries[0]?.reject(new GatewayError('network-away'));
  await clock.advance(0);
  staying.renew();
  await clock.advance(0);
  expect(tries).toHaveLength(2);
});

test('after what nobody expected (a database that is no more to be read, a bug) it is tried again too', async () => {
  const { staying, tries, clock } = setUp();
  staying.begin();
  for (const one of [0, 1]) {
    tries[one]?.reject(new Error('disk I/O error'));
    await clock.advance(0);
    await clock.advance(60_000);
  }
  tries[2]?.resolve(sessionOf('romeo'));
  await clock.advance(3_600_000);
  expect(tries).toHaveLength(3);
});

test('an account that nobody has a login for must not stay; one that is registered meanwhile must', async () => {
  const { staying, tries, clock, known } = setUp();
  known.has = false;
  staying.begin();
  expect(staying.must).toBe(true);
  tries[0]?.reject(new GatewayError('not-registered'));
  await clock.advance(0);
  expect([staying.must, known.over]).toEqual([false, 1]);
  staying.renew();
  tries[1]?.reject(new GatewayError('not-registered'));
  staying.renew();
  await clock.advance(0);
  expect([staying.must, tries.length, known.over]).toEqual([true, 3, 1]);
});

test('one that is logged out stays', async () => {
  const { staying, tries, clock, known, sent } = setUp();
  staying.begin();
  tries[0]?.reject(new GatewayError('not-registered'));
  await clock.advance(0);
  expect([staying.must, known.over, sent]).toEqual([true, 0, []]);
});
