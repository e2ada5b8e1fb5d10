/** A world within the test's own process: the gateway with the IRC bridge and the system's clock, between an XMPP server in memory and the harness' own IRC server. */
import irc from '../../bridges/irc/index.ts';
import { createArchiving } from '../../src/accounts/archiving.ts';
import { systemClock } from '../../src/ops/clock.ts';
import { Secret } from '../../src/ops/secret.ts';
import type { Domain } from '../../src/process/domain.ts';
import { createArchive } from '../../src/storage/sql/archive.ts';
import { openDatabase } from '../../src/storage/sql/database.ts';
import { bareConfig, generous } from './bare-config.ts';
import { createErrorLog } from './error-log.ts';
import { lagOf } from './lag.ts';
import { dispatchTo, openMemoryDomain } from './memory-domain.ts';
import { createMemoryServer } from './memory-server.ts';
import { createMemoryStores } from './memory-stores.ts';
import { createOverheard } from './overheard.ts';
import { gatewayDomain, ircName, ircOptions, slowed, type World, worldOf } from './world.ts';
import { startIrcd } from './world-ircd.ts';
import { connectXmpp } from './xmpp-client.ts';

export interface MemoryWorld extends World, AsyncDisposable {
  /** What the gateway has logged as errors: bugs. */
  readonly errors: readonly string[];
  /** What of all that was said stands in its log. */
  leaks(): readonly string[];
}

const userDomain = 'localhost';

/** Starts all of it. @param isFixed whether the domain is that one server's (`fixedServer`) @param uplinkMs by how much the gateway's line to it is slow */
export async function startMemoryWorld(
  name: 'modern' | 'plain',
  isFixed = false,
  uplinkMs = lagOf('uplink'),
): Promise<MemoryWorld> {
  await using starting = new AsyncDisposableStack();
  const ircd = starting.use(await startIrcd(name));
  const database = await openDatabase(':memory:');
  starting.defer(() => database.close());
  const errors: string[] = [];
  const logged: string[] = [];
  const overheard = createOverheard();
  const log = createErrorLog(errors, logged);
  const archiving = createArchiving(createArchive(database), systemClock, log);
  starting.defer(() => archiving.close());

  const server = createMemoryServer({
    domain: userDomain,
    component: gatewayDomain,
    toComponent(markup) {
      overheard.hear(markup);
      dispatchTo(domain, markup);
    },
  });
  const domain: Domain = openMemoryDomain({
    entry: {
      use: 'irc',
      domain: gatewayDomain,
      secret: new Secret('none is asked'),
      allow: [userDomain],
      limits: generous,
      options: irc.config.parse(
        ircOptions(
          { port: await slowed(starting, 'uplink', ircd.port, uplinkMs), tls: ircd.tls?.port },
          isFixed ? { fixedServer: ircName } : {},
        ),
      ),
    },
    bridge: irc,
    config: bareConfig(),
    clock: systemClock,
    log,
    memory: createMemoryStores(systemClock),
    database,
    worker: 'the only one',
    archiving,
    running: () => domain,
    toServer(markup) {
      overheard.hear(markup);
      server.fromComponent(markup);
    },
  });
  await domain.runner.restore(() => true);
  domain.runner.begin();
  starting.defer(() => domain.stop('farewell', 'The gateway shuts down'));

  const running = starting.move();
  return {
    ...worldOf(ircd, (user, resource) => connectXmpp({ user, domain: userDomain, resource }, server.connect), isFixed),
    errors,
    leaks: () => overheard.leaks(logged),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
