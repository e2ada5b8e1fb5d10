/**
 * SQLite has one connection, which is somebody's at a time. The query builder has all who wait look again whenever it is free, so that thousands who ask at once, as when a
 * server comes back with all its users, look millions of times, and nobody else has a turn meanwhile. Here they stand in line. And it answers at once: who asks one thing
 * behind the other, of thousands of new conversations, would never let go of the loop; so that counts, too, where nobody stands in line.
 */
import {
  type Dialect,
  type Driver,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';

/** Some ten milliseconds: behind so many everybody else has a turn. */
const perTurn = 100;
/** Of those who have had theirs so many are kept in line before it is drawn together. */
const goneAtMost = 1_000;

/** For the query builder. */
export const sqliteInTurns = (database: SqliteDatabase): Dialect => ({
  createAdapter: () => new SqliteAdapter(),
  createDriver: () => inLine(new SqliteDriver({ database })),
  createIntrospector: (db) => new SqliteIntrospector(db),
  createQueryCompiler: () => new SqliteQueryCompiler(),
});

function inLine(driver: Driver): Driver {
  let waiting: (() => void)[] = [];
  /** Of those who wait: before it they have had theirs. */
  let first = 0;
  let isTaken = false;
  let turns = 0;

  function next(): void {
    const call = waiting[first++];
    if (first >= waiting.length || first >= goneAtMost) [waiting, first] = [waiting.slice(first), 0];
    if (call === undefined) isTaken = false;
    else if (isForOthers()) setImmediate(call);
    else call();
  }

  const isForOthers = (): boolean => ++turns % perTurn === 0;

  return {
    init: () => driver.init(),
    async acquireConnection() {
      if (isTaken) await new Promise<void>((resolve) => waiting.push(resolve));
      else {
        isTaken = true;
        if (isForOthers()) await new Promise<void>((resolve) => setImmediate(resolve));
      }
      return driver.acquireConnection();
    },
    async releaseConnection(connection) {
      await driver.releaseConnection(connection);
      next();
    },
    beginTransaction: (connection, settings) => driver.beginTransaction(connection, settings),
    commitTransaction: (connection) => driver.commitTransaction(connection),
    rollbackTransaction: (connection) => driver.rollbackTransaction(connection),
    destroy: () => driver.destroy(),
  };
}
