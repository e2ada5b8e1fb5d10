/** How SQLite finds rows of the archive: by its indexes, for a chat may have a hundred thousand of them. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accountId, chatId, messageId } from '../../../../src/core/ids.ts';
import type { ArchiveRow } from '../../../../src/storage/ports.ts';
import { createArchive } from '../../../../src/storage/sql/archive.ts';
import { type Database, openDatabase } from '../../../../src/storage/sql/database.ts';

let database: Database;
beforeAll(async () => {
  database = await openDatabase(':memory:');
});
afterAll(() => database.close());

async function planOf(where: string): Promise<string> {
  const query = sql<{
    detail: string;
  }>`explain query plan select * from archive where chat = ${1} and ${sql.raw(where)}`;
  return (await query.execute(database.db)).rows.map(({ detail }) => detail).join('; ');
}

test.each([
  [`id = 'a'`, 'archive_id (chat=? AND id=?)'],
  [`ref = 'a'`, 'archive_ref (chat=? AND ref=?)'],
  [`ref in ('a', 'b')`, 'archive_ref (chat=? AND ref=?)'],
  [`about = 'a' and kind = 'part' order by id`, 'archive_about (chat=? AND about=?)'],
  [`about in ('a', 'b') and kind = 'part' order by id`, 'archive_about (chat=? AND about=?)'],
  [`about = 'a' and kind != 'part' order by at, id`, 'archive_about (chat=? AND about=?)'],
  [`(at, id) > (1, 'a') order by at, id limit 9`, 'PRIMARY KEY (chat=? AND (at,id)>(?,?))'],
  [`at >= 1 order by at desc, id desc limit 9`, 'PRIMARY KEY (chat=? AND at>?)'],
  ['true order by at desc, id desc limit 9', 'PRIMARY KEY (chat=?)'],
])('%s by %s', async (where, plan) => expect(await planOf(where)).toContain(plan));

/** Steps of SQLite's own machine are not to be had; how it looks does not depend on how much there is. */
test('the same where there are many rows', async () => {
  const archive = createArchive(database);
  const [account, chat] = [accountId('a/b/c'), chatId('#room')];
  const rows = Array.from({ length: 5000 }, (_, number): ArchiveRow => {
    const id = `id${number}`;
    return {
      account,
      chat,
      id,
      at: number,
      nick: 'n',
      body: '<body>x</body>',
      refs: [{ id: messageId(`${number}`), part: 0 }],
    };
  });
  await archive.add(rows);
  expect(await planOf(`ref = '7'`)).toContain('archive_ref');
  expect(await archive.find(account, chat, { ref: { id: messageId('7'), part: 0 } })).toMatchObject({ id: 'id7' });
});
