/** What can go wrong around a gateway, as deeds that a test does while two people talk. */
import type { FalseTime } from './false-time.ts';
import { cli } from './gateway.ts';
import type { KeptServer } from './kept-server.ts';
import { pause, until } from './process.ts';
import { fillDisk } from './small-disk.ts';
import { readinessAt, startStandbyEdge } from './standby-edge.ts';
import type { Talk } from './talk.ts';
import type { RealWorld } from './world.ts';

export interface Fault {
  readonly name: string;
  /** How long it takes, roughly: the two talk for longer. */
  readonly seconds: number;
  /** Done while both talk; at its end everything is well again, or will be by itself. */
  strike(world: RealWorld, talk: Talk): Promise<void>;
  /** The process that holds the stream is gone, with what was in its socket. */
  readonly isSwallowed?: true;
  /** After it, the gateway's connection to the network is another one. */
  readonly isCut?: true;
}

/** How long everything may take until it works again. */
const healedMs = 90_000;

/** Resolves when every process of the gateway says so. */
export async function ready({ gateway }: RealWorld): Promise<void> {
  const all = async (): Promise<boolean> => {
    const answers = await Promise.all(
      gateway.members.map((member) => member.get('/readyz').catch(() => ({ status: 0 }))),
    );
    return answers.every(({ status }) => status === 200);
  };
  await until('all processes are ready', all, healedMs);
}

/** A process of that role dies, and whoever looks after it starts it again a second later. */
function memberDies(name: string, which: number, isCut: boolean): Fault {
  return {
    name: `kill -9 of ${name}`,
    seconds: 4,
    ...(isCut && { isCut }),
    ...(which === 0 && { isSwallowed: true }),
    async strike({ gateway }) {
      const member = gateway.members[which];
      if (member === undefined) throw new Error(`no member ${which}`);
      await member.kill();
      await pause(1_000);
      await member.start();
    },
  };
}

/** A process stands still for so long that others may take it for dead. */
function stands(name: string, ms: number, pidOf: (world: RealWorld) => number, isCut = false): Fault {
  return {
    name: `SIGSTOP of ${name} for ${ms / 1_000} s`,
    seconds: ms / 1_000 + 2,
    ...(isCut && { isCut }),
    async strike(world) {
      const pid = pidOf(world);
      process.kill(pid, 'SIGSTOP');
      await pause(ms).finally(() => process.kill(pid, 'SIGCONT'));
      await ready(world);
    },
  };
}

/** Another edge has followed when it comes to itself: it ends, and stands by when it is started again. */
export const edgeIsFollowed: Fault = {
  name: 'SIGSTOP of the edge for 20 s beside one that stands by',
  seconds: 30,
  isSwallowed: true,
  async strike({ gateway }) {
    const first = gateway.member('edge');
    const second = await startStandbyEdge(gateway.config);
    try {
      const { pid, exited } = first.running;
      process.kill(pid, 'SIGSTOP');
      await pause(20_000).finally(() => process.kill(pid, 'SIGCONT'));
      let isOver = false;
      void exited.then(() => (isOver = true));
      await until('the edge that stood still has ended', () => isOver, healedMs);
      await until('the one that stood by is ready', async () => (await second.readiness()).startsWith('200'), healedMs);
      await pause(2_000);
      const back = first.start();
      await until('the first stands by', async () => (await readinessAt(first.http)).includes('standing by'), healedMs);
      await second.running.stop();
      await back;
    } finally {
      await second.running.stop();
    }
  },
};

const memberPid =
  (which: number) =>
  ({ gateway }: RealWorld): number =>
    gateway.members[which]?.running.pid ?? 0;

/** A store dies, and is started again a second later. */
function storeDies(
  name: string,
  storeOf: (world: RealWorld) => KeptServer | undefined,
  signal?: NodeJS.Signals,
): Fault {
  return {
    name: `kill -9 of ${name}`,
    seconds: 3,
    async strike(world) {
      await storeOf(world)?.kill(signal);
      await pause(1_000);
      await storeOf(world)?.restart();
      await ready(world);
    },
  };
}

/** Romeo's client goes with it. */
const xmppServerDies: Fault = {
  name: 'kill -9 of the XMPP server',
  seconds: 4,
  async strike(world, talk) {
    talk.out.hold();
    await world.prosody.kill();
    await pause(1_000);
    await world.prosody.restart();
    await ready(world);
    await talk.romeoReturns();
  },
};

/** Juliet goes with it, and is back before the gateway finds it: what Romeo says into an empty channel nobody could count. */
const ircServerDies: Fault = {
  name: 'kill -9 of the IRC server',
  seconds: 4,
  isCut: true,
  async strike({ ircd, lines }, talk) {
    if (lines === undefined) throw new Error('the gateway would find it before her');
    talk.in.hold();
    lines.irc.weather = { is: 'away' };
    await ircd.kill();
    await pause(1_000);
    await ircd.restart();
    await talk.julietReturns();
    lines.irc.weather = { is: 'fine' };
  },
};

const lateLines = (seconds: number): Fault => ({
  name: `300 ms late and 5 % lost on all lines (a stalling proxy) for ${seconds} s`,
  seconds,
  async strike({ lines }) {
    const all = [lines?.xmpp, lines?.irc, lines?.redis].flatMap((line) => line ?? []);
    for (const line of all) line.weather = { is: 'late', delayMs: 300, lost: 5, againMs: 1_000 };
    await pause(seconds * 1_000);
    for (const line of all) line.weather = { is: 'fine' };
  },
});

