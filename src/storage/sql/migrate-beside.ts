/**
 * PostgreSQL's schema is changed beside programs that read and write: one migrator at a time; nobody waits behind its locks for longer than two seconds, for
 * it gives up its place in the queue and tries again; indexes are built while others write. Whatever cuts it short, the next one goes on from there.
 */
import { sql } from 'kysely';
import type { Log } from '../../bridge/contract.ts';
import { StorageProblem } from '../problem.ts';
import type { AnySchema as Db, Lookup, SchemaChange, SchemaChanges } from './schema-change.ts';
import { mark, missing, prepareMarks } from './schema-marks.ts';

type Said = Pick<Log, 'info' | 'warn'> | undefined;

/** Any number that nobody else's programs lock in this database. */
const lockKey = 7_150_841_902;
/** Longer than PostgreSQL's deadlock_timeout (1 s), after which its own vacuum gives way to whoever waits. */
const lockSeconds = 2;
/** Between two tries, so that everybody who queued up has had their turn. */
const pauseSeconds = 1;
const lockTriesAtMost = 200;
/** Looks at whether the other migrator is done, four a second: an index of a large archive takes its hours. */
const looksAtMost = 12 * 60 * 60 * 4;

/** @param db of one connection that no time limits, which is not used for anything else afterwards */
export function migrateBeside(db: Db, changes: SchemaChanges, log: Said): Promise<void> {
  return db.connection().execute(async (connection) => {
    await sql`set statement_timeout = 0`.execute(connection);
    // Who is killed while an index is built is noticed by that, and what was begun is given up.
    await sql`select set_config('client_connection_check_interval', '2s', false) where current_setting('server_version_num')::integer >= 140000`.execute(
      connection,
    );
    if (!(await takeTurn(connection, changes, log))) return;
    try {
      await prepareMarks(connection);
      for (const [name, change] of await missing(connection, changes)) {
        await apply(connection, name, change, log);
        log?.info({ migration: name }, 'the schema of the database was changed');
      }
    } finally {
      // A connection that broke has unlocked it by that.
      await sql`select pg_advisory_unlock(${sql.lit(lockKey)})`.execute(connection).catch(() => undefined);
    }
  });
}

/**
 * It asks and sleeps: who waited within the question for the lock would be waited for by the index that the other one builds. False: the other one has done
 * all of it meanwhile.
 */
async function takeTurn(connection: Db, changes: SchemaChanges, log: Said): Promise<boolean> {
  for (let looks = 1; looks <= looksAtMost; looks++) {
    const { rows } = await sql<{ got: boolean }>`select pg_try_advisory_lock(${sql.lit(lockKey)}) as got`.execute(
      connection,
    );
    if (rows[0]?.got === true) return true;
    if (looks === 1) log?.info({}, 'another process changes the schema of the database; waiting for it');
    await sql`select pg_sleep(0.25)`.execute(connection);
    if ((await missing(connection, changes)).length === 0) return false;
  }
  throw new StorageProblem(
    "Another process has been changing the database's schema for half a day: look for it in pg_stat_activity (application_name isthmus), and end it if it does nothing",
  );
}

async function apply(connection: Db, name: string, change: SchemaChange, log: Said): Promise<void> {
  const told = { migration: name };
  if ('up' in change) {
    await inTransaction(connection, log, told, async (transaction) => {
      await change.up(transaction);
      await mark(transaction, name, change);
    });
    return;
  }
  if ('fill' in change) while (await inTransaction(connection, log, told, change.fill));
  else await build(connection, change);
  await mark(connection, name, change);
}

/** Again, as long as somebody holds the table: everybody else who wants it stands behind us in its queue. */
async function inTransaction<T>(connection: Db, log: Said, told: object, work: (db: Db) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++)
    try {
      return await connection.transaction().execute(async (transaction) => {
        await sql`set local lock_timeout = ${sql.lit(`${lockSeconds}s`)}`.execute(transaction);
        return await work(transaction);
      });
    } catch (error) {
      if (!isHeldOff(error)) throw error;
      if (tries >= lockTriesAtMost) throw heldOff(error);
      log?.warn({ ...told, tries }, 'the schema of the database is changed when nobody holds the table; trying again');
      await sql`select pg_sleep(${sql.lit(pauseSeconds)})`.execute(connection);
    }
}

/** lock_not_available and deadlock_detected. */
const isHeldOff = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === '55P03' || error.code === '40P01');

const heldOff = (cause: unknown): StorageProblem =>
  new StorageProblem(
    "The database's schema can't be changed, because a transaction holds one of its tables: find it in pg_stat_activity (state idle in transaction, or a backup) and end it, then start again",
    cause,
  );

/** What a build that was cut short has left is no index, and costs every writer as much as one. */
async function build(connection: Db, { index: { name, on, by } }: Lookup): Promise<void> {
  const { rows } = await sql<{ whole: boolean }>`
    select indisvalid as whole from pg_index where indexrelid = to_regclass(${`"${name}"`})`.execute(connection);
  if (rows[0]?.whole === true) return;
  if (rows.length > 0) await sql`drop index concurrently ${sql.ref(name)}`.execute(connection);
  await sql`create index concurrently ${sql.ref(name)} on ${sql.table(on)} ${sql.raw(by)}`.execute(connection);
}
