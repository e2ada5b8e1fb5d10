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
  /** Of each name: a list of small numbers is looked through at once. */
  const signs: number[] = [];
  const all: Value[] = [];

  /** What came first is mostly what goes first. */
  function find(name: string): number {
    if (names[0] === name) return 0;
    const sign = signOf(name);
    let at = signs.indexOf(sign);
    while (at >= 0 && names[at] !== name) at = signs.indexOf(sign, at + 1);
    return at;
  }

  return {
    get: (name) => all[find(name)],
    set(name, value) {
      const at = find(name);
      if (at >= 0) all[at] = value;
      else {
        names.push(name);
        signs.push(signOf(name));
        all.push(value);
      }
    },
    delete(name) {
      const at = find(name);
      if (at === 0) {
        names.shift();
        signs.shift();
        all.shift();
      } else if (at > 0) {
        names.splice(at, 1);
        signs.splice(at, 1);
        all.splice(at, 1);
      }
    },
    size: () => names.length,
    values: () => all.slice(),
  };
}

/** Names of one kind differ at their end: few have the same. */
function signOf(name: string): number {
  const end = name.length - 1;
  if (end < 2) return end;
  return name.length + 37 * (name.charCodeAt(end) + 41 * (name.charCodeAt(end - 1) + 43 * name.charCodeAt(end - 2)));
}
