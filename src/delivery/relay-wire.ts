/** A worker's way to XMPP where an edge holds the stream: everything goes into the journal, in order, and the edge reads it there. */
import type { Clock, Log } from '../bridge/contract.ts';
import { backoffMs } from '../core/retry.ts';
import type { JournalStore } from '../storage/ports.ts';
import { blanksBehind } from '../xml/blanks.ts';

export interface RelayWire {
  /** One stanza, rendered. Never waits and never refuses. */
  put(text: string): void;
  pressure(): Promise<void> | undefined;
  /** Resolves when everything is in the journal, or after that time. */
  settled(withinMs: number): Promise<void>;
  close(): void;
}

export interface RelayWireOptions {
  readonly journal: JournalStore;
  readonly stream: string;
  readonly clock: Clock;
  readonly log: Log;
}

const retry = { firstMs: 100, maxMs: 5_000 };
/** What may wait for the journal in this process, in UTF-16 units. */
const window = 4 * 1_048_576;
/** Entries that the edge may have left in the journal; beyond them what comes from the networks waits for it. Looked at every so many appends. */
const mostEntries = 20_000;
const lookEvery = 100;
const lookAgainMs = 500;

export function createRelayWire({ journal, stream, clock, log }: RelayWireOptions): RelayWire {
  const ended = new AbortController();
  /** Of the wait for a journal that refused. */
  let enough: AbortController | undefined;
  let gathered = '';
  /** Characters of the longest stanza that is gathered. */
  let longest = 0;
  let held = 0;
  let writing: Promise<void> | undefined;
  let room: PromiseWithResolvers<void> | undefined;
  let appends = 0;
  let edgeIsBehind = false;

  const isFull = (): boolean => (edgeIsBehind || held >= window) && !ended.signal.aborted;

  function relieve(): void {
    if (isFull()) return;
    room?.resolve();
    room = undefined;
  }

  /** Is the edge there, and does it read? */
  async function look(): Promise<void> {
    try {
      do {
        edgeIsBehind = (await journal.length(stream)) >= mostEntries;
        if (edgeIsBehind) await clock.sleep(lookAgainMs, ended.signal);
      } while (edgeIsBehind);
    } catch (error) {
      edgeIsBehind = false;
      if (!ended.signal.aborted) log.debug({ error, stream }, 'the journal could not be measured');
    }
    relieve();
  }

  /** Takes what is there when it leaves: what is settled by the same flight has its reflection in it. Resolves with how much that was. */
  async function append(): Promise<number> {
    let taken = '';
    let count = 0;
    const take = (): string => {
      count += gathered.length;
      // Here, as the edge can't say how long which stanza is.
      taken += gathered + blanksBehind(gathered.length, longest);
      gathered = '';
      longest = 0;
      return taken;
    };
    for (let attempt = 1; !ended.signal.aborted; attempt++) {
      try {
        await journal.append(stream, take);
        break;
      } catch (error) {
        log.warn({ error, stream }, 'the journal is away; what comes from the networks waits');
        enough = new AbortController();
        const { signal } = enough;
        await clock.sleep(backoffMs(attempt, retry), AbortSignal.any([ended.signal, signal])).catch(() => undefined);
        if (signal.aborted) attempt = 0;
      }
    }
    return count;
  }

  async function write(): Promise<void> {
    while (gathered !== '' && !ended.signal.aborted) {
      // Not in one expression: what is put meanwhile counts too.
      const written = await append();
      held -= written;
      if (appends++ % lookEvery === 0 && !edgeIsBehind) void look();
      relieve();
    }
  }

  function flush(): Promise<void> {
    writing ??= write().finally(() => {
      writing = undefined;
    });
    return writing;
  }

  return {
    put(text) {
      if (gathered === '') setImmediate(() => void flush());
      gathered += text;
      if (text.length > longest) longest = text.length;
      held += text.length;
    },
    pressure() {
      if (!isFull()) return undefined;
      room ??= Promise.withResolvers<void>();
      return room.promise;
    },
    async settled(withinMs) {
      // It may take more by now, and whoever waits does not do so for long.
      enough?.abort();
      const done = new AbortController();
      const late = clock.sleep(withinMs, AbortSignal.any([done.signal, ended.signal])).catch(() => undefined);
      await Promise.race([flush(), late]);
      done.abort();
    },
    close() {
      ended.abort();
      room?.resolve();
    },
  };
}
