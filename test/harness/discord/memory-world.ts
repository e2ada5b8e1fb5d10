/** A world within the test's own process: the gateway with the Discord bridge and the system's clock, between an XMPP server in memory and the harness' own Discord. */
import discord from '../../../bridges/discord/index.ts';
import { type Archiving, createArchiving } from '../../../src/accounts/archiving.ts';
import type { Bridge } from '../../../src/bridge/contract.ts';
import type { Config } from '../../../src/ops/config/config.ts';
import { Secret } from '../../../src/ops/secret.ts';
import type { Domain } from '../../../src/process/domain.ts';
import { createPlumbings } from '../../../src/process/plumbings.ts';
import { createShares } from '../../../src/process/shares.ts';
import { createArchive } from '../../../src/storage/sql/archive.ts';
import { type Database, openDatabase } from '../../../src/storage/sql/database.ts';
import { createLoginStore } from '../../../src/storage/sql/login-store.ts';
import { createPlumbingStore } from '../../../src/storage/sql/plumbing-store.ts';
import { bareConfig, generous } from '../bare-config.ts';
import { createErrorLog } from '../error-log.ts';
import { createLeapingClock } from '../leaping-clock.ts';
import { dispatchTo, openMemoryDomain } from '../memory-domain.ts';
import { createMemoryMuc } from '../memory-muc.ts';
import type { MemoryMuc } from '../memory-muc-port.ts';
import { createMemoryServer, type MemoryServer } from '../memory-server.ts';
import { createMemoryStores } from '../memory-stores.ts';
import { connectXmpp } from '../xmpp-client.ts';
import { startDiscord } from './server.ts';
import { quick, type Settings } from './settings.ts';
import { type DiscordPlace, operatorsOf } from './stage.ts';

export interface DiscordWorld extends DiscordPlace, AsyncDisposable {
  /** A MUC service of the same server. */
  readonly muc: MemoryMuc;
  /** The gateway's. */
  readonly database: Database;
  /** The gateway's process ends, and another one is started. @param meanwhile while there is none */
  restart(meanwhile?: () => void): Promise<void>;
  /** What the gateway has logged as errors: bugs. */
  readonly errors: readonly string[];
}

/** What few tests need. */
export interface MoreOfWorld {
  readonly http?: Config['http'];
  readonly storage?: Partial<Config['storage']>;
  /** There is a file of the network to fetch. */
  readonly onMedia?: () => void;
}

const userDomain = 'localhost';
const domain = 'discord.localhost';
const operators = ['operator', ...operatorsOf(200)];
const bare = bareConfig({
  admins: operators.map((name) => `${name}@${userDomain}`),
  http: { ...bareConfig().http, publicUrl: 'https://gateway.test/' },
});

/** Starts all of it. @param options the bridge's, `settings` the Discord's */
export async function startDiscordWorld(
  options: Readonly<Record<string, unknown>> = {},
  settings: Partial<Settings> = quick,
  more: MoreOfWorld = {},
): Promise<DiscordWorld> {
  await using starting = new AsyncDisposableStack();
  const clock = createLeapingClock();
  const server = starting.use(await startDiscord({ now: clock.now, ...settings }));
  const database = await openDatabase(':memory:');
  starting.defer(() => database.close());
  const errors: string[] = [];
  const log = createErrorLog(errors);
  const memory = createMemoryStores(clock);
  let running: Domain | undefined;
  let archiving: Archiving | undefined;
  starting.defer(async () => archiving?.close());
  let generation = 0;

  const muc: MemoryMuc = createMemoryMuc({
    domain: 'conference.localhost',
    now: () => clock.now(),
    deliver: (stanza) => xmpp.fromService(stanza),
  });
  const xmpp: MemoryServer = createMemoryServer({
    service: muc,
    domain: userDomain,
    component: domain,
    toComponent(markup) {
      if (running !== undefined) dispatchTo(running, markup);
    },
  });

  async function start(): Promise<void> {
    const shares = createShares(createLoginStore(database));
    await shares.read();
    const writing = createArchiving(createArchive(database), clock, log);
    archiving = writing;
    const plumbings = createPlumbings(createPlumbingStore(database));
    await plumbings.read();
    const opened: Domain = openMemoryDomain({
      entry: {
        use: 'discord',
        domain,
        secret: new Secret('none is asked'),
        allow: [userDomain],
        limits: generous,
        options: discord.config.parse({ api: server.api, cdn: server.cdn, ...options }),
      },
      bridge: discord as Bridge,
      config: {
        ...bare,
        ...(more.http && { http: more.http }),
        storage: { ...bare.storage, ...more.storage },
      },
      ...(more.onMedia && { onMedia: more.onMedia }),
      clock,
      log,
      memory,
      database,
      worker: `worker ${++generation}`,
      archiving: writing,
      shares,
      plumbings,
      running: () => opened,
      toServer: (text) => {
        if (running === opened) xmpp.fromComponent(text);
      },
    });
    running = opened;
    await opened.runner.restore(() => true);
    opened.runner.begin();
  }

  await start();
  starting.defer(async () => running?.stop('farewell', 'The gateway shuts down'));
  const all = starting.move();
  let users = 0;
  let admins = 0;
  let numbers = 0;
  return {
    discord: server,
    database,
    muc,
    domain,
    userDomain,
    newOperator: () => operatorsOf(++admins).at(-1) ?? '',
    passes: clock.leap,
    newUser: () => `somebody${++users}`,
    next: () => ++numbers,
    jabber: (user, resource) => connectXmpp({ user, domain: userDomain, resource }, xmpp.connect),
    async restart(meanwhile) {
      await running?.stop('keep', 'The gateway is started anew');
      running = undefined;
      await archiving?.close();
      meanwhile?.();
      await start();
    },
    errors,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}
