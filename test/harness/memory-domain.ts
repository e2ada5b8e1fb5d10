/** One domain of a gateway within the test's own process: everything of ours but the sockets to XMPP, Redis, and a database on disk. */
import type { Archiving } from '../../src/accounts/archiving.ts';
import { createVault } from '../../src/accounts/vault.ts';
import type { Bridge, Clock, Log } from '../../src/bridge/contract.ts';
import type { BridgeConfig, Config } from '../../src/ops/config/config.ts';
import { createMetrics, type Metrics } from '../../src/ops/metrics.ts';
import { type Bans, createBans } from '../../src/process/bans.ts';
import { type Domain, openDomain, type Shared } from '../../src/process/domain.ts';
import { createLivingConfig, type ReadAgain } from '../../src/process/living-config.ts';
import { createMaintenance, type Maintenance } from '../../src/process/maintenance.ts';
import { createPlumbings, type Plumbings } from '../../src/process/plumbings.ts';
import { createShares, type SharedAccounts } from '../../src/process/shares.ts';
import { createUploads } from '../../src/process/uploads.ts';
import { createWayOut } from '../../src/process/way-out.ts';
import { createAccountStore } from '../../src/storage/sql/account-store.ts';
import { createAvatarStore } from '../../src/storage/sql/avatar-store.ts';
import { createBanStore } from '../../src/storage/sql/ban-store.ts';
import type { Database } from '../../src/storage/sql/database.ts';
import { createLoginStore } from '../../src/storage/sql/login-store.ts';
import { createMaintenanceStore } from '../../src/storage/sql/maintenance-store.ts';
import { createMediaStore } from '../../src/storage/sql/media-store.ts';
import { createPlumbingStore } from '../../src/storage/sql/plumbing-store.ts';
import { createSettingsStore } from '../../src/storage/sql/settings-store.ts';
import { createUploadStore } from '../../src/storage/sql/upload-store.ts';
import { parse } from '../../src/xml/document.ts';
import { readStanza } from '../../src/xmpp/stanza.ts';
import type { Memory } from './memory-stores.ts';

const key = new Uint8Array(32).fill(7);

export interface MemoryDomainOptions {
  readonly entry: BridgeConfig;
  readonly bridge: Bridge;
  readonly config: Config;
  /** Absent: it can't be read again. */
  readonly readAgain?: ReadAgain | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** What outlives it. */
  readonly memory: Memory;
  readonly database: Database;
  /** In whose name it holds leases. */
  readonly worker: string;
  readonly archiving: Archiving;
  /** As they were read; absent: nobody is banned yet. */
  readonly bans?: Bans;
  /** As it was read; absent: there is none yet. */
  readonly maintenance?: Maintenance;
  /** As they were read; absent: there are none yet. */
  readonly shares?: SharedAccounts;
  /** Absent: logins have no pages. */
  readonly loginPages?: Shared['loginPages'];
  /** There is a file of a network to fetch. */
  readonly onMedia?: () => void;
  /** As they were read; absent: there are none yet. */
  readonly plumbings?: Plumbings;
  /** The domain whose turn it is when a durable timer is due: this one, or its successor. */
  readonly running: () => Domain | undefined;
  /** What it counts; absent: nobody looks. */
  readonly metrics?: Metrics;
  /** What was rendered for the server. */
  readonly toServer: (text: string) => void;
}

/** Opens it; its accounts wait to be restored. */
export function openMemoryDomain(options: MemoryDomainOptions): Domain {
  const { entry, bridge, config, clock, log, memory, database, archiving, running, toServer } = options;
  const uploadStore = createUploadStore(database);
  const avatarStore = createAvatarStore(database);
  const living = createLivingConfig({ ...config, bridges: [entry] }, options.readAgain);
  const shared: Shared = {
    get config() {
      return living.now;
    },
    reload: () => living.reload(),
    readAgain: options.readAgain,
    stores: { vault: createVault([key]), key },
    outboxStore: memory.outbox,
    accountStore: createAccountStore(database),
    loginStore: createLoginStore(database),
    settingsStore: createSettingsStore(database),
    leases: memory.leases(options.worker),
    archiving,
    maintenance: options.maintenance ?? createMaintenance(createMaintenanceStore(database), log),
    bans: options.bans ?? createBans(createBanStore(database)),
    shares: options.shares ?? createShares(createLoginStore(database)),
    plumbings: options.plumbings ?? createPlumbings(createPlumbingStore(database)),
    plumbingStore: createPlumbingStore(database),
    avatarStore,
    mediaStore: createMediaStore(database),
    onMedia: () => options.onMedia?.(),
    loginPages: options.loginPages,
    uploadStore,
    uploads: createUploads({ config, store: uploadStore, key, log, now: () => clock.now() }),
    wake: async (account, chat, afterMs) => {
      clock.after(afterMs, () => running()?.runner.poke(account, chat));
    },
    unwake: async () => undefined,
    order: async (account, order) => void (await running()?.runner.obey(account, order)),
    log,
    clock,
    metrics: options.metrics ?? createMetrics(),
    version: '0',
    startedAt: clock.now(),
  };
  const sink = { put: toServer, pressure: () => undefined };
  return openDomain(entry, bridge, shared, createWayOut(entry.domain, sink, { add: () => {} }, log, clock));
}

/** A stanza as a server hands it over; whoever is not running does not hear it. */
export function dispatchTo(domain: Domain | undefined, markup: string): void {
  const stanza = readStanza(parse(markup.replace(/^<(\w+)/, "<$1 xmlns='jabber:component:accept'")));
  if (stanza === undefined) throw new Error(`no stanza: ${markup}`);
  domain?.dispatch(stanza);
}
