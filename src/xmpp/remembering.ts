/** A bounded cache of pure work, keyed by text: the same few addresses stand in every stanza. */
import { ownCopy } from '../xml/own-copy.ts';

/**
 * `compute` with a memory of the texts seen last, between `size` and twice as many of them, each at most `maxLength` long. It must be pure; what it
 * returns is shared.
 */
export function remembering<T>(compute: (text: string) => T, size: number, maxLength: number): (text: string) => T {
  let young = new Map<string, T>();
  let old = new Map<string, T>();
  return (text) => {
    const known = young.get(text);
    if (known !== undefined) return known;
    const own = text.length > maxLength ? text : ownCopy(text);
    const value = old.get(text) ?? compute(own);
    if (value === undefined || text.length > maxLength) return value;
    if (young.size >= size) {
      old = young;
      young = new Map();
    }
    young.set(own, value);
    return value;
  };
}
