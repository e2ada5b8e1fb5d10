/** A worker's way to XMPP where an edge holds the stream: everything goes into the journal, in order, and the edge reads it there. */
import type { Clock, Log } from '../bridge/contract.ts';
import { backoffMs } from '../core/retry.ts';
import type { JournalStore } from '../storage/ports.ts';

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

export function createRelayWire({ journal, stream, clock, log }: RelayWireOptions): RelayWire {
  const ended = new AbortController();
  let gathered = '';
  let held = 0;
  let writing: Promise<void> | undefined;
  let room: PromiseWithResolvers<void> | undefined;

  async function append(text: string): Promise<void> {
    for (let attempt = 1; !ended.signal.aborted; attempt++) {
      try {
        await journal.append(stream, text);
        return;
      } catch (error) {
        log.warn({ error, stream }, 'the journal is away; what comes from the networks waits');
        await clock.sleep(backoffMs(attempt, retry), ended.signal).catch(() => undefined);
      }
    }
  }

  async function write(): Promise<void> {
    while (gathered !== '' && !ended.signal.aborted) {
      const text = gathered;
      gathered = '';
      await append(text);
      held -= text.length;
      if (held < window) {
        room?.resolve();
        room = undefined;
      }
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
      held += text.length;
    },
    pressure() {
      if (held < window || ended.signal.aborted) return undefined;
      room ??= Promise.withResolvers<void>();
      return room.promise;
    },
    async settled(withinMs) {
      const enough = new AbortController();
      const late = clock.sleep(withinMs, AbortSignal.any([enough.signal, ended.signal])).catch(() => undefined);
      await Promise.race([flush(), late]);
      enough.abort();
    },
    close() {
      ended.abort();
      room?.resolve();
    },
  };
}
