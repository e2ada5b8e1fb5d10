/** How often something may be done because somebody else wished it: a few times at once, then now and then. */

export interface Allowance {
  /** False: not now. */
  take(): boolean;
}

/** Begins full; a clock that is set back adds nothing. */
export const createAllowance = (now: () => number, burst: number, everyMs: number): Allowance =>
  new Tokens(now, burst, everyMs);

/** An object of a class: each session has one. */
class Tokens implements Allowance {
  readonly #now: () => number;
  readonly #burst: number;
  readonly #everyMs: number;
  #tokens: number;
  #since: number;

  constructor(now: () => number, burst: number, everyMs: number) {
    this.#now = now;
    this.#burst = burst;
    this.#everyMs = everyMs;
    this.#tokens = burst;
    this.#since = now();
  }

  take(): boolean {
    const now = this.#now();
    const grown = Math.floor(Math.max(0, now - this.#since) / this.#everyMs);
    this.#tokens = Math.min(this.#burst, this.#tokens + grown);
    this.#since = this.#tokens === this.#burst ? now : this.#since + grown * this.#everyMs;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
