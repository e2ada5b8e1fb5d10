/**
 * Keeps the files that expire on their networks, where HTTP is served: fetches what was told before it expires, or at once where somebody asks for it, sends it to who has its
 * link, and removes what went. What is to be kept is said in SQL, so that it does not matter which process heard of it (src/design/media.md).
 */

import { inTime } from '../../accounts/in-time.ts';
import type { Clock, Log } from '../../bridge/contract.ts';
import type { Fetch } from '../../bridge/fetching.ts';
import { TooMuch } from '../../bridge/fetching.ts';
import type { Mount, NoFile } from '../../ops/http.ts';
import type { MediaCount } from '../../ops/metrics.ts';
import type { StoredFile } from '../../ops/stored-file.ts';
import type { MediaEntry, MediaStore } from '../../storage/media-ports.ts';
import type { MediaFiles } from './files.ts';
import { headersOf } from './headers.ts';
import { shownName } from './links.ts';

export interface MediaKeeper {
  /** What is behind `/media/` of an address. */
  find(rest: string): Promise<StoredFile | NoFile>;
  /** There is something new to fetch. */
  poke(): void;
  /** Gives up what is under way. */
  close(): Promise<void>;
}

export interface MediaKeeperParts {
  readonly store: MediaStore;
  readonly files: MediaFiles;
  readonly fetch: Fetch;
  /** What the operator has listed of that domain: `Network.filesAt`. */
  filesAt(domain: string): string | undefined;
  /** Octets of one file; undefined: none is fetched any more, and what is there stays until its time is over. */
  readonly largest: number | undefined;
  /** Octets of all. */
  readonly all: number;
  /** Of messages from before then nothing is kept (epoch milliseconds). */
  before(): number;
  readonly clock: Pick<Clock, 'now' | 'sleep' | 'after'>;
  readonly log: Log;
  /** For the metrics. */
  count(what: MediaCount): void;
}

/** Side by side, and how many more may wait to be. */
const fetchesAtMost = 4;
const waitingAtMost = 64;
/** How long a request waits for a fetch, and how often it is looked for what others were told. */
const patienceMs = 20_000;
const lookEveryMs = 10_000;
/** After a failure; twice as long after each further one, as long as the source lives. */
const againMs = 60_000;
const triesAtMost = 8;
const tidyEveryMs = 3_600_000;
/** What was begun so long ago is nobody's work any more. */
const begunMs = 900_000;
const batch = 100;

const expired: NoFile = { status: 410, text: 'this file is gone: its network had it for a while only' };
const unknown: NoFile = { status: 404, text: 'there is no such file, or no more' };
const busy: NoFile = { status: 503, text: 'the file is on its way, try again' };

/** The network says for good that there is nothing to have. */
class Refused extends Error {}

