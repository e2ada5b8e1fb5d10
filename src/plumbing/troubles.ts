/** What is wrong with a plumbing at the moment, for who made it and for whoever lists them: told when it begins and when it is over, and not again and again. */

/** It is over, for good. */
export type End =
  /** An owner or admin does not want it. */
  | { readonly is: 'banned'; readonly reason?: string }
  /** There is no such room, or none any more. `to`: the one that its owner sends everybody to. */
  | { readonly is: 'no-room'; readonly to?: string }
  /** Another gateway's herald is there for the same room; only where no owner has agreed yet. */
  | { readonly is: 'rival'; readonly nick: string };

/** What may pass. */
export type Trouble =
  /** The MUC does not let us in: it is tried again. */
  | { readonly is: 'refused'; readonly condition: string; readonly text?: string }
  /** We are not in the network's room. */
  | { readonly is: 'network'; readonly text: string }
  /** The MUC is moderated, and we may say nothing in it. */
  | { readonly is: 'voiceless' }
  /** It lets none of the network's people in: the herald speaks for them. */
  | { readonly is: 'puppets'; readonly condition: string };

/** Only told. */
export type News =
  | { readonly is: 'joined' }
  /** What was wrong is right again. */
  | { readonly is: 'well' }
  | { readonly is: 'loop'; readonly nick: string }
  | { readonly is: 'rival'; readonly nick: string }
  /** A moderator of the network took back what the MUC's people said, and the MUC does not let us. */
  | { readonly is: 'unmoderated'; readonly condition: string }
  /** The MUC did not take the network's subject. */
  | { readonly is: 'subject'; readonly condition: string };

export interface Troubles {
  readonly now: readonly Trouble[];
  has(trouble: Trouble): void;
  /** It is not so any more. */
  past(is: Trouble['is']): void;
  news(news: News): void;
}

export interface TroublesParts {
  now(): number;
  tell(what: Trouble | News): void;
  /** They are others now. */
  onChange(troubles: readonly Trouble[]): void;
}

/** Within so long the same is told once. */
const quietMs = 3_600_000;

export function createTroubles({ now, tell, onChange }: TroublesParts): Troubles {
  const current = new Map<Trouble['is'], Trouble>();
  const toldAt = new Map<string, number>();
  /** Of which whoever made it knows, and not yet that they are over. */
  const known = new Set<Trouble['is']>();

  /** False: it was, a while ago. */
  function toldNow(key: string): boolean {
    const before = toldAt.get(key);
    if (before !== undefined && before + quietMs > now()) return false;
    toldAt.set(key, now());
    return true;
  }

  const all = (): readonly Trouble[] => [...current.values()];

  return {
    get now() {
      return all();
    },
    has(trouble) {
      const isSame = JSON.stringify(current.get(trouble.is)) === JSON.stringify(trouble);
      // What lasts is told in the end, where the last word was that all is well.
      if (isSame && known.has(trouble.is)) return;
      current.set(trouble.is, trouble);
      if (toldNow(trouble.is)) {
        known.add(trouble.is);
        tell(trouble);
      }
      if (!isSame) onChange(all());
    },
    past(is) {
      if (!current.delete(is)) return;
      onChange(all());
      if (known.delete(is) && current.size === 0) tell({ is: 'well' });
    },
    news(news) {
      if (news.is === 'joined' || toldNow(JSON.stringify(news))) tell(news);
    },
  };
}
