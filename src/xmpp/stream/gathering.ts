/**
 * Reads of a busy stream gathered, as network cards gather their interrupts: a turn of the event loop, a flight to Redis and a burst to a network cost nearly
 * the same for one stanza as for fifty (design/speed.md). A quiet stream is read at once.
 */
import type { Clock } from './types.ts';

/** A window of time, at the end of which a busy stream is read. A picture of a screen. */
const WINDOW_MS = 20;
/** Of one that is busier yet windows are told together: so late is what comes, at most, which nobody notices. */
const TOGETHER_MS = 80;
/** In a window: some two, and three, thousand stanzas a second. */
const BUSY_BYTES = 8 * 1024;
const BUSIER_BYTES = 12 * 1024;
/** Whoever sends so much, in a window or in several, does not wait for a burst to be full; and what the system keeps for us has an end. */
const FULL_BYTES = 64 * 1024;

/** A socket that can be asked to read nothing for a while. */
export interface Reader {
  pause(): void;
  resume(): void;
}

/** Of one socket: what a window brought decides whether the next is read at its end, in one turn, and whether it is told then. */
export class Gathering {
  readonly #clock: Pick<Clock, 'now' | 'after'>;
  readonly #reader: Reader;
  readonly #tell: (text: string) => void;
  /** Of the window that is open. */
  #bytes = 0;
  #since: number;
  #gathers = false;
  /** Read, and not told. */
  #held: string[] = [];
  #heldBytes = 0;
  #heldSince = 0;
  #holds = false;
  #closed = false;
  #cancel: () => void = () => undefined;

  /** @param tell hears all that was read, in its order */
  constructor(clock: Pick<Clock, 'now' | 'after'>, reader: Reader, tell: (text: string) => void) {
    this.#clock = clock;
    this.#reader = reader;
    this.#tell = tell;
    this.#since = clock.now();
  }

  /** Called for each read, with how many bytes it was. */
  heard(text: string, bytes: number): void {
    this.#bytes += bytes;
    if (this.#holds) this.#heldBytes += bytes;
    if (text === '') return;
    if (this.#holds) this.#held.push(text);
    else this.#tell(text);
    if (!this.#gathers && this.#clock.now() - this.#since >= WINDOW_MS) this.#decide();
  }

  /** Nothing is read any more. */
  close(): void {
    this.#closed = true;
    this.#cancel();
    this.#release();
  }

  /** A window ends. */
  #decide(): void {
    if (this.#closed) return;
    const now = this.#clock.now();
    const perWindow = (this.#bytes * WINDOW_MS) / Math.max(1, now - this.#since);
    this.#bytes = 0;
    this.#since = now;
    this.#gathers = perWindow >= BUSY_BYTES && perWindow < FULL_BYTES;
    const holds = this.#gathers && perWindow >= BUSIER_BYTES;
    if (!holds || this.#isFull(now)) {
      this.#holds = holds;
      this.#heldSince = now;
      this.#release();
    }
    // What can be read in this turn still is.
    if (this.#gathers) setImmediate(() => this.#rest());
  }

  #isFull(now: number): boolean {
    const ms = now - this.#heldSince;
    return !this.#holds || this.#heldBytes >= FULL_BYTES || ms < 0 || ms > TOGETHER_MS - WINDOW_MS / 2;
  }

  #release(): void {
    const held = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    for (const text of held) this.#tell(text);
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
