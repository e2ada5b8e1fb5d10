/** What is kept for a while: a map that holds no more than so many entries, the oldest of which go first, and the last answer of a pure function. */
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

/** `make` with a memory of what it was asked last: what many accounts hear is asked for once an account, one behind the other. It must be pure; what it returns is shared. */
export function rememberingLast<Asked, Made>(make: (asked: Asked) => Made): (asked: Asked) => Made {
  let last: { readonly asked: Asked; readonly made: Made } | undefined;
  return (asked) => {
    if (last === undefined || last.asked !== asked) last = { asked, made: make(asked) };
    return last.made;
  };
}
