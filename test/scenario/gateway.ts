/** A gateway in memory: everything of ours but the sockets. It can be stopped, killed and started again on the same stores. */
import type { FakeConfig } from '../../bridges/fake/config.ts';
import fake from '../../bridges/fake/index.ts';
import { type Authority, createAuthority } from '../../bridges/fake/login.ts';
import { createNetwork } from '../../bridges/fake/network.ts';
import { createWorld, type World } from '../../bridges/fake/world.ts';
import { type Archiving, createArchiving } from '../../src/accounts/archiving.ts';
import type { Account, Bridge, Clock, Log, Network, Session, SessionHost } from '../../src/bridge/contract.ts';
import type { GatewayError } from '../../src/core/errors.ts';
import type { ChatId } from '../../src/core/ids.ts';
import type { BridgeConfig, Config } from '../../src/ops/config/config.ts';
import { createMetrics } from '../../src/ops/metrics.ts';
import { Secret } from '../../src/ops/secret.ts';
import { createBans } from '../../src/process/bans.ts';
import type { Domain, Shared } from '../../src/process/domain.ts';
import { createMaintenance } from '../../src/process/maintenance.ts';
import { createPlumbings } from '../../src/process/plumbings.ts';
import { createShares } from '../../src/process/shares.ts';
import type { Leases } from '../../src/storage/ports.ts';
import { createArchive } from '../../src/storage/sql/archive.ts';
import { createBanStore } from '../../src/storage/sql/ban-store.ts';
import { type Database, openDatabase } from '../../src/storage/sql/database.ts';
import { createLoginStore } from '../../src/storage/sql/login-store.ts';
import { createMaintenanceStore } from '../../src/storage/sql/maintenance-store.ts';
import { createPlumbingStore } from '../../src/storage/sql/plumbing-store.ts';
import { bareConfig, generous } from '../harness/bare-config.ts';
import { createErrorLog } from '../harness/error-log.ts';
import type { ManualClock } from '../harness/manual-clock.ts';
import { dispatchTo, openMemoryDomain } from '../harness/memory-domain.ts';
import { createMemoryStores, type Memory } from '../harness/memory-stores.ts';
import { createOverheard } from '../harness/overheard.ts';

export const domainName = 'net.test';

/** What can be held back, to look at what happens meanwhile. */
export type Step = 'connect' | 'join' | 'leave' | 'send' | 'past' | 'end';

export interface GatewayOptions {
  /** Another gateway than the first: its domain, on the network of that one. */
  readonly beside?: { readonly domain: string; readonly world: World };
  readonly clock: ManualClock;
  /** What was rendered for the server. */
  readonly toServer: (text: string) => void;
  readonly options?: Partial<FakeConfig>;
  readonly allow?: readonly string[];
  /** The same as the file says when it is read; it can't be read again where nothing is said. */
  readonly fileAllows?: () => readonly string[];
  /** For each user; generous where nothing is said. */
  readonly limits?: Partial<BridgeConfig['limits']>;
  readonly admins?: readonly string[];
  /** The operator's switch; true where nothing is said. */
  readonly archive?: boolean;
  /** Where long texts are kept; nowhere where nothing is said. */
  readonly uploads?: Config['storage']['uploads'];
  /** The pages of logins, for each life of the gateway; none where nothing is said. */
  readonly pages?: ((clock: Clock, log: Log) => Shared['loginPages']) | undefined;
}

