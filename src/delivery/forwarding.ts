/** From a process that has something for an account to the worker that runs it, or that shall: in order for each account. */
import type { Clock } from '../bridge/contract.ts';
import { GatewayError } from '../core/errors.ts';
import type { AccountId } from '../core/ids.ts';
import type { Leases } from '../storage/ports.ts';
import type { Post, Workers } from '../storage/process-ports.ts';
import { responsible } from './rendezvous.ts';

export interface Forwarding {
  /** Resolves when the worker's mailbox has it. Rejects with `queue-full`, or `storage-away` where no worker came within ten seconds. */
  forward(account: AccountId, text: string): Promise<void>;
  /** Resolves when nothing is on its way any more, or after so long. */
  handedOn(withinMs: number): Promise<void>;
}

export interface ForwardingParts {
  readonly post: Post;
  readonly leases: Pick<Leases, 'holder'>;
  readonly workers: Pick<Workers, 'alive'>;
  readonly clock: Clock;
  /** Whoever still waits for a worker is refused. */
  readonly signal: AbortSignal;
}

/** How long an answer of the stores is believed. */
const believedMs = 1_000;
/** How long a stanza waits for a first worker: after a restart of everything, edges are up before their workers. */
const awaitedMs = 10_000;
const lookAgainMs = 200;
/** Those that wait to be handed on, of all accounts. */
const waitingCap = 20_000;

export function createForwarding({ post, leases, workers, clock, signal }: ForwardingParts): Forwarding {
  /** The last one on its way for each account; the next waits behind it. */
  const tails = new Map<AccountId, Promise<void>>();
  const holders = new Map<AccountId, { readonly worker: string; readonly at: number }>();
  let living: { readonly workers: readonly string[]; readonly at: number } = { workers: [], at: 0 };
  let looking: Promise<readonly string[]> | undefined;
  let waiting = 0;

  async function workerOf(account: AccountId): Promise<string> {
    const now = clock.now();
    const believed = holders.get(account);
    if (believed !== undefined && now - believed.at < believedMs) return believed.worker;
    const worker = (await leases.holder(account)) ?? responsible(await livingWorkers(now), account);
    if (worker === undefined)
      throw new GatewayError('storage-away', {
        text: 'No worker of this gateway is running; its operator has to start one',
      });
    holders.set(account, { worker, at: now });
    return worker;
  }

  async function livingWorkers(now: number): Promise<readonly string[]> {
    if (living.workers.length > 0 && now - living.at < believedMs) return living.workers;
    looking ??= untilOneLives(now).finally(() => (looking = undefined));
    living = { workers: await looking, at: now };
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

  return {
    async forward(account, text) {
      if (waiting >= waitingCap) throw new GatewayError('queue-full');
      waiting++;
      const before = tails.get(account) ?? Promise.resolve();
      const sent = before.then(async () => post.send(await workerOf(account), [text]));
      const tail = sent.then(
        () => {},
        () => {},
      );
      tails.set(account, tail);
      void tail.then(() => {
        waiting--;
        if (tails.get(account) === tail) {
          tails.delete(account);
          if (holders.size > 10_000) holders.clear();
        }
      });
      return sent;
    },
    async handedOn(withinMs) {
      const enough = new AbortController();
      const late = clock.sleep(withinMs, enough.signal).catch(() => undefined);
      await Promise.race([Promise.all(tails.values()), late]);
      enough.abort();
    },
  };
}

/** Edges show life too; they run no accounts. */
export const isWorker = (name: string): boolean => name.startsWith('worker-');