function lineCut(which: 'xmpp' | 'irc' | 'redis', isCut: boolean): Fault {
  return {
    name: `the line to ${which} is reset`,
    seconds: 3,
    ...(isCut && { isCut }),
    async strike(world) {
      world.lines?.[which]?.cut();
      await pause(500);
      await ready(world);
    },
  };
}

/** The other end is gone and nobody says so. */
function halfOpen(which: 'xmpp' | 'irc' | 'redis', seconds: number, isCut: boolean): Fault {
  return {
    name: `the line to ${which} is half-open`,
    seconds,
    ...(isCut && { isCut }),
    async strike(world) {
      world.lines?.[which]?.desert();
      await pause(1_000);
      await ready(world);
    },
  };
}

/** A second process with the same configuration is told what is wrong; the first does not notice. */
const startedTwice: Fault = {
  name: 'a second start of the same gateway',
  seconds: 4,
  async strike({ gateway }) {
    const { code, said } = await cli(['run', '--config', gateway.config, '--http', '127.0.0.1:0']);
    if (code === 0) throw new Error(`it went well: ${said}`);
  },
};

const privateRedisDies: Fault = {
  name: 'kill -9 of the private Redis',
  seconds: 4,
  async strike(world) {
    await world.gateway.killRedis();
    await pause(1_000);
    await ready(world);
  },
};

const diskIsFull: Fault = {
  name: 'a full disk for Redis and SQLite for 4 s',
  seconds: 6,
  async strike(world) {
    const makeRoom = fillDisk(world.gateway.data);
    await pause(4_000).finally(makeRoom);
    await ready(world);
  },
};

function clockJumps(time: FalseTime, name: string, aheadSeconds: number): Fault {
  return {
    name: `the clock jumps ${name}`,
    seconds: 3,
    async strike(world) {
      time.set(aheadSeconds);
      await pause(2_000);
      await ready(world);
    },
  };
}

/** Of one process with its own Redis and SQLite, on a disk of its own where `hasDisk`. */
export function faultsOfOne(time: FalseTime | undefined, hasDisk: boolean, isLong: boolean): readonly Fault[] {
  const still = isLong ? 30_000 : 3_000;
  return [
    memberDies('the gateway', 0, true),
    privateRedisDies,
    xmppServerDies,
    ircServerDies,
    startedTwice,
    stands('the gateway', still, memberPid(0)),
    ...(hasDisk ? [diskIsFull] : []),
    ...(time === undefined
      ? []
      : [clockJumps(time, 'an hour ahead', 3_600), clockJumps(time, 'two hours back', -3_600)]),
  ];
}

/** Of an edge and two workers with a Redis and a PostgreSQL of their own. @param isLong as an outage is, not as a test would like it */
export function faultsOfSeveral(isLong: boolean): readonly Fault[] {
  const still = isLong ? 30_000 : 11_000;
  const slow = isLong ? 30_000 : 3_000;
  return [
    memberDies('the edge', 0, false),
    memberDies('the first worker', 1, true),
    memberDies('the second worker', 2, true),
    storeDies('Redis', ({ redis }) => redis),
    // All of its processes at once: one alone that is killed leaves the others holding its memory.
    storeDies('PostgreSQL', ({ postgres }) => postgres, 'SIGQUIT'),
    xmppServerDies,
    ircServerDies,
    stands('the edge', slow, memberPid(0)),
    ...(isLong ? [edgeIsFollowed, stands('the first worker', still, memberPid(1), true)] : []),
    stands('the second worker', still, memberPid(2), true),
    stands('Redis', slow, ({ redis }) => redis?.running.pid ?? 0),
    stands('the XMPP server', slow, ({ prosody }) => prosody.running.pid),
    stands('the IRC server', slow, ({ ircd }) => ircd.running?.pid ?? 0),
    lineCut('xmpp', false),
    lineCut('irc', true),
    lineCut('redis', false),
    halfOpen('xmpp', 10, false),
    // It takes fifteen seconds until that is believed.
    ...(isLong ? [halfOpen('redis', 25, false)] : []),
    lateLines(isLong ? 60 : 4),
  ];
}

/** A master dies, and its replica follows when the others have agreed on that; what was killed is a replica when it is back. */
const clusterMasterDies: Fault = {
  name: 'kill -9 of a master of the Redis Cluster, which its replica follows',
  seconds: 12,
  async strike(world) {
    const { cluster } = world;
    if (cluster === undefined) throw new Error('there is no cluster');
    const owner = await cluster.ownerOf(0);
    await owner.server.kill();
    await until('its replica has its slots', async () => (await cluster.ownerOf(0)) !== owner, healedMs);
    await owner.server.restart();
    const follows = async (): Promise<boolean> =>
      (await owner.client.info('replication')).includes('master_link_status:up');
    await until('it follows', follows, healedMs);
    await ready(world);
  },
};

/** One of them has whoever is talking. */
const workersDie: Fault = {
  name: 'kill -9 of each worker, one after the other',
  seconds: 8,
  isCut: true,
  async strike(world, talk) {
    for (const which of [1, 2]) await memberDies('', which, true).strike(world, talk);
  },
};

/** Of an edge and two workers over a Redis Cluster. @param isLong not as short as it can be */
export const faultsOfCluster = (isLong: boolean): readonly Fault[] => [
  workersDie,
  ...(isLong ? [memberDies('the edge', 0, false), clusterMasterDies] : []),
];
