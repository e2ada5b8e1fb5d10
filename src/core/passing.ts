/**
 * What comes and goes all the time, by its name. A Map makes itself anew now and then while entries come and go, and V8 keeps what it was before as long as
 * anything older does: what has long gone is then copied and marked with the living (src/design/speed.md). This one changes in place.
 */

/** By name; a name comes once at a time. */
export interface Passing<Value> {
  get(name: string): Value | undefined;
  /** In the place of what had that name. */
  set(name: string, value: Value): void;
  delete(name: string): void;
  size(): number;
  /** In no order. */
  values(): readonly Value[];
}

interface Entry<Value> {
  readonly name: string;
  value: Value;
}

/** A power of two: as many as are on their way at once where there is much to do. */
const shelves = 128;

/** What changes from one name to the next stands at its end. */
function shelfOf(name: string): number {
  const last = name.length - 1;
  let at = 0;
  for (let i = last; i >= 0 && i > last - 4; i--) at = at * 10 + name.charCodeAt(i) * 7;
  return at & (shelves - 1);
}

/** Nothing yet. */
export function createPassing<Value>(): Passing<Value> {
  const all: (Entry<Value>[] | undefined)[] = [];
  let size = 0;

  function find(name: string): Entry<Value> | undefined {
    const shelf = all[shelfOf(name)];
    if (shelf === undefined) return undefined;
    for (const entry of shelf) if (entry.name === name) return entry;
    return undefined;
  }

  return {
    get: (name) => find(name)?.value,
    set(name, value) {
      const known = find(name);
      if (known !== undefined) {
        known.value = value;
        return;
      }
      const at = shelfOf(name);
      all[at] ??= [];
      all[at].push({ name, value });
      size++;
    },
    delete(name) {
      const shelf = all[shelfOf(name)];
      const found = find(name);
      const last = found === undefined ? undefined : shelf?.pop();
      if (shelf === undefined || found === undefined || last === undefined) return;
      if (last !== found) shelf[shelf.indexOf(found)] = last;
      size--;
    },
    size: () => size,
    values: () => all.flatMap((shelf) => shelf?.map(({ value }) => value) ?? []),
  };
}
