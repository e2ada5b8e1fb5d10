/** biboumi's database (versions 7 to 10, SQLite or PostgreSQL), as far as we take it over: read as rows of names and values, for its columns differ from version to version. */
import { type Kysely, sql } from 'kysely';
import { openForeign } from './database.ts';

/** A row by biboumi's column names, in lower case, without the underscore at their end. */
export type BiboumiRow = Readonly<Record<string, string | number | null>>;

export interface Biboumi {
  /** Which of its tables there are; none: it is no database of biboumi's. */
  readonly tables: readonly string[];
  /** All of a small table; nothing where there is no such table. */
  rows(
    table: 'globaloptions' | 'ircserveroptions' | 'ircchanneloptions' | 'after_connection_commands' | 'roster',
  ): Promise<readonly BiboumiRow[]>;
  /** How many lines its archive has. */
  countLines(): Promise<number>;
  /** The archive in the order in which it was written, so many lines at a time. */
  lines(atOnce: number): AsyncIterable<readonly BiboumiRow[]>;
  close(): Promise<void>;
}

type Row = Record<string, string | number | null>;
type Db = Kysely<Record<string, Row>>;

const known = [
  'globaloptions_',
  'ircserveroptions_',
  'ircchanneloptions_',
  'after_connection_commands_',
  'muclogline_',
  'roster',
];

/** @param where a file's path, or a postgresql:// URL as in biboumi's db_name. Throws where it can't be read. */
export async function openBiboumi(where: string): Promise<Biboumi> {
  const db = await openForeign<Record<string, Row>>(where);
  const tables = (await db.introspection.getTables())
    .map(({ name }) => name.toLowerCase())
    .filter((name) => known.includes(name));
  /** Only the youngest is named without an underscore. */
  const named = (table: string): string => (table === 'roster' ? table : `${table}_`);
  const has = (table: string): boolean => tables.includes(named(table));
  return {
    tables,
    async rows(table) {
      if (!has(table)) return [];
      return (await db.selectFrom(named(table)).selectAll().execute()).map(readRow);
    },
    async countLines() {
      if (!has('muclogline')) return 0;
      const { n } = await db.selectFrom('muclogline_').select(sql<number>`count(*)`.as('n')).executeTakeFirstOrThrow();
      return Number(n);
    },
    lines: (atOnce) => (has('muclogline') ? lines(db, atOnce) : nothing()),
    close: () => db.destroy(),
  };
}

async function* lines(db: Db, atOnce: number): AsyncIterable<readonly BiboumiRow[]> {
  for (let last = 0; ; ) {
    const after = sql<boolean>`id_ > ${last}`;
    const rows = await db.selectFrom('muclogline_').selectAll().where(after).orderBy('id_').limit(atOnce).execute();
    if (rows.length === 0) return;
    yield rows.map(readRow);
    last = Number(rows.at(-1)?.id_);
  }
}

async function* nothing(): AsyncIterable<readonly BiboumiRow[]> {}

const readRow = (row: Row): BiboumiRow =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toLowerCase().replace(/_$/, ''), value]));
