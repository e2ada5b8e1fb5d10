/** `isthmus restore`: a gateway that has nothing yet gets what a backup has. Everything that could be wrong is looked at before anything is written. */
import { constants } from 'node:fs';
import { copyFile, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Config, printFault } from '../ops/config/config.ts';
import { Remedy } from '../ops/fatal.ts';
import { makeFolders } from '../ops/folders.ts';
import { dataUnwritable } from '../ops/remedies.ts';
import { knownSealingKeys, writeSealingKeys } from '../ops/sealing-key.ts';
import { openSql } from '../process/sql.ts';
import { StorageProblem } from '../storage/problem.ts';
import { beTheOneThatWasLeft } from '../storage/redis/continuity.ts';
import { isEmptyRedis, restoreKey } from '../storage/redis/dump.ts';
import { type Database, openDatabase } from '../storage/sql/database.ts';
import { intoPostgres, refuseFilled } from '../storage/sql/into-postgres.ts';
import { createRedisNames } from '../storage/sql/redis-names.ts';
import { isWholeSqlite } from '../storage/sql/sqlite-copy.ts';
import { readArguments, UsageFault } from './arguments.ts';
import {
  type AboutBackup,
  checkFolder,
  damaged,
  fingerprints,
  inFolder,
  readAbout,
  readKeys,
} from './backup-folder.ts';
import { loadConfig } from './configuration.ts';
import { mustBeItsUser, mustNotRun, sealingKeyFile, sqliteFile, withRedis } from './gateway-stores.ts';
import { helpFor } from './help.ts';
import { restorePostgres } from './postgres-tools.ts';
import type { CliWorld, ExitCode } from './world.ts';

/** Throws a Remedy. */
export async function restore(argv: readonly string[], world: CliWorld): Promise<ExitCode> {
  const { values, help } = readArguments('restore', argv, { config: 'FILE', from: 'FOLDER', key: 'FILE' });
  if (help) {
    world.out(helpFor('restore'));
    return 0;
  }
  const { from } = values;
  if (from === undefined)
    throw new UsageFault('Where from?', 'Add --from FOLDER, one that `isthmus backup` has written');
  const loaded = await loadConfig(values.config, world.env);
  if ('faults' in loaded) {
    world.err(loaded.faults.map(printFault).join('\n'));
    return 1;
  }
  const { config } = loaded;
  const about = await readAbout(from);
  if (about.sql === 'postgres' && config.storage.sql.is === 'sqlite')
    throw new Remedy(
      'The backup is of a gateway with postgres, this one has sqlite',
      'Set `storage.sql` to a PostgreSQL: from a file one can come there, but not back',
    );
  await mustBeItsUser(config);
  await makeFolders(config.storage.data, 0o700).catch((error: NodeJS.ErrnoException) => {
    throw dataUnwritable(config.storage.data, error.code ?? 'unknown');
  });
  await mustNotRun(config, 'it would write into what is restored');
  const key = await keyFor(config, about, values.key);
  await checkFolder(from, about);
  await mustHaveNothing(config, about);
  // Before what it opens: a gateway that finds none makes another one.
  if (key !== undefined) await writeSealingKeys(sealingKeyFile(config), key);
  await putSql(config, from, about);
  const count = await putRedis(config, from);
  world.out(`restored from ${from}, which is of ${about.at}: the database, and ${count} keys of Redis`);
  world.out(
    'Start the gateway. What waited to be sent is sent now; what is older than a day is given back to its sender.',
  );
  return 0;
}