/** Looks after the store from now on, until it is closed. */
export function createMediaKeeper(parts: MediaKeeperParts): MediaKeeper {
  const { store, files, clock, log, count, largest = 0 } = parts;
  const over = new AbortController();
  const running = new Map<string, Promise<boolean>>();
  const queue: (() => void)[] = [];
  let free = fetchesAtMost;
  let wake = Promise.withResolvers<void>();

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => queue.push(resolve));
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next === undefined) free++;
      else next();
    }
  }

  async function got({ id, source, domain }: MediaEntry): Promise<void> {
    over.signal.throwIfAborted();
    const listed = parts.filesAt(domain);
    const options = { signal: over.signal, atMost: largest, ...(listed !== undefined && { listed }) };
    const { status, body } = await parts.fetch(source, options);
    if (body === null)
      throw status >= 500 || status === 429 ? new Error(`status ${status}`) : new Refused(`status ${status}`);
    const file = await files.put(id, body);
    if (!(await store.fetched(id, file, clock.now()))) await files.remove(id);
  }

  /** Resolves with whether it is there now. Never rejects. */
  async function fetched(entry: MediaEntry): Promise<boolean> {
    const { id, domain, tries, until } = entry;
    try {
      await inTurn(() => got(entry));
      count('fetched');
      return true;
    } catch (error) {
      if (over.signal.aborted) return false;
      const isFinal = error instanceof Refused || error instanceof TooMuch || tries + 1 >= triesAtMost;
      const againAt = isFinal ? until : clock.now() + againMs * 2 ** tries;
      // Its message may have the address in it, which lets anybody have the file.
      const reason = error instanceof Refused || error instanceof TooMuch ? error.message : nameOf(error);
      log.info({ domain, file: id.slice(0, 6), reason, isFinal }, 'a file of a network could not be fetched');
      count('failed');
      await store
        .failed(id, againAt)
        .catch((problem: unknown) => log.warn({ error: problem }, 'the store of files is away'));
      return false;
    }
  }

  function fetchOnce(entry: MediaEntry): Promise<boolean> {
    const known = running.get(entry.id);
    if (known !== undefined) return known;
    const one = fetched(entry).finally(() => running.delete(entry.id));
    running.set(entry.id, one);
    return one;
  }

  async function stored(entry: MediaEntry | undefined): Promise<StoredFile | undefined> {
    if (entry?.file === undefined) return undefined;
    const { id, name, file } = entry;
    if (!(await files.has(id, file.bytes))) return undefined;
    return { path: files.pathOf(id), bytes: file.bytes, tag: file.tag, headers: headersOf(file.type, name) };
  }

  async function find(rest: string): Promise<StoredFile | NoFile> {
    const [, id = '', name] = /^([A-Za-z0-9_-]{24})\/([A-Za-z0-9._-]{1,100})$/.exec(rest) ?? [];
    const entry = id === '' ? undefined : await store.find(id);
    if (entry === undefined || shownName(entry.name) !== name) return unknown;
    const here = await stored(entry);
    if (here !== undefined) {
      await store.needed(id, clock.now());
      return here;
    }
    if (entry.until <= clock.now() || largest === 0) return expired;
    if (!running.has(id) && entry.againAt > clock.now()) return entry.againAt >= entry.until ? expired : busy;
    if (!running.has(id) && queue.length >= waitingAtMost) return busy;
    const isHere = await inTime(fetchOnce(entry), patienceMs, clock);
    if (isHere === undefined) return busy;
    return (isHere ? await stored(await store.find(id)) : undefined) ?? (isHere ? unknown : busy);
  }

  async function fetchWanted(): Promise<void> {
    while (!over.signal.aborted && largest > 0) {
      const wanted = await store.wanted(clock.now(), fetchesAtMost);
      if (wanted.length === 0) return;
      const here = await Promise.all(wanted.map(fetchOnce));
      if (here.includes(true)) await store.expire(parts.before(), parts.all);
    }
  }

  async function bury(): Promise<void> {
    while (!over.signal.aborted) {
      const gone = await store.gone(batch);
      for (const id of gone) await files.remove(id);
      await store.buried(gone);
      if (gone.length > 0) log.debug({ files: gone.length }, 'files were removed');
      if (gone.length < batch) return;
    }
  }

  /** What nobody speaks of any more is removed: another process' files, or those of a database that is gone. */
  async function tidy(): Promise<void> {
    await files.tidy(clock.now() - begunMs);
    let some: string[] = [];
    const judge = async (): Promise<void> => {
      const known = await store.known(some);
      for (const id of some) if (!known.has(id)) await files.remove(id);
      some = [];
    };
    for await (const id of files.all()) {
      over.signal.throwIfAborted();
      some.push(id);
      if (some.length >= batch) await judge();
    }
    await judge();
  }

  async function work(): Promise<void> {
    let tidiedAt = Number.NEGATIVE_INFINITY;
    let hasFailed = false;
    while (!over.signal.aborted) {
      wake = Promise.withResolvers<void>();
      try {
        await bury();
        if (clock.now() - tidiedAt >= tidyEveryMs) {
          tidiedAt = clock.now();
          await store.expire(parts.before(), parts.all, () => clock.sleep(1));
          await tidy();
        }
        await fetchWanted();
        hasFailed = false;
      } catch (error) {
        if (!over.signal.aborted && !hasFailed)
          log.warn({ error }, 'files of networks could not be looked after; it is tried again');
        hasFailed = true;
      }
      const enough = new AbortController();
      const signal = AbortSignal.any([over.signal, enough.signal]);
      await Promise.race([clock.sleep(lookEveryMs, signal), wake.promise]).catch(() => undefined);
      enough.abort();
    }
  }

  const working = work();
  return {
    async find(rest) {
      const found = await find(rest);
      count('path' in found ? 'served' : 'missing');
      return found;
    },
    poke: () => wake.resolve(),
    async close() {
      over.abort(new Error('stopping'));
      wake.resolve();
      await working;
      await Promise.all(running.values());
    },
  };
}

const nameOf = (error: unknown): string => {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return String(code ?? name ?? 'unknown');
};

/** For the HTTP port. @param keeper undefined as long as the stores are not open */
export const mediaMount = (keeper: () => Pick<MediaKeeper, 'find'> | undefined): Mount => ({
  async file(name) {
    const open = keeper();
    if (open === undefined) throw new Error('the stores are not open');
    return open.find(name);
  },
});
