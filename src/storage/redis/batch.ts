/**
 * Commands gathered and sent as one write, one such flight at a time: what comes meanwhile goes with the next. So order is kept even where a
 * connection dies in the middle and everything unanswered is sent again, and the more there is to do the cheaper each command gets.
 */
import { createHash } from 'node:crypto';
import { Command, type Redis } from 'ioredis';
import type { Clock } from '../../bridge/contract.ts';
import togetherText from './lua/together.lua';
import { type Sealed, seal } from './sealing.ts';

export interface Script {
  readonly text: string;
  readonly sha: string;
  /** Its calls of one flight go as one command: what they do may not depend on each other. */
  readonly together: boolean;
}

/** A Lua script as imported from lua/. */
export const script = (text: string): Script => ({ text, sha: shaOf(text), together: false });

/** The same, of which a flight carries all calls that share the same as one command; one that fails leaves the others alone. */
export function scriptTogether(one: string): Script {
  const text = togetherText.replace('--[[ONE]]', () => one);
  return { text, sha: shaOf(text), together: true };
}

const shaOf = (text: string): string => createHash('sha1').update(text).digest('hex');

/** A command with its arguments, or a script with its. */
export type Call = { readonly command: readonly string[] } | Evaluation;

export interface Evaluation {
  readonly script: Script;
  readonly keys: readonly string[];
  readonly args: readonly string[];
  /** Of one that goes together with others: what is the same for all of them, and is sent once. */
  readonly shared?: Shared;
}

export interface Shared {
  readonly keys: readonly string[];
  readonly args: readonly string[];
}

/** The call of a script. */
export const evaluate = (script: Script, keys: readonly string[], args: readonly string[]): Call => ({
  script,
  keys,
  args,
});

/** The call of a script that goes together with those that share the same and have as many keys. */
export const evaluateTogether = (
  script: Script,
  shared: Shared,
  keys: readonly string[],
  args: readonly string[],
): Call => ({ script, shared, keys, args });

/**
 * What one Redis keeps in order by itself, and a cluster must be told, where others have what came before: `journals`, what was put into them, and what is put into
 * them until those are answered; `all`, everything.
 */
export type Behind = 'journals' | 'all';

/** What has an order that whoever adds it does not make. */
export interface Order {
  /** In a cluster: it leaves when those that came before are answered, and may be overtaken by those that have no such wish. Of a flight to one Redis `journals` are right behind those. */
  readonly behind?: Behind;
  /** It goes into a journal: of one flight, before all else. */
  readonly isJournal?: true;
  /** Nobody waits for it: under load it leaves with what somebody waits for, or after `lateMs`. */
  readonly mayWait?: true;
}

/** Something to send. `seal` is called once, when it leaves; undefined: there is nothing to send after all. Exactly one of the others follows. */
export interface Load extends Order {
  /** One of its keys: in a cluster it goes to whoever has that. */
  readonly key: string;
  seal(): Call | undefined;
  /** What is sent where its answer may have been lost; absent: the same. */
  again?(): Call;
  done(reply: unknown): void;
  failed(error: Error): void;
}

export interface Batch {
  /** Sends with the next pipeline. While Redis is away loads wait; a load must be safe to be carried out twice, or has an `again` that is. */
  add(load: Load): void;
  /** The same for a single command. */
  ask(call: Call, order?: Order): Promise<unknown>;
  /** Resolves when what was put into journals until now is there. */
  journaled(): Promise<void>;
  /** What may wait has become much: it leaves like the others. */
  hurry(): void;
  /** Are commands on their way? */
  readonly flying: boolean;
  /** Refuses what waits and what comes. */
  close(): void;
}

export interface Reply {
  readonly error: Error | undefined;
  readonly value: unknown;
}

const asText = { replyEncoding: 'utf8' } as const;

/**
 * Errors after which a command is sent again: the connection died, Redis is starting, has become a replica or misses its own (of a script, Redis 6 says that in the
 * middle), or it does not know the script. Of a cluster: it is not whole, or what the command is about is, or is just moving, elsewhere.
 */
export const again =
  /^(NOSCRIPT|LOADING|READONLY|NOREPLICAS|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|MOVED|ASK)\b| -(READONLY|NOREPLICAS) |^Connection is closed|isn't writeable|aborted|a non local key|while the cluster is down/;

/** As the scripts say it. */
const refused = /\b(READONLY|NOREPLICAS)\b|a non local key|while the cluster is down/;

/** A script that goes for many ends well though each of them was refused. */
export function whyAgain(value: unknown): Error | undefined {
  const answers: readonly unknown[] = Array.isArray(value) ? value : [];
  for (const answer of answers) if (answer instanceof Error && refused.test(answer.message)) return answer;
  return undefined;
}

/** How long a Redis that answers, but can't serve us yet, is left alone. */
export const pauseMs = 100;
/** Under load flights leave this often: one of a single message costs nearly what one of twenty does. After a quiet moment two in a row do not wait. */
export const gatherMs = 2;
/** How long what may wait does so, where nothing else leaves. */
const lateMs = 10;

/** For what waits at the end. */
export const away = (): Error => new Error('the connection to Redis is closed');

/** ioredis would copy the arguments, and join them one by one: it gets the text. */
export function commandOf(sealed: Sealed, land: (error?: Error | null, value?: unknown) => void): Command {
  const command = new Command(sealed.name, [], asText, land);
  command.toWritable = () => sealed.text();
  return command;
}

