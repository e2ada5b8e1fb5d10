/** From a process that has something for an account to the worker that runs it, or that shall: in order for each account. */
import type { Clock } from '../bridge/contract.ts';
import { GatewayError } from '../core/errors.ts';
import type { AccountId } from '../core/ids.ts';
import type { Leases, Post, Workers } from '../storage/ports.ts';
import { responsible } from './rendezvous.ts';

export interface Forwarding {
  /** Resolves when the worker's mailbox has it. Rejects with `queue-full`, or `storage-away` where no worker lives. */
  forward(account: AccountId, text: string): Promise<void>;
}

export interface ForwardingParts {
  readonly post: Post;
  readonly leases: Pick<Leases, 'holder'>;
  readonly workers: Pick<Workers, 'alive'>;
  readonly clock: Clock;
}

/** How long an answer of the stores is believed. */
const believedMs = 1_000;

export function createForwarding({ post, leases, workers, clock }: ForwardingParts): Forwarding {
  /** The last one on its way for each account; the next waits behind it. */
  const tails = new Map<AccountId, Promise<void>>();
  const holders = new Map<AccountId, { readonly worker: string; readonly at: number }>();
  let living: { readonly workers: readonly string[]; readonly at: number } = { workers: [], at: 0 };

  async function workerOf(account: AccountId): Promise<string> {
    const now = clock.now();
    const believed = holders.get(account);
    if (believed !== undefined && now - believed.at < believedMs) return believed.worker;
    if (now - living.at >= believedMs || living.workers.length === 0)
      living = { workers: await workers.alive(), at: now };
    const holder = await leases.holder(account);
    const worker = holder ?? responsible(living.workers.filter(isWorker), account);
    if (worker === undefined)
      throw new GatewayError('storage-away', {
        text: 'No worker of this gateway is running; its operator has to start one',
      });
    holders.set(account, { worker, at: now });
    return worker;
  }

  return {
    forward(account, text) {
      const before = tails.get(account) ?? Promise.resolve();
      const sent = before.then(async () => post.send(await workerOf(account), [text]));
      const tail = sent.then(
        () => {},
        () => {},
      );
      tails.set(account, tail);
      void tail.then(() => {
        if (tails.get(account) === tail) {
          tails.delete(account);
          if (holders.size > 10_000) holders.clear();
        }
      });
      return sent;
    },
  };
}

/** Edges show life too; they run no accounts. */
export const isWorker = (name: string): boolean => name.startsWith('worker-');
