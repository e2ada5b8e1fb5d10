/** Gaps of many rooms are asked for one at a time: at once they would lie before what is said, for minutes, and most of them in vain. Rooms in which people speak come first: what they say waits for that. */
import { sparseSet } from '#bridge';

export interface GapTurns {
  /** How many wait. */
  readonly waiting: number;
  /** When its turn has come. */
  take<Answer>(room: string, ask: () => Promise<Answer>): Promise<Answer>;
  /** Somebody speaks in that room. */
  hurry(room: string): void;
}

interface Waiting {
  readonly room: string;
  readonly begin: () => void;
}

/** For one session. @param room names are folded */
export const createGapTurns = (): GapTurns => new Turns();

/** An object of a class: each session has one. */
class Turns implements GapTurns {
  /** Where people speak: in the order in which somebody did. */
  #first: Waiting[] = [];
  #others: Waiting[] = [];
  readonly #hurried = sparseSet<string>();
  #isAsking = false;
  waiting = 0;

  async take<Answer>(room: string, ask: () => Promise<Answer>): Promise<Answer> {
    if (this.#isAsking) {
      this.waiting++;
      const { promise, resolve: begin } = Promise.withResolvers<void>();
      (this.#hurried.has(room) ? this.#first : this.#others).push({ room, begin });
      await promise;
    }
    this.#isAsking = true;
    try {
      return await ask();
    } finally {
      this.#next();
    }
  }

  hurry(room: string): void {
    if (this.#hurried.has(room)) return;
    this.#hurried.add(room);
    this.#first.push(...this.#others.filter((one) => one.room === room));
    this.#others = this.#others.filter((one) => one.room !== room);
  }

  #next(): void {
    const next = this.#first.shift() ?? this.#others.shift();
    if (next === undefined) {
      this.#isAsking = false;
      this.#hurried.clear();
      return;
    }
    this.waiting--;
    next.begin();
  }
}
