/** What is to be sent, as the commands of one flight: calls of a script that go together are one command. Pure. */
import type { Call, Evaluation, Load, Script, Shared } from './batch.ts';
import { createRequest } from './request.ts';

/** One command of a flight, and for whom. */
export interface Sealed {
  readonly name: string;
  /** As it is written. */
  text(): string;
  /** What to load where Redis does not know it (any more). */
  readonly script: Script | undefined;
  /** It is sent once more: what was sent may have been carried out. */
  again(): void;
  /** Afterwards it holds nothing any more: what still knows it would keep all that was said alive. */
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
      flight.push(new Alone(load, call));
      continue;
    }
    let together = open.get(call.script);
    if (together === undefined || together.size > mostArgs || !together.takes(call)) {
      together = new Together(call);
      open.set(call.script, together);
      flight.push(together);
    }
    together.add(load, call);
  }
  return flight;
}

function textOf(words: readonly string[]): string {
  const request = createRequest(words.length);
  request.addAll(words);
  return request.text();
}

const evalsha = 'evalsha';

const scriptOf = (call: Call): Script | undefined => ('script' in call ? call.script : undefined);
const nameOf = (call: Call): string => ('script' in call ? evalsha : (call.command[0] ?? ''));

/** A command, or a script that goes by itself. */
class Alone implements Sealed {
  name: string;
  script: Script | undefined;
  #load: Load | undefined;
  #call: Call | undefined;

  constructor(load: Load, call: Call) {
    this.#load = load;
    this.#call = call;
    this.script = scriptOf(call);
    this.name = nameOf(call);
  }

  again(): void {
    const call = this.#load?.again?.();
    if (call === undefined) return;
    this.#call = call;
    this.script = scriptOf(call);
    this.name = nameOf(call);
  }

  text(): string {
    const call = this.#call;
    if (call === undefined) return '';
    if ('command' in call) return textOf(call.command);
    const { script, keys, args } = call;
    return textOf([evalsha, script.sha, String(keys.length), ...keys, ...args]);
  }

  done(reply: unknown): void {
    this.#letGo()?.done(reply);
  }

  failed(error: Error): void {
    this.#letGo()?.failed(error);
  }

  #letGo(): Load | undefined {
    const load = this.#load;
    this.#load = undefined;
    this.#call = undefined;
    return load;
  }
}

const nothing: Shared = { keys: [], args: [] };

function areSame(some: readonly string[], others: readonly string[]): boolean {
  if (some.length !== others.length) return false;
  for (let i = 0; i < some.length; i++) if (some[i] !== others[i]) return false;
  return true;
}

/** One call of lua/together.lua. */
class Together implements Sealed {
  readonly name = evalsha;
  readonly script: Script;
  #loads: Load[] = [];
  #calls: Evaluation[] = [];
  /** Made once: it may be sent again, and is all that is kept of what it says. */
  #text: string | undefined;
  readonly #shared: Shared;
  /** How many keys each has. */
  readonly #each: number;
  #args = 0;

  constructor({ script, shared = nothing, keys }: Evaluation) {
    this.script = script;
    this.#shared = shared;
    this.#each = keys.length;
  }

  /** Is it about as many keys, and the same for the rest? */
  takes({ shared = nothing, keys }: Evaluation): boolean {
    return (
      keys.length === this.#each && areSame(shared.keys, this.#shared.keys) && areSame(shared.args, this.#shared.args)
    );
  }

  again(): void {
    // Its calls are known again.
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
    const { keys, args } = this.#shared;
    const count = keys.length + this.#each * this.#calls.length;
    const request = createRequest(6 + count + args.length + this.#args);
    request.add(evalsha);
    request.add(this.script.sha);
    request.add(String(count));
    request.addAll(keys);
    for (const one of this.#calls) request.addAll(one.keys);
    request.add(String(keys.length));
    request.add(String(this.#each));
    request.add(String(args.length));
    request.addAll(args);
    for (const { args } of this.#calls) {
      request.add(String(args.length));
      request.addAll(args);
    }
    return request.text();
  }

  add(load: Load, call: Evaluation): void {
    this.#loads.push(load);
    this.#calls.push(call);
    this.#args += call.args.length + 1;
  }

  done(reply: unknown): void {
    const answers: readonly unknown[] = Array.isArray(reply) ? reply : [];
    const loads = this.#letGo();
    for (let i = 0; i < loads.length; i++) {
      const answer = answers[i];
      if (answer instanceof Error) loads[i]?.failed(answer);
      else loads[i]?.done(answer);
    }
  }

  failed(error: Error): void {
    for (const load of this.#letGo()) load.failed(error);
  }

  #letGo(): readonly Load[] {
    const loads = this.#loads;
    this.#loads = [];
    this.#text = '';
    return loads;
  }
}
