/**
 * What comes and goes all the time, by its name. A Map makes itself anew now and then while entries come and go, and V8 keeps what it was before as long as
 * anything older does: what has long gone is then copied and marked with the living (src/design/speed.md). This one changes in place.
 */

/** By name; a name comes once at a time. For some hundreds at most: they are looked through. */
export interface Passing<Value> {
  get(name: string): Value | undefined;
  /** In the place of what had that name. */
  set(name: string, value: Value): void;
  /** False, and nothing else, where something has that name. */
  add(name: string, value: Value): boolean;
  delete(name: string): void;
  size(): number;
  /** The first that came first. */
  values(): readonly Value[];
}

/** So many places of what has gone are kept in front of the first, and as many as there are others: then all move up. */
const gap = 64;

/** Nothing yet. */
export function createPassing<Value>(): Passing<Value> {
  const names: string[] = [];
  /** Of each name: a list of small numbers is looked through at once. */
  const signs: number[] = [];
  const all: (Value | undefined)[] = [];
  /** Where the first stands: what came first is mostly what goes first. */
  let head = 0;

  function find(name: string): number {
    if (names[head] === name) return head;
    if (names.length - head < 2) return -1;
    const sign = signOf(name);
    let at = signs.indexOf(sign, head);
    while (at >= 0 && names[at] !== name) at = signs.indexOf(sign, at + 1);
    return at;
  }

  function append(name: string, value: Value): void {
    names.push(name);
    signs.push(signOf(name));
    all.push(value);
  }

  function cut(from: number, count: number): void {
    names.splice(from, count);
    signs.splice(from, count);
    all.splice(from, count);
  }

  function dropFirst(): void {
    names[head] = '';
    all[head] = undefined;
    head++;
    if (head === names.length) empty();
    else if (head >= gap && 2 * head >= names.length) {
      cut(0, head);
      head = 0;
    }
  }

  /** One by one, which leaves the lists the memory that they have: mostly there was one alone. */
  function empty(): void {
    for (; head > 0; head--) {
      names.pop();
      signs.pop();
      all.pop();
    }
  }

  return {
    get(name) {
      const at = find(name);
      return at < 0 ? undefined : all[at];
    },
    set(name, value) {
      const at = find(name);
      if (at >= 0) all[at] = value;
      else append(name, value);
    },
    add(name, value) {
      if (find(name) >= 0) return false;
      append(name, value);
      return true;
    },
    delete(name) {
      const at = find(name);
      if (at === head) dropFirst();
      else if (at > head) cut(at, 1);
    },
    size: () => names.length - head,
    values: () => all.slice(head) as Value[],
  };
}

/** Names of one kind differ at their end: few have the same. */
function signOf(name: string): number {
  const end = name.length - 1;
  if (end < 2) return end;
  return name.length + 37 * (name.charCodeAt(end) + 41 * (name.charCodeAt(end - 1) + 43 * name.charCodeAt(end - 2)));
}
