/** A store in memory and lanes over it, whose attempts end as a test says. */
import { accountId, type DeliveryKey } from '../../../src/core/ids.ts';
import { createLanes, type LaneOptions, type Lanes, type Outcome, type Taken } from '../../../src/delivery/lanes.ts';
import type { OutboxEntry, OutboxStore, Settled } from '../../../src/storage/ports.ts';
import { createManualClock, settle } from '../../harness/manual-clock.ts';
import { createMemoryStores } from '../../harness/memory-stores.ts';
import { silentLog } from '../../harness/silent-log.ts';
import { origin, send } from './entries.ts';

export const account = accountId('a');

/** Nothing is read or tried before `make`. */
export function scene(options: Partial<LaneOptions> = {}) {
  const clock = createManualClock();
  const memory = createMemoryStores(clock).outbox;
  const settled: Settled[] = [];
  const store: OutboxStore = {
    ...memory,
    async settle(id, fence, list) {
      await memory.settle(id, fence, list);
      settled.push(...list);
    },
  };
  const tries: Taken[] = [];
  const ends: ((outcome: Outcome | Error) => void)[] = [];
  const failures: [DeliveryKey, string][] = [];
  const wakes: [string, number][] = [];
  const ended = new AbortController();
  const lost: string[] = [];
  const idle: true[] = [];
  let count = 0;
  const make = (more: Partial<LaneOptions> = {}): Lanes =>
    createLanes({
      account,
      fence: 1,
      store,
      clock,
      log: silentLog,
      signal: ended.signal,
      limits: () => ({ concurrency: 2, window: 1 }),
      execute: (taken) =>
        new Promise((resolve, reject) => {
          tries.push(taken);
          ends.push((outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome)));
        }),
      wake: async (chat, afterMs) => void wakes.push([chat, afterMs]),
      onFailed: (entry, error) => failures.push([entry.key, error.code]),
      onLost: () => lost.push('lost'),
      onIdle: () => idle.push(true),
      ...options,
      ...more,
    });
  async function append(chat = '#a', at = clock.now(), intent = send(chat, 'text')): Promise<OutboxEntry> {
    const entry = { intent, origin: origin(`s${count++}`, at) };
    const appended = await memory.append(account, entry, undefined, { account: 10_000 });
    if (appended.is !== 'new') throw new Error('not new');
    return { key: appended.key, ...entry };
  }
  const end = async (index: number, outcome: Outcome | Error): Promise<void> => {
    ends[index]?.(outcome);
    await settle();
    await settle();
  };
  return { clock, memory, store, settled, tries, failures, wakes, ended, lost, idle, make, append, end };
}

/** Lanes that have read what there was. */
export async function started(it: ReturnType<typeof scene>, more: Partial<LaneOptions> = {}): Promise<Lanes> {
  const lanes = it.make(more);
  lanes.poke();
  await settle();
  return lanes;
}

/** An attempt that went well. */
export const done: Outcome = { is: 'done', result: 'ok' };
/** The chats of all attempts, in their order. */
export const chats = (it: ReturnType<typeof scene>): string[] => it.tries.map((taken) => taken.intent.chat);
