/** Everything that a scenario needs, running: an XMPP server, an IRC server, the gateway between them, and people on both sides. */
import { overTcp, type TcpServer } from './client-socket.ts';
import { startEjabberd } from './ejabberd.ts';
import { type FaultyLine, startFaultyLine } from './faulty-line.ts';
import { type GatewayUnderTest, type Role, startGateway } from './gateway.ts';
import { type InspircdExtras, tlsName } from './inspircd.ts';
import { connectIrc, type IrcClient } from './irc-client.ts';
import type { Ircd, IrcdName } from './ircd.ts';
import { lagOf } from './lag.ts';
import { type Layout, manyServers, oneServer } from './layout.ts';
import { type Postgres, startPostgres } from './postgres.ts';
import { type Prosody, startProsody } from './prosody.ts';
import { type Redis, startRedis } from './redis.ts';
import { type RedisCluster, startRedisCluster } from './redis-cluster.ts';
import { type Sentinel, startSentinel } from './redis-sentinel.ts';
import { seededRandom } from './seed.ts';
import { startIrcd } from './world-ircd.ts';
import { connectXmpp, type XmppClient } from './xmpp-client.ts';

/** By name, as in the options of the IRC bridge. */
export type MoreServers = Readonly<Record<string, object>>;

export interface WorldOptions {
  /** Prosody, where nothing is said. */
  readonly server?: 'prosody' | 'ejabberd';
  readonly ircd: IrcdName;
  /** What InspIRCd has besides, where it is that. */
  readonly inspircd?: InspircdExtras;
  /** The gateway's domain is that server's, and no other is there (`fixedServer`). */
  readonly isFixed?: boolean;
  readonly roles?: readonly Role[];
  /** Added to the IRC bridge's options. */
  readonly irc?: Readonly<Record<string, unknown>>;
  /** Who may use the gateway; by default every account of the test's server. */
  readonly allow?: readonly string[];
  /** The XMPP server has a MUC service of its own, at `mucDomain`. */
  readonly hasMuc?: boolean;
  /** For so many seconds the XMPP server keeps a stream whose line was lost (XEP-0198). */
  readonly keepsStreams?: number;
  /** Other servers' domains and the ports on loopback where ours finds them. */
  readonly reaches?: Readonly<Record<string, number>>;
  /** More domains of the same process. */
  readonly domains?: readonly string[];
  /** More servers that users may name: name → its options. */
  readonly servers?: MoreServers | ((ircd: Ircd) => MoreServers);
  /** A PostgreSQL of the test's own instead of a file. */
  readonly sql?: 'postgres';
  /** Its Redis has a replica, and a Sentinel that looks after both. */
  readonly hasSentinel?: boolean;
  /** Instead of one Redis, for roles other than `all`; with a replica of its first node. */
  readonly redis?: 'cluster';
  /** The gateway's links lead to its first process. */
  readonly isPublic?: boolean;
  /** Opens the operator's page. */
  readonly operatorToken?: string;
  /** Its log has what is for who looks for something. */
  readonly isDebugged?: boolean;
  /** The gateway reaches its servers by lines that can be made worse; the number decides what gets lost on them. */
  readonly lines?: number;
  /** The gateway's data lie on a disk of so many megabytes, where one may be mounted. */
  readonly diskMegabytes?: number;
  /** Of the gateway's processes. */
  readonly env?: (ircd: Ircd) => Readonly<Record<string, string>>;
}

/** What a scenario finds there. */
export interface World extends Layout {
  readonly ircd: Ircd;
  /** The gateway's domain. */
  readonly domain: string;
  /** An account that nobody has used yet. */
  newUser(): string;
  jabber(user: string, resource: string): Promise<XmppClient>;
  irc(nick: string, caps?: readonly string[]): Promise<IrcClient>;
  /** A number that nobody has been given yet, for nicks and channels. */
  next(): number;
}

/** One of servers and processes. */
export interface RealWorld extends World, AsyncDisposable {
  readonly prosody: Prosody;
  /** Where its users come, with everybody's password. */
  readonly clientPort: TcpServer;
  /** Where the gateway does not keep its own. */
  readonly redis: Redis | undefined;
  /** Where there is one. */
  readonly cluster: RedisCluster | undefined;
  /** Where there is one. */
  readonly sentinel: Sentinel | undefined;
  /** Where there is one. */
  readonly postgres: Postgres | undefined;
  readonly gateway: GatewayUnderTest;
  /** Where they were asked for. */
  readonly lines: Lines | undefined;
}

/** From the gateway to its servers. */
export interface Lines {
  readonly xmpp: FaultyLine;
  readonly irc: FaultyLine;
  /** Where the gateway does not keep its own. */
  readonly redis: FaultyLine | undefined;
}

export const gatewayDomain = 'irc.localhost';
export const mucDomain = 'conference.localhost';
/** The name by which users address the test's IRC server. */
export const ircName = 'irc.test';
/** Listed, but nobody listens there. */
export const deadServer = 'dead.test';
const secret = 'a secret of the tests';
const password = 'pw';
/** More than all the scenarios together use in the whole matrix. */
const accounts = Array.from({ length: 400 }, (_, n) => `user${n + 1}`);

