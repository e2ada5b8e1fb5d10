/** How far a plumbing has come on both sides, written down a moment later: what is said once more after a kill is known by its id. */
import type { Clock } from '../bridge/contract.ts';
import type { PlumbedName, PlumbingMarks, PlumbingStore } from '../storage/plumbing-ports.ts';

export interface Marks {
  readonly now: PlumbingMarks;
  move(marks: PlumbingMarks): void;
  /** There is something to write. */
  touch(): void;
  /** Writes what has not been. Never rejects. */
  save(): Promise<void>;
}

export interface MarksParts {
  readonly plumbing: string;
  readonly store: Pick<PlumbingStore, 'move'>;
  readonly clock: Pick<Clock, 'after'>;
  fresh(): readonly PlumbedName[];
  onFailure(error: unknown): void;
}

const settleMs = 200;
const againMs = 5_000;

/** @param known as they were written down */
export function createMarks(parts: MarksParts, known: PlumbingMarks): Marks {
  let now = known;
  let moved: PlumbingMarks = {};
  let unwritten: readonly PlumbedName[] = [];
  let writing: Promise<void> = Promise.resolve();
  let cancel: (() => void) | undefined;

  async function write(): Promise<void> {
    cancel?.();
    cancel = undefined;
    const marks = moved;
    moved = {};
    const names = [...unwritten, ...parts.fresh()];
    unwritten = [];
    if (names.length === 0 && Object.keys(marks).length === 0) return;
    try {
      await parts.store.move(parts.plumbing, marks, names);
    } catch (error) {
      moved = { ...marks, ...moved };
      unwritten = names;
      parts.onFailure(error);
      later(againMs);
    }
  }

  function later(ms: number): void {
    cancel ??= parts.clock.after(ms, () => void save());
  }

  function save(): Promise<void> {
    writing = writing.then(write);
    return writing;
  }

  return {
    get now() {
      return now;
    },
    move(marks) {
      now = { ...now, ...marks };
      moved = { ...moved, ...marks };
      later(settleMs);
    },
    touch: () => later(settleMs),
    async save() {
      await save();
      cancel?.();
    },
  };
}
