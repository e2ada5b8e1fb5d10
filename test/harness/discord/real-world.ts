/** Discord between real programs: an XMPP server, the gateway as its users start it, Redis; on the other side the harness' Discord. */
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { overTcp } from '../client-socket.ts';
import { startEjabberd } from '../ejabberd.ts';
import { type GatewayUnderTest, type Role, startGateway } from '../gateway.ts';
import { showOnFailure } from '../process.ts';
import { type Prosody, startProsody } from '../prosody.ts';
import { startRedis } from '../redis.ts';
import { connectXmpp } from '../xmpp-client.ts';
import { startDiscord } from './server.ts';
import { quick } from './settings.ts';
import { type DiscordPlace, operatorsOf } from './stage.ts';

export interface RealDiscordWorld extends DiscordPlace, AsyncDisposable {
  readonly server: Prosody;
  readonly gateway: GatewayUnderTest;
}

export interface RealDiscordOptions {
  readonly server: 'prosody' | 'ejabberd';
  readonly processes: 'one' | 'split';
}

const domain = 'discord.localhost';
const secret = 'a secret of the tests';
const password = 'pw';
/** More than all scenarios together use. */
const operators = operatorsOf(60);
const users = Array.from({ length: 150 }, (_, n) => `user${n + 1}`);

/** Starts all of it. */
export async function startRealDiscord({ server: kind, processes }: RealDiscordOptions): Promise<RealDiscordWorld> {
  await using starting = new AsyncDisposableStack();
  const discord = starting.use(await startDiscord(quick));
  const startServer = kind === 'ejabberd' ? startEjabberd : startProsody;
  const accounts = Object.fromEntries([...operators, ...users].map((name) => [name, password]));
  const server = starting.use(await startServer({ components: { [domain]: secret }, users: accounts }));
  const roles: readonly Role[] = processes === 'one' ? ['all'] : ['edge', 'worker', 'worker'];
  const redis = processes === 'one' ? undefined : starting.use(await startRedis());
  const gateway = starting.use(
    await startGateway({
      componentPort: server.componentPort,
      components: { [domain]: secret },
      roles,
      redis: redis?.url ?? 'private',
      use: 'discord',
      irc: { api: discord.api, cdn: discord.cdn },
      allow: [server.domain],
      admins: operators.map((name) => `${name}@${server.domain}`),
    }),
  );
  const way = overTcp({ port: server.port, password });
  const all = starting.move();
  let numbers = 0;
  let admins = 0;
  let given = 0;
  const next = (names: readonly string[], at: number): string => {
    const name = names[at];
    if (name === undefined) throw new Error('out of accounts');
    return name;
  };
  return {
    discord,
    domain,
    userDomain: server.domain,
    server,
    gateway,
    newOperator: () => next(operators, admins++),
    newUser: () => next(users, given++),
    next: () => ++numbers,
    jabber: (user, resource) => connectXmpp({ user, domain: server.domain, resource }, way),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** A world for the tests of the enclosing describe; where one fails, what the servers said is printed with it. */
export function useRealDiscord(options: RealDiscordOptions): () => RealDiscordWorld {
  let world: RealDiscordWorld | undefined;
  const live = (): RealDiscordWorld => {
    if (world === undefined) throw new Error('the world did not start');
    return world;
  };
  beforeAll(async () => {
    world = await startRealDiscord(options);
  }, 120_000);
  beforeEach(({ onTestFailed }) => {
    const { gateway, server } = live();
    showOnFailure(onTestFailed, ...gateway.members.map((member) => () => member.running), () => server.running);
  });
  afterAll(() => world?.[Symbol.asyncDispose]());
  return live;
}
