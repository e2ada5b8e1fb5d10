/** The gateway as its users start it: `node dist/main.js run --config FILE`, as one process or as an edge and workers. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { childrenOf } from '../bench/meter.ts';
import { mainFile, root } from './build.ts';
import { freePort } from './ports.ts';
import { type Exit, type Running, run, start, until } from './process.ts';
import { mountSmallDisk, unmountSmallDisk } from './small-disk.ts';
import { tempDir } from './temp.ts';

export type Role = 'all' | 'edge' | 'worker';

export interface GatewayOptions {
  readonly componentPort: number;
  /** Component domain → secret; each gets the same bridge. */
  readonly components: Readonly<Record<string, string>>;
  /** One process each. */
  readonly roles: readonly Role[];
  /** 'private', or the URL that roles other than `all` need. */
  readonly redis: string;
  /** 'sqlite' where nothing is said. */
  readonly sql?: string;
  /** Another bridge than IRC's. */
  readonly use?: string;
  /** `options:` of the bridge. */
  readonly irc: object;
  readonly allow: readonly string[];
  /** Operators, by their bare JIDs. */
  readonly admins?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Its links lead to the first process' port (`http.publicUrl`). */
  readonly isPublic?: boolean;
  /** `http.operatorToken` */
  readonly operatorToken?: string;
  /** `storage.uploads` */
  readonly uploads?: string;
  /** Its data lie on a disk of so many megabytes. */
  readonly diskMegabytes?: number | undefined;
  /** `storage.media` */
  readonly media?: string | object;
  /** It logs as for who looks for something. */
  readonly isDebugged?: boolean;
}

/** One process of the gateway. */
export interface Member {
  readonly role: Role;
  readonly http: number;
  readonly running: Running;
  kill(): Promise<void>;
  /** SIGTERM, and waits for its farewell. */
  stop(): Promise<Exit>;
  /** Again, with the same data and address. */
  start(): Promise<void>;
  get(path: string): Promise<{ readonly status: number; readonly body: string }>;
}

export interface GatewayUnderTest extends AsyncDisposable {
  readonly members: readonly Member[];
  /** The first (or only) member of that role. */
  member(role: Role): Member;
  readonly config: string;
  readonly data: string;
  kill(): Promise<void>;
  /** SIGTERM to all at once; resolves when all are gone. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** kill -9 of the private Redis, the gateway's child. */
  killRedis(): Promise<void>;
  /** Everything that its Redis holds in streams, as text; a private one outlives a killed gateway until the next start. */
  streams(): string;
  /**
   * Resolves when nothing with that text waits any more. A message is told when the network has it, and settled in the same moment: after a kill in between it is
   * tried again, and said twice where the network can't be asked.
   */
  settles(text: string): Promise<void>;
}

/** Starts all members; resolves when each says on /readyz that it is ready. */
export async function startGateway(options: GatewayOptions): Promise<GatewayUnderTest> {
  const dir = tempDir('gateway');
  const data = join(dir.path, 'data');
  mkdirSync(data);
  const hasDisk = options.diskMegabytes !== undefined && mountSmallDisk(data, options.diskMegabytes);
  const config = join(dir.path, 'isthmus.yaml');
  const ports = await Promise.all(options.roles.map(() => freePort()));
  const publicUrl = options.isPublic === true ? `http://127.0.0.1:${ports[0]}/` : undefined;
  writeFileSync(config, configuration(options, publicUrl));
  const members: Member[] = [];
  const gateway: GatewayUnderTest = {
    members,
    config,
    data,
    member(role) {
      const found = members.find((member) => member.role === role);
      if (found === undefined) throw new Error(`no ${role} here`);
      return found;
    },
    async kill() {
      await Promise.all(members.map((member) => member.kill()));
    },
    async start() {
      await Promise.all(members.map((member) => member.start()));
    },
    async stop() {
      await Promise.all(members.map((member) => member.stop()));
    },
    async killRedis() {
      await killRedisOf(gateway.member('all').running.pid);
    },
    streams: () => streamsOf(options.redis, dir.path),
    settles: (text) => until(`"${text}" is settled`, () => !gateway.streams().includes(text)),
    async [Symbol.asyncDispose]() {
      await Promise.all(members.map((member) => member.stop()));
      killThoseIn(dir.path);
      if (hasDisk) unmountSmallDisk(data);
      dir.remove();
    },
  };
  try {
    for (const [i, role] of options.roles.entries()) members.push(newMember(config, role, ports[i] ?? 0, options));
    await gateway.start();
  } catch (error) {
    await gateway[Symbol.asyncDispose]();
    throw error;
  }
  return gateway;
}

