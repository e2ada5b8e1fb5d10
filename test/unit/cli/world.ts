/** A process of its own for the tests of commands: what it printed, and signals by hand. */
import type { CliWorld, SignalName } from '../../../src/cli/world.ts';

export interface TestWorld extends CliWorld {
  readonly printed: { out: string; err: string };
  signal(name: SignalName): void;
  /** A promise is rejected, and nobody listens. */
  stray(error: unknown): void;
  readonly listeners: number;
}

export function testWorld(argv: readonly string[], env: CliWorld['env'] = {}): TestWorld {
  const printed = { out: '', err: '' };
  const calls = new Set<{ readonly name: SignalName; readonly call: () => void }>();
  const strays = new Set<(error: unknown) => void>();
  return {
    argv,
    env,
    printed,
    out: (text) => {
      printed.out += `${text}\n`;
    },
    err: (text) => {
      printed.err += `${text}\n`;
    },
    onSignal: (name, call) => {
      const one = { name, call };
      calls.add(one);
      return () => calls.delete(one);
    },
    onStray: (call) => {
      strays.add(call);
      return () => strays.delete(call);
    },
    stray: (error) => {
      for (const call of strays) call(error);
    },
    signal: (name) => {
      for (const one of [...calls]) if (one.name === name) one.call();
    },
    get listeners() {
      return calls.size + strays.size;
    },
  };
}
