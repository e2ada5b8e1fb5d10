/** The stores in memory, for scenarios: the same promises as Redis' (one conformance suite runs against both), but for the end of the process. */
import type { Clock } from '../../src/bridge/contract.ts';
import { type AccountId, type DeliveryKey, deliveryKey } from '../../src/core/ids.ts';
import {
  type Appended,
  type DeadLetter,
  type JournalStore,
  type Leases,
  type OutboxEntry,
  type OutboxStore,
  StaleFence,
} from '../../src/storage/ports.ts';

interface Box {
  readonly entries: Map<DeliveryKey, OutboxEntry>;
  readonly marks: Map<string, { readonly key: DeliveryKey; result?: string }>;
  readonly dead: Map<DeliveryKey, DeadLetter>;
}

interface Held {
  readonly worker: string;
  readonly lost: AbortController;
}

/** What the processes of one test share. */
export interface Memory {
  readonly outbox: OutboxStore;
  readonly journal: JournalStore;
  /** The leases of one worker. */
  leases(worker: string): Leases;
  /** That worker is dead and its time is up: its leases are anybody's. */
  expire(worker: string): void;
}

export function createMemoryStores(clock: Pick<Clock, 'now'>): Memory {
  const fences = new Map<AccountId, number>();
  const held = new Map<AccountId, Held>();
  const erased = new Set<string>();
  return {
    outbox: createOutbox(clock, fences),
    journal: createJournal(),
    leases: (worker) => createLeases(worker, fences, held, erased),
    expire(worker) {
      for (const [account, lease] of held) {
        if (lease.worker !== worker) continue;
        held.delete(account);
        lease.lost.abort(new StaleFence());
      }
    },
  };
}

function createOutbox(clock: Pick<Clock, 'now'>, fences: ReadonlyMap<AccountId, number>): OutboxStore {
  const boxes = new Map<AccountId, Box>();
  let count = 0;
  const newKey = (): DeliveryKey => deliveryKey(`${clock.now()}-${count++}`);

  function boxOf(account: AccountId): Box {
    const found = boxes.get(account);
    if (found !== undefined) return found;
    const made: Box = { entries: new Map(), marks: new Map(), dead: new Map() };
    boxes.set(account, made);
    return made;
  }

  function append(
    account: AccountId,
    entry: Omit<OutboxEntry, 'key'>,
    mark: string | undefined,
    cap: number,
  ): Appended {
    const box = boxOf(account);
    const known = mark === undefined ? undefined : box.marks.get(mark);
    if (known !== undefined) return { is: 'again', ...(known.result !== undefined && { result: known.result }) };
    if (box.entries.size >= cap) return { is: 'full' };
    const key = newKey();
    const behind = [...box.entries.keys()].at(-1);
    box.entries.set(key, structuredClone({ key, intent: entry.intent, origin: entry.origin }));
    if (mark !== undefined) box.marks.set(mark, { key });
    return { is: 'new', key, behind };
  }

  return {
    append: async (account, entry, mark, caps) => append(account, entry, mark, caps.account),
    accept(account, entry, mark, caps, told) {
      const appended = append(account, entry, mark, caps.account);
      queueMicrotask(() => told.done(appended));
    },
    async after(account, key, max) {
      const all = [...boxOf(account).entries.values()];
      const from = key === undefined ? 0 : all.findIndex((entry) => isBehind(entry.key, key));
      return from < 0 ? [] : all.slice(from, from + max);
    },
    async settle(account, fence, settled) {
      if ((fences.get(account) ?? 0) > fence) throw new StaleFence();
      const box = boxOf(account);
      for (const { key, mark, result, dead } of settled) {
        const known = mark === undefined ? undefined : box.marks.get(mark);
        if (known?.key === key && mark !== undefined) {
          if (result === undefined) box.marks.delete(mark);
          else known.result = result;
        }
        const entry = box.entries.get(key);
        if (entry !== undefined && dead !== undefined) {
          const at = newKey();
          box.dead.set(at, { ...entry, key: at, reason: dead, at: clock.now() });
        }
        box.entries.delete(key);
      }
    },
    size: async (account) => boxOf(account).entries.size,
    waiting: async () => [...boxes].flatMap(([account, box]) => (box.entries.size > 0 ? [account] : [])),
    async deadLetters(account, max, which = 'oldest') {
      const all = [...boxOf(account).dead.values()];
      return which === 'oldest' ? all.slice(0, max) : all.slice(-max);
    },
    deadSize: async (account) => boxOf(account).dead.size,
    dead: async (max) =>
      new Map(
        [...boxes]
          .flatMap(([account, { dead }]) => (dead.size > 0 ? [[account, dead.size] as const] : []))
          .slice(0, max),
      ),
    async forgetDead() {
      const before = clock.now() - 30 * 86_400_000;
      for (const { dead } of boxes.values()) for (const [key, { at }] of dead) if (at < before) dead.delete(key);
    },
    async requeue(account, key) {
      const { entries, dead } = boxOf(account);
      const letter = dead.get(key);
      if (letter === undefined) return false;
      dead.delete(key);
      const at = newKey();
      entries.set(at, { key: at, intent: letter.intent, origin: { ...letter.origin, at: clock.now() } });
      return true;
    },
    drop: async (account, key) => boxOf(account).dead.delete(key),
    ids: async (begin, end) =>
      [...boxes].flatMap(([id, { entries, marks, dead }]) =>
        id.startsWith(begin) && id.endsWith(end) && entries.size + marks.size + dead.size > 0 ? [id] : [],
      ),
    async erase(account) {
      const waited = [...boxOf(account).entries.values()];
      boxes.delete(account);
      return waited;
    },
  };
}

