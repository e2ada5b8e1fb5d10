/** Counting in a byte stream without parsing it: the fakes must be cheap beside what they measure. */

/** Occurrences of a few byte strings, those that lie across two reads included. */
export class Scanner {
  readonly counts: number[];
  readonly #needles: readonly Buffer[];
  readonly #tails: Buffer[];

  constructor(needles: readonly string[]) {
    this.#needles = needles.map((text) => Buffer.from(text));
    this.counts = needles.map(() => 0);
    this.#tails = needles.map(() => Buffer.alloc(0));
  }

  take(chunk: Buffer): void {
    for (let i = 0; i < this.#needles.length; i++) {
      const needle = this.#needles[i];
      const tail = this.#tails[i];
      if (needle === undefined || tail === undefined) continue;
      const seam = needle.length - 1;
      let found = 0;
      if (tail.length > 0) found += countIn(Buffer.concat([tail, chunk.subarray(0, seam)]), needle);
      found += countIn(chunk, needle);
      this.counts[i] = (this.counts[i] ?? 0) + found;
      const joined = chunk.length >= seam ? chunk : Buffer.concat([tail, chunk]);
      this.#tails[i] = Buffer.from(joined.subarray(Math.max(0, joined.length - seam)));
    }
  }
}

function countIn(hay: Buffer, needle: Buffer): number {
  let count = 0;
  for (let at = hay.indexOf(needle); at >= 0; at = hay.indexOf(needle, at + needle.length)) count += 1;
  return count;
}

/** Pieces of a stream between two marks, whole even when they lie across reads; `#rest` never grows beyond `cap`. */
export class Pieces {
  readonly #open: Buffer;
  readonly #close: RegExp;
  #rest = '';

  /** @param close matched from the piece's beginning on; its match ends the piece */
  constructor(open: string, close: RegExp) {
    this.#open = Buffer.from(open);
    this.#close = close;
  }

  take(chunk: Buffer): readonly string[] {
    if (this.#rest === '' && chunk.indexOf(this.#open) < 0) {
      const tail = chunk.toString('latin1', Math.max(0, chunk.length - this.#open.length + 1));
      const from = tail.lastIndexOf('<');
      if (from >= 0 && this.#open.toString().startsWith(tail.slice(from))) this.#rest = tail.slice(from);
      return [];
    }
    const text = this.#rest + chunk.toString('latin1');
    const open = this.#open.toString();
    const found: string[] = [];
    let at = text.indexOf(open);
    while (at >= 0) {
      const match = this.#close.exec(text.slice(at, at + 4096));
      if (match === null) break;
      found.push(match[0]);
      at = text.indexOf(open, at + match[0].length);
    }
    if (at >= 0) this.#rest = text.slice(at);
    else {
      const from = text.lastIndexOf('<');
      this.#rest = from >= 0 && open.startsWith(text.slice(from)) ? text.slice(from) : '';
    }
    return found;
  }
}
