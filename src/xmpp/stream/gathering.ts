/**
 * Reads of a busy stream gathered, as network cards gather their interrupts: a turn of the event loop, a flight to Redis and a burst to a network cost nearly
 * the same for one stanza as for fifty (design/speed.md). A quiet stream is read at once.
 */
import type { Clock } from './types.ts';

/** Windows of time: so late is what comes in a busy one, at most. A picture of a screen; and, with half as much again, what nobody notices. */
const WINDOW_MS = { busy: 20, busier: 80, shortest: 40 };
/** In a millisecond: some two, and three, thousand stanzas a second. */
const BYTES = { busy: 400, busier: 600 };
/** What the system keeps for us has an end. Whoever fills that in less than the shortest window does not wait for a burst to be full. */
const FULL_BYTES = 128 * 1024;

/** 0: what comes is read as it comes. */
function windowFor(bytesPerMs: number): number {
  if (bytesPerMs < BYTES.busy) return 0;
  if (bytesPerMs < BYTES.busier) return WINDOW_MS.busy;
  const ms = Math.min(WINDOW_MS.busier, Math.floor(FULL_BYTES / bytesPerMs));
  return ms <= WINDOW_MS.shortest ? 0 : ms;
}

/** A socket that can be asked to read nothing for a while. */
export interface Reader {
  pause(): void;
  resume(): void;
}

/** Of one socket: what a window brought decides whether the next is read at its end, in one turn. */
export class Gathering {
  readonly #clock: Pick<Clock, 'now' | 'after'>;
  readonly #reader: Reader;
  /** Of the window that is open. */
  #bytes = 0;
  #since: number;
  /** Of the next one; 0: what comes is read. */
  #windowMs = 0;
  #closed = false;
  #cancel: () => void = () => undefined;

  constructor(clock: Pick<Clock, 'now' | 'after'>, reader: Reader) {
    this.#clock = clock;
    this.#reader = reader;
    this.#since = clock.now();
  }

  /** Called for each read. */
  heard(bytes: number): void {
    this.#bytes += bytes;
    if (this.#windowMs === 0 && this.#clock.now() - this.#since >= WINDOW_MS.busy) this.#decide();
  }

  /** Nothing is read any more. */
  close(): void {
    this.#closed = true;
    this.#cancel();
  }

  /** A window ends. */
  #decide(): void {
    const now = this.#clock.now();
    this.#windowMs = windowFor(this.#bytes / Math.max(1, now - this.#since));
    this.#bytes = 0;
    this.#since = now;
    // What can be read in this turn still is.
    if (this.#windowMs > 0) setImmediate(() => this.#rest());
  }

  #rest(): void {
    if (this.#closed) return;
    this.#reader.pause();
    this.#cancel = this.#clock.after(this.#windowMs, () => {
      this.#reader.resume();
      setImmediate(() => this.#decide());
    });
  }
}
