/** Which migrations a database has seen, and what it needs of a program since: what was taken away can't be used by those that knew nothing of it. */
import { PostgresAdapter, sql } from 'kysely';
import { StorageProblem } from '../problem.ts';
import type { AnySchema as Db, SchemaChange, SchemaChanges } from './schema-change.ts';

/** What is to be done, in order. A migration that another branch brought in between is done as well. */
export async function missing(db: Db, changes: SchemaChanges): Promise<readonly (readonly [string, SchemaChange])[]> {
  const done = new Set(await marks(db));
  return Object.entries(changes)
    .filter(([name]) => !done.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Those of programs newer than this one, too. */
async function marks(db: Db): Promise<readonly string[]> {
  const there =
    db.getExecutor().adapter instanceof PostgresAdapter
      ? sql<{ n: number }>`select 1 as n where to_regclass('kysely_migration') is not null`
      : sql<{ n: number }>`select 1 as n from sqlite_master where name = 'kysely_migration'`;
  if ((await there.execute(db)).rows.length === 0) return [];
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db);
  return rows.map(({ name }) => name);
}

/** The table of marks, as the query builder's own migrator made it once. */
export async function prepareMarks(db: Db): Promise<void> {
  await sql`create table if not exists kysely_migration (name varchar(255) not null primary key, timestamp varchar(255) not null)`.execute(
    db,
  );
}

/** Within the change's transaction, where it is one. */
export async function mark(db: Db, name: string, change: SchemaChange): Promise<void> {
  await sql`insert into kysely_migration (name, timestamp) values (${name}, ${sql`current_timestamp`}) on conflict do nothing`.execute(
    db,
  );
  if ('needs' in change && change.needs !== undefined)
    await sql`insert into schema_needs (migration) values (${change.needs})`.execute(db);
}

/** Throws where a newer program took away what this one uses. What newer ones have added disturbs nobody. */
export async function refuseIfTooOld(db: Db, changes: SchemaChanges): Promise<void> {
  const { rows } = await sql<{ migration: string }>`select migration from schema_needs`.execute(db);
  const unknown = rows.map(({ migration }) => migration).find((name) => !(name in changes));
  if (unknown !== undefined)
    throw new StorageProblem(
      `The database belongs to a newer Isthmus, and has lost what this one uses (${unknown}): install the newer one again, or restore the backup that was made before it`,
    );
}
