/** `isthmus import biboumi`: takes over what biboumi's users have set, their contacts, and what was said, and changes nothing that Isthmus has already. Run again it adds what is new. */
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { createPreferences, type Preferences } from '../accounts/preferences.ts';
import { createVault } from '../accounts/vault.ts';
import type { Network } from '../bridge/contract.ts';
import { GatewayError } from '../core/errors.ts';
import { flagOf, type SettingField, type SettingsPlace, type SettingValue } from '../core/settings.ts';
import { hasServers } from '../gateway/example-room.ts';
import { systemClock } from '../ops/clock.ts';
import { type BridgeConfig, type Config, printFault } from '../ops/config/config.ts';
import { Remedy } from '../ops/fatal.ts';
import { createLog } from '../ops/log.ts';
import { notOurs } from '../ops/remedies.ts';
import { loadSealingKeys } from '../ops/sealing-key.ts';
import { isNotOurs } from '../ops/system-trouble.ts';
import { loadBridges } from '../process/bridges.ts';
import { createGuardedFetch } from '../process/guarded-fetch.ts';
import { openSql } from '../process/sql.ts';
import { createAccountStore } from '../storage/sql/account-store.ts';
import { createArchive } from '../storage/sql/archive.ts';
import { type Biboumi, openBiboumi } from '../storage/sql/biboumi.ts';
import { createSettingsStore } from '../storage/sql/settings-store.ts';
import { readArguments, UsageFault } from './arguments.ts';
import { importArchive } from './biboumi-archive.ts';
import { importRoster } from './biboumi-roster.ts';
import { type BiboumiSettings, readSettings } from './biboumi-settings.ts';
import { loadConfig } from './configuration.ts';
import { mustBeItsUser } from './gateway-stores.ts';
import { helpFor } from './help.ts';
import { domainFor } from './import-domain.ts';
import type { CliWorld, ExitCode } from './world.ts';

/** Resolves when all is taken over; throws a Remedy where a database can't be read or no domain is meant. */
export async function importBiboumi(argv: readonly string[], world: CliWorld): Promise<ExitCode> {
  const options = { config: 'FILE', db: 'FILE', domain: 'DOMAIN' };
  const { values, help } = readArguments('import', argv, options, 1);
  if (help) {
    world.out(helpFor('import'));
    return 0;
  }
  if (values.db === undefined)
    throw new UsageFault(
      "Where is biboumi's database?",
      'Add --db FILE, the db_name of its configuration (/var/lib/biboumi/biboumi.sqlite)',
    );
  const loaded = await loadConfig(values.config, world.env);
  if ('faults' in loaded) {
    world.err(loaded.faults.map(printFault).join('\n'));
    return 1;
  }
  await mustBeItsUser(loaded.config);
  await run(loaded.config, domainFor(loaded.config, 'irc', 'IRC', values.domain), values.db, world);
  return 0;
}

async function open(where: string): Promise<Biboumi> {
  // SQLite says no more than that it can't be opened.
  await access(where, constants.R_OK).catch(({ code }: NodeJS.ErrnoException) => {
    if (isNotOurs(code)) throw notOurs(`biboumi's database ${where}`, code);
  });
  const from = await openBiboumi(where).catch((error: unknown) => {
    // Who asks the gateway is told to try again; whoever imports has to mend what is behind that.
    const cause = error instanceof GatewayError ? (error.cause ?? error) : error;
    const { message = '', code = '' } = cause as { message?: string; code?: string };
    const why = message === '' ? code : message;
    throw new Remedy(
      `biboumi's database can't be read (${why})`,
      'Check --db: a file, or postgresql://… as in biboumi’s db_name',
    );
  });
  if (from.tables.length > 0) return from;
  await from.close();
  throw new Remedy('This is no database of biboumi', 'Check --db: a file, or postgresql://… as in biboumi’s db_name');
}

async function run(config: Config, entry: BridgeConfig, where: string, world: CliWorld): Promise<void> {
  const { storage } = config;
  const log = createLog({ level: 'silent' });
  const from = await open(where);
  try {
    const bridge = (await loadBridges(config)).find((one) => one.entry === entry)?.bridge;
    if (bridge === undefined) throw new Error(`${entry.domain} has no bridge`);
    const network = bridge.open(entry.options, {
      log,
      clock: systemClock,
      fetch: createGuardedFetch({ clock: systemClock }),
    });
    const keys = await loadSealingKeys(join(storage.data, 'sealing.key'));
    const database = await openSql(storage);
    try {
      const preferences = createPreferences({
        domain: entry.domain,
        store: createSettingsStore(database),
        vault: createVault(keys),
        forms: network.settings,
        onChange: async () => {},
      });
      const fixed = !hasServers(network);
      await importSettings(await readSettings(from, fixed), preferences, network, world);
      const { addresses } = network;
      await importRoster(from, createAccountStore(database), { domain: entry.domain, addresses }, world.out);
      await importArchive(from, createArchive(database), { domain: entry.domain, fixed }, world.out);
    } finally {
      await database.close();
    }
  } finally {
    await from.close();
    await log.close();
  }
}

const levels = { all: 'all servers', server: 'a server', room: 'a room' } as const;

/** What is set already stays; what the network would not take is told and left out. */
async function importSettings(
  all: readonly BiboumiSettings[],
  preferences: Preferences,
  { settings }: Network,
  { out }: CliWorld,
): Promise<void> {
  let count = 0;
  for (const { owner, place, values } of all) {
    const set = (await preferences.of(owner)).at(place);
    const fresh = Object.entries(values).filter(([name]) => set[name] === undefined);
    const fields = settings?.[place.level] ?? [];
    const taken = fresh.flatMap(([name, value]): readonly (readonly [string, SettingValue])[] => {
      const checked = check(fields, name, value);
      if ('value' in checked) return [[name, checked.value]];
      out(`left out: ${name} of ${owner} for ${titleOf(place)} (${checked.objection})`);
      return [];
    });
    if (taken.length > 0) await preferences.change(owner, place, Object.fromEntries(taken));
    count += taken.length;
  }
  out(`settings: ${count} taken over, of ${new Set(all.map(({ owner }) => owner)).size} users`);
}

function titleOf(place: SettingsPlace): string {
  if (place.level === 'room') return place.chat;
  return place.level === 'server' && place.on !== undefined ? place.on : levels[place.level];
}

/** As the network has that field: what is a choice of words in one may be yes or no in another. */
function check(
  fields: readonly SettingField[],
  name: string,
  value: SettingValue,
): { readonly value: SettingValue } | { readonly objection: string } {
  const field = fields.find((one) => one.name === name);
  if (field === undefined) return { objection: 'there is no such setting here' };
  const fit = field.type === 'flag' ? (flagOf(value) ?? value) : value;
  const objection = field.objection?.(fit);
  return objection === undefined ? { value: fit } : { objection };
}
