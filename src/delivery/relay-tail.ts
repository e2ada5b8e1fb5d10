/** An edge's side of what workers sent: from their journals to the component stream, and trimmed there once the server has answered for it. */
import type { Clock, Log } from '../bridge/contract.ts';
import type { JournalStore } from '../storage/ports.ts';
import type { JournalTail } from '../storage/process-ports.ts';
import type { Pipe } from './wire.ts';

export interface RelayTailOptions {
  readonly pipe: Pipe;
  readonly tail: JournalTail;
  readonly journal: JournalStore;
  readonly domain: string;
  readonly clock: Clock;
  readonly log: Log;
  /** False: the stream may be another process' by now, which reads the same; until that is known nothing is written. */
  isOurs(): boolean;
  /** What is sent of an entry that was written then (epoch milliseconds). */
  rendered(text: string, at: number): string;
  /** How long the server took to answer a barrier. */
  onBarrier?(ms: number): void;
}

export interface RelayTail {
  /** The stream is up (again): begins with the oldest entry that was not answered for. */
  resume(): void;
  close(): Promise<void>;
}

const barrierEveryMs = 250;
const retryMs = 500;
const lookAgainMs = 50;

/** An entry's id begins with the store's time. */
const writtenAt = (id: string): number => Number.parseInt(id, 10);

export function createRelayTail(options: RelayTailOptions): RelayTail {
  const { pipe, tail, journal, domain, clock, log, rendered, isOurs } = options;
  let current: AbortController | undefined;
  let running: Promise<void> = Promise.resolve();
  let closed = false;

  /** For one connection: what comes over another one is no answer to what was written to it. */
  async function relay(signal: AbortSignal): Promise<void> {
    const written = new Map<string, string>();
    let cancel: (() => void) | undefined;

    async function answerFor(): Promise<void> {
      const upTo = [...written];
      written.clear();
      const asked = clock.now();
      try {
        await pipe.barrier();
        options.onBarrier?.(clock.now() - asked);
        for (const [stream, id] of upTo) if (!signal.aborted) await journal.trim(stream, id);
      } catch (error) {
        if (signal.aborted) return;
        log.debug({ domain, error }, 'the server did not answer for what was sent; it is asked again');
        for (const [stream, id] of upTo) if (!written.has(stream)) written.set(stream, id);
        askLater();
      }
    }

    function askLater(): void {
      cancel ??= clock.after(barrierEveryMs, () => {
        cancel = undefined;
        if (!signal.aborted && pipe.up) void answerFor();
      });
    }

    try {
      for await (const { stream, id, text } of tail.follow(domain, signal)) {
        while (!isOurs() && !signal.aborted) await clock.sleep(lookAgainMs, signal).catch(() => undefined);
        if (signal.aborted || !pipe.up) return;
        if (!pipe.write(rendered(text, writtenAt(id)))) await pipe.drained();
        written.set(stream, id);
        askLater();
      }
    } finally {
      cancel?.();
    }
  }

  /** Follows until the signal or the end of the connection; what goes wrong with the store is tried again from the oldest entry. */
  async function keepOn(signal: AbortSignal, before: Promise<void>): Promise<void> {
    await before;
    while (!signal.aborted && pipe.up) {
      try {
        await relay(signal);
      } catch (error) {
        if (signal.aborted) return;
        log.warn({ domain, error }, 'what workers sent can not be read at the moment');
        await clock.sleep(retryMs, signal).catch(() => undefined);
      }
    }
  }

  return {
    resume() {
      if (closed) return;
      current?.abort();
      current = new AbortController();
      running = keepOn(current.signal, running);
    },
    async close() {
      closed = true;
      current?.abort();
      await running;
    },
  };
}
