/** Reads that block, each reader by a connection of its own, and how they end. */
import { Cluster } from 'ioredis';
import type { RedisLink } from './connect.ts';

/** A connection of its own. It comes back by itself; that it is away is logged by the one it is a copy of. */
export function readerOf(redis: RedisLink['redis']): RedisLink['redis'] {
  // Each of both has parameters of its own: of a union it could not be called.
  const reader = redis instanceof Cluster ? redis.duplicate() : redis.duplicate();
  reader.on('error', () => {});
  return reader;
}

/** What is read, or null where our own stop comes first: a connection that is closed between two tries would never answer, and never refuse. */
export function unlessAborted<T>(signal: AbortSignal, read: Promise<T>): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const stop = (): void => resolve(null);
    const over = (): void => signal.removeEventListener('abort', stop);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    read.then(resolve, (error: unknown) => (signal.aborted ? stop() : reject(error))).finally(over);
  });
}
