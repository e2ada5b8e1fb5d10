/**
 * The way to the XMPP server. What is put here in one turn of the loop leaves as one write, and what must not be lost goes to the journal: at once, or where
 * much is said with whatever else goes to Redis, ten milliseconds later at most. A barrier behind a burst proves that the server has processed it; until then it
 * is kept, and sent again, in order, when the stream was lost (DESIGN.md §1.7). Held in memory: at most the window, as long as whoever puts respects `pressure`.
 */
import type { Clock, Log } from '../bridge/contract.ts';
import { backoffMs } from '../core/retry.ts';
import type { JournalStore } from '../storage/ports.ts';
import { type Burst, type Bursts, createBursts, tagOf } from './bursts.ts';

/** The component stream, as far as the wire knows it (src/xmpp/stream/types.ts). */
export interface Pipe {
  readonly up: boolean;
  /** Takes the text if up. False: wait for `drained` before the next. */
  write(text: string): boolean;
  drained(): Promise<void>;
  /** Resolves when the server has processed all that was written before; rejects when the stream went down first. */
  barrier(): Promise<void>;
}

export interface WireOptions {
  readonly pipe: Pipe;
  readonly journal: JournalStore;
  readonly domain: string;
  /** Our own journal: `<domain>/<worker>`. */
  readonly stream: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly window?: { readonly stanzas: number; readonly bytes: number };
  readonly barrier?: { readonly everyStanzas: number; readonly everyMs: number };
  /** How long the server took to answer a barrier. */
  onBarrier?(ms: number): void;
}

export interface Wire {
  /** One stanza, rendered. Never waits and never refuses. `keep`: journaled, and sent again until the server has answered for it. */
  put(text: string, keep: boolean): void;
  /** undefined while there is room; else what to wait for before the next `put`. */
  pressure(): Promise<void> | undefined;
  /** The server is not there: what is put now reaches it later. */
  isHeld(): boolean;
  /** What is held until the server has answered for it: bursts, and since when the oldest. */
  held(): { readonly bursts: number; readonly since: number | undefined };
  /**
   * The stream went down: what comes is held. Until `resume` it is taken for down. @param isFault the server ended it for what it was sent: what it has not answered
   * for then goes one stanza at a time, and one that ends the stream twice by itself is given up (CHECKLIST 114-15)
   */
  pause(isFault?: boolean): void;
  /** The stream is up (again): what it had not answered for is sent again, then what was held. */
  resume(): void;
  /**
   * Takes over the journals that dead workers left for this domain, and what an earlier life of ours left in our own where `isDead` says so of it. Called
   * before the first `put`. Resolves with how many entries.
   */
  recover(isDead?: (stream: string) => boolean): Promise<number>;
  /** Resolves when the server has answered for everything kept, or after that time. */
  settled(withinMs: number): Promise<void>;
  /** Waits for nothing; call `settled` before. */
  close(): void;
}

/** A write is cut about here: one huge string costs memory thrice. */
const chunk = 65_536;
/** So many that only this process remembers wait no longer for the journal's next turn. */
const hurryAt = 256;
const retry = { firstMs: 100, maxMs: 5_000 };
const page = 100;

