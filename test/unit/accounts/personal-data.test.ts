/** A user's own data where another process has some of the accounts: it is waited for, but not for ever. */
import { expect, test } from 'vitest';
import { noArchive } from '../../../src/accounts/archiving.ts';
import type { Order } from '../../../src/accounts/orders.ts';
import { createPersonalData } from '../../../src/accounts/personal-data.ts';
import { accountId, personId } from '../../../src/core/ids.ts';
import { createAccountStore } from '../../../src/storage/sql/account-store.ts';
import { createAvatarStore } from '../../../src/storage/sql/avatar-store.ts';
import { openDatabase } from '../../../src/storage/sql/database.ts';
import { createLoginStore } from '../../../src/storage/sql/login-store.ts';
import { createMediaStore } from '../../../src/storage/sql/media-store.ts';
import { createUploadStore } from '../../../src/storage/sql/upload-store.ts';
import { createManualClock } from '../../harness/manual-clock.ts';
import { createMemorySettings } from '../../harness/memory-settings.ts';
import { createMemoryStores } from '../../harness/memory-stores.ts';

const domain = 'irc.test';
const owner = 'romeo@test';
const account = accountId(`${owner}/net.test/${domain}`);
const whose = { domain, owner };
const { signal } = new AbortController();

/** Another worker has his account. @param isFull the disk: what is given back by that one can't be erased here either */
async function setUp(isFull = false) {
  const clock = createManualClock();
  const database = await openDatabase(':memory:');
  const { outbox, leases } = createMemoryStores(clock);
  const accountStore = createAccountStore(database);
  const settingsStore = createMemorySettings();
  const orders: Order[] = [];
  const avatarStore = createAvatarStore(database);
  const lease = await leases('another').acquire(account);
  await accountStore.put({ id: account, domain, owner, on: 'net.test' });
  await accountStore.putContact(account, personId('juliet'));
  await settingsStore.change(whose, [{ on: '*', chat: '', name: 'nick', value: 'montague' }], []);
  const data = createPersonalData({
    domain,
    accountStore,
    settingsStore,
    avatarStore,
    loginStore: createLoginStore(database),
    outboxStore: outbox,
    archive: noArchive,
    plumbings: { all: [] },
    mediaStore: createMediaStore(database),
    uploadStore: createUploadStore(database),
    leases: leases('ours'),
    // As a worker does: what another one has is left to it.
    async order(id, order) {
      orders.push(order);
      const ours = await leases('ours').acquire(id);
      if (ours === undefined) return;
      if (isFull) return ours.release();
      await accountStore.erase(id);
      await ours.erase(order.is === 'erase' ? order.as : undefined);
    },
    addresses: {
      parse: (local) => ({ is: 'person', id: personId(local) }),
      format: (address) => (address.is === 'person' ? `${address.id}%${address.on}` : ''),
      title: () => '',
    },
    clock,
  });
  return {
    accountStore,
    avatarStore,
    clock,
    data,
    lease,
    leasesOf: leases,
    orders,
    settingsStore,
    [Symbol.asyncDispose]: () => database.close(),
  };
}

test('it has the order, and nothing is said to be deleted before it has given its lease back', async () => {
  await using it = await setUp();
  let contacts: readonly string[] | undefined;
  const erased = it.data.erase(owner, 'Gone', signal).then((told) => {
    contacts = told;
  });
  for (let i = 0; i < 10; i++) await it.clock.advance(1_000);
  expect([it.orders, contacts]).toEqual([[{ is: 'erase', reason: 'Gone', as: expect.any(String) }], undefined]);
  await it.lease?.erase();
  while (contacts === undefined) await it.clock.advance(200);
  await erased;
  expect(contacts).toEqual([`juliet%net.test@${domain}`]);
  expect(await it.settingsStore.of(whose)).toEqual([]);
});

test('who comes back the moment it is erased is neither waited for nor deleted again', async () => {
  await using it = await setUp();
  let isOver = false;
  const erased = it.data.erase(owner, 'Gone', signal).finally(() => {
    isOver = true;
  });
  while (it.orders.length === 0) await it.clock.advance(0);
  const [order] = it.orders;
  await it.accountStore.erase(account);
  await it.lease?.erase(order?.is === 'erase' ? order.as : undefined);
  const again = await it.leasesOf('another').acquire(account);
  await it.accountStore.put({ id: account, domain, owner, on: 'net.test' });
  for (let i = 0; i < 20 && !isOver; i++) await it.clock.advance(100);
  expect([isOver, it.orders.length, again !== undefined]).toEqual([true, 1, true]);
  await erased;
  expect(await it.accountStore.ids('', '')).toEqual([account]);
});

test('where it could not, and has given its lease back, nothing is said to be deleted before that is done here', async () => {
  await using it = await setUp();
  let isOver = false;
  const erased = it.data.erase(owner, 'Gone', signal).finally(() => {
    isOver = true;
  });
  while (it.orders.length === 0) await it.clock.advance(0);
  await it.lease?.release();
  while (!isOver) await it.clock.advance(200);
  expect(await erased).toEqual([`juliet%net.test@${domain}`]);
  expect(await it.accountStore.ids('', '')).toEqual([]);
});

test('where nobody can, its owner is told to try it again: of one account, too', async () => {
  await using it = await setUp(true);
  await it.lease?.release();
  await expect(it.data.erase(owner, 'Gone', signal)).rejects.toThrow('try it again');
  await expect(it.data.eraseOne(account, 'Gone', signal)).rejects.toThrow('try it again');
});

test('the picture with which shared accounts spoke for them goes too', async () => {
  await using it = await setUp();
  const facts = { type: 'image/png', width: 1, height: 1, bytes: 3, base64: 'AAAA' };
  const named = (who: string) => `jabber ${who}@test`;
  for (const who of ['romeo', 'juliet']) await it.avatarStore.keep(domain, named(who), { ...facts, hash: who }, 0);
  await it.lease?.erase();
  await it.data.erase(owner, 'Gone', signal);
  expect([...(await it.avatarStore.known(domain, ['romeo', 'juliet'].map(named))).keys()]).toEqual([named('juliet')]);
  expect(await it.avatarStore.find('romeo')).toBeUndefined();
});

test('one that does not answer is not waited for for ever; what can be deleted is', async () => {
  await using it = await setUp();
  let isOver = false;
  const erased = expect(it.data.erase(owner, 'Gone', signal))
    .rejects.toThrow('try it again')
    .finally(() => {
      isOver = true;
    });
  while (!isOver) await it.clock.advance(1_000);
  await erased;
  expect(await it.settingsStore.of(whose)).toEqual([]);
});

test('where no texts are kept nothing is published', async () => {
  await using it = await setUp();
  expect(await it.data.publish(owner, signal)).toBeUndefined();
});
