/**
 * Maps and sets that mostly hold nothing, of which there are many: V8 makes the table of an empty Map at once, some 200 bytes with it, and an account has
 * a hundred (src/design/what-an-account-holds.md). These have none before something comes in, and none again when the last is gone.
 */

/** Empty. Not for what comes and goes with every message: it would be made anew each time. */
export const sparseMap = <Key, Value>(): Map<Key, Value> => new SparseMap();

/** The same as a set. */
export const sparseSet = <Value>(): Set<Value> => new SparseSet();

/** Classes, so that no map has functions of its own. Whoever walks over one sees what a Map shows, but for what came in after the last had gone. */
class SparseMap<Key, Value> implements Map<Key, Value> {
  #held: Map<Key, Value> | undefined;

  get size(): number {
    return this.#held === undefined ? 0 : this.#held.size;
  }
  get(key: Key): Value | undefined {
    return this.#held?.get(key);
  }
  has(key: Key): boolean {
    return this.#held?.has(key) === true;
  }
  set(key: Key, value: Value): this {
    this.#held ??= new Map();
    this.#held.set(key, value);
    return this;
  }
  delete(key: Key): boolean {
    if (this.#held === undefined) return false;
    const was = this.#held.delete(key);
    if (this.#held.size === 0) this.#held = undefined;
    return was;
  }
  clear(): void {
    this.#held = undefined;
  }
  forEach(call: (value: Value, key: Key, map: Map<Key, Value>) => void): void {
    for (const [key, value] of this) call(value, key, this);
  }
  keys(): MapIterator<Key> {
    return this.#all().keys();
  }
  values(): MapIterator<Value> {
    return this.#all().values();
  }
  entries(): MapIterator<[Key, Value]> {
    return this.#all().entries();
  }
  [Symbol.iterator](): MapIterator<[Key, Value]> {
    return this.#all().entries();
  }
  get [Symbol.toStringTag](): string {
    return 'Map';
  }
  #all(): Map<Key, Value> {
    return this.#held ?? new Map();
  }
}

class SparseSet<Value> implements Set<Value> {
  #held: Set<Value> | undefined;

  get size(): number {
    return this.#held === undefined ? 0 : this.#held.size;
  }
  has(value: Value): boolean {
    return this.#held?.has(value) === true;
  }
  add(value: Value): this {
    this.#held ??= new Set();
    this.#held.add(value);
    return this;
  }
  delete(value: Value): boolean {
    if (this.#held === undefined) return false;
    const was = this.#held.delete(value);
    if (this.#held.size === 0) this.#held = undefined;
    return was;
  }
  clear(): void {
    this.#held = undefined;
  }
  forEach(call: (value: Value, same: Value, set: Set<Value>) => void): void {
    for (const value of this) call(value, value, this);
  }
  keys(): SetIterator<Value> {
    return this.#all().values();
  }
  values(): SetIterator<Value> {
    return this.#all().values();
  }
  entries(): SetIterator<[Value, Value]> {
    return this.#all().entries();
  }
  [Symbol.iterator](): SetIterator<Value> {
    return this.#all().values();
  }
  get [Symbol.toStringTag](): string {
    return 'Set';
  }
  #all(): Set<Value> {
    return this.#held ?? new Set();
  }
}
