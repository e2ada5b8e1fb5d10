/** The system under test: workers, the outbox in a real Redis that they share, one network, and a list of the rules that were seen broken. */
import type { AccountId, DeliveryKey } from '../../../../src/core/ids.ts';
import { markOf } from '../../../../src/delivery/outbox.ts';
import { systemClock } from '../../../../src/ops/clock.ts';
import type { Appended, OutboxEntry } from '../../../../src/storage/ports.ts';
import type { RedisLink } from '../../../../src/storage/redis/connect.ts';
import { accountKeys, lifeOf } from '../../../../src/storage/redis/keys.ts';
import { createOutboxStore } from '../../../../src/storage/redis/outbox.ts';
import { origin, send } from '../entries.ts';
import { createModelNetwork, type ModelNetwork } from './network.ts';
import { type ModelWorker, type Sightings, startWorker } from './worker.ts';

export interface ClusterOptions {
  readonly link: RedisLink;
  readonly account: AccountId;
  readonly limits: { readonly concurrency: number; readonly window: number };
  /** Entries that the account's outbox takes. */
  readonly cap: number;
}

export interface Cluster {
  readonly cap: number;
  readonly network: ModelNetwork;
  /** The one of that name that was started last. */
  worker(name: string): ModelWorker;
  start(name: string): Promise<void>;
  /** Its process and its connection are gone; the network still hears so many of the lines on their way. */
  kill(name: string, heard: number): void;
  /** Its sign of life is too old. */
  expire(name: string): Promise<void>;
  /** That worker has the newest lease: what others have written and the network has not heard may be heard twice. */
  owned(name: string, fence: number): void;
  /** What an edge does with a message. */
  append(chat: string, id: string): Promise<{ readonly appended: Appended; readonly entry: Omit<OutboxEntry, 'key'> }>;
  /** Resolves when nothing moves any more unless something happens. */
  quiet(): Promise<void>;
  /** The same, and whoever has looked after its lease knows whether it is still its own: that is asked with others' questions, which gather for a moment. */
  looked(): Promise<void>;
  size(): Promise<number>;
  /** Rules that were broken. */
  readonly faults: readonly string[];
  /** How each left the outbox: heard, or given up. */
  readonly ends: ReadonlyMap<DeliveryKey, 'heard' | 'failed'>;
  /** Keys that an owner of yesterday wrote: the only ones that may be heard twice. */
  readonly strays: ReadonlySet<DeliveryKey>;
}

/** A request, its answer and what is done then may take so many turns; in a cluster several of them to several nodes come of one another. */
const turns = { oneRedis: 3, cluster: 8 };

export function createCluster({ link, account, limits, cap }: ClusterOptions): Cluster {
  const network = createModelNetwork();
  const store = createOutboxStore(link, systemClock);
  const workers = new Map<string, ModelWorker>();
  const rules = createRules(network);

  const worker = (name: string): ModelWorker => {
    const one = workers.get(name);
    if (one === undefined) throw new Error(`no worker ${name}`);
    return one;
  };

  /** Whatever was asked before of the nodes that have the processes and the account is answered. */
  async function asked(): Promise<void> {
    await link.redis.exists(link.names.workers);
    await link.batch.ask({ command: ['exists', accountKeys(account).lease] }, { behind: 'journals' });
  }

  async function quiet(): Promise<void> {
    for (let still = 0; still < turns[link.isCluster ? 'cluster' : 'oneRedis']; ) {
      if (link.isCluster) await asked();
      else await link.redis.ping();
      await new Promise((resolve) => setImmediate(resolve));
      still = [...workers.values()].every(({ gate }) => gate.busy === 0) ? still + 1 : 0;
    }
  }

  return {
    ...rules,
    cap,
    network,
    worker,
    quiet,
    async looked() {
      await quiet();
      await asked();
    },
    async start(name) {
      workers.set(name, await startWorker({ name, account, link, network, limits, saw: rules.saw }));
    },
    kill(name, heard) {
      worker(name).gate.shut();
      worker(name).disconnect(heard);
    },
    async expire(name) {
      await link.redis.del(lifeOf(link.names, name));
    },
    owned(name, fence) {
      const others = [...workers.values()].filter((one) => one.name !== name);
      rules.owned(
        fence,
        others.flatMap(({ lines }) => lines),
      );
    },
    async append(chat, id) {
      const entry = { intent: send(chat, id), origin: origin(id, Date.now()) };
      const mark = markOf(entry.intent, entry.origin);
      return { appended: await store.append(account, entry, mark, { account: cap }), entry };
    },
    size: () => store.size(account),
  };
}

function createRules(network: ModelNetwork) {
  const faults: string[] = [];
  const failed = new Set<DeliveryKey>();
  const ends = new Map<DeliveryKey, 'heard' | 'failed'>();
  const strays = new Set<DeliveryKey>();
  let newest = 0;

  const saw: Sightings = {
    settled(keys, fence) {
      if (fence !== newest) faults.push('an owner of yesterday settled');
      for (const key of keys) {
        const heard = network.knows(key);
        if (ends.has(key)) faults.push(`${key} was settled twice`);
        if (!heard && !failed.has(key)) faults.push(`${key} was settled, and neither heard nor given up`);
        ends.set(key, heard ? 'heard' : 'failed');
      }
    },
    stale(fence) {
      if (fence === newest) faults.push('the owner was refused');
    },
    failed: (key) => void failed.add(key),
    wrote(key, fence) {
      if (fence !== newest) strays.add(key);
      else if (ends.has(key)) faults.push(`${key} was written after its end`);
    },
  };

  function owned(fence: number, written: readonly DeliveryKey[]): void {
    if (fence <= newest) faults.push('a fence did not grow');
    newest = fence;
    for (const key of written) strays.add(key);
  }

  return { saw, owned, faults, ends, strays };
}
