/** The journal in Redis: one stream a worker and domain, and a set of the streams a domain has. */
import type { JournalStore } from '../ports.ts';
import type { Call, Load, Order } from './batch.ts';
import type { RedisLink } from './connect.ts';
import { domainOf, journalKey, journalsKey } from './keys.ts';
import recordText from './lua/record.lua';
import recordAgainText from './lua/record-again.lua';
import { idAfter, isAfter } from './stream-ids.ts';

/** By its text, without what explains it: a Redis that does not know the script yet would carry out what is settled behind it, and this later. Redis copies the text once more for it than for the plain command. */
const record = bare(recordText);
const recordAgain = bare(recordAgainText);

function bare(script: string): string {
  return script.replaceAll(/^--.*\n/gm, '');
}

const ours: Order = { isJournal: true };
const late: Order = { isJournal: true, mayWait: true };

/** The journal over one link. An append whose answer was lost is sent again, and is there once, where it was the only one of its stream under way: an edge that reads the journal would say it twice. */
export function createJournalStore({ redis, batch, onBack }: RedisLink): JournalStore {
  const listed = new Set<string>();
  // It may have lost them.
  onBack(() => listed.clear());
  /** Redis' memory was full: from then on what is written to it is written also where it is. */
  let wasFull = false;
  /** What each stream has had last; nobody else writes to it. */
  const newest = new Map<string, string>();
  /** How many appends to each stream are under way. */
  const underWay = new Map<string, number>();

  function count(stream: string, by: 1 | -1): void {
    const now = (underWay.get(stream) ?? 0) + by;
    if (now > 0) underWay.set(stream, now);
    else underWay.delete(stream);
  }

  /** The same, once. */
  function once(stream: string, text: string): Call {
    const last = newest.get(stream);
    if (last === undefined || underWay.get(stream) !== 1) return entry(stream, text);
    return { command: ['eval', recordAgain, '1', journalKey(stream), last, text] };
  }

  /** Before the first entry of a stream, so that no entry is ever in a stream that nobody finds. */
  function list(stream: string): void {
    if (listed.has(stream)) return;
    listed.add(stream);
    batch.ask({ command: ['sadd', journalsKey(domainOf(stream)), stream] }, ours).catch(() => listed.delete(stream));
  }

  return {
    append(stream, take, mayWait = false) {
      list(stream);
      count(stream, 1);
      const key = journalKey(stream);
      return new Promise<string | undefined>((resolve, reject) => {
        let text: string | undefined;
        let isMoved = false;
        let alsoWhereFull = false;
        const load: Load = {
          ...(mayWait ? late : ours),
          key,
          seal() {
            text ??= take();
            alsoWhereFull = wasFull;
            if (text !== undefined) return alsoWhereFull ? entryWhereFull(stream, text) : entry(stream, text);
            resolve(undefined);
            return undefined;
          },
          again: () => once(stream, text ?? ''),
          done(reply) {
            const id = String(reply);
            const last = newest.get(stream);
            if (isMoved || last === undefined || isAfter(id, last)) {
              newest.set(stream, id);
              return resolve(id);
            }
            // Another Redis, whose clock is behind, and which has not heard of the last: whoever has read that would never see this.
            isMoved = true;
            batch.ask({ command: ['xsetid', key, last] }, ours).catch(() => undefined);
            batch.add(load);
            batch.ask({ command: ['xdel', key, id] }, ours).catch(() => undefined);
          },
          failed(error) {
            // What others of the same flight were refused is tried so, too.
            if (alsoWhereFull || !error.message.startsWith('OOM')) return reject(error);
            wasFull = true;
            batch.add(load);
          },
        };
        batch.add(load);
      }).finally(() => count(stream, -1));
    },
    async trim(stream, upTo) {
      // Does not wait like what is appended: a process that ends would leave what the server has had, to be said again.
      await batch.ask({ command: ['xtrim', journalKey(stream), 'MINID', idAfter(upTo)] });
    },
    hurry: () => batch.hurry(),
    async after(stream, id, max) {
      const entries = await redis.xrange(journalKey(stream), id === undefined ? '-' : `(${id}`, '+', 'COUNT', max);
      return entries.map(([id, fields]) => ({ id, text: fields[1] ?? '' }));
    },
    length: (stream) => redis.xlen(journalKey(stream)),
    async streams(domain) {
      const all = (await redis.smembers(journalsKey(domain))).sort();
      const lengths = await Promise.all(all.map((stream) => redis.xlen(journalKey(stream))));
      return all.filter((_, i) => (lengths[i] ?? 0) > 0);
    },
    async remove(stream) {
      listed.delete(stream);
      newest.delete(stream);
      await redis
        .multi()
        .del(journalKey(stream))
        .srem(journalsKey(domainOf(stream)), stream)
        .exec();
    },
  };
}

const entry = (stream: string, text: string): Call => ({ command: ['xadd', journalKey(stream), '*', 't', text] });

const entryWhereFull = (stream: string, text: string): Call => ({
  command: ['eval', record, '2', journalKey(stream), journalsKey(domainOf(stream)), text, stream],
});

/** Resolves when what was put on the wire until now is in the journal: it leaves at the end of the turn, by the same link, which keeps the order. */
export async function journaled({ batch }: Pick<RedisLink, 'batch'>): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  await batch.journaled();
}
