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
      // Each try begins with this question; there is no answer any more once all is over. The first two tries are made at once.
      manager.options.retrieveSessionInfo = (shard) => {
        const before = tries.get(shard) ?? 0;
        tries.set(shard, before + 1);
        if (before < 2) return isOver ? never : retrieveSessionInfo(shard);
        const { promise, resolve } = Promise.withResolvers<unknown>();
        clock.after(backoffMs(before - 1, backoff), () => resolve(isOver ? never : retrieveSessionInfo(shard)));
        return promise;
      };
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
