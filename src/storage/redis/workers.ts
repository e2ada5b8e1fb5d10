/** The processes that run accounts, each with a sign of life that it renews; one timer a process. */
import { randomBytes } from 'node:crypto';
import type { Clock, Log } from '../../bridge/contract.ts';
import type { Workers } from '../process-ports.ts';
import { evaluate, script } from './batch.ts';
import type { RedisLink } from './connect.ts';
import { lifeKey, postKey, workersKey } from './keys.ts';
import buryText from './lua/bury.lua';

const buryScript = script(buryText);

export interface WorkersOptions {
  /** What others call us; unique among the living. Absent: random. */
  readonly self?: string;
  readonly clock: Clock;
  readonly log: Log;
  /** How long a worker that shows no life is taken for alive. */
  readonly ttlMs?: number;
  /** At its end it stays known as one that is dead: what it leaves is taken over by others, who bury it. */
  readonly leavesThings?: boolean;
}

export interface RedisWorkers extends Workers {
  /** Names this life of ours: a worker that comes back under its old name is somebody else. */
  readonly life: string;
  /** Called when our sign of life had expired and was put up again: others may have taken what was ours meanwhile. Called again where it failed. */
  onRevived(call: () => Promise<void>): void;
  /** Takes the sign down, so that nobody waits for it to expire. */
  close(): Promise<void>;
}

/** Those that show life, or those that no longer do. */
export async function workersOf(redis: RedisLink['redis'], living: boolean): Promise<readonly string[]> {
  const all = (await redis.smembers(workersKey)).sort();
  const lives = all.length === 0 ? [] : await redis.mget(...all.map(lifeKey));
  return all.filter((_, i) => ((lives[i] ?? null) !== null) === living);
}

/** Puts up our sign of life; resolves when others can see it. */
export async function createWorkers(
  { redis, batch }: RedisLink,
  { self, clock, log, ttlMs = 10_000, leavesThings = false }: WorkersOptions,
): Promise<RedisWorkers> {
  const life = randomBytes(9).toString('base64url');
  const name = self ?? life;
  const revived: (() => Promise<void>)[] = [];
  let closed = false;
  let cancel = (): void => undefined;
  /** When our sign was put up last, by our clock; whoever stood still has an old one. */
  let shownAt = Number.NEGATIVE_INFINITY;
  /** It had expired, and what was ours has not been looked after yet. */
  let hadExpired = false;

  /** Was it still up? */
  async function show(): Promise<boolean> {
    const before = await redis.set(lifeKey(name), life, 'PX', ttlMs, 'GET');
    return before === life;
  }

  /** Can it not have expired since it was put up last? */
  function isFresh(): boolean {
    const ago = clock.now() - shownAt;
    return ago >= 0 && ago < ttlMs;
  }

  function renewLater(): void {
    cancel = clock.after(ttlMs / 3, () => void renew());
  }

  async function renew(): Promise<void> {
    try {
      const at = clock.now();
      // Where its answer was lost it was put up twice, and the second time finds the first: so our clock is asked, too.
      hadExpired = !(await show()) || !isFresh() || hadExpired;
      if (hadExpired && !closed) {
        shownAt = Number.NEGATIVE_INFINITY;
        // Who was taken for dead may have been buried.
        await redis.sadd(workersKey, name);
        for (const call of revived) await call();
      }
      hadExpired = false;
      shownAt = at;
    } catch (error) {
      if (!closed) log.warn({ error }, 'the sign of life could not be renewed');
    }
    if (!closed) renewLater();
  }

  const firstAt = clock.now();
  await show();
  await redis.sadd(workersKey, name);
  shownAt = firstAt;
  renewLater();

  return {
    self: name,
    life,
    get isShown() {
      return isFresh();
    },
    onRevived: (call) => void revived.push(call),
    alive: () => workersOf(redis, true),
    dead: () => workersOf(redis, false),
    async declareDead(worker) {
      await redis.del(lifeKey(worker));
    },
    async bury(worker) {
      await batch.ask(evaluate(buryScript, [workersKey, postKey(worker), lifeKey(worker)], [worker]));
    },
    async close() {
      closed = true;
      cancel();
      if (redis.status !== 'ready') return;
      await redis.del(lifeKey(name));
      if (!leavesThings) await redis.srem(workersKey, name);
    },
  };
}
