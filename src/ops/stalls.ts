/**
 * What keeps the event loop: every account of the process waits meanwhile. Work at an account is measured from its beginning to its end; what nobody has
 * claimed is seen by a timer that comes too late.
 */
import type { Clock, Log } from '../bridge/contract.ts';

export interface Stalls {
  /** Work at that account begins; what begins within it belongs to it. */
  enter(account: string): void;
  /** It ends. Called once for every `enter`, in the same turn of the loop. */
  leave(): void;
  /** From now on what nobody has claimed is looked for too: a process that starts loads much at once. */
  begin(): void;
  /** Looks no longer. */
  close(): void;
}

export interface StallsParts {
  readonly clock: Pick<Clock, 'after'>;
  readonly log: Pick<Log, 'warn'>;
  /** Called for every stall. */
  onStall(): void;
  /** Milliseconds, whatever happens to the time of day. */
  readonly monotonic?: () => number;
}

/** Longer than this is a stall. */
const stallMs = 200;
const tickMs = 100;
/** Lines of the log in a minute; what is more is counted. */
const linesAtMost = 10;
const minuteMs = 60_000;

/** Work at accounts is looked at from now on. */
export function createStalls({ clock, log, onStall, monotonic = () => performance.now() }: StallsParts): Stalls {
  let depth = 0;
  let current = '';
  let began = 0;
  /** Since the last tick: who was worked at last, and for how long what was told of had lasted. */
  let last: string | undefined;
  let toldMs = 0;
  let tickedAt = monotonic();
  let minute = { since: tickedAt, lines: 0, untold: 0 };

  function tell(fields: object, ms: number, message: string): void {
    onStall();
    const now = monotonic();
    const { untold } = minute;
    if (now - minute.since >= minuteMs) minute = { since: now, lines: 0, untold };
    if (minute.lines >= linesAtMost) {
      minute.untold++;
      return;
    }
    minute.lines++;
    minute.untold = 0;
    log.warn({ ...fields, ms: Math.round(ms), ...(untold > 0 && { untold }) }, message);
  }

  let cancel = (): void => undefined;
  function tick(): void {
    const now = monotonic();
    const late = now - tickedAt - tickMs - toldMs;
    if (late > stallMs)
      tell(last === undefined ? {} : { lately: last }, late, 'the event loop stood still, in nobody’s name');
    tickedAt = monotonic();
    toldMs = 0;
    last = undefined;
    cancel = clock.after(tickMs, tick);
  }

  return {
    enter(account) {
      if (depth++ > 0) return;
      current = account;
      last = account;
      began = monotonic();
    },
    leave() {
      if (--depth > 0) return;
      const ms = monotonic() - began;
      if (ms <= stallMs) return;
      toldMs += ms;
      tell({ account: current }, ms, 'work at one account kept all others waiting');
    },
    begin() {
      tickedAt = monotonic();
      toldMs = 0;
      cancel = clock.after(tickMs, tick);
    },
    close: () => cancel(),
  };
}
