/** What must be true, as simply as it can be said: who may own the account, and what was accepted for it. It knows nothing of Redis, lanes or time. */
import type { DeliveryKey } from '../../../../src/core/ids.ts';

export interface OracleWorker {
  mood: 'runs' | 'stopped' | 'dead';
  /** One that is started again under its name is somebody else. */
  life: number;
  /** Others can see that it lives. */
  shows: boolean;
  /** It holds a lease, as far as it knows. */
  believes: boolean;
}

export interface Message {
  readonly chat: string;
  /** What its sender called it. */
  readonly id: string;
  readonly key: DeliveryKey;
}

export interface Oracle {
  readonly workers: Map<string, OracleWorker>;
  /** Who was given the lease last and has not given it back. */
  holder: { readonly name: string; readonly life: number } | undefined;
  /** Of the newest lease. */
  fence: number;
  /** In order of acceptance. */
  readonly accepted: Message[];
  /** How many ids senders have used up. */
  ids: number;
}

export const createOracle = (names: readonly string[]): Oracle => ({
  workers: new Map(names.map((name) => [name, { mood: 'dead', life: 0, shows: false, believes: false }])),
  holder: undefined,
  fence: 0,
  accepted: [],
  ids: 0,
});

/** Can that worker have the lease now? Not where it has it, and not from somebody who shows life. */
export function mayAcquire({ holder, workers }: Oracle, name: string): boolean {
  if (workers.get(name)?.believes === true) return false;
  if (holder === undefined) return true;
  const its = workers.get(holder.name);
  return its === undefined || its.life !== holder.life || !its.shows;
}

/** Is it that worker, in that life, who has the lease? */
export function holds({ holder, workers }: Oracle, name: string): boolean {
  return holder?.name === name && holder.life === workers.get(name)?.life;
}
