/**
 * `isthmus import discord`: a channel's past, as DiscordChatExporter has written it, comes into the archive of the channel's room. Run again it adds what is
 * new; cut short it goes on where it was.
 */
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ExportHead, readExportHead } from '../../bridges/discord/text/exported.ts';
import { type AccountId, chatId } from '../core/ids.ts';
import { accountKey } from '../gateway/decode/account-key.ts';
import { withLabels } from '../gateway/labels.ts';
import { systemClock } from '../ops/clock.ts';
import { type BridgeConfig, type Config, printFault } from '../ops/config/config.ts';
import { Remedy } from '../ops/fatal.ts';
import { createLog } from '../ops/log.ts';
import { loadSealingKeys } from '../ops/sealing-key.ts';
import { loadBridges } from '../process/bridges.ts';
import { createGuardedFetch } from '../process/guarded-fetch.ts';
import { openSql } from '../process/sql.ts';
import type { LoginRow } from '../storage/login-ports.ts';
import { createArchive } from '../storage/sql/archive.ts';
import type { Database } from '../storage/sql/database.ts';
import { createLoginStore } from '../storage/sql/login-store.ts';
import { parseJid } from '../xmpp/jid.ts';
import { readArguments, UsageFault } from './arguments.ts';
import { loadConfig } from './configuration.ts';
import { type Export, type Taken, takeExport } from './discord-archive.ts';
import { mustBeItsUser } from './gateway-stores.ts';
import { helpFor } from './help.ts';
import { domainFor } from './import-domain.ts';
import { createProgressFile } from './import-progress.ts';
import { readHead } from './json-items.ts';
import type { CliWorld, ExitCode } from './world.ts';

/** Throws a Remedy where the file is no export, or it is not clear whose archive is meant. */
export async function importDiscord(argv: readonly string[], world: CliWorld): Promise<ExitCode> {
  const options = { config: 'FILE', archive: 'FILE', domain: 'DOMAIN', owner: 'JID', account: 'NAME' };
  const { values, help } = readArguments('import', argv, options, 1);
  if (help) {
    world.out(helpFor('import'));
    return 0;
  }
  if (values.archive === undefined)
    throw new UsageFault('Where is the export?', 'Add --archive FILE, a JSON file of DiscordChatExporter');
  const loaded = await loadConfig(values.config, world.env);
  if ('faults' in loaded) {
    world.err(loaded.faults.map(printFault).join('\n'));
    return 1;
  }
  const { config } = loaded;
  const owner = values.owner === undefined ? undefined : ownerIn(values.owner);
  if (!config.storage.archive)
    throw new Remedy('This gateway keeps no archive (storage.archive: off)', 'Switch it on, and import then');
  const entry = domainFor(config, 'discord', 'Discord', values.domain);
  await mustBeItsUser(config);
  const path = await realpath(values.archive).catch(() => values.archive ?? '');
  return run({ config, entry, path, owner, account: values.account }, world);
}

/** As servers write it: under any other name nobody would ever find what is imported. */
function ownerIn(text: string): string {
  const jid = parseJid(text);
  if (jid === undefined || jid.local === '')
    throw new UsageFault(`"${text}" is nobody's address`, 'Write --owner as juliet@example.org');
  return jid.bare;
}

interface Order {
  readonly config: Config;
  readonly entry: BridgeConfig;
  readonly path: string;
  readonly owner: string | undefined;
  readonly account: string | undefined;
}

const notExported = (path: string): Remedy =>
  new Remedy(
    `${path} is no export of DiscordChatExporter in JSON`,
    'Export the channel with --format Json, and give the file that it writes',
  );

/** What the file says it is. */
async function openExport(
  path: string,
): Promise<Omit<Export, 'what'> & { readonly head: ExportHead; readonly changed: number }> {
  const about = await stat(path).catch((error: unknown) => {
    throw new Remedy(
      `The export can't be read (${error instanceof Error ? error.message : String(error)})`,
      'Check --archive',
    );
  });
  if (!about.isFile()) throw notExported(path);
  const read = await readHead(createReadStream(path), 'messages');
  if (read === undefined) throw notExported(path);
  try {
    const head = readExportHead(JSON.parse(read.text));
    if (head === undefined) throw notExported(path);
    return { path, bytes: about.size, start: read.end, head, changed: about.mtimeMs };
  } catch (error) {
    if (error instanceof SyntaxError) throw notExported(path);
    throw error;
  }
}

