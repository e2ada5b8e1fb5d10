/** An edge's side of what workers sent: from their journals to the component stream, and trimmed there once the server has answered for it. */
import type { Clock, Log } from '../bridge/contract.ts';
import type { JournalStore } from '../storage/ports.ts';
import type { JournalTail } from '../storage/process-ports.ts';
import { compareKeys } from './lane.ts';
import { createSuspects, type Suspects } from './suspects.ts';
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
  /** What is sent of an entry that was written then (epoch milliseconds by our clock). */
  rendered(text: string, at: number): string;
  /** How long the server took to answer a barrier. */
  onBarrier?(ms: number): void;
}

export interface RelayTail {
  /** The stream is up (again): begins with the oldest entry that was not answered for. */
  resume(): void;
  /** The stream went down. @param isFault as of a wire */
  pause(isFault: boolean): void;
  /** Reads no more. What was written is answered for, where the server does that in time: whoever follows would say it again. */
  close(): Promise<void>;
}

const barrierEveryMs = 250;
const retryMs = 500;
const lookAgainMs = 50;
/** How long the server has at the end. */
const lastAnswerMs = 2_000;

export function createRelayTail(options: RelayTailOptions): RelayTail {
  const suspects = createSuspects(options);
  let current: Relay | undefined;
  let closed = false;
  return {
    resume() {
      if (!closed) current = overConnection(options, suspects, current?.leave());
    },
    pause(isFault) {
      suspects.ended(isFault, current?.unanswered() ?? []);
    },
    async close() {
      closed = true;
      await current?.end();
    },
  };
}

/** For one connection: what comes over another one is no answer to what was written to it. */
interface Relay {
  /** There is another connection. Resolves when nothing is written to this one any more. */
  leave(): Promise<void>;
  end(): Promise<void>;
  /** Names of entries. */
  unanswered(): readonly string[];
}

const nameOf = (stream: string, id: string): string => `${stream} ${id}`;

function overConnection(options: RelayTailOptions, suspects: Suspects, before: Promise<void> | undefined): Relay {
  const { pipe, tail, domain, clock, log, rendered, isOurs } = options;
  const reads = new AbortController();
  const { signal } = reads;
  const answers = createAnswers(options);

  async function relay(): Promise<void> {
    for await (const { stream, id, at, text } of tail.follow(domain, signal)) {
      // The store could not be read for a moment, and is read from its beginning.
      if (answers.hasWritten(stream, id)) continue;
      while (!isOurs() && !signal.aborted) await clock.sleep(lookAgainMs, signal).catch(() => undefined);
      if (signal.aborted || !pipe.up) return;
      const now = rendered(text, at);
      if (suspects.has(nameOf(stream, id))) await suspects.send(nameOf(stream, id), now);
      else if (!pipe.write(now)) await pipe.drained();
      answers.wrote(stream, id);
    }
  }

  /** Follows until the signal or the end of the connection; what goes wrong with the store is tried again. */
  async function keepOn(): Promise<void> {
    await before;
    while (!signal.aborted && pipe.up) {
      try {
        await relay();
      } catch (error) {
        if (signal.aborted) return;
        log.warn({ domain, error }, 'what workers sent can not be read at the moment');
        await clock.sleep(retryMs, signal).catch(() => undefined);
      }
    }
  }

  const running = keepOn();
  return {
    unanswered: answers.names,
    leave() {
      reads.abort();
      answers.close();
      return running;
    },
    async end() {
      reads.abort();
      const enough = new AbortController();
      const late = clock.sleep(lastAnswerMs, enough.signal).catch(() => undefined);
      await Promise.race([running.then(answers.ask), late]);
      enough.abort();
      answers.close();
    },
  };
}

interface Answers {
  /** It was written, and is trimmed when the server has answered for it. */
  wrote(stream: string, id: string): void;
  /** It was written; it may be in the store still, or have been there when that was read. */
  hasWritten(stream: string, id: string): boolean;
  /** Of all that was written and is not trimmed. */
  names(): readonly string[];
  /** Resolves when what was written until now is trimmed, or could not be. */
  ask(): Promise<void>;
  close(): void;
}

function createAnswers({ pipe, journal, domain, clock, log, onBarrier }: RelayTailOptions): Answers {
  /** By stream, in order. */
  const written = new Map<string, Set<string>>();
  /** Up to where each stream has been. */
  const trimmed = new Map<string, string>();
  let cancel: (() => void) | undefined;
  let isOver = false;

  async function ask(): Promise<void> {
    const upTo = [...written].map(([stream, ids]) => ({ stream, ids: [...ids] }));
    if (upTo.length === 0 || !pipe.up) return;
    const asked = clock.now();
    try {
      await pipe.barrier();
      onBarrier?.(clock.now() - asked);
      for (const { stream, ids } of upTo) {
        if (isOver) return;
        await journal.trim(stream, ids.at(-1) ?? '');
        forget(stream, ids);
      }
    } catch (error) {
      if (isOver) return;
      log.debug({ domain, error }, 'the server did not answer for what was sent; it is asked again');
      askLater();
    }
  }

  function forget(stream: string, ids: readonly string[]): void {
    const left = written.get(stream);
    trimmed.set(stream, ids.at(-1) ?? '');
    for (const id of ids) left?.delete(id);
    if (left?.size === 0) written.delete(stream);
  }

  function askLater(): void {
    cancel ??= clock.after(barrierEveryMs, () => {
      cancel = undefined;
      if (!isOver) void ask();
    });
  }

  return {
    wrote(stream, id) {
      const ids = written.get(stream);
      if (ids === undefined) written.set(stream, new Set([id]));
      else ids.add(id);
      askLater();
    },
    hasWritten: (stream, id) =>
      written.get(stream)?.has(id) === true || compareKeys(id, trimmed.get(stream) ?? '') <= 0,
    names: () => [...written].flatMap(([stream, ids]) => [...ids].map((id) => nameOf(stream, id))),
    ask,
    close() {
      isOver = true;
      cancel?.();
    },
  };
}
