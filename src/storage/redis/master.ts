/**
 * A Redis that has become a replica takes no writes (READONLY): its master is somewhere else now. So the link is made anew, by the same address or by what the
 * Sentinels say then, until what answers is a master again; what was to be written waits.
 */
import type { Clock, Log } from '../../bridge/contract.ts';

export interface MasterSeekerParts {
  readonly clock: Clock;
  readonly log: Log;
  /** The address without secrets. */
  readonly where: string;
  /**
   * Are commands under way whose order must be kept? They are sent again by whoever sent them, when all are answered; another that is refused meanwhile fails, as
   * the connection must not be cut under them.
   */
  isBusy(): boolean;
}

/** Two of ioredis' options, and what those tell it who see more. */
export interface MasterSeeker {
  isReplica(): void;
  /** 2: make the connection anew and send that command again. */
  reconnectOnError(error: Error): false | 2;
  retryStrategy(times: number): number;
}

/** Between two looks at a Redis that is a replica. */
const betweenLooksMs = 500;
/** What was seen so long ago says nothing of now. */
const recentMs = 10_000;
const toldEveryMs = 60_000;

/** For a link that has once been to its master. */
export function createMasterSeeker({ clock, log, where, isBusy }: MasterSeekerParts): MasterSeeker {
  let seenAt: number | undefined;
  let toldAt: number | undefined;
  function isReplica(): void {
    seenAt = clock.now();
    if (toldAt !== undefined && seenAt - toldAt < toldEveryMs) return;
    toldAt = seenAt;
    const message = 'Redis is a replica now and takes no writes; its master is looked for, and what needs it waits';
    log.warn({ redis: where }, message);
  }

  return {
    isReplica,
    reconnectOnError(error) {
      if (!error.message.startsWith('READONLY')) return false;
      isReplica();
      return isBusy() ? false : 2;
    },
    retryStrategy: (times) =>
      seenAt !== undefined && clock.now() - seenAt < recentMs ? betweenLooksMs : Math.min(50 * times, 1_000),
  };
}
