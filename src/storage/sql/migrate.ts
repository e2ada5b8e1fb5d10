/** Brings the schema up to date while programs of the version before go on with it (design/schema-changes.md). */
import { type Kysely, PostgresAdapter, sql } from 'kysely';
import type { Log } from '../../bridge/contract.ts';
import { isBusy, triesAtMost } from './busy-file.ts';
import { migrateBeside } from './migrate-beside.ts';
import { migrations } from './migrations.ts';
import type { SchemaChange, SchemaChanges } from './schema-change.ts';
import { mark, missing, prepareMarks, refuseIfTooOld } from './schema-marks.ts';
import type { Tables } from './tables.ts';

/** Longer than between two looks of SQLite's busy handler. */
const lookMs = 120;

/** Whether there is nothing to be done. */
export async function isCurrent(db: Kysely<Tables>, changes: SchemaChanges = migrations): Promise<boolean> {
  return (await missing(db, changes)).length === 0;
}

/**
 * Safe to call from several processes at once, and again after one was cut short. Throws the first failure, and a StorageProblem where a newer program has
 * taken away what this one needs.
 */
export async function migrate(
  db: Kysely<Tables>,
  log?: Pick<Log, 'info' | 'warn'>,
  changes: SchemaChanges = migrations,
): Promise<void> {
  if (!(await isCurrent(db, changes))) {
    if (db.getExecutor().adapter instanceof PostgresAdapter) await migrateBeside(db, changes, log);
    else await migrateFile(db, changes, log);
  }
  await refuseIfTooOld(db, changes);
}

/** SQLite has one writer at a time: each change waits for its turn and is one turn, so that whoever writes to the file beside us has theirs in between. */
async function migrateFile(db: Kysely<Tables>, changes: SchemaChanges, log?: Pick<Log, 'info'>): Promise<void> {
  await turn(db, prepareMarks);
  for (const [name, change] of await missing(db, changes)) {
    if (!('up' in change))
      log?.info(
        { migration: name },
        'the schema of the database is changed; where there are many rows it takes its time',
      );
    const step = async (connection: Kysely<Tables>): Promise<boolean> => {
      const isDone = (await missing(connection, { [name]: change })).length === 0;
      if (!isDone && (await apply(connection, change))) return true;
      if (!isDone) await mark(connection, name, change);
      return false;
    };
    while (await turn(db, step)) await standAside();
  }
}

/**
 * SQLite has no queue: whoever waits looks again after a tenth of a second at most, and gets nothing of a file that is let go for less. This process stands
 * still meanwhile, as it does in all waits of SQLite; it serves nobody yet. What asks systemd for more time, and what hears a signal, has its turn behind that.
 */
function standAside(): Promise<void> {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, lookMs);
  return new Promise((resolve) => setImmediate(resolve));
}

/** True: there is more of it to be done. */
async function apply(db: Kysely<Tables>, change: SchemaChange): Promise<boolean> {
  if ('fill' in change) return change.fill(db);
  if ('up' in change) await change.up(db);
  else {
    const { name, on, by } = change.index;
    await sql`create index if not exists ${sql.ref(name)} on ${sql.table(on)} ${sql.raw(by)}`.execute(db);
  }
  return false;
}

/** One transaction, which begins by waiting for every other writer as long as a statement may. */
function turn<T>(db: Kysely<Tables>, work: (connection: Kysely<Tables>) => Promise<T>): Promise<T> {
  return db.connection().execute(async (connection) => {
    for (let tries = 1; ; tries++)
      try {
        await sql`begin immediate`.execute(connection);
        break;
      } catch (error) {
        if (tries >= triesAtMost || !isBusy(error)) throw error;
      }
    try {
      const result = await work(connection);
      await sql`commit`.execute(connection);
      return result;
    } catch (error) {
      await sql`rollback`.execute(connection);
      throw error;
    }
  });
}
