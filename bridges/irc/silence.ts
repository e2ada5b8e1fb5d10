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

export function createSilence(core: () => Core): Silence {
  // It ends with the connection, and nobody waits for it.
  const unhurried = new AbortController().signal;
  const silenced = sparseSet<PersonId>();
  const most = (): number => core().support.silence ?? 0;

  /** Resolves when the server has dealt with it: what somebody sends from then on is kept off. */
  async function say(sign: '+' | '-', person: PersonId): Promise<void> {
    if (!core().ready || most() === 0) return;
    const lines = [compose('SILENCE', `${sign}${person}!*@*`)];
    try {
      await core().asks.ask({ lines, refusals, about: [], signal: unhurried });
    } catch (error) {
      // The list is full, or the connection is about to end and the next hears of all of them.
      if (!(error instanceof GatewayError)) throw error;
    }
  }

  const blocks: Blocks = {
    async block(person) {
      if (silenced.has(person) || silenced.size >= most() || !isNick(person)) return;
      silenced.add(person);
      await say('+', person);
    },
    async unblock(person) {
      if (silenced.delete(person)) await say('-', person);
    },
  };
  return {
    get blocks() {
      return most() > 0 ? blocks : undefined;
    },
    up() {
      for (const person of silenced) void say('+', person);
    },
  };
}