/** Runs the command line once, to its end; for errors and small commands. */
export async function cli(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Exit & Said> {
  const running = run(process.execPath, [mainFile, ...args], { name: 'isthmus', cwd: root, env });
  const killer = setTimeout(() => void running.kill(), 20_000);
  const exit = await running.exited.finally(() => clearTimeout(killer));
  return { ...exit, said: running.output() };
}

export interface Said {
  readonly said: string;
}

/** The YAML of such a gateway. */
export function configuration(options: Omit<GatewayOptions, 'roles'>, publicUrl?: string): string {
  return stringify({
    xmpp: { host: '127.0.0.1', port: options.componentPort },
    storage: {
      ...{ data: './data', sql: options.sql ?? 'sqlite', redis: options.redis },
      ...(options.uploads !== undefined && { uploads: options.uploads }),
      ...(options.media !== undefined && { media: options.media }),
    },
    http: {
      ...{ host: '127.0.0.1', port: 0 },
      ...(publicUrl !== undefined && { publicUrl }),
      ...(options.operatorToken !== undefined && { operatorToken: options.operatorToken }),
    },
    ...(options.admins !== undefined && { admins: options.admins }),
    bridges: Object.entries(options.components).map(([domain, secret]) => ({
      use: options.use ?? 'irc',
      domain,
      secret,
      allow: options.allow,
      options: options.irc,
    })),
  });
}

function newMember(config: string, role: Role, http: number, { env = {}, isDebugged }: GatewayOptions): Member {
  const get = async (path: string): Promise<{ status: number; body: string }> => {
    const answer = await fetch(`http://127.0.0.1:${http}${path}`, { signal: AbortSignal.timeout(3_000) });
    return { status: answer.status, body: await answer.text() };
  };
  const verbose = isDebugged === true ? ['--log', 'debug'] : [];
  const args = [mainFile, 'run', '--config', config, '--role', role, '--http', `127.0.0.1:${http}`, ...verbose];
  const launch = (): Promise<Running> =>
    start(process.execPath, args, {
      name: `gateway (${role})`,
      cwd: root,
      env,
      readyWithinMs: 60_000,
      ready: async () => (await get('/readyz')).status === 200,
    });
  let running: Running | undefined;
  const live = (): Running => {
    if (running === undefined) throw new Error(`the ${role} was not started`);
    return running;
  };
  return {
    role,
    http,
    get,
    get running() {
      return live();
    },
    async kill() {
      await live().kill();
    },
    async stop() {
      return running === undefined ? { code: 0, signal: null } : running.stop();
    },
    async start() {
      running = await launch();
    },
  };
}

/** A gateway that was killed leaves its private Redis to its successor; where none comes, we end it. */
function killThoseIn(dir: string): void {
  for (const { pid } of redisIn(dir)) process.kill(pid, 'SIGKILL');
}

/** Told by the directory on its command line. */
function redisIn(dir: string): readonly { readonly pid: number; readonly line: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), line: commandLineOf(name) }))
    .filter(({ line }) => line.includes('redis-server') && line.includes(dir));
}

function streamsOf(redis: string, dir: string): string {
  const socket = redisIn(dir)
    .map(({ line }) => /\S+\.sock/.exec(line)?.[0])
    .find((path) => path !== undefined);
  const at = redis === 'private' ? socket : redis;
  if (at === undefined) throw new Error('no private Redis is alive');
  const where = [at.startsWith('/') ? '-s' : '-u', at];
  const ask = (...args: readonly string[]): string =>
    execFileSync('redis-cli', [...where, ...args], { encoding: 'utf8', maxBuffer: 64_000_000, timeout: 10_000 });
  const keys = ask('SCAN', '0', 'COUNT', '1000000', 'TYPE', 'stream').split('\n').slice(1).filter(Boolean);
  return keys.map((key) => ask('XRANGE', key, '-', '+')).join('\n');
}

function commandLineOf(pid: string): string {
  try {
    return readFileSync(join('/proc', pid, 'cmdline'), 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

async function killRedisOf(pid: number): Promise<void> {
  const [child] = childrenOf(pid);
  if (child === undefined) throw new Error('the gateway has no child');
  process.kill(child, 'SIGKILL');
  await until('the private Redis is gone', () => !childrenOf(pid).includes(child));
}
