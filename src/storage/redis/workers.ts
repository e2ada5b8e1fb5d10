/** The processes that run accounts, each with a sign of life that it renews; one timer a process. */
import type { Clock, Log } from '../../bridge/contract.ts';
import { StorageProblem } from '../problem.ts';
import type { Workers } from '../process-ports.ts';
import { evaluate, script } from './batch.ts';
import type { RedisLink } from './connect.ts';
import { lifeOf, postOf } from './keys.ts';
import { manyLives, oneLife } from './life.ts';
import buryText from './lua/bury.lua';
import showText from './lua/show.lua';

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
  /** What our lives begin with: where we are. */
  readonly place?: string;
  /** Others may come under our name: it is ours as long as nobody else's sign is up under it. */
  readonly claims?: {
    /** The sign of one that is gone. */
    readonly instead: string | undefined;
  };
}

export interface RedisWorkers extends Workers {
  /** Names this life of ours: a worker that comes back under its old name is somebody else. It may change (life.ts). */
  readonly life: string;
  /** Called when our sign of life had expired and was put up again: others may have taken what was ours meanwhile. Called again where it failed. */
  onRevived(call: () => Promise<void>): void;
  /** Called when somebody else's sign is up under our name: we stood still, and are not renewed any more. */
  onTaken(call: () => void): void;
  /** Takes the sign down, so that nobody waits for it to expire. */
  close(): Promise<void>;
}

/** A sign of life that is up. */
export interface Sign {
  readonly text: string;
  /** For how long it holds, unless it is renewed. */
  readonly leftMs: number;
}

/** Of all that show life. */
export async function signsOf({
  redis,
  names,
}: Pick<RedisLink, 'redis' | 'names'>): Promise<ReadonlyMap<string, Sign>> {
  const all = await redis.smembers(names.workers);
  const signs = await Promise.all(
    all.map(async (name): Promise<[string, Sign][]> => {
      const at = lifeOf(names, name);
      const [text, leftMs] = await Promise.all([redis.get(at), redis.pttl(at)]);
      return text === null ? [] : [[name, { text, leftMs }]];
    }),
  );
  return new Map(signs.flat());
}

/** Those that show life, or those that no longer do. */
export async function workersOf(
  { redis, names }: Pick<RedisLink, 'redis' | 'names'>,
  living: boolean,
): Promise<readonly string[]> {
  const all = (await redis.smembers(names.workers)).sort();
  const lives = all.length === 0 ? [] : await redis.mget(...all.map((one) => lifeOf(names, one)));
  return all.filter((_, i) => ((lives[i] ?? null) !== null) === living);
}

/** Puts up our sign of life; resolves when others can see it. Rejects with StorageProblem where somebody else's is up under a name that we claim. */
export async function createWorkers(
  link: Pick<RedisLink, 'redis' | 'batch' | 'names' | 'isCluster'>,
  { self, clock, log, ttlMs = 10_000, leavesThings = false, place, claims }: WorkersOptions,
): Promise<RedisWorkers> {
  const { redis, batch, names } = link;
  const life = link.isCluster ? manyLives(place) : oneLife(place);
  const name = self ?? life.now;
  const revived: (() => Promise<void>)[] = [];
  const taken: (() => void)[] = [];
  let shown: string | undefined;
  let closed = false;
  let cancel = (): void => undefined;
  /** When our sign was put up last, by our clock; whoever stood still has an old one. */
  let shownAt = Number.NEGATIVE_INFINITY;
  /** It had expired, and what was ours has not been looked after yet. */
  let hadExpired = false;
  /** How often it had, and how many looks after what is ours are under way. */
  let expiries = 0;
  let rounds = 0;

  /** Was it still up? Who was taken for dead may have been buried: it is known again, too. @param over whose place it may take: each of our signs says our life */
  async function show(over = life.now): Promise<boolean> {
    const last = shown;
    shown = life.nextSign();
    const instead = claims === undefined ? '' : over;
    // With what closes us in one order, and so not by the batch.
    const before = await redis.eval(showText, 2, lifeOf(names, name), names.workers, shown, ttlMs, name, instead);
    // A second copy finds what the first has put up.
    if (typeof before === 'string' && before !== shown && !before.includes(instead)) throw nameTaken();
    return before === last;
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
      const wasUp = await show();
      // Where its answer was lost it was put up twice, and the second time finds the first: so our clock is asked, too.
      if (!closed && !(wasUp && isFresh())) await comeBack();
      else if (hadExpired && rounds === 0 && !closed) lookAfter();
      shownAt = at;
    } catch (error) {
      if (error instanceof StorageProblem) return giveUp();
      if (!closed) log.warn({ error }, 'the sign of life could not be renewed');
    }
    if (!closed) renewLater();
  }

  /** What is ours is another's by now, or will be: it is looked at for the last time. */
  function giveUp(): void {
    if (closed) return;
    closed = true;
    hadExpired = true;
    lookAfterAll().catch(() => undefined);
    for (const call of taken) call();
  }

  async function comeBack(): Promise<void> {
    hadExpired = true;
    expiries++;
    if (life.expired()) await show();
    lookAfter();
  }

  /** The sign is up. It goes on being renewed meanwhile. */
  function lookAfter(): void {
    life.begin();
    const { now } = life;
    const of = expiries;
    rounds++;
    lookAfterAll()
      .then(
        () => {
          life.renewed(now);
          if (of === expiries) hadExpired = false;
        },
        // It has been told, and is done again.
        () => undefined,
      )
      .finally(() => rounds--);
  }

  async function lookAfterAll(): Promise<void> {
    await Promise.all(revived.map((call) => call()));
  }

  const firstAt = clock.now();
  await show(claims?.instead);
  shownAt = firstAt;
  renewLater();

  return {
    self: name,
    get life() {
      return life.now;
    },
    get isShown() {
      return !hadExpired && isFresh();
    },
    onRevived: (call) => void revived.push(call),
    onTaken: (call) => void taken.push(call),
    alive: () => workersOf(link, true),
    dead: () => workersOf(link, false),
    async declareDead(worker) {
      await redis.del(lifeOf(names, worker));
    },
    async bury(worker) {
      const keys = [names.workers, postOf(names, worker), lifeOf(names, worker)];
      await batch.ask(evaluate(buryScript, keys, [worker]));
    },
    async close() {
      cancel();
      if (closed) return;
      closed = true;
      if (redis.status !== 'ready') return;
      await redis.del(lifeOf(names, name));
      if (!leavesThings) await redis.srem(names.workers, name);
    },
  };
}

const nameTaken = (): StorageProblem =>
  new StorageProblem('Another process of the same name has begun to run with this Redis: stop one of them');
