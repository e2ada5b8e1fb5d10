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
  return new Lists<Value>();
}

/** An object of a class: each account has several, and functions of their own would be eleven each. */
class Lists<Value> implements Passing<Value> {
  readonly #names: string[] = [];
  /** Of each name: a list of small numbers is looked through at once. */
  readonly #signs: number[] = [];
  readonly #all: (Value | undefined)[] = [];
  /** Where the first stands: what came first is mostly what goes first. */
  #head = 0;

  get(name: string): Value | undefined {
    const at = this.#find(name);
    return at < 0 ? undefined : this.#all[at];
  }

  set(name: string, value: Value): void {
    const at = this.#find(name);
    if (at >= 0) this.#all[at] = value;
    else this.#append(name, value);
  }

  add(name: string, value: Value): boolean {
    if (this.#find(name) >= 0) return false;
    this.#append(name, value);
    return true;
  }

  delete(name: string): void {
    const at = this.#find(name);
    if (at === this.#head) this.#dropFirst();
    else if (at > this.#head) this.#cut(at, 1);
  }

  size(): number {
    return this.#names.length - this.#head;
  }

  values(): readonly Value[] {
    return this.#all.slice(this.#head) as Value[];
  }

  #find(name: string): number {
    const names = this.#names;
    const head = this.#head;
    if (names[head] === name) return head;
    if (names.length - head < 2) return -1;
    const signs = this.#signs;
    const sign = signOf(name);
    let at = signs.indexOf(sign, head);
    while (at >= 0 && names[at] !== name) at = signs.indexOf(sign, at + 1);
    return at;
  }

  #append(name: string, value: Value): void {
    this.#names.push(name);
    this.#signs.push(signOf(name));
    this.#all.push(value);
  }

  #cut(from: number, count: number): void {
    this.#names.splice(from, count);
    this.#signs.splice(from, count);
    this.#all.splice(from, count);
  }

  #dropFirst(): void {
    this.#names[this.#head] = '';
    this.#all[this.#head] = undefined;
    this.#head++;
    if (this.#head === this.#names.length) this.#empty();
    else if (this.#head >= gap && 2 * this.#head >= this.#names.length) {
      this.#cut(0, this.#head);
      this.#head = 0;
    }
  }

  /** One by one, which leaves the lists the memory that they have: mostly there was one alone. */
  #empty(): void {
    for (; this.#head > 0; this.#head--) {
      this.#names.pop();
      this.#signs.pop();
      this.#all.pop();
    }
  }
}

/** Names of one kind differ at their end: few have the same. */
function signOf(name: string): number {
  const end = name.length - 1;
  if (end < 2) return end;
  return name.length + 37 * (name.charCodeAt(end) + 41 * (name.charCodeAt(end - 1) + 43 * name.charCodeAt(end - 2)));
}
