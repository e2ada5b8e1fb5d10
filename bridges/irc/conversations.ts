/** What is remembered of conversations of two: that our owner wrote to somebody, when somebody was last heard, what was told of them already. */
import { sparseMap } from '#bridge';

export interface Conversations {
  /** Our owner wrote to that person; from then on their notices come as theirs. */
  wrote(folded: string): void;
  /** They wrote to us. */
  heard(folded: string): void;
  hasWritten(folded: string): boolean;
  /** They are away, says the server, because we wrote to them. True: it is to be told now, which is once an hour. */
  tellsAway(folded: string): boolean;
  /** They are called otherwise now. True: somebody is talking with them and should know. */
  renamed(from: string, to: string): boolean;
}

interface Conversation {
  written: boolean;
  at: number;
  awayToldAt: number | undefined;
}

const most = 512;
const recentMs = 3_600_000;

/** Over 512 the one that was silent longest is forgotten. */
export function createConversations(now: () => number): Conversations {
  const known = sparseMap<string, Conversation>();

  function keep(folded: string, one: Conversation): void {
    known.delete(folded);
    known.set(folded, one);
    for (const oldest of known.keys()) {
      if (known.size <= most) break;
      known.delete(oldest);
    }
  }

  function touch(folded: string, written: boolean): void {
    const one = known.get(folded) ?? { written, at: 0, awayToldAt: undefined };
    one.written ||= written;
    one.at = now();
    keep(folded, one);
  }

  return {
    wrote: (folded) => touch(folded, true),
    heard: (folded) => touch(folded, false),
    hasWritten: (folded) => known.get(folded)?.written === true,
    tellsAway(folded) {
      const one = known.get(folded);
      if (one?.written !== true || now() - one.at > recentMs) return false;
      if (one.awayToldAt !== undefined && now() - one.awayToldAt < recentMs) return false;
      one.awayToldAt = now();
      return true;
    },
    renamed(from, to) {
      const one = known.get(from);
      if (one === undefined) return false;
      known.delete(from);
      keep(to, one);
      return from !== to && now() - one.at <= recentMs;
    },
  };
}
