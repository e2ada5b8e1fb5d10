/**
 * How a connection of discord.js is ended. Ended while it is being made, the library's socket throws where nobody can catch it; ended between two tries, it
 * goes on trying for ever. So nothing is begun any more from the end on, and what has begun is ended when it is made.
 */
import type { Client } from 'discord.js';
import type { Clock } from '#bridge';

/** The library's sockets, one a shard. */
export interface Sockets {
  readonly options: { retrieveSessionInfo(shard: number): unknown };
  fetchStatus(): PromiseLike<ReadonlyMap<number, number>> | ReadonlyMap<number, number>;
}

export interface Ending {
  /** These are the sockets that will have to be ended. */
  watch(sockets: Sockets): void;
  /** Resolves when it is over, or will be without us. */
  end(client: Pick<Client, 'destroy'>): Promise<void>;
}

const connecting = 1;
const lookMs = 50;
/** The library itself gives up a handshake after thirty seconds. */
const looks = 800;

/** For one client. */
export function createEnding(clock: Pick<Clock, 'after'>): Ending {
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
      // Each try begins with this question; there is no answer any more.
      manager.options.retrieveSessionInfo = (shard) =>
        isOver ? new Promise(() => undefined) : retrieveSessionInfo(shard);
    },
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
