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

/** Another worker has his account. */
async function setUp() {
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
    order: async (_, order) => void orders.push(order),
    addresses: {
      parse: (local) => ({ is: 'person', id: personId(local) }),
      format: (address) => (address.is === 'person' ? `${address.id}%${address.on}` : ''),
      title: () => '',
    },
    clock,
  });
  return { avatarStore, clock, data, lease, orders, settingsStore, [Symbol.asyncDispose]: () => database.close() };
}

test('it has the order, and nothing is said to be deleted before it has given its lease back', async () => {
  await using it = await setUp();
  let contacts: readonly string[] | undefined;
  const erased = it.data.erase(owner, 'Gone', signal).then((told) => {
    contacts = told;
  });
  for (let i = 0; i < 10; i++) await it.clock.advance(1_000);
  expect([it.orders, contacts]).toEqual([[{ is: 'erase', reason: 'Gone' }], undefined]);
  await it.lease?.erase();
  while (contacts === undefined) await it.clock.advance(200);
  await erased;
  expect(contacts).toEqual([`juliet%net.test@${domain}`]);
  expect(await it.settingsStore.of(whose)).toEqual([]);
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
