/**
 * What comes and goes all the time, by its name. A Map makes itself anew now and then while entries come and go, and V8 keeps what it was before as long as
 * anything older does: what has long gone is then copied and marked with the living (src/design/speed.md). This one changes in place.
 */

/** By name; a name comes once at a time. For some hundreds at most: they are looked through. */
export interface Passing<Value> {
  get(name: string): Value | undefined;
  /** In the place of what had that name. */
  set(name: string, value: Value): void;
  delete(name: string): void;
  size(): number;
  /** The first that came first. */
  values(): readonly Value[];
}

/** Nothing yet. */
export function createPassing<Value>(): Passing<Value> {
  const names: string[] = [];
  const all: Value[] = [];

  /** What came first is mostly what goes first. Names differ at their end. */
  function find(name: string): number {
    if (names[0] === name) return 0;
    const last = name.length - 1;
    const end = name.charCodeAt(last);
    for (let at = names.length - 1; at > 0; at--) {
      const one = names[at] ?? '';
      if (one.length === name.length && one.charCodeAt(last) === end && one === name) return at;
    }
    return name === '' ? names.indexOf(name) : -1;
  }

  return {
    get: (name) => all[find(name)],
    set(name, value) {
      const at = find(name);
      if (at >= 0) all[at] = value;
      else {
        names.push(name);
        all.push(value);
      }
    },
    delete(name) {
      const at = find(name);
      if (at === 0) {
        names.shift();
        all.shift();
      } else if (at > 0) {
        names.splice(at, 1);
        all.splice(at, 1);
      }
    },
    size: () => names.length,
    values: () => all.slice(),
  };
}
