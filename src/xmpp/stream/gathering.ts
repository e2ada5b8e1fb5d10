/**
 * Reads of a busy stream gathered, as network cards gather their interrupts: a turn of the event loop, a flight to Redis and a burst to a network cost nearly
 * the same for one stanza as for fifty (design/speed.md). A quiet stream is read at once.
 */
import type { Clock } from './types.ts';

/** A window of time: so late is what comes in a busy one, at most, which is a picture of a screen. */
const WINDOW_MS = 20;
/** Some two thousand stanzas a second. */
const BUSY_BYTES = 8 * 1024;
/** Whoever sends so much does not wait for a burst to be full, and what the system keeps for us has an end. */
const FLOOD_BYTES = 64 * 1024;

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
  #gathers = false;
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
    if (!this.#gathers && this.#clock.now() - this.#since >= WINDOW_MS) this.#decide();
  }

  /** Nothing is read any more. */
  close(): void {
    this.#closed = true;
    this.#cancel();
  }

  /** A window ends. */
  #decide(): void {
    const now = this.#clock.now();
    const perWindow = (this.#bytes * WINDOW_MS) / Math.max(1, now - this.#since);
    this.#bytes = 0;
    this.#since = now;
    this.#gathers = perWindow >= BUSY_BYTES && perWindow < FLOOD_BYTES;
    // What can be read in this turn still is.
    if (this.#gathers) setImmediate(() => this.#rest());
  }

  #rest(): void {
    if (this.#closed) return;
    this.#reader.pause();
    this.#cancel = this.#clock.after(WINDOW_MS, () => {
      this.#reader.resume();
      setImmediate(() => this.#decide());
    });
  }
}
