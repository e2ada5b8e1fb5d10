/** Everybody else has their turn while somebody's whole past is told, or deleted, and their files are. */
import { expect, test } from 'vitest';
import { accountId, chatId, messageId } from '../../../../src/core/ids.ts';
import { createArchive } from '../../../../src/storage/sql/archive.ts';
import { openDatabase } from '../../../../src/storage/sql/database.ts';
import { createMediaStore } from '../../../../src/storage/sql/media-store.ts';
import { turnsOf } from '../../../harness/turns.ts';

const [account, chat] = [accountId('romeo@example.org/irc.example.org'), chatId('#garden')];

test('a past of 10,000 messages is told, and deleted, in many turns of the loop', async () => {
  const database = await openDatabase(':memory:');
  const archive = createArchive(database);
  await archive.add(
    Array.from({ length: 10_000 }, (_, n) => ({
      ...{ account, chat, nick: 'juliet', at: n, body: '<body>Ay me!</body>' },
      id: `id-${String(n).padStart(6, '0')}`,
      refs: [{ id: messageId(`m${n}`), part: 0 }],
    })),
  );
  let rows = 0;
  const told = await turnsOf(async () => {
    for await (const _ of archive.all(account)) rows++;
  });
  const deleted = await turnsOf(() => archive.forget(account));
  expect(rows).toBe(10_000);
  expect(Math.min(told, deleted)).toBeGreaterThan(10);
  await database.close();
});

test('the messages of a long past are counted in many turns of the loop', async () => {
  const database = await openDatabase(':memory:');
  const archive = createArchive(database);
  const rows = Array.from({ length: 60_001 }, (_, n) => ({
    ...{ account, chat, nick: 'juliet', at: n, body: '<body>Ay me!</body>' },
    id: `id-${String(n).padStart(6, '0')}`,
  }));
  await archive.add(rows);
  const counts: unknown[] = [];
  const turns = await turnsOf(async () => {
    for (const start of [0, 1, 50_001, 55_000, 70_000])
      counts.push((await archive.page({ account, chat, max: 0, order: 'newest', start }))?.count);
  });
  expect(counts).toEqual([60_001, 60_000, 10_000, 5_001, 0]);
  expect(turns).toBeGreaterThan(24);
  await database.close();
});

test('2,000 files are told, and deleted, in many turns of the loop', async () => {
  const database = await openDatabase(':memory:');
  const store = createMediaStore(database);
  const facts = {
    account,
    chat,
    domain: 'irc.example.org',
    name: 'moon.png',
    source: 'https://far.test/',
    until: 1e15,
  };
  const files = Array.from({ length: 2_000 }, (_, n) => ({ ...facts, id: `m${n}`, message: messageId(`${n}`), at: n }));
  await store.add(files.slice(0, 1_000));
  await store.add(files.slice(1_000));
  const ids: string[] = [];
  const told = await turnsOf(async () => {
    for await (const { id } of store.of(account)) ids.push(id);
  });
  const deleted = await turnsOf(() => store.erase(account));
  expect(ids).toEqual(files.map(({ id }) => id));
  expect(await store.known(ids)).toEqual(new Set());
  expect(Math.min(told, deleted)).toBeGreaterThan(3);
  await database.close();
});

test('5,000 who ask at once are answered in the order in which they asked, in many turns of the loop; who fails, or has the file for longer, keeps nobody from it', async () => {
  const database = await openDatabase(':memory:');
  const { db } = database;
  const answered: number[] = [];
  const ask = async (n: number): Promise<void> => {
    await db.selectFrom('accounts').select('id').where('id', '=', `${n}`).execute();
    answered.push(n);
  };
  let failed: unknown;
  const turns = await turnsOf(async () => {
    const longer = db.transaction().execute(async (tx) => {
      await tx.insertInto('bans').values({ jid: 'spam.example' }).execute();
      await new Promise((resolve) => setImmediate(resolve));
      await tx.insertInto('bans').values({ jid: 'spam.example' }).execute();
    });
    const asked = Array.from({ length: 5_000 }, (_, n) => ask(n));
    failed = await longer.catch((error: unknown) => error);
    await Promise.all(asked);
  });
  expect(failed).toMatchObject({ code: 'SQLITE_CONSTRAINT_PRIMARYKEY' });
  expect(answered).toEqual(Array.from({ length: 5_000 }, (_, n) => n));
  expect(await db.selectFrom('bans').selectAll().execute()).toEqual([]);
  expect(turns).toBeGreaterThan(20);
  await database.close();
});

test('of 2,000 things that are asked one behind the other the loop is nobody’s for long', async () => {
  const database = await openDatabase(':memory:');
  const turns = await turnsOf(async () => {
    for (let n = 0; n < 2_000; n++)
      await database.db
        .insertInto('bans')
        .values({ jid: `${n}.example` })
        .execute();
  });
  expect(turns).toBeGreaterThan(15);
  await database.close();
});
