/** Everything that can happen to workers that share one account, as commands for fast-check: when it can happen, what is done, and what must be true then. */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Offered } from '../../../../src/storage/ports.ts';
import type { Cluster } from './cluster.ts';
import { holds, mayAcquire, type Oracle, type OracleWorker } from './oracle.ts';

type Command = fc.AsyncCommand<Oracle, Cluster>;
type Act = (cluster: Cluster, worker: OracleWorker, oracle: Oracle) => Promise<void>;

/** What holds at every moment. */
async function compare(oracle: Oracle, cluster: Cluster): Promise<void> {
  expect(cluster.faults).toEqual([]);
  expect(await cluster.size()).toBe(oracle.accepted.length - cluster.ends.size);
  for (const key of cluster.network.twice.keys()) expect(cluster.strays).toContain(key);
  for (const [name, { mood, believes }] of oracle.workers)
    if (mood === 'runs' && !believes) expect(cluster.worker(name).fence).toBeUndefined();
}

/** A command on a worker in a mood that allows it. */
function onWorker(what: string, name: string, can: (worker: OracleWorker) => boolean, act: Act): Command {
  const its = (oracle: Oracle): OracleWorker => {
    const worker = oracle.workers.get(name);
    if (worker === undefined) throw new Error(`no worker ${name}`);
    return worker;
  };
  return {
    check: (oracle) => can(its(oracle)),
    async run(oracle, cluster) {
      await act(cluster, its(oracle), oracle);
      await cluster.quiet();
      await compare(oracle, cluster);
    },
    toString: () => `${what} ${name}`,
  };
}

const runs = ({ mood }: OracleWorker): boolean => mood === 'runs';
const isThere = ({ mood }: OracleWorker): boolean => mood !== 'dead';

async function startOne(name: string, cluster: Cluster, worker: OracleWorker): Promise<void> {
  await cluster.start(name);
  Object.assign(worker, { mood: 'runs', life: worker.life + 1, shows: true, believes: false });
}

async function acquireOne(name: string, cluster: Cluster, worker: OracleWorker, oracle: Oracle): Promise<void> {
  const may = mayAcquire(oracle, name);
  expect(await cluster.worker(name).acquire()).toBe(may);
  if (!may) return;
  oracle.holder = { name, life: worker.life };
  worker.believes = true;
  cluster.owned(name, cluster.worker(name).fence ?? 0);
}

const start = (name: string): Command =>
  onWorker(
    'start',
    name,
    ({ mood }) => mood === 'dead',
    (cluster, worker) => startOne(name, cluster, worker),
  );

const acquire = (name: string): Command =>
  onWorker('acquire', name, runs, (cluster, worker, oracle) => acquireOne(name, cluster, worker, oracle));

/** The owner is stopped for so long that it is taken for dead, and that one takes over: what chance alone brings about too seldom. */
const supplant = (name: string): Command =>
  onWorker('supplant by', name, runs, async (cluster, worker, oracle) => {
    const owner = oracle.workers.get(oracle.holder?.name ?? '');
    if (owner === undefined || owner === worker || oracle.holder === undefined) return;
    if (owner.mood === 'runs') {
      cluster.worker(oracle.holder.name).gate.shut();
      owner.mood = 'stopped';
    }
    await cluster.expire(oracle.holder.name);
    owner.shows = false;
    await acquireOne(name, cluster, worker, oracle);
  });

const release = (name: string): Command =>
  onWorker('release', name, runs, async (cluster, worker, oracle) => {
    if (!(await cluster.worker(name).release())) return;
    worker.believes = false;
    if (holds(oracle, name)) oracle.holder = undefined;
  });

const kill = (name: string, heard: number): Command =>
  onWorker(`kill (${heard} heard)`, name, isThere, async (cluster, worker) => {
    cluster.kill(name, heard);
    Object.assign(worker, { mood: 'dead', believes: false });
  });

const stop = (name: string): Command =>
  onWorker('stop', name, runs, async (cluster, worker) => {
    cluster.worker(name).gate.shut();
    worker.mood = 'stopped';
  });

const resume = (name: string): Command =>
  onWorker(
    'resume',
    name,
    ({ mood }) => mood === 'stopped',
    async (cluster, worker) => {
      cluster.worker(name).gate.open();
      worker.mood = 'runs';
    },
  );

const expire = (name: string): Command =>
  onWorker(
    'expire',
    name,
    ({ mood, shows }) => mood !== 'runs' && shows,
    async (cluster, worker) => {
      await cluster.expire(name);
      worker.shows = false;
    },
  );

