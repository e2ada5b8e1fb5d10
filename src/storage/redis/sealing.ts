/** What is to be sent, as the commands of one flight: calls of a script that go together are one command. Pure. */
import type { Call, Evaluation, Load, Script } from './batch.ts';
import { createRequest } from './request.ts';

/** One command of a flight, and for whom. */
export interface Sealed {
  readonly name: string;
  /** As it is written. */
  text(): string;
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
  if ('command' in call) {
    const { command } = call;
    return { name: command[0] ?? '', text: () => textOf(command), script: undefined, done, failed };
  }
  const { script, keys, args } = call;
  const text = (): string => textOf([evalsha, script.sha, String(keys.length), ...keys, ...args]);
  return { name: evalsha, text, script, done, failed };
}

function textOf(words: readonly string[]): string {
  const request = createRequest(words.length);
  request.addAll(words);
  return request.text();
}

const evalsha = 'evalsha';

/** One call of lua/together.lua. */
class Together implements Sealed {
  readonly name = evalsha;
  readonly script: Script;
  readonly #loads: Load[] = [];
  #calls: Evaluation[] = [];
  /** Made once: it may be sent again, and is all that is kept of what it says. */
  #text: string | undefined;
  #keys = 0;
  #args = 0;

  constructor(script: Script) {
    this.script = script;
  }

  /** How many arguments it has. */
  get size(): number {
    return this.#args;
  }

  text(): string {
    this.#text ??= this.#put();
    this.#calls = [];
    return this.#text;
  }

  #put(): string {
    const request = createRequest(3 + this.#keys + this.#args);
    request.add(evalsha);
    request.add(this.script.sha);
    request.add(String(this.#keys));
    for (const { keys } of this.#calls) request.addAll(keys);
    for (const { keys, args } of this.#calls) {
      request.add(String(keys.length));
      request.add(String(args.length));
      request.addAll(args);
    }
    return request.text();
  }

  add(load: Load, call: Evaluation): void {
    this.#loads.push(load);
    this.#calls.push(call);
    this.#keys += call.keys.length;
    this.#args += call.args.length + 2;
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
