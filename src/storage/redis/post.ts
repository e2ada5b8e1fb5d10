/** Workers' mailboxes: one stream each, read with a blocking connection of its own. */

import { GatewayError } from '../../core/errors.ts';
import type { Post } from '../process-ports.ts';
import type { RedisLink } from './connect.ts';

export interface PostOptions {
  /** Messages a mailbox holds before senders are refused. */
  readonly cap: number;
}

const blockMs = 2_000;
const batch = 500;
const key = (worker: string): string => `isthmus:{${worker}}:post`;

export function createPost({ redis }: RedisLink, { cap }: PostOptions): Post {
  return {
    async send(worker, texts) {
      if ((await redis.xlen(key(worker))) >= cap)
        throw new GatewayError('queue-full', { text: 'The gateway is busy; try again in a moment' });
      const pipeline = redis.pipeline();
      for (const text of texts) pipeline.xadd(key(worker), '*', 't', text);
      for (const [error] of (await pipeline.exec()) ?? []) if (error !== null) throw error;
    },
    async *receive(worker, signal) {
      const reader = readerOf(redis);
      const stop = (): void => reader.disconnect();
      signal.addEventListener('abort', stop, { once: true });
      try {
        while (!signal.aborted) {
          const read = await reader
            .xread('COUNT', batch, 'BLOCK', blockMs, 'STREAMS', key(worker), '0')
            .catch(unlessAborted(signal));
          const entries = read?.[0]?.[1] ?? [];
          if (entries.length === 0) continue;
          yield entries.map(textOf);
          await redis.xdel(key(worker), ...entries.map(([id]) => id));
        }
      } finally {
        signal.removeEventListener('abort', stop);
        reader.disconnect();
      }
    },
    async takeOver(worker) {
      const [read] = (await redis.multi().xrange(key(worker), '-', '+').del(key(worker)).exec()) ?? [];
      const [error, entries] = read ?? [null, []];
      if (error !== null) throw error;
      return (entries as Entry[]).map(textOf);
    },
    async held(worker) {
      const [[first], entries] = await Promise.all([
        redis.xrange(key(worker), '-', '+', 'COUNT', 1),
        redis.xlen(key(worker)),
      ]);
      return { entries, since: first === undefined ? undefined : Number.parseInt(first[0], 10) };
    },
  };
}

type Entry = [id: string, fields: string[]];
const textOf = ([, fields]: Entry): string => fields[1] ?? '';

/** A connection of its own, for reads that block. It comes back by itself; that it is away is logged by the one it is a copy of. */
export function readerOf(redis: RedisLink['redis']): RedisLink['redis'] {
  const reader = redis.duplicate();
  reader.on('error', () => {});
  return reader;
}

/** A read that was cut off by our own stop is an empty one. */
export const unlessAborted =
  (signal: AbortSignal) =>
  (error: unknown): null => {
    if (signal.aborted) return null;
    throw error;
  };
