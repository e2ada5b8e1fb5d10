/**
 * Commands gathered and sent as one explicit pipeline, one pipeline in flight: what comes meanwhile goes with the next. So order is kept even where a
 * connection dies in the middle and everything unanswered is sent again, and the more there is to do the cheaper each command gets.
 */
import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Clock } from '../../bridge/contract.ts';

export interface Script {
  readonly text: string;
  readonly sha: string;
}

/** A Lua script as imported from lua/. */
export const script = (text: string): Script => ({ text, sha: createHash('sha1').update(text).digest('hex') });

export interface Call {
  /** The command's name and arguments. */
  readonly command: readonly string[];
  /** Set where the command is EVALSHA: what to load where Redis does not know it (any more). */
  readonly script?: Script;
}

/** The call of a script. */
export function evaluate(script: Script, keys: readonly string[], args: readonly string[]): Call {
  return { command: ['evalsha', script.sha, String(keys.length), ...keys, ...args], script };
}

/** Something to send. `seal` is called once, when it leaves; undefined: there is nothing to send after all. Exactly one of the others follows. */
export interface Load {
  seal(): Call | undefined;
  done(reply: unknown): void;
  failed(error: Error): void;
}

export interface Batch {
  /** Sends with the next pipeline. While Redis is away loads wait; a load must be safe to be carried out twice. */
  add(load: Load): void;
  /** The same for a single command. */
  ask(call: Call): Promise<unknown>;
  /** Refuses what waits and what comes. */
  close(): void;
}

interface Sealed {
  readonly load: Load;
  readonly call: Call;
}

/** Errors after which a command is sent again: the connection died, Redis is starting, or it does not know the script. */
const again =
  /^(NOSCRIPT|LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN)|^Connection is closed|isn't writeable|aborted/;

/** How long a Redis that answers, but can't serve us yet, is left alone. */
const pauseMs = 100;

export function createBatch(redis: Redis, clock: Clock): Batch {
  let waiting: Load[] = [];
  let unanswered: Sealed[] = [];
  let flying = false;
  let scheduled = false;
  let closed = false;
  const away = (): Error => new Error('the connection to Redis is closed');

  function schedule(): void {
    if (scheduled || flying || closed) return;
    scheduled = true;
    setImmediate(launch);
  }

  function launch(): void {
    scheduled = false;
    if (flying || closed || redis.status !== 'ready') return;
    const flight = unanswered.length > 0 ? unanswered : sealAll();
    unanswered = [];
    if (flight.length === 0) return;
    flying = true;
    void fly(flight).then((pause) => {
      flying = false;
      if (pause) clock.after(pauseMs, schedule);
      else if (unanswered.length + waiting.length > 0) schedule();
    });
  }

  function sealAll(): Sealed[] {
    const loads = waiting;
    waiting = [];
    const flight: Sealed[] = [];
    for (const load of loads) {
      const call = load.seal();
      if (call !== undefined) flight.push({ load, call });
    }
    return flight;
  }

  /** Never rejects. Resolves with whether to wait before the next flight. */
  async function fly(flight: readonly Sealed[]): Promise<boolean> {
    const pipeline = redis.pipeline();
    for (const { call } of flight) {
      const [name = '', ...args] = call.command;
      pipeline.call(name, ...args);
    }
    const replies = await pipeline
      .exec()
      .catch((error: Error) => flight.map((): [Error, unknown] => [error, undefined]));
    const unknown = new Map<string, Script>();
    flight.forEach((sealed, i) => {
      const [error, reply] = replies?.[i] ?? [away(), undefined];
      if (error === null) sealed.load.done(reply);
      else if (closed || !again.test(error.message)) sealed.load.failed(error);
      else {
        unanswered.push(sealed);
        if (sealed.call.script !== undefined && error.message.startsWith('NOSCRIPT'))
          unknown.set(sealed.call.script.sha, sealed.call.script);
      }
    });
    for (const { text } of unknown.values()) await redis.script('LOAD', text).catch(() => undefined);
    return unanswered.length > 0 && unknown.size === 0 && redis.status === 'ready';
  }

  redis.on('ready', schedule);

  return {
    add(load) {
      if (closed) return load.failed(away());
      waiting.push(load);
      schedule();
    },
    ask(call) {
      return new Promise((resolve, reject) => this.add({ seal: () => call, done: resolve, failed: reject }));
    },
    close() {
      closed = true;
      redis.off('ready', schedule);
      for (const { load } of unanswered) load.failed(away());
      for (const load of waiting) load.failed(away());
      unanswered = [];
      waiting = [];
    },
  };
}
