/**
 * How fast we open connections to one server, and how many we hold, over all its users: first come, first served, with each one's place told.
 * A server that complains slows us further, twice each time, and is forgiven half of it every five minutes.
 */
import { type Clock, createRemembered } from '#bridge';
import type { ServerConfig } from './config.ts';

/** A connection that may be opened. To be released once, when it is over or was never made. */
export interface Permit {
  release(): void;
}

export interface Pace {
  /**
   * @param onPlace told when there is a wait of more than some seconds, and each half minute where it is another by then: 1 is the next, `waitMs` an estimate;
   * undefined: all connections that there may be are held, and nobody knows when one of them ends
   */
  acquire(signal: AbortSignal, onPlace: (place: number, waitMs: number | undefined) => void): Promise<Permit>;
  /** The server said that we are too many or too fast. @param banned that it has banned this one of us: that may be theirs alone, so it counts once until it has let them in. @returns whether it counts */
  slower(banned?: string): boolean;
  /** It has let this one in. */
  letIn(who: string): void;
}

interface Waiting {
  readonly onPlace: (place: number, waitMs: number | undefined) => void;
  readonly go: (permit: Permit) => void;
  /** The place, and whether all connections were held, as they were told last. */
  told: { readonly place: number; readonly isFull: boolean } | undefined;
}

const minuteMs = 60_000;
const forgiveMs = 300_000;
const tellMs = 30_000;
/** Who is expected to be let in sooner is not told at once. */
const worthTellingMs = 5000;
const slowest = 32;
/** How long nothing is opened after a complaint, times how slow we are. */
const pauseMs = 15_000;

const complaint =
  /throttl|too many|too fast|(re-?)?connecting too|[kgzd]-?lined|banned|session limit|clone|no more connections|connection limit/i;

const ban = /[kgzd]-?lined|banned/i;

/** Whom a farewell is for, in front of its reason: a nick may be "cyclone". */
const addressee = /^closing link:? (?:[^\s(]\S*|\(\S*@\S*\))(?= )/i;

/** Is this what servers say to those who connect too often or too much? */
export const isComplaint = (text: string): boolean => complaint.test(text.replace(addressee, ''));

/** Is it a ban, of all who come from us or of one? */
export const isBan = (text: string): boolean => ban.test(text.replace(addressee, ''));

/** Of so many milliseconds since then; none where that has not been yet: the clock was set back. */
const left = (since: number, ms: number, now: number): number => (since > now ? 0 : Math.max(0, since + ms - now));

const free: Permit = { release() {} };
const mostBanned = 10_000;

export function createPace(limits: ServerConfig['pace'], clock: Pick<Clock, 'now' | 'after'>): Pace {
  if (limits === 'off') {
    return {
      async acquire(signal) {
        signal.throwIfAborted();
        return free;
      },
      slower: () => true,
      letIn() {},
    };
  }
  const { perServerPerMinute: perMinute, perServer } = limits;
  const perTenSeconds = Math.max(1, Math.ceil(perMinute / 6));
  /** When the last connections were opened, oldest first; of the last minute, times how slow we are. */
  const opened: number[] = [];
  const queue: Waiting[] = [];
  let held = 0;
  let slow = 1;
  let slowedAt = 0;
  /** How long nothing is opened since then. */
  let slowedMs = 0;
  let cancelTimer: (() => void) | undefined;
  let telling = false;
  /** Those who were banned, and have not been let in since. */
  const banned = createRemembered<true>(mostBanned);

  function slowness(): number {
    const halvings = Math.floor((clock.now() - slowedAt) / forgiveMs);
    return Math.max(1, slow / 2 ** Math.min(Math.max(halvings, 0), 30));
  }

  /** How long until the rates allow the next one. */
  function waitMs(): number {
    const now = clock.now();
    const factor = slowness();
    while (opened.length > perMinute) opened.shift();
    const minute = opened.length < perMinute ? 0 : left(opened[0] ?? 0, minuteMs * factor, now);
    const burst = opened.at(-perTenSeconds);
    const short = burst === undefined ? 0 : left(burst, (minuteMs / 6) * factor, now);
    return Math.max(left(slowedAt, slowedMs, now), minute, short);
  }

  function permit(): Permit {
    opened.push(clock.now());
    held++;
    let released = false;
    return {
      release() {
        if (released) return;
        released = true;
        held--;
        serve();
      },
    };
  }

  function serve(): void {
    while (queue.length > 0 && held < perServer) {
      const wait = waitMs();
      if (wait > 0) {
        cancelTimer ??= clock.after(wait, () => {
          cancelTimer = undefined;
          serve();
        });
        return;
      }
      queue.shift()?.go(permit());
    }
  }

  const expectedMs = (place: number): number => Math.max(waitMs(), ((place * minuteMs) / perMinute) * slowness());

  function tell(waiting: Waiting, place: number): void {
    const isFull = held >= perServer;
    if (waiting.told?.place === place && waiting.told.isFull === isFull) return;
    waiting.told = { place, isFull };
    waiting.onPlace(place, isFull ? undefined : expectedMs(place));
  }

  function tellAll(): void {
    telling = false;
    for (const [index, waiting] of queue.entries()) tell(waiting, index + 1);
    keepTelling();
  }

  function keepTelling(): void {
    if (queue.length === 0 || telling) return;
    telling = true;
    clock.after(tellMs, tellAll);
  }

  return {
    acquire(signal, onPlace) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(signal.reason);
          return;
        }
        const aborted = () => {
          queue.splice(queue.indexOf(waiting), 1);
          reject(signal.reason);
        };
        const waiting: Waiting = {
          onPlace,
          go(given) {
            signal.removeEventListener('abort', aborted);
            resolve(given);
          },
          told: undefined,
        };
        signal.addEventListener('abort', aborted, { once: true });
        queue.push(waiting);
        serve();
        if (!queue.includes(waiting)) return;
        if (held >= perServer || expectedMs(queue.length) >= worthTellingMs) tell(waiting, queue.length);
        keepTelling();
      });
    },
    slower(who) {
      if (who !== undefined) {
        if (banned.has(who)) return false;
        banned.put(who, true);
      }
      slow = Math.min(slowest, slowness() * 2);
      slowedAt = clock.now();
      slowedMs = pauseMs * slow;
      // The timer that waits for less is done again.
      cancelTimer?.();
      cancelTimer = undefined;
      serve();
      return true;
    },
    letIn: (who) => void banned.delete(who),
  };
}
