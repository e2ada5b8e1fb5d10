/** A map that holds no more than so many entries: the oldest go first. */

export interface Remembered<Value> {
  get(key: string): Value | undefined;
  has(key: string): boolean;
  put(key: string, value: Value): void;
  delete(key: string): boolean;
}

/** Empty. */
export function createRemembered<Value>(atMost: number): Remembered<Value> {
  const entries = new Map<string, Value>();
  return {
    get: (key) => entries.get(key),
    has: (key) => entries.has(key),
    delete: (key) => entries.delete(key),
    put(key, value) {
      entries.delete(key);
      for (const oldest of entries.keys()) {
        if (entries.size < atMost) break;
        entries.delete(oldest);
      }
      entries.set(key, value);
    },
  };
}
