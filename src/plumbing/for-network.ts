/**
 * What is meant for the network's room waits here while we are not in it, for behind a join that came to nothing the outbox would refuse it, and while what was
 * missed in the MUC is read, for that may be more than the outbox takes. Until it is accepted, what is written down of how far the MUC was heard does not go
 * past it. The last lines are kept, and none for longer than a day.
 */
import type { Marks } from './marks.ts';
import { staleMs } from './past-of-room.ts';
import type { Meant } from './to-network.ts';

export interface ForNetwork {
  accept(meant: Meant): void;
  /** For whoever hears the MUC. */
  readonly marks: Pick<Marks, 'now' | 'move'>;
  /** All that waits goes, in order, where it may. */
  flush(): void;
}

export interface ForNetworkParts {
  /** We are in the network's room, and it is known what the MUC has said. */
  isOpen(): boolean;
  /** Into the account's outbox. */
  accept(meant: Meant): void;
  readonly marks: Pick<Marks, 'now' | 'move'>;
  /** It waited for too long, or more has come since than is kept in mind. */
  onLost(id: string): void;
  now(): number;
}

interface Waiting {
  readonly meant: Meant;
  /** Since when. */
  readonly at: number;
}

/** Half of what a lane of the outbox takes at once. */
const waitingAtMost = 2_000;

export function createForNetwork({ isOpen, accept, marks, onLost, now }: ForNetworkParts): ForNetwork {
  let waiting: Waiting[] = [];
  let seen: Marks['now']['seen'];

  const lose = (one: Waiting | undefined): void => {
    if (one !== undefined) onLost(one.meant.id);
  };

  return {
    accept(meant) {
      if (isOpen()) accept(meant);
      else {
        waiting.push({ meant, at: now() });
        if (waiting.length > waitingAtMost) lose(waiting.shift());
      }
    },
    marks: {
      get now() {
        return marks.now;
      },
      move({ seen: last, ...others }) {
        if (Object.keys(others).length > 0) marks.move(others);
        if (last === undefined) return;
        if (isOpen()) marks.move({ seen: last });
        else seen = last;
      },
    },
    flush() {
      if (!isOpen()) return;
      const all = waiting;
      waiting = [];
      for (const one of all) {
        // A subject is what it is, however long ago it was set.
        if (one.at > now() - staleMs || one.meant.intent.kind === 'topic') accept(one.meant);
        else lose(one);
      }
      if (seen !== undefined) marks.move({ seen });
      seen = undefined;
    },
  };
}