/** The key to be put there; undefined: the right one is there. */
async function keyFor(config: Config, about: AboutBackup, given: string | undefined) {
  const own = await knownSealingKeys(sealingKeyFile(config));
  const keys = own ?? (given === undefined ? undefined : await knownSealingKeys(given, 'anybody'));
  if (keys === undefined)
    throw new Remedy(
      given === undefined
        ? 'The sealing key is missing, without which no login can be opened'
        : `There is no file ${given}, and without the sealing key no login can be opened`,
      `Put your copy of it at ${sealingKeyFile(config)} (chmod 600, the gateway's user), or add --key FILE`,
    );
  const known = fingerprints(keys);
  if (!about.sealedWith.every((one) => known.includes(one)))
    throw new Remedy(
      `The sealing key ${own === undefined ? given : sealingKeyFile(config)} is not the one that the backup was sealed with`,
      'Find the copy that was made with that gateway (and before its last `rotate-key`, where the backup is older)',
    );
  return own === undefined ? keys : undefined;
}

async function mustHaveNothing(config: Config, about: AboutBackup): Promise<void> {
  const { data, sql } = config.storage;
  const hasSome = (file: string): Promise<boolean> =>
    stat(file).then(
      ({ size }) => size > 0,
      () => false,
    );
  // A log that a killed process left, whose file was moved away without it, would be read into what is restored.
  const files = [sqliteFile(config), `${sqliteFile(config)}-wal`];
  if (sql.is === 'sqlite' && (await Promise.all(files.map(hasSome))).includes(true))
    throw new Remedy(
      `There is a database in ${data} already`,
      `Move it away: mv ${sqliteFile(config)}* /somewhere/else/`,
    );
  if (!(await withRedis(config, isEmptyRedis)))
    throw new Remedy(
      'Redis has messages of a gateway already',
      config.storage.redis.is === 'private'
        ? `Move them away: mv ${join(data, 'redis')} /somewhere/else/`
        : 'Use an empty one, or an empty database of it: redis://HOST:PORT/1',
    );
  if (sql.is !== about.sql) await withSql(config, refuseFilled).catch(notEmpty);
}

function notEmpty(error: unknown): never {
  if (!(error instanceof StorageProblem)) throw error;
  throw new Remedy(error.message, 'It has to be empty: dropdb and createdb it, then try again', error);
}

async function withSql(config: Config, work: (database: Database) => Promise<void>): Promise<void> {
  const database = await openSql(config.storage);
  await work(database).finally(() => database.close());
}

/** Whole or not at all. */
async function putSql(config: Config, from: string, about: AboutBackup): Promise<void> {
  const { sql } = config.storage;
  if (sql.is === 'postgres' && about.sql === 'postgres') return restorePostgres(sql.url, join(from, inFolder.postgres));
  const file = sqliteFile(config);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const copy = `${file}.restored`;
  // What a restore that was killed has left would be read into this one.
  await remove(copy);
  await copyFile(join(from, inFolder.sqlite), copy, constants.COPYFILE_FICLONE);
  if (!(await isWholeSqlite(copy))) {
    await remove(copy);
    throw damaged(from, inFolder.sqlite);
  }
  await (sql.is === 'sqlite' ? rename(copy, file) : carryOver(config, copy));
}

/** What a gateway had in SQLite goes on in PostgreSQL. It may be of an older version: the copy is brought up to date, not the backup. */
async function carryOver(config: Config, copy: string): Promise<void> {
  try {
    const from = await openDatabase(copy);
    await withSql(config, (into) => intoPostgres(from, into)).finally(() => from.close());
  } finally {
    await remove(copy);
  }
}

/** With its log. */
async function remove(database: string): Promise<void> {
  for (const end of ['', '-wal', '-shm']) await rm(`${database}${end}`, { force: true });
}

function notTaken(error: unknown): never {
  if (!(error instanceof Error) || !/DUMP|Bad data format/.test(error.message)) throw error;
  throw new Remedy(
    `Redis does not take what the backup has of it (${error.message})`,
    'Have one that is not older than the one that was backed up, move away what was begun here, and restore again',
    error,
  );
}

const putRedis = (config: Config, from: string): Promise<number> =>
  withRedis(config, async (link) => {
    let count = 0;
    for await (const one of readKeys(from)) {
      await restoreKey(link, one).catch(notTaken);
      count++;
    }
    await withSql(config, (database) => beTheOneThatWasLeft({ link, names: createRedisNames(database) }));
    return count;
  });
