/** An edge's reading of what workers sent: all streams of its domain at once, by a blocking connection of its own. */
import type { Clock } from '../../bridge/contract.ts';
import type { JournalStore } from '../ports.ts';
import type { JournalTail } from '../process-ports.ts';
import type { RedisLink } from './connect.ts';
import { journalKey, journalsKey } from './keys.ts';
import { readerOf, unlessAborted } from './reader.ts';

const blockMs = 1_000;
/** How often it is looked for streams that are new: each that there ever was is asked for then. */
const lookEveryMs = 250;
const batch = 500;
/** How often its clock is compared with ours, for entries are numbered by it, and it is looked which journals are forgotten. */
const compareEveryMs = 10_000;
/** Of the one that has the key: others of a cluster have clocks of their own. */
const timeText = "return redis.call('TIME')";

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
      let comparedAt = Number.NEGATIVE_INFINITY;
      let aheadMs = 0;
      const nothing = `isthmus:{${domain}}:nothing`;
      async function compare(): Promise<void> {
        const asked = clock.now();
        if (Math.abs(asked - comparedAt) < compareEveryMs) return;
        const time = (await unlessAborted(signal, reader.eval(timeText, 1, nothing))) as readonly string[] | null;
        if (time === null) return;
        comparedAt = clock.now();
        aheadMs = Math.round(Number(time[0]) * 1_000 + Number(time[1]) / 1_000 - (asked + comparedAt) / 2);
        await forget();
      }
      async function look(): Promise<void> {
        if (Math.abs(clock.now() - lookedAt) < lookEveryMs) return;
        lookedAt = clock.now();
        for (const stream of (await unlessAborted(signal, journal.streams(domain))) ?? [])
          if (!read.has(stream)) read.set(stream, '0');
      }
      /** Of processes that are long gone (old-journals.ts). What comes back all the same is read from its beginning. */
      async function forget(): Promise<void> {
        const listed = await unlessAborted(signal, redis.smembers(journalsKey(domain)));
        if (listed === null) return;
        const known = new Set(listed);
        for (const stream of read.keys()) if (!known.has(stream)) read.delete(stream);
      }
      try {
        while (!signal.aborted) {
          await look();
          await compare();
          if (read.size === 0) {
            await unlessAborted(signal, reader.call('BLPOP', nothing, String(blockMs / 1_000)));
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
              // The id begins with the time.
              yield { stream, id, at: Number.parseInt(id, 10) - aheadMs, text: fields[1] ?? '' };
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
