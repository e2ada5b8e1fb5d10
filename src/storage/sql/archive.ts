/** The message archive in SQL. A batch is one statement with one parameter (its JSON), so that a row costs little more than its bytes. */
import { sql } from 'kysely';
import type { AccountId, ChatId } from '../../core/ids.ts';
import type { Archive, ArchiveRow } from '../ports.ts';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

/** How many rows one bite of `expire` deletes. */
const bite = 1000;
/** How many chats' numbers are kept in mind. */
const numbersAtMost = 50_000;

export function createArchive({ db, kind }: Database): Archive {
  const numbers = new Map<string, number>();

  async function numberOf(account: AccountId, chat: ChatId): Promise<number> {
    const key = `${account}\n${chat}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    await db
      .insertInto('chats')
      .values({ account, chat })
      .onConflict((c) => c.doNothing())
      .execute();
    const { number } = await db
      .selectFrom('chats')
      .select('number')
      .where('account', '=', account)
      .where('chat', '=', chat)
      .executeTakeFirstOrThrow();
    if (numbers.size >= numbersAtMost) numbers.clear();
    numbers.set(key, number);
    return number;
  }

  return {
    async add(rows) {
      if (rows.length === 0) return;
      const values: unknown[] = [];
      for (const { account, chat, at, id, nick, body, stanza } of rows) {
        const number = numbers.get(`${account}\n${chat}`) ?? (await numberOf(account, chat));
        values.push([number, at, id, nick, body, stanza === id ? null : (stanza ?? '')]);
      }
      const batch = JSON.stringify(values);
      // "where true": without it SQLite reads ON as a join's.
      const source =
        kind === 'sqlite'
          ? sql`select value->>0, value->>1, value->>2, value->>3, value->>4, value->>5 from json_each(${batch}) where true`
          : sql`select (v->>0)::integer, (v->>1)::bigint, v->>2, v->>3, v->>4, v->>5 from jsonb_array_elements(${batch}::jsonb) as v`;
      await sql`insert into archive (chat, at, id, nick, body, stanza) ${source} on conflict do nothing`.execute(db);
    },
    async recent(account, chat, max, since) {
      let query = db
        .selectFrom('archive')
        .selectAll()
        .where('chat', '=', await numberOf(account, chat));
      if (since !== undefined) query = query.where('at', '>=', since);
      const rows = await query.orderBy('at', 'desc').orderBy('id', 'desc').limit(max).execute();
      return rows.reverse().map((row) => readRow(account, chat, row));
    },
    async expire(before) {
      let deleted = 0;
      for (const { number } of await db.selectFrom('chats').select('number').execute()) {
        for (;;) {
          const { numDeletedRows } = await db
            .deleteFrom('archive')
            .where(
              sql<boolean>`(chat, at, id) in (select chat, at, id from archive where chat = ${number} and at < ${before} limit ${bite})`,
            )
            .executeTakeFirst();
          deleted += Number(numDeletedRows);
          if (numDeletedRows < bite) break;
        }
      }
      return deleted;
    },
  };
}

/** A stanza's id that is the archive's own is stored as null, none at all as ''. */
function readRow(account: AccountId, chat: ChatId, { id, at, nick, body, stanza }: Tables['archive']): ArchiveRow {
  const named = stanza ?? id;
  return { account, chat, id, at, nick, body, ...(named !== '' && { stanza: named }) };
}
