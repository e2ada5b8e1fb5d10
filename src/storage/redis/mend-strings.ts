/**
 * ioredis derives a class from String, and with that V8 turns `String.prototype` into a hash table: each `text.charCodeAt(…)` of the whole process is then
 * looked up, and never inlined (src/design/speed.md).
 */

/** V8 looks closer at code that ran a few times. */
const often = 1_000;

/** After ioredis was loaded. A property that is asked of a string as an object makes its prototype fast again, for good. */
export function mendStrings(): void {
  const text: string = Object('');
  let length = 0;
  for (let i = 0; i < often; i++) length += lengthOf(text);
  if (length !== 0) throw new Error('an empty string has a length');
}

const lengthOf = (text: string): number => text.at(0)?.length ?? 0;
