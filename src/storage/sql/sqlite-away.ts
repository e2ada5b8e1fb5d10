/** Which failures of SQLite are of the moment: a disk that is full or fails, another process that keeps the file. What was asked was sound, and is asked again. */
import type { SqliteDatabase, SqliteStatement } from 'kysely';
import { storageAway } from './postgres-away.ts';

/** https://sqlite.org/rescode.html; each may have further words behind it. */
const ofTheMoment = /^SQLITE_(BUSY|LOCKED|NOMEM|READONLY|IOERR|FULL|CANTOPEN|PROTOCOL)/;

/** Does nothing. */
const nothing = 'select 1';

/** The same database, whose failures of the moment are `storage-away`, with SQLite's own as the cause. */
export function tellingAway(database: SqliteDatabase & { readonly inTransaction: boolean }): SqliteDatabase {
  return {
    close: () => database.close(),
    prepare(text) {
      // Where its disk is full SQLite has taken all of it back by itself; that it can't be done again would be thrown in the place of why.
      const isDone = text === 'rollback' && !database.inTransaction;
      const statement = told(() => database.prepare(isDone ? nothing : text));
      return {
        reader: statement.reader,
        all: (values) => told(() => statement.all(values)),
        run: (values) => told(() => statement.run(values)),
        iterate: (values) => statement.iterate(values),
      } satisfies SqliteStatement;
    },
  };
}

function told<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code } = error as { code?: unknown };
    throw typeof code === 'string' && ofTheMoment.test(code) ? storageAway(error) : error;
  }
}
