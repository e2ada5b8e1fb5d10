/** Opens what is at rest: SQLite in a file or PostgreSQL by URL, behind one query builder. The only importer of the drivers. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Kysely, PostgresDialect, SqliteDialect } from 'kysely';
import { migrate } from './migrations.ts';
import type { Tables } from './tables.ts';

export interface Database {
  readonly db: Kysely<Tables>;
  readonly kind: 'sqlite' | 'postgres';
  close(): Promise<void>;
}

/**
 * Opens and migrates.
 * @param where a file's path, ':memory:', or a postgres:// URL
 */
export async function openDatabase(where: string): Promise<Database> {
  const kind = /^postgres(ql)?:\/\//.test(where) ? 'postgres' : 'sqlite';
  const db = kind === 'postgres' ? await postgres(where) : await sqlite(where);
  await migrate(db);
  return { db, kind, close: () => db.destroy() };
}

async function sqlite(file: string): Promise<Kysely<Tables>> {
  const { default: Driver } = await import('better-sqlite3');
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
  const database = new Driver(file, { timeout: 5000 });
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = NORMAL');
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database }) });
}

async function postgres(url: string): Promise<Kysely<Tables>> {
  const { default: pg } = await import('pg');
  // bigint columns hold epoch milliseconds, which fit a double.
  const types = {
    getTypeParser: (oid: number, format?: 'text' | 'binary') =>
      oid === 20 ? Number : pg.types.getTypeParser(oid, format),
  };
  const pool = new pg.Pool({ connectionString: url, max: 8, connectionTimeoutMillis: 10_000, types });
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}
