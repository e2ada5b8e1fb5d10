/**
 * Things that are open for a while, by name: bounded in number, of one person and of all, and in how long they wait. Those that ended are remembered by name for
 * a while.
 */

export interface Recent<T> {
  /** It has been used: its time begins anew. */
  get(name: string): T | undefined;
  put(name: string, thing: T): void;
  end(name: string): void;
  /** Was there one of that name, not long ago? */
  wasEnded(name: string): boolean;
  /** Oldest use first. */
  all(): readonly T[];
}

export interface RecentOptions<T> {
  readonly atOnce: number;
  /** Of one person: beyond that their own gives way that waited longest, and nobody else's. */
  readonly each: number;
  whose(thing: T): string;
  readonly waitsMs: number;
  now(): number;
  onGone(thing: T): void;
}

/** How many names of those that ended are remembered. */
const remembered = 2_000;

export function createRecent<T>({ atOnce, each, whose, waitsMs, now, onGone }: RecentOptions<T>): Recent<T> {
  const things = new Map<string, { readonly thing: T; at: number }>();
  const ended = new Set<string>();

  function end(name: string): void {
    const found = things.get(name);
    if (found === undefined) return;
    things.delete(name);
    ended.add(name);
    const [oldest] = ended;
    if (ended.size > remembered && oldest !== undefined) ended.delete(oldest);
    onGone(found.thing);
  }

  /** The map is in the order of use, so that whoever waited longest stands first. */
  function sweep(): void {
    for (const [name, { at }] of things) {
      if (at + waitsMs > now() && things.size <= atOnce) return;
      end(name);
    }
  }

  function makeRoomFor(person: string): void {
    const theirs = [...things].filter(([, { thing }]) => whose(thing) === person);
    for (const [name] of theirs.slice(0, Math.max(0, theirs.length - each + 1))) end(name);
  }

  return {
    get(name) {
      sweep();
      const found = things.get(name);
      if (found === undefined) return undefined;
      things.delete(name);
      found.at = now();
      things.set(name, found);
      return found.thing;
    },
    put(name, thing) {
      end(name);
      makeRoomFor(whose(thing));
      things.set(name, { thing, at: now() });
      sweep();
    },
    end,
    wasEnded: (name) => ended.has(name),
    all: () => [...things.values()].map(({ thing }) => thing),
  };
}
