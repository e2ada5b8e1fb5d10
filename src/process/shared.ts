/** What all domains of a process that runs accounts share, made from its stores. */

import { createArchiving, noArchive } from '../accounts/archiving.ts';
import type { Watch } from '../accounts/attending.ts';
import type { GiveOrder } from '../accounts/orders.ts';
import type { Clock, Log } from '../bridge/contract.ts';
import type { AccountId, ChatId } from '../core/ids.ts';
import { createJobs, type Jobs } from '../delivery/jobs.ts';
import type { Config } from '../ops/config/config.ts';
import type { Level, LevelSwitch } from '../ops/log.ts';
import type { Metrics } from '../ops/metrics.ts';
import { journaled } from '../storage/redis/journal.ts';
import { createLeases } from '../storage/redis/leases.ts';
import { forgetOldJournals } from '../storage/redis/old-journals.ts';
import { createOutboxStore } from '../storage/redis/outbox.ts';
import { createAccountStore } from '../storage/sql/account-store.ts';
import { createArchive } from '../storage/sql/archive.ts';
import { createAvatarStore } from '../storage/sql/avatar-store.ts';
import { createBanStore } from '../storage/sql/ban-store.ts';
import { createLoginStore } from '../storage/sql/login-store.ts';
import { createMaintenanceStore } from '../storage/sql/maintenance-store.ts';
import { createMediaStore } from '../storage/sql/media-store.ts';
import { createPlumbingStore } from '../storage/sql/plumbing-store.ts';
import { createSettingsStore } from '../storage/sql/settings-store.ts';
import { createUploadStore } from '../storage/sql/upload-store.ts';
import { createBans } from './bans.ts';
import type { Shared } from './domain.ts';
import { createLivingConfig, type ReadAgain } from './living-config.ts';
import type { OwnPages } from './login-pages.ts';
import { bansMark, levelMark, maintenanceMark, plumbingsMark, reloadMark, sharesMark } from './mailbox.ts';
import { createMaintenance } from './maintenance.ts';
import { createPlumbings } from './plumbings.ts';
import { picturesKept, retentionRule } from './retention.ts';
import { readWhenRevived } from './revived.ts';
import { createShares } from './shares.ts';
import type { Stores } from './stores.ts';
import { sweepIn } from './sweeping.ts';
import { createUploads, uploadsBefore } from './uploads.ts';

export interface SharedParts {
  readonly config: Config;
  readonly stores: Stores;
  readonly log: Log;
  readonly clock: Clock;
  /** Absent: what is logged stays as it began. */
  readonly levels?: LevelSwitch | undefined;
  readonly metrics: Metrics;
  readonly watch?: Watch | undefined;
  readonly version: string;
  /** A durable timer is due: the account, wherever it runs, looks after that lane. */
  onWake(account: AccountId, chat: ChatId): Promise<void> | void;
  /** There is a file of a network to fetch. */
  onMedia?(): void;
  /** Gives an order to an account, wherever it runs. */
  readonly asker?: string | undefined;
  readonly order: GiveOrder;
  readonly readAgain?: ReadAgain | undefined;
  readonly loginPages?: Pick<OwnPages, 'open' | 'isOpen'> | undefined;
  /** Puts that into the mailboxes of all other processes. */
  tellOthers?(what: string): Promise<void>;
}

/** Nobody stands still for that long. */
const journalsKeptMs = 30 * 86_400_000;

/** A private Redis writes down what it answers for, and nothing takes its place. */
const remembers = ({ storage }: SharedParts['config']): { readonly settled?: number } =>
  storage.redis.is === 'private' ? { settled: 0 } : {};

