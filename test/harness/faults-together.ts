/** What goes wrong at once, or while something else is being mended, around an edge and two workers with a Redis and a PostgreSQL of their own. As long as outages are. */
import { execFileSync } from 'node:child_process';
import { type Fault, ready } from './faults.ts';
import type { Member } from './gateway.ts';
import { pause } from './process.ts';
import type { RealWorld } from './world.ts';

interface Parts {
  readonly edge: Member;
  readonly workers: readonly [Member, Member];
  readonly redis: NonNullable<RealWorld['redis']>;
  readonly postgres: NonNullable<RealWorld['postgres']>;
}

function partsOf({ gateway: { members }, redis, postgres }: RealWorld): Parts {
  const [edge, one, other] = members;
  if (edge === undefined || one === undefined || other === undefined || redis === undefined || postgres === undefined)
    throw new Error('an edge, two workers, a Redis and a PostgreSQL are needed');
  return { edge, workers: [one, other], redis, postgres };
}

/** The same for all of them, until they are continued. */
function halt(pids: readonly number[]): () => void {
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  return () => {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  };
}

async function haltFor(pids: readonly number[], ms: number): Promise<void> {
  const goOn = halt(pids);
  await pause(ms).finally(goOn);
}

/** With all its children: one alone that stands leaves the others serving. */
function postgresPids({ running: { pid } }: Parts['postgres']): readonly number[] {
  const children = execFileSync('pgrep', ['-P', `${pid}`], { encoding: 'utf8' })
    .trim()
    .split('\n');
  return [pid, ...children.map(Number)];
}

/** One of the workers has whoever is talking. */
function together(
  name: string,
  seconds: number,
  deed: (parts: Parts, world: RealWorld) => Promise<unknown>,
  isSwallowed = false,
): Fault {
  return {
    name,
    seconds,
    isCut: true,
    ...(isSwallowed && { isSwallowed }),
    async strike(world) {
      await deed(partsOf(world), world);
      await ready(world);
    },
  };
}

const kill = (members: readonly Member[]): Promise<unknown> => Promise.all(members.map((member) => member.kill()));
const start = (members: readonly Member[]): Promise<unknown> => Promise.all(members.map((member) => member.start()));

/** Each ends with everything running. */
export const faultsTogether: readonly Fault[] = [
  together('kill -9 of both workers while Redis is started again', 6, async ({ workers, redis }) => {
    await redis.kill();
    await kill(workers);
    const back = start(workers);
    await pause(500);
    await redis.restart();
    await back;
  }),
  ...[0, 1].map((which) =>
    together(
      `kill -9 of the edge while worker ${which + 1} hands over`,
      6,
      async ({ edge, workers }) => {
        const worker = workers[which] ?? workers[0];
        const stopped = worker.stop();
        await pause(30);
        await edge.kill();
        await stopped;
        await start([edge, worker]);
      },
      true,
    ),
  ),
  together(
    'the power fails: everything but the servers of others',
    8,
    async ({ edge, workers, redis, postgres }) => {
      await Promise.all([kill([edge, ...workers]), redis.kill(), postgres.kill('SIGQUIT')]);
      await Promise.all([redis.restart(), postgres.restart()]);
      await start([edge, ...workers]);
    },
    true,
  ),
  together('SIGSTOP of both workers for 40 s', 42, ({ workers }) =>
    haltFor(
      workers.map(({ running }) => running.pid),
      40_000,
    ),
  ),
  together('SIGSTOP of all processes for 40 s', 42, ({ edge, workers }) =>
    haltFor(
      [edge, ...workers].map(({ running }) => running.pid),
      40_000,
    ),
  ),
  ...[0, 1].map((which) =>
    together(`SIGSTOP of worker ${which + 1} for 20 s while Redis is started again`, 22, async ({ workers, redis }) => {
      const goOn = halt([workers[which]?.running.pid ?? 0]);
      try {
        await pause(8_000);
        await redis.restart();
        await pause(11_000);
      } finally {
        goOn();
      }
    }),
  ),
  together('kill -9 of both workers while the memory of Redis is full', 8, async ({ workers, redis }) => {
    redis.limit(1);
    await kill(workers);
    const back = start(workers);
    await pause(4_000);
    redis.limit(0);
    await back;
  }),
  together('kill -9 of both workers behind the loss of the end of the file of Redis', 8, async ({ workers, redis }) => {
    await redis.kill();
    redis.loseEnd(50_000);
    await redis.restart();
    await kill(workers);
    await start(workers);
  }),
  together('SIGSTOP of PostgreSQL for 25 s, and kill -9 of both workers', 40, async ({ workers, postgres }) => {
    const goOn = halt(postgresPids(postgres));
    const [one, other] = workers;
    try {
      await one.kill();
      await pause(24_000);
    } finally {
      goOn();
    }
    await one.start();
    await other.kill();
    await other.start();
  }),
];
