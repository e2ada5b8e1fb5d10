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
  /** Takes a read's bytes, which may be overwritten after the call. */
  push(chunk: Buffer): void;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

export function createFramer({ maxLine, onLine, onOverflow, decode }: FramerOptions): Framer {
  // One more than a line, for the CR of its end.
  const maxHeld = maxLine + 1;
  const held = createHeld(maxHeld);
  let skipping = false;

  function line(bytes: Buffer, from: number, end: number, ascii: boolean): void {
    let to = end;
    for (let last = bytes[to - 1]; to > from && (last === carriageReturn || last === 0); last = bytes[to - 1]) to--;
    if (to === from) return;
    if (to - from > maxLine || end - from > maxHeld) {
      onOverflow();
      return;
    }
    const text = ascii ? bytes.toString('latin1', from, to) : decodeLine(bytes, from, to, decode);
    const clean = text.includes('\0') || text.includes('\r') ? text.replace(/[\0\r]+/g, '') : text;
    if (clean !== '') onLine(clean);
  }

  /** Ends the line that earlier reads began, at `end` of this one. */
  function finish(chunk: Buffer, end: number): void {
    if (skipping) {
      skipping = false;
    } else if (held.add(chunk, 0, end)) {
      const whole = held.take();
      line(whole, 0, whole.length, false);
    } else {
      onOverflow();
    }
  }

  return {
    push(chunk) {
      let from = 0;
      let end = chunk.indexOf(lineFeed);
      if (end >= 0 && (skipping || held.length() > 0)) {
        finish(chunk, end);
        from = end + 1;
        end = chunk.indexOf(lineFeed, from);
      }
      if (end >= 0) {
        const ascii = isAscii(chunk);
        do {
          line(chunk, from, end, ascii);
          from = end + 1;
          end = chunk.indexOf(lineFeed, from);
        } while (end >= 0);
      }
      if (skipping || from >= chunk.length || held.add(chunk, from, chunk.length)) return;
      skipping = true;
      onOverflow();
    },
  };
}

const nothing = Buffer.alloc(0);

/** The beginning of a line whose end has not come. Between lines it holds no memory, as most connections are idle. */
function createHeld(max: number) {
  let bytes = nothing;
  let length = 0;
  return {
    length: () => length,
    /** Adds [from, to) of a read; false, and all is forgotten, where it would be more than `max`. */
    add(chunk: Buffer, from: number, to: number): boolean {
      const next = length + to - from;
      if (next > max) {
        bytes = nothing;
        length = 0;
        return false;
      }
      if (bytes.length < next) {
        const larger = Buffer.allocUnsafe(Math.min(max, Math.max(next, 2 * bytes.length, 256)));
        bytes.copy(larger, 0, 0, length);
        bytes = larger;
      }
      chunk.copy(bytes, length, from, to);
      length = next;
      return true;
    },
    take(): Buffer {
      const whole = bytes.subarray(0, length);
      bytes = nothing;
      length = 0;
      return whole;
    },
  };
}
