/** Plumbings, how far they are, and what their messages are called, in SQL. */
import { sql } from 'kysely';
import { accountId, chatId } from '../../core/ids.ts';
import type { PlumbedName, PlumbedSpeaker, PlumbingRow, PlumbingStore } from '../plumbing-ports.ts';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

type Kept = Omit<Tables['plumbings'], 'seen' | 'seen_at' | 'told' | 'troubles'>;

/** So many names of one plumbing are kept at least; looked after each time that so many more have come. */
const keptAtMost = 8_000;
const sweepEvery = 500;

export function createPlumbingStore({ db }: Pick<Database, 'db'>): PlumbingStore {
  return {
    async all() {
      return (await db.selectFrom('plumbings').selectAll().orderBy('at').orderBy('id').execute()).map(read);
    },
    async put(row) {
      const values = write(row);
      await db
        .insertInto('plumbings')
        .values(values)
        .onConflict((c) => c.column('id').doUpdateSet(values))
        .execute();
    },
    async trouble(id, troubles = '') {
      const value = troubles === '' ? null : troubles;
      await db.updateTable('plumbings').set({ troubles: value }).where('id', '=', id).execute();
    },
    async forget(domain, by) {
      const theirs = db.updateTable('plumbings').where('domain', '=', domain).where('owner', '=', by);
      return Number((await theirs.set({ owner: '' }).executeTakeFirst()).numUpdatedRows);
    },
    async remove(id) {
      await db.transaction().execute(async (tx) => {
        await tx.deleteFrom('plumbing_names').where('plumbing', '=', id).execute();
        await tx.deleteFrom('plumbings').where('id', '=', id).execute();
      });
    },
    async marks(id) {
      const row = await db
        .selectFrom('plumbings')
        .select(['seen', 'seen_at', 'told'])
        .where('id', '=', id)
        .executeTakeFirst();
      if (row === undefined) return {};
      const { seen, seen_at: at, told } = row;
      return {
        ...(at !== null && { seen: { ...(seen !== null && { id: seen }), at: Number(at) } }),
        ...(told !== null && { told }),
      };
    },
    async move(id, { seen, told }, names) {
      await db.transaction().execute(async (tx) => {
        const marks = {
          ...(seen !== undefined && { seen: seen.id ?? null, seen_at: seen.at }),
          ...(told !== undefined && { told }),
        };
        // It writes first: a transaction that has read is refused at once where another process writes to the file, and does not wait.
        const { numUpdatedRows } = await tx
          .updateTable('plumbings')
          .set(Object.keys(marks).length > 0 ? marks : { id })
          .where('id', '=', id)
          .executeTakeFirst();
        if (numUpdatedRows === 0n || names.length === 0) return;
        const last = await tx
          .selectFrom('plumbing_names')
          .select(({ fn }) => fn.max('number').as('last'))
          .where('plumbing', '=', id)
          .executeTakeFirst();
        const first = Number(last?.last ?? 0) + 1;
        await tx
          .insertInto('plumbing_names')
          .values(names.map((name, i) => ({ plumbing: id, number: first + i, ...writeName(name) })))
          .execute();
        if (first % sweepEvery >= names.length) return;
        await tx
          .deleteFrom('plumbing_names')
          .where('plumbing', '=', id)
          .where('number', '<', first - keptAtMost)
          .execute();
      });
    },
    async names(id, max) {
      const mine = db.selectFrom('plumbing_names').where('plumbing', '=', id);
      const rows = await mine
        .select(['number', 'muc', 'room', 'speaker'])
        .orderBy('number', 'desc')
        .limit(max)
        .execute();
      const oldest = rows.at(-1)?.number;
      if (oldest !== undefined) {
        await db
          .deleteFrom('plumbing_names')
          .where('plumbing', '=', id)
          .where('number', '<', sql<number>`${oldest}`)
          .execute();
      }
      return rows.reverse().map(readName);
    },
  };
}

type KeptName = Pick<Tables['plumbing_names'], 'muc' | 'room' | 'speaker'>;

const readName = ({ muc, room, speaker }: KeptName): PlumbedName => ({
  ...{ muc, room },
  ...(speaker !== null && { speaker: JSON.parse(speaker) as PlumbedSpeaker }),
});

const writeName = ({ muc, room, speaker }: PlumbedName): KeptName => ({
  ...{ muc, room, speaker: speaker === undefined ? null : JSON.stringify(speaker) },
});

function read(row: Kept & Pick<Tables['plumbings'], 'troubles'>): PlumbingRow {
  const { id, domain, account, on_server: on, chat, muc, nick, suffix, owner, at, token } = row;
  const { password, lang, troubles } = row;
  return {
    ...{ id, domain, account: accountId(account), chat: chatId(chat), muc, nick, suffix, by: owner, at: Number(at) },
    ...(on !== null && { on }),
    ...(token !== null && { token }),
    ...(password !== null && { password }),
    ...(lang !== null && { lang }),
    ...(troubles !== null && { troubles }),
  };
}

function write({ on, by, token, password, lang, troubles: _, ...row }: PlumbingRow): Kept {
  const more = { token: token ?? null, password: password ?? null, lang: lang ?? null };
  return { ...row, ...more, on_server: on ?? null, owner: by };
}