export function createWire(options: WireOptions): Wire {
  const { pipe, journal, stream, clock, log } = options;
  const { window = { stanzas: 4_096, bytes: 4 * 1_048_576 }, barrier = { everyStanzas: 500, everyMs: 250 } } = options;
  const bursts: Bursts = createBursts();
  const ended = new AbortController();
  /** Of the wait for a journal that refused. */
  let enough: AbortController | undefined;
  const waiting: (() => void)[] = [];
  let room: Promise<void> | undefined;
  let opened = (): void => undefined;
  /** Grows with every connection, so that an answer of an older one counts for nothing. */
  let connection = 0;
  let live = false;
  let scheduled = false;
  let blocked = false;
  let asking = false;
  let journaling = false;
  let unbarriered = 0;
  let cancelTimer: (() => void) | undefined;
  /** Up to this burst each stanza goes by itself; the one that does; the one that has ended a stream so. */
  let suspected: Burst | undefined;
  let alone: Burst | undefined;
  let blamed: Burst | undefined;

  function put(text: string, keep: boolean): void {
    bursts.put(text, keep);
    if (bursts.open().bytes >= chunk) flush();
    else if (!scheduled) {
      scheduled = true;
      setImmediate(onTurn);
    }
  }

  function onTurn(): void {
    scheduled = false;
    flush();
  }

  function flush(): void {
    bursts.cut(clock.now());
    record();
    pump();
  }

  function pump(): void {
    if (!pipe.up) live = false;
    while (live && !blocked && alone === undefined) {
      const next = bursts.nextToWrite();
      if (next === undefined) break;
      const goesAlone = isSuspect(next);
      const burst = goesAlone ? bursts.single(next) : next;
      if (goesAlone) alone = burst;
      unbarriered += burst.keptStanzas;
      if (!pipe.write(bursts.written(burst))) wait();
    }
    if (alone !== undefined) ask();
    bursts.forgetUnkept();
    if (bursts.unanswered() && live) {
      if (unbarriered >= barrier.everyStanzas) ask();
      else cancelTimer ??= clock.after(barrier.everyMs, onTime);
    }
    relieve();
  }

  function isSuspect({ kept }: Burst): boolean {
    if (suspected !== undefined && !bursts.holds(suspected)) suspected = undefined;
    return suspected !== undefined && kept !== '';
  }

  /** Sent again as before, what ended the stream would end every other. */
  function blame(): void {
    if (alone === undefined) suspected = bursts.lastWritten() ?? suspected;
    else if (blamed !== alone) blamed = alone;
    else {
      log.error(
        { stream, stanza: tagOf(alone.kept), bytes: alone.bytes },
        'the XMPP server ends the stream for one stanza; it is given up: a bug',
      );
      forget(alone);
    }
  }

  function wait(): void {
    const of = connection;
    blocked = true;
    pipe.drained().then(
      () => go(of),
      () => go(of),
    );
  }

  function go(of: number): void {
    if (of !== connection) return;
    blocked = false;
    pump();
  }

  function onTime(): void {
    cancelTimer = undefined;
    if (bursts.unanswered()) ask();
  }

  /** One barrier at a time; what is written while it is asked waits for the next. */
  function ask(): void {
    if (asking || !live || !pipe.up || ended.signal.aborted) return;
    const of = connection;
    const upTo = bursts.lastWritten();
    if (upTo === undefined) return;
    asking = true;
    unbarriered = 0;
    cancelTimer?.();
    cancelTimer = undefined;
    const asked = clock.now();
    pipe.barrier().then(
      () => {
        options.onBarrier?.(clock.now() - asked);
        answered(of, upTo);
      },
      () => {
        if (of !== connection) return;
        asking = false;
        if (!ended.signal.aborted) cancelTimer ??= clock.after(barrier.everyMs, onTime);
      },
    );
  }

  function answered(of: number, upTo: Burst): void {
    if (of !== connection) return;
    asking = false;
    if (upTo === alone) alone = undefined;
    forget(upTo);
    pump();
  }

  function forget(upTo: Burst): void {
    const { trim, foreign } = bursts.answered(upTo);
    if (trim !== undefined) journal.trim(stream, trim).catch(later('the journal could not be trimmed'));
    for (const name of foreign) journal.remove(name).catch(later("a dead worker's journal could not be removed"));
  }

  const later =
    (what: string) =>
    (error: unknown): void => {
      if (!ended.signal.aborted) log.warn({ error, stream }, what);
    };

  /**
   * One append at a time, so that the journal has the order of the wire; while it is on its way the next gathers. It takes what is there when it leaves: what is
   * settled by the same flight has its reflection in it.
   */
  function record(): void {
    const unrecorded = bursts.unrecorded();
    if (unrecorded === 0 || ended.signal.aborted) return;
    if (journaling) {
      if (unrecorded >= hurryAt) journal.hurry();
      return;
    }
    journaling = true;
    let upTo: Burst | undefined;
    const take = (): string | undefined => {
      bursts.cut(clock.now());
      const some = bursts.toRecord();
      upTo = some?.upTo;
      return some?.text;
    };
    void append(take).then((id) => {
      journaling = false;
      const trim = id === undefined || upTo === undefined ? undefined : bursts.recorded(upTo, id);
      if (trim !== undefined) journal.trim(stream, trim).catch(later('the journal could not be trimmed'));
      if (id !== undefined) record();
      relieve();
    });
  }

  async function append(take: () => string | undefined): Promise<string | undefined> {
    for (let attempt = 1; !ended.signal.aborted; attempt++) {
      try {
        return await journal.append(stream, take, bursts.unrecorded() < hurryAt);
      } catch (error) {
        log.warn({ error, stream }, 'the journal is away; what comes from the networks waits');
        enough = new AbortController();
        const { signal } = enough;
        await clock.sleep(backoffMs(attempt, retry), AbortSignal.any([ended.signal, signal])).catch(() => undefined);
        if (signal.aborted) attempt = 0;
      }
    }
    return undefined;
  }

  /** Full: too much is held in all, or too much that only this process remembers. */
  function isFull(): boolean {
    return (
      bursts.stanzas() >= window.stanzas || bursts.bytes() >= window.bytes || bursts.unrecorded() >= window.stanzas / 2
    );
  }

  function relieve(): void {
    if (room !== undefined && (!isFull() || ended.signal.aborted)) {
      room = undefined;
      opened();
    }
    if (waiting.length > 0 && (bursts.isEmpty() || ended.signal.aborted)) for (const call of waiting.splice(0)) call();
  }

  return {
    put,
    pressure() {
      if (room !== undefined || !isFull() || ended.signal.aborted) return room;
      const { promise, resolve } = Promise.withResolvers<void>();
      room = promise;
      opened = resolve;
      return room;
    },
    isHeld: () => !live || !pipe.up,
    held: () => bursts.held(),
    pause(isFault = false) {
      if (isFault) blame();
      alone = undefined;
      live = false;
      connection++;
    },
    resume() {
      connection++;
      live = true;
      alone = undefined;
      blocked = false;
      asking = false;
      unbarriered = 0;
      bursts.rewind();
      flush();
    },
    async recover(isDead = (name) => name !== stream) {
      let count = 0;
      for (const name of await journal.streams(options.domain)) {
        if (!isDead(name)) continue;
        let last: string | undefined;
        for (
          let entries = await journal.after(name, last, page);
          entries.length > 0;
          entries = await journal.after(name, last, page)
        ) {
          for (const { id, text } of entries) bursts.adopt(text, id, name === stream ? undefined : name);
          last = entries.at(-1)?.id;
          count += entries.length;
        }
      }
      pump();
      return count;
    },
    settled(withinMs) {
      flush();
      // It may take more by now, and whoever waits does not do so for long.
      enough?.abort();
      if (bursts.isEmpty()) return Promise.resolve();
      ask();
      return new Promise((resolve) => {
        const cancel = clock.after(withinMs, resolve);
        waiting.push(() => {
          cancel();
          resolve();
        });
      });
    },
    close() {
      ended.abort();
      cancelTimer?.();
      relieve();
    },
  };
}
