/** A copy of a SQLite file while it is written to: as it is at one moment, in a file of its own. */
import { chmod } from 'node:fs/promises';

/** Rejects where there is no such file. */
export async function copySqlite(file: string, to: string): Promise<void> {
  const { default: Driver } = await import('better-sqlite3');
  const database = new Driver(file, { readonly: true, fileMustExist: true, timeout: 5_000 });
  try {
    await database.backup(to);
  } finally {
    database.close();
  }
  await chmod(to, 0o600);
}
