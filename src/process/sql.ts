/** Opens the database that a configuration names, for the gateway and for commands; what only its operator can mend is said in a sentence. */
import { join } from 'node:path';
import type { Log } from '../bridge/contract.ts';
import { GatewayError } from '../core/errors.ts';
import type { Config } from '../ops/config/config.ts';
import { postgresRefused, storageTrouble } from '../ops/remedies.ts';
import { systemTrouble } from '../ops/system-trouble.ts';
import { StorageProblem } from '../storage/problem.ts';
import { type Database, openDatabase } from '../storage/sql/database.ts';

/** Throws a Remedy. */
export async function openSql(
  { data, sql }: Pick<Config['storage'], 'data' | 'sql'>,
  log?: Pick<Log, 'info' | 'warn'>,
): Promise<Database> {
  const file = join(data, 'isthmus.sqlite');
  try {
    return await openDatabase(sql.is === 'sqlite' ? file : sql.url.reveal(), log);
  } catch (thrown) {
    const error = thrown instanceof GatewayError && thrown.cause !== undefined ? thrown.cause : thrown;
    if (error instanceof StorageProblem) throw storageTrouble(error.message, error);
    if (sql.is === 'sqlite') throw systemTrouble(error, file) ?? error;
    const { message = '', code = '' } = error as { message?: string; code?: string };
    throw postgresRefused(message === '' ? code : message, error);
  }
}
