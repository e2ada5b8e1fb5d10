/** What the metrics say of a domain: its accounts, its tries, how much waits where and how long the oldest has. */
import type { Account } from '../accounts/account-port.ts';
import type { Runner } from '../accounts/runner.ts';
import type { Clock } from '../bridge/contract.ts';
import type { Outcome } from '../delivery/lanes.ts';
import type { Depth, DomainMetrics } from '../ops/metrics.ts';
import type { JournalStore } from '../storage/ports.ts';
import type { Post } from '../storage/process-ports.ts';

/** For the lanes of all accounts. */
export function countTries(metrics: Pick<DomainMetrics, 'attempts'>): (outcome: Outcome['is']) => void {
  const { attempts } = metrics;
  const counts = { done: attempts('done'), again: attempts('again'), failed: attempts('failed') };
  return (outcome) => counts[outcome].add();
}

/** Sessions by state, and what waits in their outboxes, looked at when somebody scrapes. */
export function measureAccounts(
  metrics: Pick<DomainMetrics, 'sessions' | 'queue'>,
  runner: Pick<Runner, 'all' | 'count'>,
  clock: Now,
): void {
  for (const state of ['idle', 'connecting', 'ready'] as const) metrics.sessions(state, () => runner.count(state));
  metrics.queue('outbox', () => outboxDepth(runner.all(), clock));
}

type Now = Pick<Clock, 'now'>;

/** A clock that was set back makes nothing younger than nothing. */
const depth = (entries: number, since: number | undefined, { now }: Now): Depth => ({
  entries,
  ageMs: since === undefined ? 0 : Math.max(0, now() - since),
});

/** What accounts of ours have accepted and not settled. */
export function outboxDepth(accounts: Iterable<Account>, clock: Now): Depth {
  let entries = 0;
  let oldest: number | undefined;
  for (const { lanes } of accounts) {
    for (const lane of lanes) {
      entries += lane.entries;
      if (oldest === undefined || lane.since < oldest) oldest = lane.since;
    }
  }
  return depth(entries, oldest, clock);
}

/** What we hold until the XMPP server has answered for it. */
export const journalDepth = (
  { bursts, since }: { readonly bursts: number; readonly since: number | undefined },
  clock: Now,
): Depth => depth(bursts, since, clock);

/** The same where an edge has the stream. Ids of entries begin with the store's time. */
export async function storedDepth(journal: JournalStore, stream: string, clock: Now): Promise<Depth> {
  const [entries, [first]] = await Promise.all([journal.length(stream), journal.after(stream, undefined, 1)]);
  return depth(entries, first === undefined ? undefined : Number.parseInt(first.id, 10), clock);
}

/** What other processes have for this one. */
export async function mailboxDepth(post: Pick<Post, 'held'>, self: string, clock: Now): Promise<Depth> {
  const { entries, since } = await post.held(self);
  return depth(entries, since, clock);
}
