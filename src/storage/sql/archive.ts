/** The message archive in SQL. */
import { type RawBuilder, sql } from 'kysely';
import type { AccountId, ChatId } from '../../core/ids.ts';
import type { Archive, ArchiveName, ArchiveRow } from '../ports.ts';
import { createBatchWriter, turn } from './archive-batch.ts';
import { createDeletion } from './archive-deletion.ts';
import { createPages } from './archive-pages.ts';
import { byPart, isIndexable, readRow, type Values, writeRef, writeRow } from './archive-rows.ts';
import { createChatNumbers } from './chat-numbers.ts';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

type Row = Tables['archive'];

/** How far back a stanza's id is looked for, in rows: clients correct what they said last, and no index is kept for it. */
const stanzasBack = 1_000;
/** How many rows an export reads at a time. */
const handful = 500;

export function createArchive(database: Database): Archive {
  const { db } = database;
  const write = createBatchWriter(database);
  const numbers = createChatNumbers(database);
  const rowsOf = (number: number) => db.selectFrom('archive').selectAll().where('chat', '=', number);

  /** Of the last ones. */
  async function newest(number: number, which: RawBuilder<unknown>): Promise<Row | undefined> {
    const latest = sql`select * from archive where chat = ${number} order by at desc, id desc limit ${stanzasBack}`;
    const found = sql<Row>`select * from (${latest}) as latest where ${which} order by at desc, id desc limit 1`;
    return (await found.execute(db)).rows[0];
  }

  async function findOne(number: number, by: ArchiveName): Promise<Row | undefined> {
    if ('id' in by) return rowsOf(number).where('id', '=', by.id).executeTakeFirst();
    if ('ref' in by) return rowsOf(number).where('ref', '=', writeRef(by.ref)).executeTakeFirst();
    if ('notOf' in by) {
      const { stanza, notOf } = by;
      return newest(
        number,
        sql`stanza = ${stanza} and speaker = '' and kind is null and coalesce(author, '') <> ${notOf}`,
      );
    }
    const { stanza, nick } = by;
    const same = await rowsOf(number).where('id', '=', stanza).executeTakeFirst();
    if (same !== undefined && same.stanza === null && (nick === undefined || nick === same.nick)) return same;
    const theirs = nick === undefined ? sql`` : sql`and nick = ${nick}`;
    return newest(number, sql`stanza = ${stanza} ${theirs}`);
  }

  /** A further name leads to the row that it is a name of. */
  async function whole(number: number, found: Row | undefined): Promise<Row | undefined> {
    return found?.kind === 'part' ? findOne(number, { id: found.about ?? '' }) : found;
  }

  /** Rows of one chat with all their names, by one question. */
  async function withRefs(rows: readonly ArchiveRow[], number: number): Promise<readonly ArchiveRow[]> {
    const named = rows.flatMap(({ id, refs }) => (refs === undefined ? [] : [id]));
    if (named.length === 0) return rows;
    const parts = await rowsOf(number).where('about', 'in', named).where('kind', '=', 'part').execute();
    const more = Map.groupBy(parts.sort(byPart), ({ about }) => about);
    return rows.map((row) => {
      const { account, chat, id, refs = [] } = row;
      const others = more.get(id)?.flatMap((part) => readRow(account, chat, part).refs ?? []);
      return others === undefined ? row : { ...row, refs: [...refs, ...others] };
    });
  }

  async function* everything(account: AccountId, chat: ChatId, number: number): AsyncIterable<ArchiveRow> {
    let last: Row | undefined;
    do {
      const behind = last === undefined ? sql<boolean>`true` : sql<boolean>`(at, id) > (${last.at}, ${last.id})`;
      const rows: readonly Row[] = await rowsOf(number)
        .where(behind)
        .orderBy('at')
        .orderBy('id')
        .limit(handful)
        .execute();
      const told = rows.filter(({ kind }) => kind !== 'part').map((row) => readRow(account, chat, row));
      yield* await withRefs(told, number);
      last = rows.at(-1);
      await turn();
    } while (last !== undefined);
  }

  return {
    async add(rows, breathe) {
      if (rows.length === 0) return;
      const values: Values[] = [];
      const strange: ArchiveRow[] = [];
      for (const row of rows) {
        const { account, chat } = row;
        const number = numbers.known(account, chat);
        if (number !== undefined) values.push(...writeRow(number, row));
        else if (isIndexable(account, chat)) strange.push(row);
      }
      if (strange.length > 1) await numbers.makeAll(strange);
      for (const row of strange) values.push(...writeRow(await numbers.make(row.account, row.chat), row));
      await write(values, breathe);
    },
    async recent(account, chat, max, since) {
      const number = await numbers.find(account, chat);
      if (number === undefined) return [];
      // Who has some of it already needs to know what became of that.
      const kinds = ['edit', 'remark', 'tombstone', ...(since === undefined ? [] : ['retraction', 'reaction'])];
      let query = rowsOf(number).where(sql<boolean>`(kind is null or kind in (${sql.join(kinds)}))`);
      if (since !== undefined) query = query.where('at', '>=', since);
      const rows = await query.orderBy('at', 'desc').orderBy('id', 'desc').limit(max).execute();
      return rows.reverse().map((row) => readRow(account, chat, row));
    },
    ...createPages(database, numbers),
    async find(account, chat, by) {
      const number = await numbers.find(account, chat);
      if (number === undefined) return undefined;
      const found = await whole(number, await findOne(number, by));
      return found === undefined ? undefined : (await withRefs([readRow(account, chat, found)], number))[0];
    },
    async about(account, chat, id) {
      const number = await numbers.find(account, chat);
      if (number === undefined) return [];
      const rows = await rowsOf(number)
        .where('about', '=', id)
        .where('kind', '!=', 'part')
        .orderBy('at')
        .orderBy('id')
        .execute();
      return rows.map((row) => readRow(account, chat, row));
    },
    async known(account, chat, refs) {
      const number = await numbers.find(account, chat);
      if (number === undefined || refs.length === 0) return refs.map(() => false);
      const texts = refs.map(writeRef);
      const rows = await db
        .selectFrom('archive')
        .select('ref')
        .where('chat', '=', number)
        .where('ref', 'in', texts)
        .execute();
      const known = new Set(rows.map(({ ref }) => ref));
      return texts.map((text) => known.has(text));
    },
    async change({ account, chat, id, body, kind: what }) {
      const number = await numbers.find(account, chat);
      if (number === undefined) return;
      await db
        .updateTable('archive')
        .set({ body, kind: what === undefined || what === 'message' ? null : what })
        .where('chat', '=', number)
        .where('id', '=', id)
        .execute();
    },
    renew: (account) => numbers.renew(account),
    ...createDeletion(database, numbers),
    async *all(account, chat) {
      for (const one of await numbers.of(account))
        if (chat === undefined || chat === one.chat) yield* everything(account, one.chat, one.number);
    },
  };
}
