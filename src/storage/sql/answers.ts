/** Does the database answer? Asked for the metrics, by the connections that everybody uses. */
import { sql } from 'kysely';
import { succeeds } from '../succeeds.ts';
import type { Database } from './database.ts';

/** What it gives may be called at any time. */
export const databaseAnswers = ({ db }: Pick<Database, 'db'>): (() => Promise<boolean>) =>
  succeeds(() => sql`select 1`.execute(db));
