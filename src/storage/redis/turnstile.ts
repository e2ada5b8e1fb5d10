/** Who has come by when: for what has to wait until all that came before it is gone. */

export interface Turnstile {
  /** Somebody comes; calling what it answers is to go. */
  enter(): () => void;
  /** Calls when all that are there now are gone: at once where nobody is. */
  behind(call: () => void): void;
}

/** Those who came between two that wait. */
interface Group {
  there: number;
  readonly calls: (() => void)[];
}

export function createTurnstile(): Turnstile {
  /** Oldest first; those who come join the last. Nobody waits for that, for another one is begun behind it then. */
  const groups: Group[] = [{ there: 0, calls: [] }];

  function leave(group: Group): void {
    group.there--;
    while (groups[0]?.there === 0 && groups.length > 1) for (const call of groups.shift()?.calls ?? []) call();
  }

  return {
    enter() {
      const group = groups.at(-1) ?? { there: 0, calls: [] };
      group.there++;
      return () => leave(group);
    },
    behind(call) {
      const last = groups.at(-1);
      const isEmpty = last?.there === 0;
      const waited = isEmpty ? groups.at(-2) : last;
      if (waited === undefined) return call();
      waited.calls.push(call);
      if (!isEmpty) groups.push({ there: 0, calls: [] });
    },
  };
}
