/** ioredis slows down each string of the process, and that is mended. */
import { setFlagsFromString } from 'node:v8';
import { expect, test } from 'vitest';
import { mendStrings } from '../../../../src/storage/redis/mend-strings.ts';

/** Is it an object that V8 reads from by place, and not a hash table? */
function isFast(object: object): boolean {
  setFlagsFromString('--allow-natives-syntax');
  try {
    return new Function('object', 'return %HasFastProperties(object)')(object);
  } finally {
    setFlagsFromString('--no-allow-natives-syntax');
  }
}

test('with ioredis loaded strings are fast all the same', async () => {
  await import('ioredis');
  mendStrings();
  expect(isFast(String.prototype)).toBe(true);
});