export async function openShared(
  parts: SharedParts,
): Promise<{ readonly shared: Shared; readonly jobs: Jobs; close(): Promise<void> }> {
  const { stores, clock, log } = parts;
  const archive = createArchive(stores.database);
  const uploadStore = createUploadStore(stores.database);
  const avatarStore = createAvatarStore(stores.database);
  const mediaStore = createMediaStore(stores.database);
  // What was kept before the operator wanted nothing kept is its owner's to have and to delete all the same.
  const { all, forget } = archive;
  const archiving = parts.config.storage.archive
    ? createArchiving(archive, clock, log, () => journaled(stores.link))
    : { ...noArchive, all, forget };
  const outboxStore = createOutboxStore(stores.link, clock, remembers(parts.config), (account, letters) => {
    parts.metrics.forgottenLetters.add(letters);
    log.warn({ account, letters }, 'dead letters were forgotten: they were too old, or too many of one account');
  });
  const ending = new AbortController();
  const steps = {
    async messages() {
      const rule = retentionRule(parts.config, clock.now());
      const expired = await archive.expire(rule, () => clock.sleep(1));
      if (expired > 0) log.info({ expired }, 'old messages were deleted');
    },
    async files() {
      const { perRoom } = retentionRule(parts.config, clock.now());
      // Those that are too old go by their own time.
      if (perRoom !== undefined) await mediaStore.pass(perRoom, () => clock.sleep(1));
    },
    async uploads() {
      const before = uploadsBefore(parts.config, clock.now());
      if (before !== undefined) await uploadStore.expire(before, () => clock.sleep(1));
    },
    'dead letters': () => outboxStore.forgetDead(),
    async journals() {
      const known = new Set([...(await stores.workers.alive()), ...(await stores.workers.dead())]);
      for (const { domain } of parts.config.bridges)
        await forgetOldJournals(stores.link, domain, clock.now() - journalsKeptMs, known);
    },
    pictures: () => avatarStore.expire(clock.now() - picturesKept.ms, picturesKept.bytes, () => clock.sleep(1)),
  };
  const jobs: Jobs = await createJobs({
    connection: stores.link.redis,
    clock,
    log,
    onWake: parts.onWake,
    sweep: () => sweepIn(steps, log, ending.signal),
  });
  const bans = createBans(createBanStore(stores.database));
  await bans.read();
  const loginStore = createLoginStore(stores.database);
  const shares = createShares(loginStore, () => parts.tellOthers?.(sharesMark));
  await shares.read();
  const plumbingStore = createPlumbingStore(stores.database);
  const plumbings = createPlumbings(plumbingStore, () => parts.tellOthers?.(plumbingsMark));
  await plumbings.read();
  const maintenance = createMaintenance(createMaintenanceStore(stores.database), log, () =>
    parts.tellOthers?.(maintenanceMark),
  );
  await maintenance.read();
  readWhenRevived(stores.workers, [bans, shares, plumbings, maintenance]);
  const living = createLivingConfig(parts.config, parts.readAgain);
  const shared: Shared = {
    ...parts,
    get config() {
      return living.now;
    },
    async reload(isFirst) {
      const reloaded = await living.reload();
      log.info(reloaded, 'the configuration was read again');
      if (isFirst) await parts.tellOthers?.(reloadMark);
      return reloaded;
    },
    bans: {
      ...bans,
      get now() {
        return bans.now;
      },
      async change(add, remove) {
        await bans.change(add, remove);
        await parts.tellOthers?.(bansMark);
      },
    },
    maintenance,
    levels: parts.levels && spreading(parts.levels, (level) => parts.tellOthers?.(levelMark + level)),
    shares,
    plumbings,
    plumbingStore,
    outboxStore,
    accountStore: createAccountStore(stores.database),
    loginStore,
    settingsStore: createSettingsStore(stores.database),
    leases: createLeases(stores.link, stores.workers, log),
    archiving,
    avatarStore,
    mediaStore,
    uploadStore,
    uploads: createUploads({ ...parts, store: uploadStore, key: stores.key, now: () => clock.now() }),
    wake: (account, chat, afterMs) => jobs.wake(account, chat, afterMs),
    unwake: (account) => jobs.unwake(account),
    startedAt: clock.now(),
  };
  return {
    shared,
    jobs,
    async close() {
      ending.abort();
      await jobs.close();
      await archiving.close();
    },
  };
}

/** In this process and in all others. */
function spreading(
  own: LevelSwitch,
  tellOthers: (level: Level) => Promise<void> | undefined,
): NonNullable<Shared['levels']> {
  return {
    now: () => own.now,
    async set(level) {
      own.set(level);
      await tellOthers(level);
    },
  };
}
