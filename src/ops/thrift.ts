/**
 * Memory is given back while there is little to do. V8 has two ways to weigh memory against time: with `--memory-saver-mode` it starts with little, collects early and gives
 * back what is free some seconds later, and a message in a rush costs a multiple (src/design/what-an-account-holds.md). So it is on while the event loop rests.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Clock } from '../bridge/contract.ts';

export interface Thrift {
  /** It is started: what loading it has left behind is collected, and from now on what there is to do decides. */
  begin(): void;
  /** Looks no longer, and saves no more. */
  close(): void;
}

export interface ThriftParts {
  readonly clock: Pick<Clock, 'after'>;
  /** The part of the time since it was last asked in which the event loop was busy, 0 to 1. */
  readonly busy?: () => number;
  readonly saveMemory?: (on: boolean) => void;
  readonly collect?: () => void;
}

const lookMs = 1_000;
/** Busier than this is busy. */
const restsBelow = 0.1;
/** So many looks in a row at which it rests: it costs CPU to begin, so nobody does between two sentences. */
const restingLooks = 15;

export function createThrift({
  clock,
  busy = loopBusy(),
  saveMemory = saverMode,
  collect = collectNow,
}: ThriftParts): Thrift {
  let saves = false;
  let resting = 0;
  let cancel = (): void => undefined;

  function choose(on: boolean): void {
    if (saves === on) return;
    saves = on;
    saveMemory(on);
  }

  function look(): void {
    resting = busy() < restsBelow ? resting + 1 : 0;
    if (resting === 0) choose(false);
    else if (resting >= restingLooks) choose(true);
    cancel = clock.after(lookMs, look);
  }

  return {
    begin() {
      // What is collected while memory is saved is given back.
      choose(true);
      collect();
      choose(false);
      busy();
      cancel = clock.after(lookMs, look);
    },
    close() {
      cancel();
      choose(false);
    },
  };
}

function loopBusy(): () => number {
  let last = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return utilization;
  };
}

/** One of the flags of V8 that count from when they are set. */
const saverMode = (on: boolean): void => setFlagsFromString(on ? '--memory-saver-mode' : '--no-memory-saver-mode');

/** Stops everything for some hundredths of a second: nobody is there yet whom it could delay. */
function collectNow(): void {
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext('gc');
  if (typeof gc === 'function') gc();
}
