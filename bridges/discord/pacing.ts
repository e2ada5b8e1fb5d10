/**
 * How the connections of discord.js are begun and ended. The library tries twice a second for as long as Discord is away: here each try waits longer than the
 * last. Ended while it is being made, its socket throws where nobody can catch it; ended between two tries, it goes on trying for ever. So nothing is begun
 * any more from the end on, and what has begun is ended when it is made.
 */
import type { Client } from 'discord.js';
import { type Backoff, backoffMs, type Clock } from '#bridge';

/** The library's sockets, one a shard. */
export interface Sockets {
  readonly options: { retrieveSessionInfo(shard: number): unknown };
  fetchStatus(): PromiseLike<ReadonlyMap<number, number>> | ReadonlyMap<number, number>;
}

export interface Pacing {
  /** These are the sockets that are begun and will have to be ended. */
  watch(sockets: Sockets): void;
  /** That shard's connection has ended, or came to nothing: it is tried again. */
  down(shard: number): void;
  /** That shard is there: the next try is a first one again. */
  up(shard: number): void;
  /** Resolves when it is over, or will be without us. */
  end(client: Pick<Client, 'destroy'>): Promise<void>;
}

const connecting = 1;
const lookMs = 50;
/** The library itself gives up a handshake after thirty seconds. */
const looks = 800;

const backoff: Backoff = { firstMs: 1_000, maxMs: 120_000 };

/** For one client. */
export function createPacing(clock: Pick<Clock, 'after'>): Pacing {
  const tries = new Map<number, number>();
  /** Shards whose connection has ended, or came to nothing. */
  const ended = new Set<number>();
  const never = new Promise<never>(() => undefined);
  let sockets: Sockets | undefined;
  let isOver = false;

  async function isConnecting(): Promise<boolean> {
    const all = await sockets?.fetchStatus();
    return [...(all?.values() ?? [])].some((status) => status === connecting);
  }

  return {
    watch(manager) {
      sockets = manager;
      const { retrieveSessionInfo } = manager.options;
      // Each try begins with this question, and so does each event that is taken: the first behind an end is a try. There is no answer once all is over.
      manager.options.retrieveSessionInfo = (shard) => {
        const count = tries.get(shard) ?? 0;
        if (!ended.delete(shard) || count < 2) return isOver ? never : retrieveSessionInfo(shard);
        const { promise, resolve } = Promise.withResolvers<unknown>();
        clock.after(backoffMs(count - 1, backoff), () => resolve(isOver ? never : retrieveSessionInfo(shard)));
        return promise;
      };
    },
    down(shard) {
      ended.add(shard);
      tries.set(shard, (tries.get(shard) ?? 0) + 1);
    },
    up: (shard) => void tries.delete(shard),
    async end(client) {
      isOver = true;
      if (!(await isConnecting())) return client.destroy();
      const look = async (left: number): Promise<void> => {
        if (left > 0 && (await isConnecting())) clock.after(lookMs, () => void look(left - 1).catch(() => undefined));
        else await client.destroy();
      };
      await look(looks);
    },
  };
}
