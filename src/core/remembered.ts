/** A map that holds no more than so many entries: the oldest go first. */
import { withFunctions } from './sharing-functions.ts';

export interface Remembered<Value> {
  get(key: string): Value | undefined;
  has(key: string): boolean;
  put(key: string, value: Value): void;
  delete(key: string): boolean;
}

interface Held<Value> {
  readonly atMost: number;
  /** Made with the first. */
  entries: Map<string, Value> | undefined;
}

const functions: Remembered<unknown> & ThisType<Held<unknown>> = {
  get(key) {
    return this.entries?.get(key);
  },
  has(key) {
    return this.entries?.has(key) === true;
  },
  delete(key) {
    return this.entries?.delete(key) === true;
  },
  put(key, value) {
    this.entries ??= new Map();
    this.entries.delete(key);
    for (const oldest of this.entries.keys()) {
      if (this.entries.size < this.atMost) break;
      this.entries.delete(oldest);
    }
    this.entries.set(key, value);
  },
};

/** Empty. */
export const createRemembered = <Value>(atMost: number): Remembered<Value> =>
  withFunctions<Remembered<Value>, Held<Value>>(functions as Remembered<Value>, { atMost, entries: undefined });
