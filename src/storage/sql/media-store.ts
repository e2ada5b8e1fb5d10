/** Files that expire on their networks, in SQL: every process of the gateway can name one, and whoever serves them finds them there. */
import { type Selectable, sql } from 'kysely';
import { type AccountId, accountId, chatId, messageId } from '../../core/ids.ts';
import type { MediaEntry, MediaStore } from '../media-ports.ts';
import { turn } from './archive-batch.ts';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

/** How many rows one bite takes. */
const bite = 100;
/** Of one account's, which lie side by side: fewer would write the same pages many times. */
const handful = 500;
/** How many rows of the archive with links in them one question brings. */
const bodiesAtOnce = 500;
/** As `media/links` of the process makes them. */
const link = /\/media\/([A-Za-z0-9_-]+)\//g;
/** That a file is needed is written down once in so long. */
const neededEveryMs = 3_600_000;

/** A chat that has a past. */
type Numbered = Selectable<Tables['chats']>;

export function createMediaStore({ db }: Pick<Database, 'db'>): MediaStore {
  const there = () => db.selectFrom('media').where('gone', '=', 0);
  /** What anybody could read out of the row goes at once; the id stays until the file is removed. */
  const letGo = () =>
    db.updateTable('media').set({ gone: 1, name: '', source: '', chat: '', message: '' }).where('gone', '=', 0);

  /** The ids of an account's files, the oldest first, of which there may be very many; everybody else has a turn between two handfuls. */
  async function* handfulsOf(account: AccountId): AsyncIterable<readonly string[]> {
    const all = await there().select('id').where('account', '=', account).orderBy('at').orderBy('id').execute();
    for (let at = 0; at < all.length; at += handful) {
      yield all.slice(at, at + handful).map(({ id }) => id);
      await turn();
    }
  }

  async function expireOld(before: number, breathe: () => Promise<void>): Promise<number> {
    for (let count = 0; ; await breathe()) {
      const oldest = there().select('id').where('at', '<', before).orderBy('at').limit(bite);
      const { numUpdatedRows } = await letGo().where('id', 'in', oldest).executeTakeFirst();
      count += Number(numUpdatedRows);
      if (numUpdatedRows < bite) return count;
    }
  }

  /** Those least needed, until the others have so many octets. */
  async function shrink(bytes: number, breathe: () => Promise<void>): Promise<number> {
    for (let count = 0; ; await breathe()) {
      const sum = await there().select(sql<string | number>`coalesce(sum(bytes), 0)`.as('all')).executeTakeFirst();
      let excess = Number(sum?.all ?? 0) - bytes;
      if (excess <= 0) return count;
      const least = await there()
        .select(['id', 'bytes'])
        .where('bytes', 'is not', null)
        .orderBy('needed_at')
        .orderBy('id')
        .limit(bite)
        .execute();
      const going: string[] = [];
      for (const { id, bytes: own } of least) {
        if (excess <= 0) break;
        going.push(id);
        excess -= Number(own);
      }
      if (going.length === 0) return count;
      await letGo().where('id', 'in', going).execute();
      count += going.length;
    }
  }

  /** Since when a full archive of that chat goes back; undefined: nothing of it was ever too much. */
  async function fullSince(number: number, perRoom: number): Promise<number | undefined> {
    const last = await db
      .selectFrom('archive')
      .select('at')
      .where('chat', '=', number)
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .offset(perRoom - 1)
      .limit(1)
      .executeTakeFirst();
    return last === undefined ? undefined : Number(last.at);
  }

  /** The ids that stand in rows of that chat: each row is looked at once, not once for each file. */
  async function namedIn(number: number, breathe: () => Promise<void>): Promise<ReadonlySet<string>> {
    const named = new Set<string>();
    for (let behind = sql<boolean>`true`; ; await breathe()) {
      const rows = await db
        .selectFrom('archive')
        .select(['at', 'id', 'body'])
        .where('chat', '=', number)
        .where('body', 'like', '%/media/%')
        .where(behind)
        .orderBy('at')
        .orderBy('id')
        .limit(bodiesAtOnce)
        .execute();
      for (const { body } of rows) for (const [, id = ''] of body.matchAll(link)) named.add(id);
      const last = rows.at(-1);
      if (last === undefined || rows.length < bodiesAtOnce) return named;
      behind = sql<boolean>`(at, id) > (${last.at}, ${last.id})`;
    }
  }

  /** Of that chat, what is from before then and stands in no row. */
  async function passOne({ number, account, chat }: Numbered, before: number, breathe: () => Promise<void>) {
    let named: ReadonlySet<string> | undefined;
    for (let count = 0, after = ''; ; await breathe()) {
      const page = await there()
        .select('id')
        .where('account', '=', account)
        .where('chat', '=', chat)
        .where('at', '<', before)
        .where('id', '>', after)
        .orderBy('id')
        .limit(bite)
        .execute();
      if (page.length > 0) named ??= await namedIn(number, breathe);
      const going = page.map(({ id }) => id).filter((id) => named?.has(id) !== true);
      if (going.length > 0) await letGo().where('id', 'in', going).execute();
      count += going.length;
      after = page.at(-1)?.id ?? '';
      if (page.length < bite) return count;
    }
  }

  return {
    async add(rows) {
      if (rows.length === 0) return;
      await db
        .insertInto('media')
        .values(rows.map((row) => ({ ...row, again_at: 0, tries: 0, needed_at: row.at, gone: 0 })))
        .onConflict((c) =>
          c
            .column('id')
            .doUpdateSet((with_) => ({
              source: with_.ref('excluded.source'),
              until: with_.ref('excluded.until'),
              again_at: 0,
              tries: 0,
            }))
            .where('media.gone', '=', 0),
        )
        .execute();
    },
    async find(id) {
      const row = await there().selectAll().where('id', '=', id).executeTakeFirst();
      return row && entryOf(row);
    },
    async wanted(now, max) {
      const rows = await there()
        .selectAll()
        .where('bytes', 'is', null)
        .where('until', '>', now)
        .where('again_at', '<=', now)
        .orderBy('until')
        .limit(max)
        .execute();
      return rows.map(entryOf);
    },
    async fetched(id, file, now) {
      const { numUpdatedRows } = await db
        .updateTable('media')
        .set({ ...file, needed_at: now })
        .where('id', '=', id)
        .where('gone', '=', 0)
        .executeTakeFirst();
      return numUpdatedRows > 0;
    },
    async failed(id, againAt) {
      await db
        .updateTable('media')
        .set((row) => ({ again_at: againAt, tries: row('tries', '+', 1) }))
        .where('id', '=', id)
        .execute();
    },
    async needed(id, now) {
      await db
        .updateTable('media')
        .set({ needed_at: now })
        .where('id', '=', id)
        .where('needed_at', '<', now - neededEveryMs)
        .execute();
    },
    async forget(account, chat, message, but = []) {
      const all = letGo().where('account', '=', account).where('chat', '=', chat).where('message', '=', message);
      const { numUpdatedRows } = await (but.length === 0 ? all : all.where('id', 'not in', but)).executeTakeFirst();
      return Number(numUpdatedRows);
    },
    async erase(account) {
      for await (const some of handfulsOf(account)) await letGo().where('id', 'in', some).execute();
    },
    async expire(before, bytes, breathe = () => Promise.resolve()) {
      return (await expireOld(before, breathe)) + (await shrink(bytes, breathe));
    },
    async pass(perRoom, breathe = () => Promise.resolve()) {
      const chats = await there()
        .innerJoin('chats', (on) =>
          on.onRef('chats.account', '=', 'media.account').onRef('chats.chat', '=', 'media.chat'),
        )
        .select(['chats.number', 'chats.account', 'chats.chat'])
        .distinct()
        .execute();
      let count = 0;
      for (const one of chats) {
        const before = await fullSince(one.number, perRoom);
        if (before !== undefined) count += await passOne(one, before, breathe);
        await breathe();
      }
      return count;
    },
    async gone(max) {
      const rows = await db.selectFrom('media').select('id').where('gone', '=', 1).limit(max).execute();
      return rows.map(({ id }) => id);
    },
    async buried(ids) {
      if (ids.length > 0) await db.deleteFrom('media').where('id', 'in', ids).where('gone', '=', 1).execute();
    },
    async known(ids) {
      if (ids.length === 0) return new Set();
      const rows = await there().select('id').where('id', 'in', ids).execute();
      return new Set(rows.map(({ id }) => id));
    },
    async *of(account) {
      for await (const some of handfulsOf(account))
        yield* (await there().selectAll().where('id', 'in', some).orderBy('at').orderBy('id').execute()).map(entryOf);
    },
  };
}

/** PostgreSQL gives a bigint as text. */
function entryOf(row: Selectable<Tables['media']>): MediaEntry {
  const { id, domain, name, source, bytes, type, tag } = row;
  return {
    ...{ id, domain, name, source },
    account: accountId(row.account),
    chat: chatId(row.chat),
    message: messageId(row.message),
    at: Number(row.at),
    until: Number(row.until),
    ...(bytes !== null && { file: { bytes: Number(bytes), type: type ?? '', tag: tag ?? '' } }),
    againAt: Number(row.again_at),
    tries: row.tries,
  };
}
