/** Does the database answer? Asked for the metrics, by the connections that everybody uses. */
import { sql } from 'kysely';
import type { Database } from './database.ts';

/** What it gives may be called at any time; where the answer to the last call is not there yet, it is waited for. */
export function databaseAnswers({ db }: Pick<Database, 'db'>): () => Promise<boolean> {
  let asked: Promise<boolean> | undefined;
  return () => {
    asked ??= sql`select 1`
      .execute(db)
      .then(
        () => true,
        () => false,
      )
      .finally(() => {
        asked = undefined;
      });
    return asked;
  };
}
