/**
 * Durable time, by BullMQ: the wake-up of a lane that has to wait, which comes even where the process that asked is gone, and a sweep at intervals. The
 * messages themselves are in the outbox: a job that is lost or comes twice costs a look into it, nothing else.
 */
import { createHash } from 'node:crypto';
import { type ConnectionOptions, Queue, Worker } from 'bullmq';
import type { Clock, Log } from '../bridge/contract.ts';
import type { AccountId, ChatId } from '../core/ids.ts';

export interface JobsOptions {
  /** An ioredis connection with `maxRetriesPerRequest: null`; ours to duplicate, not to close. */
  readonly connection: ConnectionOptions;
  /** A lane's time has come. What it throws is tried again with backoff. */
  onWake(account: AccountId, chat: ChatId): Promise<void> | void;
  /** Called every `sweepEveryMs`, by one of the processes that share the Redis. */
  sweep(): Promise<void> | void;
  readonly sweepEveryMs?: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Names the queue's keys; for tests that share a Redis. */
  readonly prefix?: string;
}

export interface Jobs {
  /** Resolves once it is durable. A second wake-up of the same lane takes the place of the first. */
  wake(account: AccountId, chat: ChatId, afterMs: number): Promise<void>;
  /** Takes back all wake-ups of that account. Looks at all there are: not for the hot path. */
  unwake(account: AccountId): Promise<void>;
  /** How many there are by state, and some of them. */
  view(): Promise<JobsOverview>;
  /** Takes no more jobs; one that is running is not waited for longer than a moment. */
  close(): Promise<void>;
}

/** What operators see of them. */
export interface JobsOverview {
  readonly counts: Readonly<Record<string, number>>;
  readonly shown: readonly {
    readonly name: string;
    readonly state: string;
    /** The account and the chat of a wake-up; '' of the sweep. */
    readonly about: string;
    /** When it is due. */
    readonly at: number;
    readonly attempts: number;
    readonly reason: string;
  }[];
}

interface Wake {
  readonly account: AccountId;
  readonly chat: ChatId;
}

const name = 'wake';
const sweepName = 'sweep';
const retry = { attempts: 8, backoff: { type: 'exponential', delay: 500, jitter: 0.5 } };
const keepNothing = { removeOnComplete: true, removeOnFail: { count: 100, age: 86_400 } };
const closeWithinMs = 2_000;
const perLook = 500;
const shownOfEach = 50;
/** How often one and the same trouble is told. */
const toldEveryMs = 60_000;
const waitingStates = ['delayed', 'waiting', 'failed'] as const;

/** BullMQ has the same error at every try on each of its connections: ten a second where Redis takes no writes. */
function createTelling(clock: Clock, log: Log): (error: Error) => void {
  let told: string[] = [];
  let since = clock.now();
  return ({ message }) => {
    const now = clock.now();
    if (Math.abs(now - since) >= toldEveryMs) {
      told = [];
      since = now;
    }
    if (told.includes(message)) return;
    told.push(message);
    log.warn({ error: message }, 'background work waits');
  };
}

/** Resolves when the sweep is scheduled and jobs are being taken. */
export async function createJobs(options: JobsOptions): Promise<Jobs> {
  const { connection, onWake, sweep, clock, log, prefix = '{isthmus-jobs}', sweepEveryMs = 3_600_000 } = options;
  const queue = new Queue<Wake | Record<string, never>>('gateway', { connection, prefix, skipMetasUpdate: true });
  const worker = new Worker<Wake | Record<string, never>>(
    'gateway',
    async (job) => {
      if (job.name === sweepName) return await sweep();
      if ('account' in job.data) await onWake(job.data.account, job.data.chat);
    },
    { connection, prefix, concurrency: 20, metrics: { maxDataPoints: 0 } },
  );
  let closed = false;
  const tell = createTelling(clock, log);
  const complain = (error: Error): void => {
    if (!closed) tell(error);
  };
  queue.on('error', complain);
  worker.on('error', complain);
  worker.on('failed', (job, error) => log.warn({ job: job?.name, attempts: job?.attemptsMade, error }, 'a job failed'));
  const schedule = (): Promise<unknown> =>
    queue.upsertJobScheduler(sweepName, { every: sweepEveryMs }, { name: sweepName, opts: keepNothing });
  let cancel = (): void => undefined;

  /** A Redis that comes back without what it held has lost the sweep, too. */
  async function look(): Promise<void> {
    if ((await queue.getJobScheduler(sweepName)) === undefined && !closed) await schedule();
  }

  function lookLater(): void {
    cancel = clock.after(sweepEveryMs, () => {
      look()
        .catch(complain)
        .finally(() => closed || lookLater());
    });
  }

  await schedule();
  await worker.waitUntilReady();
  lookLater();

  return {
    async wake(account, chat, afterMs) {
      const id = createHash('sha256').update(`${account}\n${chat}`).digest('base64url');
      const delay = Math.max(0, Math.round(afterMs));
      await queue.add(
        name,
        { account, chat },
        { ...retry, ...keepNothing, delay, deduplication: { id, replace: true, keepLastIfActive: true } },
      );
    },
    async unwake(account) {
      const theirs: { remove(): Promise<void> }[] = [];
      for (let from = 0; ; from += perLook) {
        const jobs = await queue.getJobs([...waitingStates], from, from + perLook - 1, true);
        theirs.push(...jobs.filter(({ data }) => 'account' in data && data.account === account));
        if (jobs.length === 0) break;
      }
      // One that is being run at this moment is gone in the next.
      await Promise.allSettled(theirs.map((job) => job.remove()));
    },
    async view() {
      const shown: JobsOverview['shown'][number][] = [];
      for (const state of ['failed', 'active', ...waitingStates.slice(0, 2)] as const) {
        for (const { name: called, data, timestamp, delay, attemptsMade, failedReason } of await queue.getJobs(
          [state],
          0,
          shownOfEach - 1,
          true,
        )) {
          const about = 'account' in data ? `${data.account} ${data.chat}` : '';
          const reason = failedReason ?? '';
          shown.push({ name: called, state, about, at: timestamp + delay, attempts: attemptsMade, reason });
        }
      }
      return { counts: await queue.getJobCounts(), shown };
    },
    async close() {
      closed = true;
      cancel();
      const all = Promise.allSettled([worker.close(true), queue.close()]);
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const enough = clock.after(closeWithinMs, resolve);
      await Promise.race([all, late]);
      enough();
    },
  };
}
