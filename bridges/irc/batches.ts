/** Open batches (IRCv3 batch): what kind each is, which it lies in, and the label that it answers. Nested ones inherit; the number open at once is bounded. */
import { sparseMap } from '#bridge';
import type { Line } from './wire/line.ts';

export interface Batch {
  readonly type: string;
  readonly params: readonly string[];
  /** The label of the question that it answers (labeled-response), its own or that of the batch around it. */
  readonly label: string | undefined;
  readonly parent: Batch | undefined;
}

export interface Batches {
  /** A BATCH line; returns the batch that it closed. */
  hear(line: Line): Batch | undefined;
  /** The batch that a line is in. */
  of(line: Line): Batch | undefined;
  /** Is the line in a batch of that type, however deep? */
  isIn(line: Line, type: string): boolean;
  /** The label that a line answers, on itself or on a batch around it. */
  labelOf(line: Line): string | undefined;
  clear(): void;
}

const mostOpen = 64;
const deepest = 8;

/** For one session; none is open. */
export const createBatches = (): Batches => new OpenBatches();

/** An object of a class: each session has one. */
class OpenBatches implements Batches {
  readonly #open = sparseMap<string, Batch>();

  hear(line: Line): Batch | undefined {
    const [ref = '', type = '', ...params] = line.params;
    if (ref.startsWith('-')) {
      const closed = this.#open.get(ref.slice(1));
      this.#open.delete(ref.slice(1));
      return closed;
    }
    if (!ref.startsWith('+') || this.#open.size >= mostOpen) return undefined;
    const parent = this.of(line);
    if (depth(parent) >= deepest) return undefined;
    this.#open.set(ref.slice(1), { type, params, parent, label: line.tags?.get('label') ?? parent?.label });
    return undefined;
  }

  of({ tags }: Line): Batch | undefined {
    const ref = tags?.get('batch');
    return ref === undefined ? undefined : this.#open.get(ref);
  }

  isIn(line: Line, type: string): boolean {
    for (let batch = this.of(line); batch !== undefined; batch = batch.parent) if (batch.type === type) return true;
    return false;
  }

  labelOf(line: Line): string | undefined {
    return line.tags === undefined ? undefined : (line.tags.get('label') ?? this.of(line)?.label);
  }

  clear(): void {
    this.#open.clear();
  }
}

function depth(batch: Batch | undefined): number {
  let count = 0;
  for (let one = batch; one !== undefined; one = one.parent) count++;
  return count;
}
