/** Accounts and rooms at rest, on real SQLite. */
import { describe, expect, test } from 'vitest';
import { accountId, chatId } from '../../../../src/core/ids.ts';
import type { AccountRow, MembershipRow } from '../../../../src/storage/ports.ts';
import { createAccountStore } from '../../../../src/storage/sql/account-store.ts';
import { createArchive } from '../../../../src/storage/sql/archive.ts';
import { openDatabase } from '../../../../src/storage/sql/database.ts';
import { migrate } from '../../../../src/storage/sql/migrations.ts';

const id = accountId('romeo@montague.lit/verona/irc.test');
const row: AccountRow = { id, domain: 'irc.test', owner: 'romeo@montague.lit', on: 'verona', nick: 'Romeo' };
const membership: MembershipRow = {
  account: id,
  chat: chatId('#verona'),
  local: '#verona%irc',
  nick: 'Romeo',
  password: 'v1:sealed',
  clients: ['romeo@montague.lit/phone'],
  away: { 'romeo@montague.lit/desk': 12 },
  occupants: ['Romeo', 'Juliet'],
};

describe('accounts', () => {
  test('come back as they were put, and only on their domain', async () => {
    const store = createAccountStore(await openDatabase(':memory:'));
    await store.put(row);
    await store.put({ ...row, resume: 'at 12' });
    expect(await store.all('irc.test')).toEqual([{ ...row, resume: 'at 12' }]);
    expect(await store.all('discord.test')).toEqual([]);
    expect(await store.owned('irc.test', row.owner)).toHaveLength(1);
    expect(await store.owned('irc.test', 'x')).toEqual([]);
    expect(await store.owned('discord.test', row.owner)).toEqual([]);
    const bare: AccountRow = { id: accountId('x//irc.test'), domain: 'irc.test', owner: 'x' };
    await store.put(bare);
    expect(await store.get(bare.id)).toEqual(bare);
  });

  test('take their rooms with them', async () => {
    const store = createAccountStore(await openDatabase(':memory:'));
    await store.put(row);
    await store.putMembership(membership);
    await store.putMembership({ ...membership, nick: 'Montague', clients: [] });
    expect(await store.memberships(id)).toEqual([{ ...membership, nick: 'Montague', clients: [] }]);
    await store.removeMembership(id, membership.chat);
    expect(await store.memberships(id)).toEqual([]);
    await store.putMembership(membership);
    await store.remove(id);
    expect(await store.get(id)).toBeUndefined();
    expect(await store.memberships(id)).toEqual([]);
  });
});

describe('the archive', () => {
  const message = (n: number) => ({
    account: id,
    chat: membership.chat,
    id: `m${n}`,
    at: n,
    nick: "O'Neil",
    body: `<body>"${n}" 🙂</body>`,
  });

  test('gives the newest, oldest first, and a second copy changes nothing', async () => {
    const archive = createArchive(await openDatabase(':memory:'));
    await archive.add([]);
    await archive.add([message(1), message(2), { ...message(3), stanza: 'abc' }]);
    await archive.add([{ ...message(2), body: 'other' }, message(4)]);
    expect(await archive.recent(id, membership.chat, 3)).toEqual([
      message(2),
      { ...message(3), stanza: 'abc' },
      message(4),
    ]);
    expect(await archive.recent(id, membership.chat, 10, 3)).toHaveLength(2);
    expect(await archive.recent(id, chatId('#mantua'), 10)).toEqual([]);
  });

  test('forgets what is older than it should keep, in several bites', async () => {
    const archive = createArchive(await openDatabase(':memory:'));
    await archive.add(Array.from({ length: 2500 }, (_, i) => message(i)));
    expect(await archive.expire(2400)).toBe(2400);
    expect(await archive.expire(2400)).toBe(0);
    expect(await archive.recent(id, membership.chat, 1000)).toHaveLength(100);
  });
});

test('migrating twice, also at once, changes nothing', async () => {
  const database = await openDatabase(':memory:');
  await Promise.all([migrate(database.db), migrate(database.db)]);
  await createAccountStore(database).put(row);
  expect(await createAccountStore(database).get(id)).toEqual(row);
  await database.close();
});
