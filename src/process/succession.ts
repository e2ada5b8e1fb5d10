/** What becomes of a worker's accounts and of its mailbox when it ends or dies: the others share them (src/design/handing-over.md). */

import { inTime } from '../accounts/in-time.ts';
import type { Clock, Log } from '../bridge/contract.ts';
import type { AccountId } from '../core/ids.ts';
import { responsible } from '../delivery/rendezvous.ts';
import { isWorker } from '../delivery/routes.ts';
import type { Leases } from '../storage/ports.ts';
import type { Letter, MailboxSight, Post, Workers } from '../storage/process-ports.ts';

export interface Succession {
  /** Brings back what is ours. */
  begin(): Promise<void>;
  /** Looks for workers that are gone, until the signal. Never rejects. */
  lookAround(): Promise<void>;
  /** We have shown life for the last time, and run no accounts any more: what still came for us goes to the others. Never rejects. */
  leave(): Promise<void>;
}

export interface SuccessionParts {
  readonly post: Pick<Post, 'survey' | 'oldest' | 'move'>;
  readonly leases: Pick<Leases, 'holder'>;
  readonly workers: Pick<Workers, 'self' | 'alive' | 'dead' | 'bury'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Those that were running, of them which are ours. */
  restore(mine: (id: AccountId) => boolean): Promise<void>;
}

/** How often a worker looks for others that are gone. */
const lookAroundMs = 1_000;
/** What is moved at once, and how often before we look at something else. */
const batch = 500;
const batchesAtMost = 100;
/** How long our own end may take for it. */
const leaveWithinMs = 2_000;

export function createSuccession({ post, leases, workers, clock, log, signal, restore }: SuccessionParts): Succession {
  /** Those that lived at the last look. */
  let seen: readonly string[] = [];

  const living = async (): Promise<readonly string[]> => (await workers.alive()).filter(isWorker);

  const oursAmong =
    (all: readonly string[]) =>
    (id: AccountId): boolean =>
      responsible(all, id) === workers.self;

  /** Behind what lies elsewhere for that account already, else to whoever runs it or shall; undefined: nobody can have it now. */
  async function heirOf(
    account: AccountId,
    dead: string,
    sights: readonly MailboxSight[],
  ): Promise<string | undefined> {
    const others = sights.filter(({ worker, isAlive }) => isAlive && worker !== dead && isWorker(worker));
    const there = others.find(({ accounts }) => accounts.has(account));
    const heir =
      there?.worker ??
      (await leases.holder(account)) ??
      responsible(
        others.map(({ worker }) => worker),
        account,
      );
    return heir === dead ? undefined : heir;
  }

  /** False: it is of no use to go on now. */
  async function moveSome(dead: string, letters: readonly Letter[], taker: string | undefined): Promise<boolean> {
    // Each time, and after the letters were read: others move some of them, too. Where the dead one's lie besides is of no use here, and may be much.
    const sights = await post.survey(dead);
    const accounts = [...new Set(letters.flatMap(({ account }) => account ?? []))];
    const heirs = new Map<AccountId, string>();
    await Promise.all(
      accounts.map(async (account) => {
        const heir = await heirOf(account, dead, sights);
        if (heir !== undefined) heirs.set(account, heir);
      }),
    );
    const moving = letters.flatMap((letter) => {
      if (letter.text === undefined) return { ...letter, to: undefined };
      if (letter.account === undefined) return { ...letter, to: taker };
      const to = heirs.get(letter.account);
      return to === undefined ? [] : { ...letter, to };
    });
    await post.move(dead, moving);
    return moving.length > 0;
  }

  /** @param taker of what is for no account; undefined: nobody wants it */
  async function empty(dead: string, taker: string | undefined): Promise<void> {
    for (let batches = 0; batches < batchesAtMost; batches++) {
      const letters = await post.oldest(dead, batch);
      if (letters.length === 0 || !(await moveSome(dead, letters, taker))) return;
    }
  }

  /** Nothing of an edge is worth taking over: who sent it something asks another one. */
  async function discard(edge: string): Promise<void> {
    const letters = await post.oldest(edge, batch);
    await post.move(
      edge,
      letters.map((letter) => ({ ...letter, to: undefined })),
    );
  }

  async function look(): Promise<void> {
    for (const dead of await workers.dead()) {
      await (isWorker(dead) ? empty(dead, workers.self) : discard(dead));
      await workers.bury(dead);
    }
    const now = await living();
    const gone = seen.filter((worker) => !now.includes(worker));
    if (gone.length > 0) {
      log.info({ gone }, 'workers are gone; their accounts are taken over');
      await restore(oursAmong(now));
    }
    seen = now;
  }

  async function leaveAll(): Promise<void> {
    await empty(workers.self, undefined);
    await workers.bury(workers.self);
  }

  return {
    async begin() {
      seen = await living();
      await restore(oursAmong(seen));
    },
    async lookAround() {
      while (!signal.aborted) {
        await clock.sleep(lookAroundMs, signal).catch(() => undefined);
        if (!signal.aborted)
          await look().catch((error: unknown) => log.warn({ error }, 'other workers could not be looked at'));
      }
    },
    async leave() {
      const left = leaveAll().catch((error: unknown) => log.warn({ error }, 'what came last waits for other workers'));
      await inTime(left, leaveWithinMs, clock);
    },
  };
}
