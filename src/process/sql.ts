/** Opens the database that a configuration names, for the gateway and for commands; what only its operator can mend is said in a sentence. */
import { join } from 'node:path';
import type { Log } from '../bridge/contract.ts';
import type { Config } from '../ops/config/config.ts';
import { Remedy } from '../ops/fatal.ts';
import { type Database, openDatabase } from '../storage/sql/database.ts';
import { failureOf, postgresTrouble } from './failure.ts';

/** Throws a Remedy. */
export async function openSql(
  { data, sql }: Pick<Config['storage'], 'data' | 'sql'>,
  log?: Pick<Log, 'info' | 'warn'>,
): Promise<Database> {
  const file = join(data, 'isthmus.sqlite');
  try {
    return await openDatabase(sql.is === 'sqlite' ? file : sql.url.reveal(), log);
  } catch (thrown) {
    const error = failureOf(thrown, file);
    throw sql.is === 'sqlite' || error instanceof Remedy ? error : postgresTrouble(error);
  }
}
