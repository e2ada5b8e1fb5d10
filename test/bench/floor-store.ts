/** The floor's outbox and journal: Isthmus' own scripts, gathered into flights as there, over a bare socket. */
import { spawn } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { type Call, evaluateTogether, type Load, type Script, scriptTogether } from '../../src/storage/redis/batch.ts';
import { type AccountKeys, waitingKey } from '../../src/storage/redis/keys.ts';
import appendText from '../../src/storage/redis/lua/append.lua';
import settleText from '../../src/storage/redis/lua/settle.lua';
import { createRequest } from '../../src/storage/redis/request.ts';
import { type Sealed, seal } from '../../src/storage/redis/sealing.ts';
import { durably } from './bare-store.ts';

const appendScript = scriptTogether(appendText);
const settleScript = scriptTogether(settleText);
const appending = { keys: [waitingKey], args: ['10000', '600000', '50000'] };
const settling = { keys: [waitingKey], args: ['0', '1000', '1000'] };
const gatherMs = 2;

/** One account's messages that are appended, or settled, by one call. */
export interface Group<One> {
  readonly account: string;
  readonly keys: AccountKeys;
  readonly all: readonly One[];
}

export interface Appended {
  readonly mark: string;
  readonly body: string;
  /** undefined: it was there before. */
  stored(key: string | undefined): void;
}

export interface Settled {
  readonly key: string;
  readonly mark: string;
  readonly result: string;
}

export interface FloorStore {
  append(group: Group<Appended>): void;
  settle(group: Group<Settled>): void;
  journal(text: string, recorded: (id: string) => void): void;
  trim(upTo: string): void;
}

/** Starts a Redis of its own in that directory; it ends with this process. */
export function startFloorStore(dir: string): FloorStore {
  const path = join(dir, 'redis.sock');
  const child = spawn('redis-server', durably(dir, path), { stdio: 'ignore' });
  process.on('exit', () => child.kill('SIGKILL'));
  process.on('SIGTERM', () => process.exit());
  const add = createFlights(path);
  let calls = 0;
  const ask = (call: Call, done: (reply: unknown) => void): void =>
    add({ key: '', seal: () => call, done, failed: fail });
  return {
    append({ account, keys, all }) {
      const args = [account, `floor-${calls++}`, ''];
      for (const { mark, body } of all) args.push(`m${mark}`, body);
      ask(evaluateTogether(appendScript, appending, [keys.outbox, keys.young, keys.old], args), (reply) => {
        const answers = typeof reply === 'string' ? reply.split(' ') : (reply as readonly string[]);
        for (const [i, one] of all.entries()) {
          const answer = answers[i + 1] ?? '';
          one.stored(answer.startsWith('n') ? answer.slice(1) : undefined);
        }
      });
    },
    settle({ account, keys, all }) {
      const args = [account, '1'];
      for (const { key, mark, result } of all) args.push(key, `m${mark}`, ` ${result}`, '');
      const { outbox, fence, young, old, dead } = keys;
      ask(evaluateTogether(settleScript, settling, [outbox, fence, young, old, dead], args), () => undefined);
    },
    journal: (text, recorded) => ask({ command: ['xadd', 'journal', '*', 't', text] }, (id) => recorded(String(id))),
    trim: (upTo) => ask({ command: ['xtrim', 'journal', 'MINID', upTo] }, () => undefined),
  };
}

function fail(error: Error): void {
  throw error;
}

/** One flight at a time, under load one in two milliseconds. */
function createFlights(path: string): (load: Load) => void {
  let waiting: Load[] = [];
  let flight: readonly Sealed[] = [];
  let socket: Socket | undefined;
  let scheduled = false;
  let lastAt = 0;
  let lastButOneAt = 0;
  let rest = '';

  function schedule(): void {
    if (scheduled || flight.length > 0 || socket === undefined || waiting.length === 0) return;
    scheduled = true;
    if (Date.now() - lastButOneAt < 2 * gatherMs) setTimeout(launch, gatherMs);
    else setImmediate(launch);
  }

  function launch(): void {
    scheduled = false;
    lastButOneAt = lastAt;
    lastAt = Date.now();
    flight = seal(waiting);
    waiting = [];
    socket?.write(flight.map((one) => one.text()).join(''), 'latin1');
  }

  function read(chunk: Buffer): void {
    rest += chunk.toString('latin1');
    const replies = readReplies(rest, flight.length);
    if (replies === undefined) return;
    rest = '';
    const landed = flight;
    flight = [];
    for (const [i, one] of landed.entries()) one.done(replies[i]);
    schedule();
  }

  const open = (): void => {
    const attempt = connect({ path });
    attempt.on('error', () => setTimeout(open, 20));
    attempt.on('connect', () => {
      attempt.write([appendScript, settleScript].map(loading).join(''), 'latin1');
      attempt.once('data', () => {
        socket = attempt;
        attempt.on('data', read);
        schedule();
      });
    });
  };
  open();
  return (load) => {
    waiting.push(load);
    schedule();
  };
}

function loading({ text }: Script): string {
  const request = createRequest(3);
  request.addAll(['script', 'load', text]);
  return request.text();
}

/** RESP 2, as far as our commands are answered in it; undefined: something is still to come. */
function readReplies(text: string, count: number): readonly unknown[] | undefined {
  let at = 0;
  function next(): unknown {
    const end = text.indexOf('\r\n', at);
    if (end < 0) throw incomplete;
    const kind = text[at];
    const line = text.slice(at + 1, end);
    at = end + 2;
    if (kind === '-') throw new Error(line);
    if (kind === '*') return Array.from({ length: Number(line) }, next);
    if (kind !== '$') return line;
    const from = at;
    at += Number(line) + 2;
    if (at > text.length) throw incomplete;
    return text.slice(from, at - 2);
  }
  try {
    return Array.from({ length: count }, next);
  } catch (error) {
    if (error === incomplete) return undefined;
    throw error;
  }
}

const incomplete = new Error('incomplete');
