/**
 * What is meant for the network's room waits here while we are not in it: behind a join that came to nothing the outbox would refuse it. Until it is
 * accepted, what is written down of how far the MUC was heard does not go past it.
 */
import type { Marks } from './marks.ts';
import type { Meant } from './to-network.ts';

export interface ForNetwork {
  accept(meant: Meant): void;
  /** For whoever hears the MUC. */
  readonly marks: Pick<Marks, 'now' | 'move'>;
  /** We are in: all that waits goes, in order. */
  flush(): void;
}

export interface ForNetworkParts {
  /** We are in the network's room. */
  isIn(): boolean;
  /** Into the account's outbox. */
  accept(meant: Meant): void;
  readonly marks: Pick<Marks, 'now' | 'move'>;
  /** More waits than is kept in mind. */
  onLost(id: string): void;
}

/** Half of what a lane of the outbox takes at once. */
const waitingAtMost = 2_000;

export function createForNetwork({ isIn, accept, marks, onLost }: ForNetworkParts): ForNetwork {
  let waiting: Meant[] = [];
  let seen: Marks['now']['seen'];
  return {
    accept(meant) {
      if (isIn()) accept(meant);
      else if (waiting.length < waitingAtMost) waiting.push(meant);
      else onLost(meant.id);
    },
    marks: {
      get now() {
        return marks.now;
      },
      move({ seen: now, ...others }) {
        if (Object.keys(others).length > 0) marks.move(others);
        if (now === undefined) return;
        if (isIn()) marks.move({ seen: now });
        else seen = now;
      },
    },
    flush() {
      const all = waiting;
      waiting = [];
      for (const meant of all) accept(meant);
      if (seen !== undefined) marks.move({ seen });
      seen = undefined;
    },
  };
}
