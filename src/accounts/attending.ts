/** Says whose work is being done, so that whatever takes long can be told with its account. */
import type { AccountId } from '../core/ids.ts';

export interface Watch {
  /** Work at that account begins; what begins within it belongs to it. */
  enter(account: AccountId): void;
  /** It ends, in the same turn of the loop. */
  leave(): void;
}

type Attended = <What, Result, More = undefined>(
  work: (what: What, more?: More) => Result,
) => (what: What, more?: More) => Result;

/** Wraps functions of that account; what they do behind an `await` is not looked at. */
export function attending(watch: Watch | undefined, account: AccountId): Attended {
  return (work) => {
    if (watch === undefined) return work;
    return (what, more) => {
      watch.enter(account);
      try {
        return work(what, more);
      } finally {
        watch.leave();
      }
    };
  };
}
