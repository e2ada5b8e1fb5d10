/** Servers that keep somebody off for us (SILENCE): whom our owner has blocked is told them, on every connection anew; what their list has no room for the gateway leaves out. */
import { type Blocks, GatewayError, type PersonId } from '#bridge';
import type { Core } from './core.ts';
import { isNick } from './names.ts';
import { compose } from './wire/compose.ts';

export interface Silence {
  /** As a session offers it; undefined: the server has no such list. */
  readonly blocks: Blocks | undefined;
  /** A connection is there, whose server knows of nobody yet. */
  up(): void;
}

export function createSilence(core: () => Core): Silence {
  const silenced = new Set<PersonId>();
  const most = (): number => core().support.silence ?? 0;

  function say(sign: '+' | '-', person: PersonId): void {
    if (!core().ready || most() === 0) return;
    try {
      core().send(compose('SILENCE', `${sign}${person}!*@*`), 1);
    } catch (error) {
      // The connection is about to end, and the next hears of all of them.
      if (!(error instanceof GatewayError)) throw error;
    }
  }

  const blocks: Blocks = {
    async block(person) {
      if (silenced.has(person) || silenced.size >= most() || !isNick(person)) return;
      silenced.add(person);
      say('+', person);
    },
    async unblock(person) {
      if (silenced.delete(person)) say('-', person);
    },
  };
  return {
    get blocks() {
      return most() > 0 ? blocks : undefined;
    },
    up() {
      for (const person of silenced) say('+', person);
    },
  };
}
