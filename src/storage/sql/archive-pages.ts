/** Pages of the archive (XEP-0313 through XEP-0059): each a range of the table's own tree, so that a page costs the same wherever it lies. */
import { type RawBuilder, sql } from 'kysely';
import type { ArchiveEnds, ArchiveFilter, ArchivePage, ArchiveQuery } from '../ports.ts';
import { readRow } from './archive-rows.ts';
import type { ChatNumbers } from './chat-numbers.ts';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

type Row = Tables['archive'];
type Condition = RawBuilder<unknown>;
/** Where a row stands in the order of the archive. */
type Place = Pick<Row, 'at' | 'id'>;

/** Up to so many rows are counted with a page; of more nobody is told how many, unless that is all that was asked. */
const countedAtMost = 1_000;
/**
 * What one person said is looked for without an index of its own (src/design/archive-rows.md): so many rows in a statement, with a turn for everybody else
 * between two, and so many for a page that has something.
 */
const lookedAt = { atOnce: 5_000, forPage: 20_000 };

/** What is part of the conversation. */
const said = sql`(kind is null or kind not in ('remark', 'part'))`;

export interface Pages {
  page(query: ArchiveQuery): Promise<ArchivePage | undefined>;
  metadata(account: ArchiveQuery['account'], chat: ArchiveQuery['chat']): Promise<ArchiveEnds | undefined>;
}

type Order = ArchiveQuery['order'];
type Taking = Pick<ArchiveQuery, 'order' | 'max'>;

/** A page before it is put in order: rows as they were taken. */
type Found = Omit<ArchivePage, 'rows'> & { readonly rows: readonly Row[] };

/** An id that is not there. */
const missing: unique symbol = Symbol('missing');

