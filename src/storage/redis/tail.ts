/** An edge's reading of what workers sent: all streams of its domain at once, by a blocking connection of its own. */
import type { Clock } from '../../bridge/contract.ts';
import type { JournalStore } from '../ports.ts';
import type { JournalTail } from '../process-ports.ts';
import type { RedisLink } from './connect.ts';
import { journalKey } from './keys.ts';
import { readerOf, unlessAborted } from './reader.ts';

const blockMs = 1_000;
/** How often it is looked for streams that are new: each that there ever was is asked for then. */
const lookEveryMs = 250;
const batch = 500;

/** Journals over one link, each reader with a connection of its own. */
export function createJournalTail(
  { redis }: RedisLink,
  journal: Pick<JournalStore, 'streams'>,
  clock: Pick<Clock, 'now'>,
): JournalTail {
  return {
    async *follow(domain, signal) {
      const reader = readerOf(redis);
      const stop = (): void => reader.disconnect();
      signal.addEventListener('abort', stop, { once: true });
      const read = new Map<string, string>();
      let lookedAt = Number.NEGATIVE_INFINITY;
      async function look(): Promise<void> {
        if (Math.abs(clock.now() - lookedAt) < lookEveryMs) return;
        lookedAt = clock.now();
        for (const stream of (await unlessAborted(signal, journal.streams(domain))) ?? [])
          if (!read.has(stream)) read.set(stream, '0');
      }
      try {
        while (!signal.aborted) {
          await look();
          if (read.size === 0) {
            await unlessAborted(signal, reader.call('BLPOP', `isthmus:{${domain}}:nothing`, String(blockMs / 1_000)));
            continue;
          }
          const streams = [...read.keys()];
          const places = [...streams.map(journalKey), ...read.values()];
          const answer = await unlessAborted(
            signal,
            reader.xread('COUNT', batch, 'BLOCK', blockMs, 'STREAMS', ...places),
          );
          for (const [key, entries] of answer ?? []) {
            const stream = streams.find((one) => journalKey(one) === key) ?? key;
            for (const [id, fields] of entries) {
              read.set(stream, id);
              yield { stream, id, text: fields[1] ?? '' };
            }
          }
        }
      } finally {
        signal.removeEventListener('abort', stop);
        reader.disconnect();
      }
    },
  };
}