/** It renews its sign of life; where that had expired it looks for its lease. What waits comes to its time. */
const time = (name: string, ms: number): Command =>
  onWorker(`time ${ms}`, name, runs, async (cluster, worker, oracle) => {
    await cluster.worker(name).clock.advance(ms);
    await cluster.looked();
    if (!worker.shows && !holds(oracle, name)) worker.believes = false;
    worker.shows = true;
  });

const answer = (name: string, count: number): Command =>
  onWorker(`answer ${count}`, name, isThere, async (cluster) => cluster.worker(name).answer(count));

const refuse = (name: string): Command =>
  onWorker('refuse', name, isThere, async (cluster) => cluster.worker(name).refuse());

const disconnect = (name: string, heard: number): Command =>
  onWorker(`disconnect (${heard} heard)`, name, isThere, async (cluster) => cluster.worker(name).disconnect(heard));

/** What an edge tells the owner of what it has accepted; a lost word of it is made up for by the next. */
type Word = 'the entry' | 'to look' | 'nothing';

function tell(cluster: Cluster, { holder }: Oracle, word: Word, entry: Offered): void {
  if (holder === undefined || word === 'nothing') return;
  cluster.worker(holder.name).told(word === 'the entry' ? entry : undefined);
}

/** @param id as its sender calls it; one that was used before is the same message again */
async function say(oracle: Oracle, cluster: Cluster, chat: string, id: string, word: Word): Promise<void> {
  const before = oracle.accepted.findLast((message) => message.id === id);
  const end = before === undefined ? undefined : cluster.ends.get(before.key);
  const isFull = (await cluster.size()) >= cluster.cap;
  const { appended, entry } = await cluster.append(chat, id);
  if (before !== undefined && end === undefined) return expect(appended).toEqual({ is: 'again' });
  // Heard from an owner of yesterday, and refused to the next: its sender was told so, and it is another message then.
  const wasRefused = before !== undefined && cluster.network.refused.has(before.key);
  if (end === 'heard' && (appended.is === 'again' || !wasRefused))
    return expect(appended).toEqual({ is: 'again', result: expect.stringMatching(/heard|known/) });
  expect(appended.is).toBe(isFull ? 'full' : 'new');
  if (appended.is !== 'new') return;
  oracle.accepted.push({ chat, id, key: appended.key });
  tell(cluster, oracle, word, { key: appended.key, behind: appended.behind, ...entry });
}

const append = (chat: string, word: Word): Command => ({
  check: () => true,
  async run(oracle, cluster) {
    await say(oracle, cluster, chat, `${oracle.ids++}`, word);
    await cluster.quiet();
    await compare(oracle, cluster);
  },
  toString: () => `append ${chat}, told ${word}`,
});

/** A client sends again what it has not seen come back. */
const repeat = (which: number): Command => ({
  check: ({ accepted }) => accepted.length > 0,
  async run(oracle, cluster) {
    const message = oracle.accepted[which % oracle.accepted.length];
    if (message === undefined) return;
    await say(oracle, cluster, message.chat, message.id, 'the entry');
    await cluster.quiet();
    await compare(oracle, cluster);
  },
  toString: () => `repeat ${which}`,
});

/** Everything that can happen, over these workers and chats. */
export function anyCommands(names: readonly string[], chats: readonly string[]): fc.Arbitrary<Command>[] {
  const name = fc.constantFrom(...names);
  const few = fc.nat(4);
  const word = fc.constantFrom<Word>('the entry', 'the entry', 'to look', 'nothing');
  const appends = fc.tuple(fc.constantFrom(...chats), word).map(([chat, how]) => append(chat, how));
  const answers = fc.tuple(name, few).map(([one, count]) => answer(one, count + 1));
  const acquires = name.map(acquire);
  return [
    ...[appends, appends, answers, answers, acquires, acquires],
    name.map(supplant),
    fc.nat(20).map(repeat),
    name.map(start),
    name.map(release),
    fc.tuple(name, few).map(([one, heard]) => kill(one, heard)),
    name.map(stop),
    name.map(resume),
    name.map(resume),
    name.map(expire),
    fc.tuple(name, fc.constantFrom(4_000, 400_000)).map(([one, ms]) => time(one, ms)),
    name.map(refuse),
    fc.tuple(name, few).map(([one, heard]) => disconnect(one, heard)),
  ];
}