/** Over one database. */
export function createPages({ db }: Pick<Database, 'db'>, numbers: ChatNumbers): Pages {
  const all = (parts: readonly Condition[]): Condition => sql.join(parts, sql` and `);

  async function placeOf(number: number, id: string | undefined): Promise<Place | undefined | typeof missing> {
    if (id === undefined) return undefined;
    const found = await db
      .selectFrom('archive')
      .select(['at', 'id'])
      .where('chat', '=', number)
      .where('id', '=', id)
      .executeTakeFirst();
    return found ?? missing;
  }

  /** undefined: one of them is not there. */
  async function between(
    number: number,
    afterId: string | undefined,
    beforeId: string | undefined,
  ): Promise<readonly Condition[] | undefined> {
    const after = await placeOf(number, afterId);
    const before = await placeOf(number, beforeId);
    if (after === missing || before === missing) return undefined;
    return [
      ...(after === undefined ? [] : [sql`(at, id) > (${after.at}, ${after.id})`]),
      ...(before === undefined ? [] : [sql`(at, id) < (${before.at}, ${before.id})`]),
    ];
  }

  /** undefined: an id that it names is not there. */
  async function filtered(number: number, filter: ArchiveFilter): Promise<readonly Condition[] | undefined> {
    const { start, end, ids } = filter;
    const range = await between(number, filter.afterId, filter.beforeId);
    if (range === undefined || (ids !== undefined && !(await hasAll(number, ids)))) return undefined;
    return [
      sql`chat = ${number}`,
      said,
      ...range,
      ...(start === undefined ? [] : [sql`at >= ${start}`]),
      ...(end === undefined ? [] : [sql`at <= ${end}`]),
      ...(ids === undefined ? [] : [ids.length === 0 ? sql`1 = 0` : sql`id in (${sql.join(ids)})`]),
    ];
  }

  async function hasAll(number: number, ids: readonly string[]): Promise<boolean> {
    const asked = new Set(ids);
    if (asked.size === 0) return true;
    const conditions = [sql`chat = ${number}`, sql`id in (${sql.join([...asked])})`, said];
    const { rows } = await sql<Pick<Row, 'id'>>`select id from archive where ${all(conditions)}`.execute(db);
    return rows.length === asked.size;
  }

  const inOrder = (order: Order): Condition => (order === 'oldest' ? sql`at, id` : sql`at desc, id desc`);

  async function taken(conditions: readonly Condition[], { order, max }: Taking): Promise<readonly Row[]> {
    const query = sql<Row>`select * from archive where ${all(conditions)} order by ${inOrder(order)} limit ${max + 1}`;
    return (await query.execute(db)).rows;
  }

  /** A range as pieces of so many rows, each as conditions; everybody else has a turn between two. `more`: there is another one. */
  async function* piecesOf(
    range: readonly Condition[],
    order: Order,
  ): AsyncGenerator<{ readonly piece: readonly Condition[]; readonly more: boolean }> {
    for (let rest = range; ; ) {
      const ends = sql<Place>`select at, id from archive where ${all(rest)} order by ${inOrder(order)} limit 1 offset ${lookedAt.atOnce - 1}`;
      const [end] = (await ends.execute(db)).rows;
      if (end === undefined) {
        yield { piece: rest, more: false };
        return;
      }
      const place = sql`(${end.at}, ${end.id})`;
      yield {
        piece: [...rest, order === 'oldest' ? sql`(at, id) <= ${place}` : sql`(at, id) >= ${place}`],
        more: true,
      };
      rest = [...range, order === 'oldest' ? sql`(at, id) > ${place}` : sql`(at, id) < ${place}`];
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  /** What one person said: up to `max` and one more, as far as it is looked for. */
  async function takenOf(
    who: Condition,
    range: readonly Condition[],
    { order, max }: Taking,
  ): Promise<{ readonly found: readonly Row[]; readonly isAll: boolean }> {
    const found: Row[] = [];
    let looked = 0;
    for await (const { piece, more } of piecesOf(range, order)) {
      found.push(...(await taken([...piece, who], { order, max: max - found.length })));
      looked += lookedAt.atOnce;
      if (!more) return { found, isAll: true };
      if (found.length > max || (looked >= lookedAt.forPage && found.length > 0)) break;
    }
    return { found, isAll: false };
  }

  /** A page of what one person said. How much that is in all is told only who asks for nothing else. */
  async function pageOf(
    who: Condition,
    filter: readonly Condition[],
    range: readonly Condition[],
    query: Taking,
  ): Promise<Found> {
    if (query.max === 0) {
      const whole = await countAll(filter, who);
      return { rows: [], complete: whole === 0, count: whole };
    }
    const { found, isAll } = await takenOf(who, range, query);
    return { rows: found.slice(0, query.max), complete: isAll && found.length <= query.max };
  }

  /** undefined: more than is counted. */
  async function count(conditions: readonly Condition[], atMost: number): Promise<number | undefined> {
    const some = sql`select 1 from archive where ${all(conditions)} order by at, id limit ${atMost + 1}`;
    const { rows } = await sql<{ n: number }>`select count(*) as n from (${some}) as counted`.execute(db);
    const n = Number(rows[0]?.n ?? 0);
    return n > atMost ? undefined : n;
  }

  /** However many: each piece but the last is of a known size, unless only those of one person count. */
  async function countAll(filter: readonly Condition[], who?: Condition): Promise<number> {
    let whole = 0;
    for await (const { piece, more } of piecesOf(filter, 'oldest')) {
      const counted = who === undefined ? piece : [...piece, who];
      whole += more && who === undefined ? lookedAt.atOnce : ((await count(counted, lookedAt.atOnce)) ?? 0);
    }
    return whole;
  }

  async function pageOfAll(filter: readonly Condition[], range: readonly Condition[], query: Taking): Promise<Found> {
    const found = await taken(range, query);
    const rows = found.slice(0, query.max);
    const first = query.order === 'oldest' ? rows[0] : rows.at(-1);
    return { rows, complete: found.length <= query.max, ...(await numbering(filter, first, query.max)) };
  }

  /** How many there are, and how many before the first of the page. */
  async function numbering(
    filter: readonly Condition[],
    first: Place | undefined,
    max: number,
  ): Promise<{ readonly count?: number; readonly index?: number }> {
    const whole = max === 0 ? await countAll(filter) : await count(filter, countedAtMost);
    if (first === undefined) return whole === undefined ? {} : { count: whole };
    const index = await count([...filter, sql`(at, id) < (${first.at}, ${first.id})`], countedAtMost);
    return { ...(whole !== undefined && { count: whole }), ...(index !== undefined && { index }) };
  }

  return {
    async page(query) {
      const { account, chat, order } = query;
      const number = await numbers.find(account, chat);
      if (number === undefined) return namesIds(query) ? undefined : { rows: [], complete: true, count: 0 };
      const filter = await filtered(number, query);
      const cursor = await between(number, query.after, query.before);
      if (filter === undefined || cursor === undefined) return undefined;
      const range = [...filter, ...cursor];
      const { rows, ...about } =
        query.with === undefined
          ? await pageOfAll(filter, range, query)
          : await pageOf(whose(query.with), filter, range, query);
      const ordered = order === 'newest' ? rows.toReversed() : rows;
      return { rows: ordered.map((row) => readRow(account, chat, row)), ...about };
    },
    async metadata(account, chat) {
      const number = await numbers.find(account, chat);
      if (number === undefined) return undefined;
      const end = async (order: Order): Promise<Place | undefined> => {
        const [row] = await taken([sql`chat = ${number}`, said], { order, max: 0 });
        return row === undefined ? undefined : { id: row.id, at: row.at };
      };
      const [first, last] = [await end('oldest'), await end('newest')];
      return first === undefined || last === undefined ? undefined : { first, last };
    },
  };
}

function whose(who: NonNullable<ArchiveFilter['with']>): Condition {
  if ('own' in who) return sql`(speaker = '' and nick <> '')`;
  if ('nick' in who) return sql`nick = ${who.nick}`;
  return sql`(speaker = ${who.by} or (speaker is null and nick = ${who.by}))`;
}

const namesIds = ({ afterId, beforeId, after, before, ids }: ArchiveQuery): boolean =>
  [afterId, beforeId, after, before, ids?.[0]].some((id) => id !== undefined);
