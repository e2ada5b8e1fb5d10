/** A map of bounded size that forgets what was not asked for in a long time. */

export interface Memory<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  forget(key: string): void;
}

/** @param atMost how much it holds; half of that it holds for certain */
export function createMemory<Value>(atMost: number): Memory<Value> {
  let young = new Map<string, Value>();
  let old = new Map<string, Value>();
  function set(key: string, value: Value): void {
    if (young.size >= atMost / 2) {
      old = young;
      young = new Map();
    }
    young.set(key, value);
  }
  return {
    get(key) {
      const found = young.get(key);
      if (found !== undefined) return found;
      const before = old.get(key);
      if (before !== undefined) set(key, before);
      return before;
    },
    set,
    forget(key) {
      young.delete(key);
      old.delete(key);
    },
  };
}