export interface TestGateway {
  readonly world: World;
  /** Who has an account with the network. */
  readonly authority: Authority;
  readonly memory: Memory;
  readonly database: Database;
  /** Errors that were logged: bugs, unless a scenario makes them. */
  readonly errors: string[];
  /** Everything that was logged, from `debug` on. */
  readonly logged: readonly string[];
  /** What of all that was said stands in the log. */
  leaks(): readonly string[];
  readonly domain: Domain;
  /** What Prometheus would be told. */
  scrape(): Promise<string>;
  /** How often a session was asked for. */
  readonly connects: number;
  /** A stanza as the server hands it over, in the component's namespace. */
  take(markup: string): void;
  /** From now on that step of every session waits; the returned function lets it go on. */
  hold(step: Step): () => void;
  /** The network can't be reached, or can again. */
  away(error: GatewayError | undefined): void;
  /** @param kill as by kill -9: nothing is written or said any more, and the network loses the connections */
  stop(how: 'keep' | 'farewell' | 'kill'): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Whoever was killed takes no account any more. */
const whileAlive = (leases: Leases, isAlive: () => boolean): Leases => ({
  ...leases,
  acquire: async (account) => (isAlive() ? leases.acquire(account) : undefined),
});

export async function openGateway({
  limits,
  clock,
  toServer,
  options = {},
  allow = ['test'],
  fileAllows,
  admins = [],
  archive: recorded = true,
  uploads,
  pages,
  beside,
}: GatewayOptions): Promise<TestGateway> {
  const world = beside?.world ?? createWorld(clock);
  const authority = createAuthority();
  const memory = createMemoryStores(clock);
  const database = await openDatabase(':memory:');
  const errors: string[] = [];
  const held = new Map<Step, Promise<void>>();
  const logged: string[] = [];
  const overheard = createOverheard();
  const log = createErrorLog(errors, logged);
  let life = 0;
  let metrics = createMetrics();
  let connects = 0;
  let unreachable: GatewayError | undefined;
  let domain: Domain | undefined;
  let archiving: Archiving | undefined;
  let sessions: Session[] = [];

  const pass = (step: Step): Promise<void> => held.get(step) ?? Promise.resolve();

  /** The fake network, with the test's hand on it. */
  function bridgeOf(mine: number): Bridge {
    const open = (config: unknown, tools: Parameters<Bridge['open']>[1]): Network => {
      const network = createNetwork(fake.config.parse(config), world, tools, authority);
      return { ...network, connect };

      async function connect(account: Account<unknown>, host: SessionHost, signal: AbortSignal): Promise<Session> {
        connects++;
        await pass('connect');
        if (unreachable !== undefined) throw unreachable;
        const { id, owner, nick, settings, credentials, isTrial } = account;
        const quiet = {
          ...host,
          settings: (chat: ChatId) => host.settings?.(chat) ?? {},
          checkpoint: (where: string) => host.checkpoint(where),
          emit: (event: Parameters<SessionHost['emit']>[0]) => (mine === life ? host.emit(event) : undefined),
        };
        const who = { id, owner, ...(nick !== undefined && { nick }), ...(settings !== undefined && { settings }) };
        const login = { credentials: fake.credentials.parse(credentials), ...(isTrial === true && { isTrial }) };
        const session = await network.connect({ ...who, ...login }, quiet, signal);
        sessions.push(session);
        return heldBack(session, pass);
      }
    };
    return { ...fake, credentials: fake.credentials, open };
  }

  async function start(): Promise<void> {
    const mine = ++life;
    metrics = createMetrics();
    const archive = createArchive(database);
    const recent: typeof archive.recent = (...asked) => pass('past').then(() => archive.recent(...asked));
    archiving = createArchiving({ ...archive, recent }, clock, log);
    const entry = {
      use: 'fake',
      domain: beside?.domain ?? domainName,
      secret: new Secret('x'),
      allow: fileAllows?.() ?? allow,
      limits: { ...generous, ...limits },
      options: fake.config.parse(options),
    };
    const config = bareConfig({
      admins,
      storage: { ...bareConfig().storage, archive: recorded, ...(uploads !== undefined && { uploads }) },
      http: { ...bareConfig().http, publicUrl: 'https://gateway.test/' },
    });
    const bans = createBans(createBanStore(database));
    await bans.read();
    const shares = createShares(createLoginStore(database));
    await shares.read();
    const plumbings = createPlumbings(createPlumbingStore(database));
    await plumbings.read();
    const maintenance = createMaintenance(createMaintenanceStore(database), log);
    await maintenance.read();
    domain = openMemoryDomain({
      bans,
      maintenance,
      shares,
      metrics,
      loginPages: pages?.(clock, log),
      plumbings,
      entry,
      bridge: bridgeOf(mine),
      config,
      readAgain: fileAllows && (async () => ({ ...config, bridges: [{ ...entry, allow: fileAllows() }] })),
      clock,
      log,
      memory: { ...memory, leases: (worker) => whileAlive(memory.leases(worker), () => mine === life) },
      database,
      worker: `life ${mine}`,
      archiving,
      running: () => domain,
      toServer(text) {
        if (mine !== life) return;
        overheard.hear(text);
        toServer(text);
      },
    });
    await domain.runner.restore(() => true);
    domain.runner.begin();
  }

  async function stop(how: 'keep' | 'farewell' | 'kill'): Promise<void> {
    if (how === 'kill') {
      const dead = life++;
      memory.expire(`life ${dead}`);
      for (const session of sessions) await session.end('killed');
    } else {
      await domain?.runner.stop(how, how === 'keep' ? 'The gateway restarts' : 'The gateway shuts down');
      await archiving?.close();
    }
    sessions = [];
    domain = undefined;
  }

  await start();
  return {
    world,
    authority,
    memory,
    database,
    errors,
    logged,
    scrape: () => metrics.text(),
    leaks: () => overheard.leaks(logged),
    get domain() {
      if (domain === undefined) throw new Error('the gateway is not running');
      return domain;
    },
    get connects() {
      return connects;
    },
    take(markup) {
      overheard.hear(markup);
      dispatchTo(domain, markup);
    },
    hold(step) {
      const { promise, resolve } = Promise.withResolvers<void>();
      held.set(step, promise);
      return () => {
        held.delete(step);
        resolve();
      };
    },
    away(error) {
      unreachable = error;
    },
    stop,
    start,
    close: () => database.close(),
  };
}

/** The same session, whose steps wait where they are held. */
function heldBack(session: Session, pass: (step: Step) => Promise<void>): Session {
  const { rooms } = session;
  return {
    ...session,
    get me() {
      return session.me;
    },
    limits: (chat) => session.limits(chat),
    async send(message, to) {
      await pass('send');
      return session.send(message, to);
    },
    ...(session.configure !== undefined && { configure: session.configure }),
    ...(rooms !== undefined && {
      rooms: {
        ...rooms,
        async join(chat, as, signal) {
          await pass('join');
          await rooms.join(chat, as, signal);
        },
        async leave(chat, reason, signal) {
          await pass('leave');
          await rooms.leave(chat, reason, signal);
        },
      },
    }),
    ...(session.history !== undefined && { history: session.history }),
    async end(reason) {
      await pass('end');
      await session.end(reason);
    },
  };
}
