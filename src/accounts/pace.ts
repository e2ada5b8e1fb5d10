/**
 * How many stanzas may be rendered in one turn of the loop for those who are told of a whole room, over all accounts of a domain: fifty who come into a
 * channel of ten thousand at once must not keep everybody else waiting. In the order of asking.
 */

export interface Pace {
  /** The most that is to be asked for at once. */
  readonly perTurn: number;
  /** undefined: so many may be rendered now; else resolves in the turn in which they may, and they must be rendered then, before anything is awaited. */
  take(stanzas: number): Promise<void> | undefined;
}

export function createPace(perTurn: number): Pace {
  const waiting: { readonly stanzas: number; readonly go: () => void }[] = [];
  let spent = 0;

  /** Something always fits into a turn of its own. */
  function spend(stanzas: number): boolean {
    if (spent > 0 && spent + stanzas > perTurn) return false;
    if (spent === 0) setImmediate(onTurn);
    spent += Math.max(1, stanzas);
    return true;
  }

  function onTurn(): void {
    spent = 0;
    for (let [next] = waiting; next !== undefined && spend(next.stanzas); [next] = waiting) {
      waiting.shift();
      next.go();
    }
  }

  return {
    perTurn,
    take(stanzas) {
      if (waiting.length === 0 && spend(stanzas)) return undefined;
      return new Promise((go) => waiting.push({ stanzas, go }));
    },
  };
}