async function run(order: Order, world: CliWorld): Promise<ExitCode> {
  const { config, entry } = order;
  const { head, changed, ...file } = await openExport(order.path);
  const { storage } = config;
  const [key] = await loadSealingKeys(join(storage.data, 'sealing.key'));
  const database = await openSql(storage);
  const stopping = new AbortController();
  const heeded = (['SIGINT', 'SIGTERM'] as const).map((name) => world.onSignal(name, () => stopping.abort()));
  try {
    const account = await accountFor(order, database);
    const chat = chatId(`#${head.id}`);
    const room = `${await addressOf(order, account, chat)}@${entry.domain}`;
    world.out(`#${head.channel} of ${head.guild} goes into ${room}, for ${account.owner}`);
    warn(config, world);
    const into = { account: account.id, chat, room, key };
    const what = [order.path, file.bytes, changed, account.id, chat].join('\n');
    const progress = createProgressFile(join(storage.data, `import-discord-${head.id}.json`));
    const stores = { archive: createArchive(database), progress };
    const taken = await takeExport({ ...file, what }, into, stores, world.out, stopping.signal);
    return tell(taken, order.path, world);
  } finally {
    for (const unheed of heeded) unheed();
    await database.close();
  }
}

interface Account extends Pick<LoginRow, 'id' | 'owner'> {
  readonly id: AccountId;
  readonly on?: string;
}

/** The only login there, or the one that is named; an owner who has none yet will have it at their first. */
async function accountFor({ entry, owner, account }: Order, database: Database): Promise<Account> {
  const all = await createLoginStore(database).all(entry.domain);
  const wanted = all.filter(
    (one) => (owner === undefined || one.owner === owner) && (account === undefined || one.label === account),
  );
  const [only] = wanted;
  if (only !== undefined && wanted.length === 1) return only;
  if (only === undefined && owner !== undefined && account === undefined) return accountKey(entry.domain, owner);
  const names = all.map((one) => `--owner ${one.owner} --account ${one.label}`);
  throw new UsageFault(
    only === undefined ? `There is no such account on ${entry.domain}` : `Whose archive on ${entry.domain}?`,
    names.length === 0
      ? 'Register a bot there first, or add --owner JID for whoever will'
      : `Add one of: ${names.join('; ')}`,
  );
}

async function addressOf({ config, entry }: Order, { on }: Account, chat: ReturnType<typeof chatId>): Promise<string> {
  const bridge = (await loadBridges(config)).find((one) => one.entry === entry)?.bridge;
  if (bridge === undefined) throw new Error(`${entry.domain} has no bridge`);
  const log = createLog({ level: 'silent' });
  try {
    const { addresses } = withLabels(
      bridge.open(entry.options, { log, clock: systemClock, fetch: createGuardedFetch({ clock: systemClock }) }),
    );
    return addresses.format({ is: 'room', id: chat, ...(on !== undefined && { on }) });
  } finally {
    await log.close();
  }
}

/** The past is what goes first. */
function warn({ storage: { retention } }: Config, world: CliWorld): void {
  const { days, perRoom } = retention;
  const kept = [
    ...(days === undefined ? [] : [`${days} days`]),
    ...(perRoom === undefined ? [] : [`${perRoom} messages`]),
  ];
  if (kept.length > 0)
    world.out(`What is over ${kept.join(' or ')} of a room will be deleted soon: change storage.retention to keep it`);
}

function tell({ read, added, left, ending }: Taken, path: string, world: CliWorld): ExitCode {
  world.out(`archive: ${added} of ${read} messages are new here, ${left} were left out (damaged, or nothing to show)`);
  switch (ending) {
    case 'whole':
      return 0;
    case 'stopped':
      world.err('Stopped. Run again it goes on from here.');
      return 1;
    case 'cut':
      throw new Remedy(`${path} ends in the middle of a message`, 'Export the channel again, and import that');
    case 'damaged':
      throw new Remedy(`${path} is damaged behind message ${read}`, 'Export the channel again, and import that');
    default:
      return ending satisfies never;
  }
}