/** @param onReplica called when Redis is one, before the connection is made anew */
export function createBatch(redis: Redis, clock: Clock, onReplica: () => void = () => undefined): Batch {
  let waiting: Load[] = [];
  /** They leave before the others, whose reflections they may hold… */
  let journals: Load[] = [];
  /** …and these next: what failed is out of the way when its sender has it accepted again. */
  let behindThem: Load[] = [];
  let unanswered: Sealed[] = [];
  let flying = false;
  /** Something gathers that somebody waits for. */
  let awaited = false;
  let scheduled = false;
  let scheduledLate = false;
  let closed = false;
  let lastAt = 0;
  let lastButOneAt = 0;
  /** What this connection's Redis was told of: who is restarted has forgotten all. */
  const loaded = new Set<string>();

  function schedule(): void {
    if (scheduled || flying || closed) return;
    const since = clock.now() - lastButOneAt;
    if (!awaited && unanswered.length === 0 && since < 2 * lateMs) {
      scheduleLate();
      return;
    }
    scheduled = true;
    if (since < 2 * gatherMs) clock.after(gatherMs, launch);
    else setImmediate(launch);
  }

  function scheduleLate(): void {
    if (scheduledLate) return;
    scheduledLate = true;
    clock.after(lateMs, () => {
      scheduledLate = false;
      if (!scheduled) launch();
    });
  }

  function launch(): void {
    scheduled = false;
    if (flying || closed || redis.status !== 'ready') return;
    const flight = unanswered.length > 0 ? unanswered : sealAll();
    unanswered = [];
    if (flight.length > 0) fly(flight);
  }

  function sealAll(): Sealed[] {
    const loads = waiting;
    waiting = [];
    awaited = false;
    if (journals.length + behindThem.length === 0) return seal(loads);
    const [first, next] = [journals, behindThem];
    journals = [];
    behindThem = [];
    return [...seal(first), ...seal(next), ...seal(loads)];
  }

  /** ioredis' own pipeline copies some five hundred methods each time it is made: here commands are written to a corked stream, and go out as one. */
  function fly(flight: readonly Sealed[]): void {
    flying = true;
    lastButOneAt = lastAt;
    lastAt = clock.now();
    const replies: Reply[] = [];
    let left = flight.length;
    const { stream } = redis;
    stream.cork();
    for (const [i, sealed] of flight.entries()) {
      const land = (error?: Error | null, value?: unknown): void => {
        replies[i] = { error: error ?? undefined, value };
        if (--left === 0) landed(flight, replies);
      };
      if (sealed.script !== undefined) introduce(sealed.script);
      send(commandOf(sealed, land));
    }
    stream.uncork();
  }

  /** Before its first call: a call of a script that Redis does not know would be overtaken by what is behind it. */
  function introduce({ sha, text }: Script): void {
    if (loaded.has(sha)) return;
    loaded.add(sha);
    send(new Command('script', ['load', text], asText, (error) => void (error && loaded.delete(sha))));
  }

  /** ioredis would send what is unanswered again as soon as Redis is back, before any script is: a place that no command of its pipelines has makes it give that back. */
  function send(command: Command): void {
    command.pipelineIndex = -1;
    redis.sendCommand(command);
  }

  function landed(flight: readonly Sealed[], replies: readonly Reply[]): void {
    let rests = false;
    let isReplica = false;
    for (let i = 0; i < flight.length; i++) {
      const sealed = flight[i];
      const reply = replies[i];
      if (sealed === undefined || reply === undefined) continue;
      const { value } = reply;
      const refusal = sealed.script?.together === true ? whyAgain(value) : undefined;
      const error = reply.error ?? refusal;
      if (error === undefined) sealed.done(value);
      else if (closed || (refusal === undefined && !again.test(error.message))) sealed.failed(error);
      else {
        sealed.again();
        unanswered.push(sealed);
        isReplica ||= error.message.includes('READONLY');
        if (error.message.startsWith('NOSCRIPT')) loaded.clear();
        else rests = true;
      }
    }
    if (rests && redis.status === 'ready') clock.after(pauseMs, isReplica ? goElsewhere : goOn);
    else goOn();
  }

  /** Not while commands are under way: they would be sent again in another order. */
  function goElsewhere(): void {
    onReplica();
    if (redis.status === 'ready') redis.disconnect(true);
    goOn();
  }

  function goOn(): void {
    flying = false;
    if (unanswered.length + journals.length + behindThem.length + waiting.length > 0) schedule();
  }

  function begin(): void {
    loaded.clear();
    schedule();
  }

  redis.on('ready', begin);

  return {
    add(load) {
      if (closed) return load.failed(away());
      if (load.isJournal === true) journals.push(load);
      else if (load.behind === 'journals') behindThem.push(load);
      else waiting.push(load);
      if (load.mayWait !== true) awaited = true;
      schedule();
    },
    hurry() {
      if (awaited || journals.length + behindThem.length + waiting.length === 0) return;
      awaited = true;
      schedule();
    },
    get flying() {
      return flying;
    },
    ask(call, order) {
      return new Promise((resolve, reject) =>
        this.add({ ...order, key: '', seal: () => call, done: resolve, failed: reject }),
      );
    },
    async journaled() {
      await this.ask({ command: ['ping'] });
    },
    close() {
      closed = true;
      redis.off('ready', begin);
      for (const sealed of unanswered) sealed.failed(away());
      for (const load of [...journals, ...behindThem, ...waiting]) load.failed(away());
      unanswered = [];
      journals = [];
      behindThem = [];
      waiting = [];
    },
  };
}
