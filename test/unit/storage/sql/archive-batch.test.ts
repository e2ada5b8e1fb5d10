/** Many rows into the archive at once: in pieces, between which others have their turn, and told whether they are there. */
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { accountId, chatId } from '../../../../src/core/ids.ts';
import type { ArchiveRow } from '../../../../src/storage/ports.ts';
import { createArchive } from '../../../../src/storage/sql/archive.ts';
import { openDatabase } from '../../../../src/storage/sql/database.ts';

const account = accountId('romeo@test/net/irc.test');
const chat = chatId('#verona');
const rows = Array.from({ length: 1_100 }, (_, n): ArchiveRow => {
  const id = `id-${String(n).padStart(4, '0')}`;
  return { account, chat, id, at: n, nick: 'juliet', body: '<body>x</body>' };
});

async function world() {
  const database = await openDatabase(':memory:');
  const archive = createArchive(database);
  return {
    ...database,
    archive,
    count: async () => (await archive.recent(account, chat, 2_000)).length,
    [Symbol.asyncDispose]: () => database.close(),
  };
}

test('a piece is there before the next is begun, and the next waits for the turn of the others', async () => {
  await using it = await world();
  const seen: number[] = [];
  const turns = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const added = it.archive.add(rows, async () => {
    seen.push(await it.count());
    await turns[seen.length - 1]?.promise;
  });
  await expect.poll(() => seen).toEqual([512]);
  expect(await it.count()).toBe(512);
  for (const { resolve } of turns) resolve();
  await added;
  expect(seen).toEqual([512, 1_024]);
  expect(await it.count()).toBe(1_100);
});

test('what fits into one piece is not held up', async () => {
  await using it = await world();
  await it.archive.add(rows.slice(0, 512), () => Promise.reject(new Error('there is nobody to wait for')));
  expect(await it.count()).toBe(512);
});

test('rows that the database refuses are told, and written again once each', async () => {
  await using it = await world();
  await sql`create trigger refuse before insert on archive when new.id = 'id-0700' begin select raise(abort, 'no room'); end`.execute(
    it.db,
  );
  await expect(it.archive.add(rows)).rejects.toThrow('no room');
  expect(await it.count()).toBe(512);
  await sql`drop trigger refuse`.execute(it.db);
  await it.archive.add(rows);
  expect(await it.count()).toBe(1_100);
});

test('of a thousand conversations that begin together some hundreds are written down by one statement', async () => {
  await using it = await world();
  let statements = 0;
  const prepare = it.file?.prepare.bind(it.file);
  if (it.file === undefined || prepare === undefined) throw new Error('it has no file');
  it.file.prepare = (text: string) => {
    statements++;
    return prepare(text);
  };
  const strangers = rows.slice(0, 1_000).map((row) => ({ ...row, chat: chatId(`spam-${row.at % 900}`) }));
  await it.archive.add(strangers.slice(0, 300));
  await it.archive.add(strangers.slice(200));
  expect(statements).toBeLessThan(100);
  for (const n of [0, 99, 250, 899])
    expect((await it.archive.recent(account, chatId(`spam-${n}`), 9)).map(({ at }) => at % 900)).toContain(n);
  expect(await it.archive.recent(account, chatId('spam-7'), 9)).toHaveLength(2);
});
