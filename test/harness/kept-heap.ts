/** How much memory is kept of something, to see whether it keeps what it was cut from. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** What is in use, in octets, when all that nobody uses is gone. */
export function heapInUse(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

/** In octets each, of so many; what `make` returns is kept, too. */
export function keptEach(count: number, make: (n: number) => unknown): number {
  const all: unknown[] = [];
  const before = heapInUse();
  for (let n = 0; n < count; n++) all.push(make(n));
  const after = heapInUse();
  return all.length === 0 ? 0 : (after - before) / all.length;
}
