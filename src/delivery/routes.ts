/**
 * Into which mailbox a text for an account belongs: behind the older ones for it, wherever they lie, else to whoever runs it or shall (src/design/handing-over.md).
 * So its texts lie in one mailbox at a time, whichever workers come and go, and are taken in their order.
 */
import type { Clock } from '../bridge/contract.ts';
import type { AccountId } from '../core/ids.ts';
import type { Leases } from '../storage/ports.ts';
import type { MailboxSight, Post, Workers } from '../storage/process-ports.ts';
import { responsible } from './rendezvous.ts';

/** Edges show life too; they run no accounts. */
export const isWorker = (name: string): boolean => name.startsWith('worker-');

/** Where to. */
export interface Route {
  readonly worker: string;
  /** Only as long as that entry is there. */
  readonly behind?: string | undefined;
}

export interface Routes {
  /** undefined: no worker came in time. */
  of(account: AccountId): Promise<Route | undefined>;
  /** The last answer was of no use: the next is not of memory. */
  forget(account: AccountId): void;
}

export interface RoutesParts {
  readonly post: Pick<Post, 'survey'>;
  readonly leases: Pick<Leases, 'holder'>;
  readonly workers: Pick<Workers, 'alive'>;
  readonly clock: Clock;
  /** Nobody waits for a worker any longer. */
  readonly signal: AbortSignal;
  /** Whose mailbox is being read by whoever hands on: what lies there is what is handed on. */
  readonly self?: string | undefined;
}

/** How long an answer of the stores is believed. */
const believedMs = 1_000;
/** How long a stanza waits for a first worker: after a restart of everything, edges are up before their workers. */
const awaitedMs = 10_000;
const lookAgainMs = 200;
/** A survey that takes so long is of full mailboxes, or Redis is far away; how many times as long Redis is left alone then, and at most (it may have been away). */
const longMs = 20;
const restTimes = 3;
const restAtMostMs = 500;
/** Accounts whose worker is remembered. */
const remembered = 10_000;

export function createRoutes({ post, leases, workers, clock, signal, self }: RoutesParts): Routes {
  const known = new Map<AccountId, { readonly worker: string; readonly until: number }>();
  let living: { readonly workers: readonly string[]; readonly until: number } = { workers: [], until: 0 };
  let looking: Promise<readonly string[]> | undefined;
  const survey = oneAtATime(() => post.survey(), clock);

  async function livingWorkers(now: number): Promise<readonly string[]> {
    if (living.workers.length > 0 && now < living.until) return living.workers;
    looking ??= untilOneLives(now).finally(() => (looking = undefined));
    living = { workers: await looking, until: now + believedMs };
    return living.workers;
  }

  /** Empty where none came in time. */
  async function untilOneLives(since: number): Promise<readonly string[]> {
    for (;;) {
      const found = (await workers.alive()).filter(isWorker);
      if (found.length > 0 || clock.now() - since >= awaitedMs || signal.aborted) return found;
      await clock.sleep(lookAgainMs, signal).catch(() => undefined);
    }
  }

  const ownerOf = async (account: AccountId, now: number): Promise<string | undefined> =>
    (await leases.holder(account)) ?? responsible(await livingWorkers(now), account);

  function remember(account: AccountId, worker: string, until: number): void {
    if (known.size >= remembered && !known.has(account)) known.clear();
    known.set(account, { worker, until });
  }

  return {
    async of(account) {
      const now = clock.now();
      const last = known.get(account);
      if (last !== undefined && now < last.until) return last;
      const owner = await ownerOf(account, now);
      if (owner === undefined) return undefined;
      const older = last?.worker === owner ? undefined : newest(account, last?.worker, owner, await survey(), self);
      if (older === undefined || older.worker === owner) {
        remember(account, owner, now + believedMs);
        return { worker: owner };
      }
      // It is on its way from there: the next one looks again.
      remember(account, older.worker, now);
      return older;
    },
    forget(account) {
      known.delete(account);
      living = { workers: [], until: 0 };
    },
  };
}

/** Where the newest of the account lies. Texts go from the dead to the living, and among those to the owner; we know where we put the last one ourselves. */
function newest(
  account: AccountId,
  last: string | undefined,
  owner: string,
  sights: readonly MailboxSight[],
  self: string | undefined,
): Route | undefined {
  const rank = ({ worker, isAlive }: MailboxSight): number => {
    if (worker === last) return 0;
    if (!isAlive) return 1;
    return worker === owner ? 3 : 2;
  };
  const there = sights.filter(({ worker, accounts }) => worker !== self && accounts.has(account));
  const [first] = there.sort((a, b) => rank(a) - rank(b));
  return first && { worker: first.worker, behind: first.accounts.get(account) };
}

/**
 * Whoever asks while one is under way shares the next. Of full mailboxes one takes long, and Redis does nothing else meanwhile: so that these can be emptied, the
 * next begins only when it was left alone for longer than that.
 */
function oneAtATime<T>(ask: () => Promise<T>, clock: Clock): () => Promise<T> {
  let running: Promise<void> | undefined;
  let next: Promise<T> | undefined;

  async function rest(asked: Promise<T>): Promise<void> {
    const began = clock.now();
    await asked.catch(() => undefined);
    const tookMs = clock.now() - began;
    if (tookMs >= longMs) await clock.sleep(Math.min(restTimes * tookMs, restAtMostMs));
    running = undefined;
  }

  function begin(): Promise<T> {
    next = undefined;
    const asked = ask();
    running = rest(asked);
    return asked;
  }
  return () => {
    if (next === undefined) {
      if (running === undefined) return begin();
      next = running.then(begin);
    }
    return next;
  };
}