function createJournal(): JournalStore {
  const streams = new Map<string, { readonly id: string; readonly text: string }[]>();
  let count = 0;
  const of = (stream: string): { readonly id: string; readonly text: string }[] => streams.get(stream) ?? [];
  return {
    async append(stream, take) {
      const text = take();
      if (text === undefined) return undefined;
      const id = `${++count}-0`;
      streams.set(stream, [...of(stream), { id, text }]);
      return id;
    },
    hurry: () => undefined,
    async trim(stream, upTo) {
      streams.set(
        stream,
        of(stream).filter(({ id }) => isBehind(id, upTo)),
      );
    },
    after: async (stream, from, max) =>
      of(stream)
        .filter(({ id }) => from === undefined || isBehind(id, from))
        .slice(0, max),
    length: async (stream) => of(stream).length,
    streams: async (domain) =>
      [...streams]
        .flatMap(([name, entries]) => (name.startsWith(`${domain}/`) && entries.length > 0 ? [name] : []))
        .sort(),
    async remove(stream) {
      streams.delete(stream);
    },
  };
}

function createLeases(
  worker: string,
  fences: Map<AccountId, number>,
  held: Map<AccountId, Held>,
  erased: Set<string>,
): Leases {
  return {
    async acquire(account) {
      if (held.has(account)) return undefined;
      const fence = (fences.get(account) ?? 0) + 1;
      const lost = new AbortController();
      fences.set(account, fence);
      held.set(account, { worker, lost });
      return {
        fence,
        lost: lost.signal,
        async release() {
          if (held.get(account)?.lost === lost) held.delete(account);
        },
        async erase(as) {
          if (as !== undefined) erased.add(as);
          // The fence stays: in memory it is nobody's data.
          if (held.get(account)?.lost === lost) held.delete(account);
        },
      };
    },
    holder: async (account) => held.get(account)?.worker,
    erased: async (as) => erased.has(as),
  };
}

/** Ids are two numbers with a dash between. */
function isBehind(id: string, other: string): boolean {
  const [a = 0, b = 0] = id.split('-').map(Number);
  const [c = 0, d = 0] = other.split('-').map(Number);
  return a === c ? b > d : a > c;
}
