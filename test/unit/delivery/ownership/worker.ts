/** A worker of the ownership model: the gateway's own lanes, leases and outbox over a real Redis, in a process that can be stopped, resumed and killed. */
import { GatewayError } from '../../../../src/core/errors.ts';
import type { AccountId, DeliveryKey } from '../../../../src/core/ids.ts';
import { createLanes, type Lanes, type Outcome, type Taken } from '../../../../src/delivery/lanes.ts';
import { type Lease, type Offered, type OutboxStore, StaleFence } from '../../../../src/storage/ports.ts';
import type { RedisLink } from '../../../../src/storage/redis/connect.ts';
import { createLeases } from '../../../../src/storage/redis/leases.ts';
import { createOutboxStore } from '../../../../src/storage/redis/outbox.ts';
import { createWorkers } from '../../../../src/storage/redis/workers.ts';
import { createManualClock, type ManualClock } from '../../../harness/manual-clock.ts';
import { silentLog } from '../../../harness/silent-log.ts';
import { createGate, type Gate } from './gate.ts';
import type { ModelNetwork } from './network.ts';

export interface WorkerParts {
  readonly name: string;
  readonly account: AccountId;
  readonly link: RedisLink;
  readonly network: ModelNetwork;
  readonly limits: { readonly concurrency: number; readonly window: number };
  readonly saw: Sightings;
}

/** Told of everything where a rule is at stake. */
export interface Sightings {
  /** The outbox let go of these for a worker with that fence. */
  settled(keys: readonly DeliveryKey[], fence: number): void;
  /** The outbox refused a worker with that fence. */
  stale(fence: number): void;
  failed(key: DeliveryKey): void;
  wrote(key: DeliveryKey, fence: number): void;
}

/** A worker has one account here, and one connection to the network for it. */
export interface ModelWorker {
  readonly name: string;
  readonly gate: Gate;
  readonly clock: ManualClock;
  /** The fence under which it believes to own the account. */
  readonly fence: number | undefined;
  /** Written and not yet heard. */
  readonly lines: readonly DeliveryKey[];
  /** As the runner does it: the lease, then lanes under its fence. False: somebody else has it. */
  acquire(): Promise<boolean>;
  /** Drains and gives the lease back; what was written is heard, and its answers are lost with the connection. False: there was none to give back. */
  release(): Promise<boolean>;
  /** What an edge tells it: an entry that was accepted, or only that there is one. */
  told(entry?: Offered): void;
  poke(): void;
  /** The network hears the first lines and answers. */
  answer(count: number): void;
  /** The network refuses the first line, and nobody there gets to see it. */
  refuse(): void;
  /** The connection breaks: the first lines are heard, no answer comes. */
  disconnect(heard: number): void;
}

type Fate = 'heard' | 'refused' | 'unknown';

interface Line {
  readonly taken: Taken;
  answer(fate: Fate): void;
}

interface Ownership {
  readonly lease: Lease;
  readonly lanes: Lanes;
  readonly end: AbortController;
}

const errors = { refused: 'not-allowed-there', unknown: 'network-away' } as const;

/** Starts one: its sign of life is up when this resolves. */
export async function startWorker({ name, account, link, network, limits, saw }: WorkerParts): Promise<ModelWorker> {
  const gate = createGate();
  const clock = createManualClock(Date.now());
  const sign = await createWorkers(link, { self: name, clock, log: silentLog });
  const leases = createLeases(link, sign, silentLog);
  const store = throughGate(createOutboxStore(link, clock), gate, saw);
  let owns: Ownership | undefined;
  let lines: Line[] = [];
  let isDown = false;

  function execute(taken: Taken, { fence }: Lease, signal: AbortSignal): Promise<Outcome> {
    if (taken.attempt > 1 && network.knows(taken.key)) return Promise.resolve({ is: 'done', result: 'known' });
    return new Promise((resolve, reject) => {
      const end = (fate: Fate): void => {
        if (fate === 'heard') resolve({ is: 'done', result: 'heard' });
        else reject(new GatewayError(errors[fate]));
      };
      if (signal.aborted || isDown) return end('unknown');
      saw.wrote(taken.key, fence);
      lines.push({ taken, answer: (fate) => gate.pass(() => end(fate)) });
    });
  }

  /** The bridge's law: what is started before the news of a failure has come through fails like it. */
  function goDown(): void {
    isDown = true;
    setImmediate(() => {
      isDown = false;
    });
  }

  function disconnect(heard: number): void {
    const cut = lines;
    lines = [];
    for (const { taken } of cut.slice(0, heard)) network.hears(taken);
    gate.pass(goDown);
    for (const line of cut) line.answer('unknown');
  }

  function lose(): void {
    owns?.end.abort();
    owns = undefined;
    disconnect(0);
  }

  function run(lease: Lease): Lanes {
    const end = new AbortController();
    lease.lost.addEventListener('abort', () => gate.pass(lose), { once: true });
    const lanes: Lanes = createLanes({
      account,
      fence: lease.fence,
      store,
      execute: (taken) => execute(taken, lease, end.signal),
      limits: () => limits,
      clock,
      wake: async (chat, afterMs) => void clock.after(afterMs, () => lanes.poke(chat)),
      onFailed: ({ key }) => saw.failed(key),
      onLost: lose,
      log: silentLog,
      signal: end.signal,
    });
    owns = { lease, lanes, end };
    return lanes;
  }

  return {
    name,
    gate,
    clock,
    get fence() {
      return owns?.lease.fence;
    },
    get lines() {
      return lines.map(({ taken }) => taken.key);
    },
    async acquire() {
      const lease = await leases.acquire(account);
      if (lease === undefined) return false;
      run(lease).poke();
      return true;
    },
    async release() {
      const had = owns;
      if (had === undefined) return false;
      const closed = had.lanes.close();
      disconnect(lines.length);
      await closed;
      if (owns !== had) return false;
      lose();
      await had.lease.release();
      return true;
    },
    told: (entry) => gate.pass(() => (entry === undefined ? owns?.lanes.poke() : owns?.lanes.offer(entry))),
    poke: () => owns?.lanes.poke(),
    answer(count) {
      for (const line of lines.splice(0, count)) {
        network.hears(line.taken);
        line.answer('heard');
      }
    },
    refuse() {
      for (const line of lines.splice(0, 1)) {
        network.refuses(line.taken);
        line.answer('refused');
      }
    },
    disconnect,
  };
}

function throughGate(store: OutboxStore, gate: Gate, saw: Sightings): OutboxStore {
  return {
    ...store,
    after: (account, key, max) => gate.through(() => store.after(account, key, max)),
    settle: (account, fence, settled) =>
      gate.through(async () => {
        try {
          await store.settle(account, fence, settled);
        } catch (error) {
          if (error instanceof StaleFence) saw.stale(fence);
          throw error;
        }
        const keys = settled.map(({ key }) => key);
        saw.settled(keys, fence);
      }),
  };
}
