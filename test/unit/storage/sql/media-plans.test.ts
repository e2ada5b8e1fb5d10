/** How SQLite finds files: by what they are named or wanted for, for there may be a hundred thousand of them that are not gone. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../../../src/storage/sql/database.ts';

let database: Database;
beforeAll(async () => {
  database = await openDatabase(':memory:');
});
afterAll(() => database.close());

test.each([
  [`gone = 0 and id in ('a', 'b')`, 'sqlite_autoindex_media_1 (id=?)'],
  [`gone = 0 and account = 'a' order by at, id`, 'media_message (account=?)'],
  [`gone = 0 and account = 'a' and chat = 'b' and at < 5 and id > ''`, 'media_message (account=? AND chat=?)'],
  ['gone = 0 and at < 5 order by at limit 100', 'media_at (at<?)'],
  ['bytes is null and gone = 0 and until > 5 and again_at <= 5 order by until limit 4', 'media_wanted (until>?)'],
  ['gone = 0 and bytes is not null order by needed_at, id limit 100', 'media_needed (gone=?)'],
])('%s by %s', async (where, plan) => {
  const query = sql<{ detail: string }>`explain query plan select * from media where ${sql.raw(where)}`;
  expect((await query.execute(database.db)).rows.map(({ detail }) => detail).join('; ')).toContain(plan);
});
