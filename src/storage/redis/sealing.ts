/** What is to be sent, as the commands of one flight: calls of a script that go together are one command. Pure. */
import type { Call, Evaluation, Load, Script } from './batch.ts';

/** One command of a flight, and for whom. */
export interface Sealed {
  readonly name: string;
  readonly args: string[];
  /** What to load where Redis does not know it (any more). */
  readonly script: Script | undefined;
  done(reply: unknown): void;
  failed(error: Error): void;
}

/** A script keeps everything else in Redis waiting: with more arguments than this, another command begins. */
const mostArgs = 2_000;

/** Seals each; what has nothing to send any more is left out. */
export function seal(loads: readonly Load[]): Sealed[] {
  const flight: Sealed[] = [];
  const open = new Map<Script, Together>();
  for (const load of loads) {
    const call = load.seal();
    if (call === undefined) continue;
    if (!('script' in call) || !call.script.together) {
      flight.push(alone(load, call));
      continue;
    }
    let together = open.get(call.script);
    if (together === undefined || together.size > mostArgs) {
      together = new Together(call.script);
      open.set(call.script, together);
      flight.push(together);
    }
    together.add(load, call);
  }
  return flight;
}

function alone(load: Load, call: Call): Sealed {
  const { done, failed } = { done: load.done.bind(load), failed: load.failed.bind(load) };
  if ('command' in call)
    return { name: call.command[0] ?? '', args: call.command.slice(1), script: undefined, done, failed };
  const { script, keys, args } = call;
  return { name: 'evalsha', args: [script.sha, String(keys.length), ...keys, ...args], script, done, failed };
}

/** One call of lua/together.lua. */
class Together implements Sealed {
  readonly name = 'evalsha';
  readonly script: Script;
  readonly #loads: Load[] = [];
  readonly #keys: string[] = [];
  readonly #args: string[] = [];

  constructor(script: Script) {
    this.script = script;
  }

  get size(): number {
    return this.#args.length;
  }

  get args(): string[] {
    return [this.script.sha, String(this.#keys.length), ...this.#keys, ...this.#args];
  }

  add(load: Load, { keys, args }: Evaluation): void {
    this.#loads.push(load);
    for (const key of keys) this.#keys.push(key);
    this.#args.push(String(keys.length), String(args.length));
    for (const arg of args) this.#args.push(arg);
  }

  done(reply: unknown): void {
    const answers: readonly unknown[] = Array.isArray(reply) ? reply : [];
    for (let i = 0; i < this.#loads.length; i++) {
      const answer = answers[i];
      if (answer instanceof Error) this.#loads[i]?.failed(answer);
      else this.#loads[i]?.done(answer);
    }
  }

  failed(error: Error): void {
    for (const load of this.#loads) load.failed(error);
  }
}
