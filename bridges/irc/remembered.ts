/** A map that holds no more than so many entries: the oldest go first. */

export interface Remembered<Value> {
  get(key: string): Value | undefined;
  put(key: string, value: Value): void;
}

/** Empty. */
export function createRemembered<Value>(atMost: number): Remembered<Value> {
  const entries = new Map<string, Value>();
  return {
    get: (key) => entries.get(key),
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
