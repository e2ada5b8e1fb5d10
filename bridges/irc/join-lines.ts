/**
 * As few JOINs as the server takes. One line waits for the throttle at a time; what is asked for meanwhile goes with the next one: whoever comes with two hundred
 * channels would else wait for as many lines, and what they say behind them.
 */
import { type ChatId, GatewayError } from '#bridge';
import type { Core } from './core.ts';
import { compose } from './wire/compose.ts';
import type { Written } from './wire/sender.ts';

/** One channel to be asked for. */
export interface Wish {
  readonly name: ChatId | string;
  readonly key: string | undefined;
  /** Until then it may be given up. */
  readonly signal?: AbortSignal | undefined;
  readonly written: Written;
}

export interface JoinLines {
  ask(wishes: readonly Wish[]): void;
  /** Those that were asked for behind that one, in its line. @param isIt whether a name is that one's */
  behind(isIt: (name: string) => boolean): readonly string[];
  /** The connection is gone. */
  lost(): void;
}

const maxNamesBytes = 380;
/** A line is answered before so many others are written. */
const linesAtMost = 16;

/** For one session. */
export const createJoinLines = (core: () => Core): JoinLines => new Gathering(core);

/** An object of a class: each session has one. */
class Gathering implements JoinLines {
  readonly #core: () => Core;
  /** The last ones that were written: names, in their order. */
  #lines: readonly (readonly string[])[] = [];
  #waiting: Wish[] = [];
  /** A line is with the sender, and not written yet. */
  #isUnderWay = false;

  constructor(core: () => Core) {
    this.#core = core;
  }

  ask(wishes: readonly Wish[]): void {
    this.#waiting.push(...wishes);
    if (!this.#isUnderWay) this.#next();
  }

  behind(isIt: (name: string) => boolean): readonly string[] {
    const names = this.#lines.findLast((line) => line.some(isIt)) ?? [];
    return names.slice(names.findIndex(isIt) + 1);
  }

  lost(): void {
    this.#lines = [];
    this.#waiting = [];
    this.#isUnderWay = false;
  }

  #next(): void {
    while (!this.#isUnderWay && this.#waiting.length > 0) this.#send(this.#take());
  }

  #send(wishes: readonly Wish[]): void {
    const [first] = wishes;
    if (first === undefined) return;
    const written: Written = (dropped) => {
      this.#isUnderWay = false;
      this.#lines = [...this.#lines.slice(1 - linesAtMost), wishes.map(({ name }) => name)];
      for (const wish of wishes) wish.written(dropped);
      this.#next();
    };
    this.#isUnderWay = true;
    try {
      this.#core().send(joinLine(wishes), 1, written, wishes.length === 1 ? first.signal : undefined);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      written(error);
    }
  }

  /** As many as one line holds, in their order; none that nobody wants any more. */
  #take(): readonly Wish[] {
    const most = this.#core().support.targets.get('JOIN') ?? Number.POSITIVE_INFINITY;
    const taken: Wish[] = [];
    let bytes = 0;
    let passed = 0;
    for (const wish of this.#waiting) {
      const size = Buffer.byteLength(wish.name) + Buffer.byteLength(wish.key ?? '') + 2;
      if (taken.length > 0 && (taken.length >= most || bytes + size > maxNamesBytes)) break;
      passed++;
      if (wish.signal?.aborted === true) continue;
      taken.push(wish);
      bytes += size;
    }
    this.#waiting = this.#waiting.slice(passed);
    return keyedFirst(taken);
  }
}

/** Those with a key first: keys are for the first names. */
const keyedFirst = (wishes: readonly Wish[]): readonly Wish[] =>
  wishes.toSorted((a, b) => Number(b.key !== undefined) - Number(a.key !== undefined));

function joinLine(wishes: readonly Wish[]): string {
  const names = wishes.map(({ name }) => name).join(',');
  const keys = wishes.flatMap(({ key }) => key ?? []).join(',');
  return keys === '' ? compose('JOIN', names) : compose('JOIN', names, keys);
}
