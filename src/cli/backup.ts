/** `isthmus backup`: everything that a gateway needs to be had back, into a folder, while it runs. */
import { access, readFile, rm, writeFile } from 'node:fs/promises';
import about from '../../package.json' with { type: 'json' };
import { systemClock } from '../ops/clock.ts';
import { type Config, printFault } from '../ops/config/config.ts';
import { Remedy } from '../ops/fatal.ts';
import { knownSealingKeys, type SealingKeys } from '../ops/sealing-key.ts';
import { systemTrouble } from '../ops/system-trouble.ts';
import { dumpKeys } from '../storage/redis/dump.ts';
import { copySqlite } from '../storage/sql/sqlite-copy.ts';
import { readArguments, UsageFault } from './arguments.ts';
import { fingerprints, inFolder, makeFolder, privateFile, writeAbout, writeKeys } from './backup-folder.ts';
import { loadConfig } from './configuration.ts';
import { sealingKeyFile, sqliteFile, withRedis } from './gateway-stores.ts';
import { helpFor } from './help.ts';
import { dumpPostgres } from './postgres-tools.ts';
import type { CliWorld, ExitCode } from './world.ts';

/**
 * Redis first: what is accepted behind that moment may be missing, what was under way at it is in both and is sent again at the worst. The other way round a
 * message could be in neither. Throws a Remedy.
 */
export async function backup(argv: readonly string[], world: CliWorld): Promise<ExitCode> {
  const { values, help } = readArguments('backup', argv, { config: 'FILE', to: 'FOLDER', key: 'FILE' });
  if (help) {
    world.out(helpFor('backup'));
    return 0;
  }
  const { to } = values;
  if (to === undefined) throw new UsageFault('Where to?', 'Add --to FOLDER, a new or empty one');
  const loaded = await loadConfig(values.config, world.env);
  if ('faults' in loaded) {
    world.err(loaded.faults.map(printFault).join('\n'));
    return 1;
  }
  const { config } = loaded;
  const keys = await knownSealingKeys(sealingKeyFile(config));
  if (keys === undefined)
    throw new Remedy(
      `There is no gateway in ${config.storage.data} yet`,
      'Nothing has to be kept before its first start',
    );
  await mustBeNew(values.key);
  const undo = await makeFolder(to);
  const redisKeys = await write(config, keys, to, values.key).catch(async (error: unknown) => {
    await undo().catch(() => undefined);
    throw systemTrouble(error, to) ?? error;
  });
  world.out(`backed up to ${to}: the database, and ${redisKeys} keys of Redis`);
  world.out(
    values.key === undefined
      ? `not in it: ${sealingKeyFile(config)}, without which no login can be had back. Keep a copy elsewhere`
      : `the sealing key is in ${values.key}: keep it apart from the rest`,
  );
  return 0;
}

/** Resolves with how many keys Redis had. The key's copy is the last of it that can fail, but for what says that all is whole. */
async function write(config: Config, keys: SealingKeys, to: string, keyTo: string | undefined): Promise<number> {
  const redisKeys = await withRedis(config, (link) => writeKeys(to, dumpKeys(link)));
  await copySql(config, to);
  if (keyTo !== undefined) await copyKey(config, keyTo);
  await writeAbout(to, {
    ...{ format: 1, version: about.version, sql: config.storage.sql.is, redisKeys },
    at: new Date(systemClock.now()).toISOString(),
    sealedWith: [...fingerprints(keys)],
  }).catch(async (error: unknown) => {
    if (keyTo !== undefined) await rm(keyTo, { force: true });
    throw error;
  });
  return redisKeys;
}

/** Before anything is written: what is there may be the key of older backups, and others may read it. Throws a Remedy. */
async function mustBeNew(key: string | undefined): Promise<void> {
  if (key === undefined) return;
  const isThere = await access(key).then(
    () => true,
    () => false,
  );
  if (isThere) throw keyThere(key);
}

const keyThere = (key: string): Remedy =>
  new Remedy(
    `There is a file ${key} already, and a sealing key is written over nothing`,
    'Give --key another name, or leave it out where that file is the key: older backups need the key that was there before a `rotate-key`',
  );

async function copyKey(config: Config, to: string): Promise<void> {
  const text = await readFile(sealingKeyFile(config));
  await writeFile(to, text, { mode: 0o600, flag: 'wx', flush: true }).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') throw keyThere(to);
    await rm(to, { force: true }).catch(() => undefined);
    throw new Remedy(
      `The sealing key can't be copied to ${to} (${error.code ?? 'unknown'})`,
      'Give --key the name of a file, in a folder that is there and may be written to',
      error,
    );
  });
}

async function copySql(config: Config, to: string): Promise<void> {
  const { sql } = config.storage;
  if (sql.is === 'postgres') return dumpPostgres(sql.url, await privateFile(to, inFolder.postgres));
  const file = sqliteFile(config);
  await copySqlite(file, await privateFile(to, inFolder.sqlite)).catch((error: unknown) => {
    throw systemTrouble(error, `${file}, or its copy in ${to},`) ?? error;
  });
}
