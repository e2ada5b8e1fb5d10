/** Accounts move to workers that have joined, those whom rendezvous hashing gives them, a few at a time (src/design/handing-over.md). */
import type { Account } from '../accounts/account-port.ts';
import type { Clock, Log } from '../bridge/contract.ts';
import type { AccountId } from '../core/ids.ts';
import { responsible } from '../delivery/rendezvous.ts';
import { isWorker } from '../delivery/routes.ts';
import type { Count } from '../ops/metrics.ts';
import type { Workers } from '../storage/process-ports.ts';

export interface Balancing {
  /** Until the signal. Never rejects. */
  run(): Promise<void>;
  /** To whom it has moved a moment ago, once it has; undefined: it has not, or that worker is gone. */
  whereTo(account: AccountId): Promise<string | undefined>;
}

export interface BalancingParts {
  readonly workers: Pick<Workers, 'self' | 'alive'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** A number in [0, 1). */
  random?(): number;
  /** Those that run here. */
  accounts(): Iterable<Pick<Account, 'row' | 'state' | 'session' | 'lanes'>>;
  /** Ends it here, its rooms kept. False: it did not run here. */
  release(account: AccountId): Promise<boolean>;
  /** Has that worker start it. */
  announce(worker: string, account: AccountId): Promise<void>;
  /** Starts it here again, unless somebody else has done so. */
  takeBack(account: AccountId): Promise<void>;
  /** Counts those that moved. */
  readonly moved: Count;
}

/** So long nobody has to have come or gone: during an upgrade, and while a worker starts and dies again and again, nothing moves. */
const settledMs = 60_000;
/** From one account to the next, between a half of it and one and a half: a network sees one login leave and come a second, and a thousand take a quarter of an hour. */
const paceMs = 1_000;
/** What others opened here meanwhile is found so much later. */
const planAgainMs = 60_000;
/** How long an account is remembered that has moved: edges believe for a second that it is here. */
const recalledMs = 10_000;
/** Accounts that are looked at in one turn of the loop. */
const perTurn = 500;

export function createBalancing(parts: BalancingParts): Balancing {
  const { workers, clock, log, signal, random = Math.random } = parts;
  const moving = new Map<AccountId, { readonly to: string; readonly released: Promise<unknown> }>();
  let known: readonly string[] = [];
  let knownSince = clock.now();
  let plan: AccountId[] = [];
  let planAt = 0;

  /** Those without a connection first, for nobody sees them go. */
  async function misplaced(living: readonly string[]): Promise<AccountId[]> {
    const [quiet, connected]: [AccountId[], AccountId[]] = [[], []];
    let seen = 0;
    for (const { row, state } of [...parts.accounts()]) {
      if (++seen % perTurn === 0) await clock.sleep(1, signal);
      if (responsible(living, row.id) !== workers.self) (state === 'idle' ? quiet : connected).push(row.id);
    }
    return [...quiet, ...connected];
  }

  /** What is being tried is not torn out of it: it is looked at again with the next plan. */
  function isAtRest(id: AccountId): boolean {
    for (const { row, state, session, lanes } of parts.accounts())
      if (row.id === id) return (state !== 'connecting' || session !== undefined) && lanes.length === 0;
    return false;
  }

  async function move(id: AccountId, to: string): Promise<void> {
    const released = parts.release(id);
    moving.set(id, { to, released });
    clock.after(recalledMs, () => moving.delete(id));
    if (!(await released)) return;
    parts.moved.add();
    await parts.announce(to, id);
    // Whoever saw it go did so while the lease was ours, and looks no more.
    if (!(await workers.alive()).includes(to)) return parts.takeBack(id);
    log.debug({ account: id, to }, 'an account has moved to another worker');
  }

  async function step(): Promise<void> {
    const living = (await workers.alive()).filter(isWorker);
    const now = clock.now();
    if (living.join() !== known.join()) {
      known = living;
      knownSince = now;
      plan = [];
      planAt = now + settledMs;
    }
    if (now - knownSince < settledMs || !living.includes(workers.self)) return;
    if (plan.length === 0) {
      if (now < planAt) return;
      planAt = now + planAgainMs;
      plan = await misplaced(living);
      if (plan.length > 0)
        log.info({ accounts: plan.length, workers: living.length }, 'accounts move to workers that have joined');
    }
    const next = plan.shift();
    const to = next && responsible(living, next);
    if (next !== undefined && to !== undefined && isAtRest(next)) await move(next, to);
  }

  return {
    async run() {
      while (!signal.aborted) {
        await clock.sleep(paceMs * (0.5 + random()), signal).catch(() => undefined);
        if (!signal.aborted)
          await step().catch((error: unknown) => log.warn({ error }, 'accounts could not be moved to other workers'));
      }
    },
    async whereTo(account) {
      const one = moving.get(account);
      await one?.released;
      return one !== undefined && (await workers.alive()).includes(one.to) ? one.to : undefined;
    },
  };
}
