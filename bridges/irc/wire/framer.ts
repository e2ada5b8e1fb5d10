/** Cuts the bytes of an IRC connection into lines, over the borders of reads, and holds no more than one line. */
import { isAscii } from 'node:buffer';
import { decodeLine } from './charset.ts';

/** A line with tags (8,191 bytes) and without (512), as the longest that a server may send us. */
export const maxLineFromServer = 8191 + 512;

export interface FramerOptions {
  /** In bytes, without the line end. */
  readonly maxLine: number;
  /** Gets each line that is not empty, without its end; it holds no CR, LF or NUL. Must not throw. */
  onLine(text: string): void;
  /** A line grew over `maxLine`; told once a line, whose rest is skipped. */
  onOverflow(): void;
  /** Reads the bytes of a line that is not UTF-8; undefined: as CP1252. */
  decode?(bytes: Buffer): string | undefined;
}

export interface Framer {
  /** Within `onLine`: more lines of the same read follow in this turn, before anything that waits for a promise. */
  readonly hasMore: boolean;
  /** Takes a read's bytes, which may be overwritten after the call. */
  push(chunk: Buffer): void;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

export function createFramer(options: FramerOptions): Framer {
  return new LineFramer(options);
}

/** An object of a class: each connection has one, and every read goes through it. */
class LineFramer implements Framer {
  hasMore = false;
  readonly #maxLine: number;
  /** One more than a line, for the CR of its end. */
  readonly #maxHeld: number;
  readonly #options: FramerOptions;
  /** The beginning of a line whose end has not come; most reads end with a line. */
  #held: Held | undefined;
  #skipping = false;

  constructor(options: FramerOptions) {
    this.#options = options;
    this.#maxLine = options.maxLine;
    this.#maxHeld = options.maxLine + 1;
  }

  push(chunk: Buffer): void {
    let from = 0;
    let end = chunk.indexOf(lineFeed);
    if (end >= 0 && (this.#skipping || this.#held !== undefined)) {
      const next = chunk.indexOf(lineFeed, end + 1);
      this.hasMore = next >= 0;
      this.#finish(chunk, end);
      from = end + 1;
      end = next;
    }
    if (end >= 0) {
      const ascii = isAscii(chunk);
      do {
        const next = chunk.indexOf(lineFeed, end + 1);
        this.hasMore = next >= 0;
        this.#line(chunk, from, end, ascii);
        from = end + 1;
        end = next;
      } while (end >= 0);
    }
    if (this.#skipping || from >= chunk.length || this.#hold(chunk, from, chunk.length)) return;
    this.#skipping = true;
    this.#options.onOverflow();
  }

  #line(bytes: Buffer, from: number, end: number, ascii: boolean): void {
    let to = end;
    for (let last = bytes[to - 1]; to > from && (last === carriageReturn || last === 0); last = bytes[to - 1]) to--;
    if (to === from) return;
    if (to - from > this.#maxLine || end - from > this.#maxHeld) {
      this.#options.onOverflow();
      return;
    }
    const text = ascii ? bytes.toString('latin1', from, to) : decodeLine(bytes, from, to, this.#options.decode);
    const clean = text.includes('\0') || text.includes('\r') ? text.replace(/[\0\r]+/g, '') : text;
    if (clean !== '') this.#options.onLine(clean);
  }

  /** Ends the line that earlier reads began, at `end` of this one. */
  #finish(chunk: Buffer, end: number): void {
    if (this.#skipping) {
      this.#skipping = false;
    } else if (this.#hold(chunk, 0, end)) {
      const whole = this.#held?.bytes() ?? nothing;
      this.#held = undefined;
      this.#line(whole, 0, whole.length, false);
    } else {
      this.#options.onOverflow();
    }
  }

  /** Adds [from, to) of a read to what is held; false, and all is forgotten, where it would be more than a line. */
  #hold(chunk: Buffer, from: number, to: number): boolean {
    this.#held ??= new Held(this.#maxHeld);
    if (this.#held.add(chunk, from, to)) return true;
    this.#held = undefined;
    return false;
  }
}

const nothing = Buffer.alloc(0);

/** The beginning of a line whose end has not come. */
class Held {
  readonly #max: number;
  #bytes = nothing;
  #length = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** False where it would be more than `max`. */
  add(chunk: Buffer, from: number, to: number): boolean {
    const next = this.#length + to - from;
    if (next > this.#max) return false;
    if (this.#bytes.length < next) {
      const larger = Buffer.allocUnsafe(Math.min(this.#max, Math.max(next, 2 * this.#bytes.length, 256)));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    chunk.copy(this.#bytes, this.#length, from, to);
    this.#length = next;
    return true;
  }

  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }
}
