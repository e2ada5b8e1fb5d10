/** All that a SQLite file has, put into an empty PostgreSQL: for a gateway that has outgrown its file. */
import { sql, type Transaction } from 'kysely';
import { StorageProblem } from '../problem.ts';
import { clean } from './archive-rows.ts';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

type Value = string | number | null;
type Row = Readonly<Record<string, Value>>;

/** What one statement brings at most: texts that are read by links are long, and few. */
const atOnce = { rows: 500, characters: 4_000_000 };

/** Throws a StorageProblem where something is in that PostgreSQL database already. */
export async function refuseFilled({ db }: Pick<Database, 'db'>): Promise<void> {
  const tables = await sql<{ name: string }>`
    select tablename as name from pg_tables
    where schemaname = current_schema() and tablename not in ('kysely_migration', 'schema_needs')`.execute(db);
  for (const { name } of tables.rows) {
    const { rows } = await sql`select 1 from ${sql.table(name)} limit 1`.execute(db);
    if (rows.length > 0) throw new StorageProblem(`The PostgreSQL database has something in ${name} already`);
  }
}

/** All or nothing. What each database says of its own schema stays. */
export async function intoPostgres(from: Database, into: Pick<Database, 'db'>): Promise<void> {
  const names = (await from.db.introspection.getTables()).map(({ name }) => name);
  await into.db.transaction().execute(async (tx) => {
    for (const name of names.filter((one) => one !== 'schema_needs'))
      for (const some of handfulsOf(from, name)) await insert(tx, name, some);
    await sql`select setval(pg_get_serial_sequence('chats', 'number'), coalesce(max(number), 0) + 1, false) from chats`.execute(
      tx,
    );
  });
}

async function insert(tx: Transaction<Tables>, name: string, rows: readonly Row[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {}).map((column) => sql.ref(column));
  const values = rows.map((row) => sql`(${sql.join(Object.values(row).map(taken))})`);
  await sql`insert into ${sql.table(name)} (${sql.join(columns)}) values ${sql.join(values)}`.execute(tx);
}

const taken = (value: Value): Value => (typeof value === 'string' ? clean(value) : value);

function* handfulsOf({ file }: Database, name: string): Generator<readonly Row[]> {
  let some: Row[] = [];
  let characters = 0;
  for (const row of (file?.prepare(`select * from "${name}"`).iterate() ?? []) as Iterable<Row>) {
    some.push(row);
    for (const value of Object.values(row)) characters += typeof value === 'string' ? value.length : 0;
    if (some.length < atOnce.rows && characters < atOnce.characters) continue;
    yield some;
    [some, characters] = [[], 0];
  }
  if (some.length > 0) yield some;
}
