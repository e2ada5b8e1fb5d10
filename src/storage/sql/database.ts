/** Opens what is at rest: SQLite in a file or PostgreSQL by URL, behind one query builder. The only importer of the drivers. */
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Database as SqliteFile } from 'better-sqlite3';
import { Kysely, PostgresDialect, SqliteDialect } from 'kysely';
import type { PoolConfig } from 'pg';
import type { Log } from '../../bridge/contract.ts';
import { isBusy, triesAtMost } from './busy-file.ts';
import { type Checkpoints, createCheckpoints } from './checkpoints.ts';
import { isCurrent, migrate } from './migrate.ts';
import { createPostgresPool } from './postgres-pool.ts';
import { serversOf } from './postgres-servers.ts';
import { tellingAway } from './sqlite-away.ts';
import { sqliteInTurns } from './sqlite-turns.ts';
import type { Tables } from './tables.ts';

export interface Database {
  readonly db: Kysely<Tables>;
  readonly kind: 'sqlite' | 'postgres';
  /** SQLite's own handle: for statements that are worth preparing once. Whoever uses it has the connection of `db` meanwhile. */
  readonly file?: SqliteFile;
  /** SQLite alone: its log is carried into the file beside whoever writes much and says so here. */
  readonly checkpoints?: Pick<Checkpoints, 'wrote'>;
  close(): Promise<void>;
}

/** So many connections for one process, and so many that wait for one; a statement is given up after so long, and so is the wait for a connection. */
const limits = {
  connections: 8,
  waitingAtMost: 1_000,
  statementMs: 60_000,
  answerMs: 65_000,
  connectMs: 10_000,
  idleMs: 60_000,
};

export type PoolLimits = typeof limits;

/** What takes its time: nobody waits for it who could be told to try again. */
const unhurried = { statementMs: 0, answerMs: 0 };

/**
 * Opens and migrates.
 * @param where a file's path, ':memory:', or a postgres:// URL
 * @param log for what happens to connections that nobody is using; what fails for somebody is thrown
 * @param bounds of the connections to PostgreSQL, where they are to be others than usual
 */
export async function openDatabase(
  where: string,
  log?: Pick<Log, 'info' | 'warn'>,
  bounds: Partial<PoolLimits> = {},
): Promise<Database> {
  const kind = isPostgres(where) ? 'postgres' : 'sqlite';
  const { db, file } =
    kind === 'postgres' ? { db: await postgres<Tables>(where, { log, bounds }), file: undefined } : await sqlite(where);
  try {
    if (kind === 'postgres' && !(await isCurrent(db))) await migrateUnhurried(where, log);
    await migrate(db, log);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  if (file === undefined) return { db, kind, close: () => db.destroy() };
  if (file.memory) return { db, kind, file, close: () => db.destroy() };
  const checkpoints = createCheckpoints(file, log);
  const close = async (): Promise<void> => {
    await checkpoints.close();
    await db.destroy();
  };
  return { db, kind, file, checkpoints, close };
}

/** By a connection of its own: an index of a large archive takes longer than any statement may otherwise. */
async function migrateUnhurried(where: string, log?: Pick<Log, 'info' | 'warn'>): Promise<void> {
  const db = await postgres<Tables>(where, { log, bounds: { connections: 1, ...unhurried } });
  try {
    await migrate(db, log);
  } finally {
    await db.destroy();
  }
}

/**
 * Somebody else's database, to read from, however long its answers take: the lines of a large archive are counted in minutes.
 * @param where a file's path, or a postgres:// URL
 */
export async function openForeign<T>(where: string): Promise<Kysely<T>> {
  if (isPostgres(where)) return postgres<T>(where, { onlyReads: true, bounds: unhurried });
  const { default: Driver } = await import('better-sqlite3');
  const database = new Driver(where, { readonly: true, fileMustExist: true, timeout: 5000 });
  return new Kysely<T>({ dialect: new SqliteDialect({ database }) });
}

const isPostgres = (where: string): boolean => /^postgres(ql)?:\/\//.test(where);

async function sqlite(file: string): Promise<{ readonly db: Kysely<Tables>; readonly file: SqliteFile }> {
  const { default: Driver } = await import('better-sqlite3');
  if (file !== ':memory:') makePrivate(file);
  const database = new Driver(file, { timeout: 5000 });
  writeAhead(database);
  database.pragma('synchronous = NORMAL');
  // In KiB: the last pages of many rooms' pasts and their indexes, which every batch writes to.
  database.pragma('cache_size = -16000');
  return {
    db: new Kysely<Tables>({ dialect: sqliteInTurns(tellingAway(database)) }),
    file: database,
  };
}

/**
 * What people say is not for everybody on that machine, whoever made the folder; SQLite gives its log the same rights. One that is there stays as it is. Throws where it
 * may not be written to: SQLite would open it all the same, to read from.
 */
function makePrivate(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
}

/** A new file is switched over once, and of several processes that try at the same moment SQLite refuses all but one without waiting: they try again. */
function writeAhead(database: SqliteFile): void {
  for (let tries = 1; ; tries++) {
    try {
      database.pragma('journal_mode = WAL');
      return;
    } catch (error) {
      if (tries >= triesAtMost || !isBusy(error)) throw error;
      // Waits for whoever writes, as long as a statement may.
      database.exec('begin immediate; rollback');
    }
  }
}

interface PostgresParts {
  readonly log?: Pick<Log, 'info' | 'warn'> | undefined;
  readonly bounds?: Partial<PoolLimits>;
  readonly onlyReads?: boolean;
}

async function postgres<T>(url: string, { log, bounds, onlyReads = false }: PostgresParts): Promise<Kysely<T>> {
  const { connections, waitingAtMost, connectMs, idleMs, statementMs, answerMs } = { ...limits, ...bounds };
  const { default: pg } = await import('pg');
  // bigint columns hold epoch milliseconds, which fit a double.
  const types = {
    getTypeParser: (oid: number, format?: 'text' | 'binary') =>
      oid === 20 ? Number : pg.types.getTypeParser(oid, format),
  };
  const servers = serversOf(url).map((server) => (verify: NonNullable<PoolConfig['verify']>) => {
    const pool = new pg.Pool({
      connectionString: server,
      application_name: 'isthmus',
      max: connections,
      connectionTimeoutMillis: connectMs,
      idleTimeoutMillis: idleMs,
      query_timeout: answerMs,
      keepAlive: true,
      types,
      verify,
    });
    // A connection that breaks while nobody uses it is replaced by the next that is needed; unheard, the event would end the process.
    pool.on('error', (error) => log?.warn({ error: error.message }, 'a connection to PostgreSQL was lost'));
    // One that breaks while it is used tells whoever uses it, and says so twice over.
    pool.on('connect', (client) => client.on('error', () => undefined));
    return pool;
  });
  const pool = createPostgresPool({ servers, connections, waitingAtMost, statementMs, onlyReads, log });
  return new Kysely<T>({ dialect: new PostgresDialect({ pool }) });
}
