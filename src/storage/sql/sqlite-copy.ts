/** A copy of a SQLite file while it is written to: as it is at one moment, in a file of its own. */
import { chmod } from 'node:fs/promises';

/** Is every page of it as it should be? */
export async function isWholeSqlite(file: string): Promise<boolean> {
  const { default: Driver } = await import('better-sqlite3');
  try {
    // Who may write leaves no log behind.
    const database = new Driver(file, { fileMustExist: true });
    try {
      return database.pragma('quick_check(1)', { simple: true }) === 'ok';
    } finally {
      database.close();
    }
  } catch {
    return false;
  }
}

/** Rejects where there is no such file. */
export async function copySqlite(file: string, to: string): Promise<void> {
  const { default: Driver } = await import('better-sqlite3');
  const database = new Driver(file, { readonly: true, fileMustExist: true, timeout: 5_000 });
  try {
    // Within one look at the file: else it begins anew with each write of somebody else, and where much is said it would never come to its end.
    database.exec('begin; select count(*) from sqlite_schema');
    await database.backup(to);
  } finally {
    database.close();
  }
  await chmod(to, 0o600);
}
