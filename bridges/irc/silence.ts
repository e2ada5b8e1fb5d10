/** Servers that keep somebody off for us (SILENCE): whom our owner has blocked is told them, on every connection anew; what their list has no room for the gateway leaves out. */
import { type Blocks, GatewayError, type PersonId, sparseSet } from '#bridge';
import type { Core } from './core.ts';
import { isNick } from './names.ts';
import type { Refusals } from './refusals.ts';
import { compose } from './wire/compose.ts';

export interface Silence {
  /** As a session offers it; undefined: the server has no such list. */
  readonly blocks: Blocks | undefined;
  /** A connection is there, whose server knows of nobody yet. */
  up(): void;
}

/** ERR_SILELISTFULL. */
const refusals: Refusals = new Map([['511', 'network-refused']]);

export const createSilence = (core: () => Core): Silence => new Silenced(core);

/** An object of a class: each session has one. */
class Silenced implements Silence, Blocks {
  readonly #core: () => Core;
  readonly #silenced = sparseSet<PersonId>();

  constructor(core: () => Core) {
    this.#core = core;
  }

  get blocks(): Blocks | undefined {
    return this.#most() > 0 ? this : undefined;
  }

  up(): void {
    for (const person of this.#silenced) void this.#say('+', person);
  }

  async block(person: PersonId): Promise<void> {
    if (this.#silenced.has(person) || this.#silenced.size >= this.#most() || !isNick(person)) return;
    this.#silenced.add(person);
    await this.#say('+', person);
  }

  async unblock(person: PersonId): Promise<void> {
    if (this.#silenced.delete(person)) await this.#say('-', person);
  }

  #most(): number {
    return this.#core().support.silence ?? 0;
  }

  /** Resolves when the server has dealt with it: what somebody sends from then on is kept off. */
  async #say(sign: '+' | '-', person: PersonId): Promise<void> {
    if (!this.#core().ready || this.#most() === 0) return;
    const lines = [compose('SILENCE', `${sign}${person}!*@*`)];
    // It ends with the connection, and nobody waits for it.
    const { signal } = new AbortController();
    try {
      await this.#core().asks.ask({ lines, refusals, about: [], signal, canWait: true });
    } catch (error) {
      // The list is full, or the connection is about to end and the next hears of all of them.
      if (!(error instanceof GatewayError)) throw error;
    }
  }
}