/** Where the bridge finds the test's server, at the speed of a test. */
export function ircOptions(
  { port, tls }: { readonly port: number; readonly tls?: number | undefined },
  more: Readonly<Record<string, unknown>> = {},
  moreServers: Readonly<Record<string, object>> = {},
): object {
  const servers = {
    [ircName]: { address: [`127.0.0.1:${port}`], tls: 'off' },
    [deadServer]: { address: ['127.0.0.1:1'], tls: 'off' },
    ...(tls === undefined ? {} : { [tlsName]: { address: [`127.0.0.1:${tls}`], tls: 'required' } }),
    ...moreServers,
  };
  return { tls: 'off', throttle: 'off', pace: 'off', linger: 30, ...more, servers };
}

/** With numbers and accounts of its own. @param isFixed whether the domain is that one server's */
export function worldOf(ircd: Ircd, jabber: World['jabber'], isFixed = false): World {
  let numbers = 0;
  let given = 0;
  return {
    ...(isFixed ? oneServer(gatewayDomain) : manyServers(gatewayDomain, ircName)),
    ircd,
    domain: gatewayDomain,
    newUser: () => accounts[given++] ?? raise('out of accounts'),
    jabber,
    irc: (nick, caps = []) => connectIrc({ port: ircd.port, nick, caps }),
    next: () => ++numbers,
  };
}

/** Starts all of it. */
export async function startWorld(options: WorldOptions): Promise<RealWorld> {
  const stack = new AsyncDisposableStack();
  try {
    const roles = options.roles ?? ['all'];
    const startServer = options.server === 'ejabberd' ? startEjabberd : startProsody;
    const components = Object.fromEntries([gatewayDomain, ...(options.domains ?? [])].map((name) => [name, secret]));
    const users = Object.fromEntries(accounts.map((name) => [name, password]));
    const muc = options.hasMuc === true ? { muc: mucDomain } : {};
    const reaches = options.reaches === undefined ? {} : { reaches: options.reaches };
    const kept = options.keepsStreams === undefined ? {} : { keepsStreams: options.keepsStreams };
    const prosody = stack.use(await startServer({ components, users, ...muc, ...reaches, ...kept }));
    const ircd = stack.use(await startIrcd(options.ircd, options.inspircd));
    const sentinel = options.hasSentinel === true ? stack.use(await startSentinel()) : undefined;
    const isSpread = options.redis === 'cluster';
    const cluster = isSpread ? stack.use(await startRedisCluster({ withReplica: true })) : undefined;
    const keepsOwn = roles.includes('all') || sentinel !== undefined || isSpread;
    const redis = keepsOwn ? undefined : stack.use(await startRedis());
    const postgres = options.sql === undefined ? undefined : stack.use(await startPostgres());
    const lines =
      options.lines === undefined ? undefined : await startLines(stack, options.lines, { prosody, ircd, redis });
    const servers = typeof options.servers === 'function' ? options.servers(ircd) : options.servers;
    const { isFixed = false } = options;
    const irc = ircOptions(
      { port: lines?.irc.port ?? (await slowed(stack, 'uplink', ircd.port)), tls: ircd.tls?.port },
      { ...options.irc, ...(isFixed && { fixedServer: ircName }) },
      servers,
    );
    const componentPort = lines?.xmpp.port ?? (await slowed(stack, 'component', prosody.componentPort));
    const redisUrl = lines?.redis === undefined ? redis?.url : `redis://127.0.0.1:${lines.redis.port}`;
    const allow = options.allow ?? [prosody.domain];
    const gateway = stack.use(
      await startGateway({
        componentPort,
        components,
        roles,
        redis: sentinel?.url ?? cluster?.url ?? redisUrl ?? 'private',
        ...(postgres !== undefined && { sql: postgres.database('isthmus') }),
        irc,
        allow,
        diskMegabytes: options.diskMegabytes,
        isPublic: options.isPublic === true,
        isDebugged: options.isDebugged === true,
        ...(options.operatorToken !== undefined && { operatorToken: options.operatorToken }),
        env: options.env?.(ircd) ?? {},
      }),
    );
    const clientPort = { port: prosody.port, password };
    const way = overTcp(clientPort);
    return {
      ...worldOf(ircd, (user, resource) => connectXmpp({ user, domain: prosody.domain, resource }, way), isFixed),
      prosody,
      clientPort,
      redis,
      sentinel,
      cluster,
      postgres,
      gateway,
      lines,
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

/** The port by which the gateway finds that server: its own, unless its lines are to be slow. */
export async function slowed(
  stack: AsyncDisposableStack,
  who: 'uplink' | 'component',
  port: number,
  delayMs = lagOf(who),
): Promise<number> {
  if (delayMs === 0) return port;
  const line = stack.use(await startFaultyLine(port, () => 1));
  line.weather = { is: 'late', delayMs, lost: 0, againMs: 0 };
  return line.port;
}

async function startLines(
  stack: AsyncDisposableStack,
  seed: number,
  { prosody, ircd, redis }: { readonly prosody: Prosody; readonly ircd: Ircd; readonly redis: Redis | undefined },
): Promise<Lines> {
  const random = seededRandom(seed);
  const to = async (port: number): Promise<FaultyLine> => stack.use(await startFaultyLine(port, random));
  const [xmpp, irc] = [await to(prosody.componentPort), await to(ircd.port)];
  return { xmpp, irc, redis: redis === undefined ? undefined : await to(redis.port) };
}

function raise(message: string): never {
  throw new Error(message);
}
