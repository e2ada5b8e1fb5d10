/** Appends to the outbox on their way: those of one account go out together, and whoever waits too long for Redis is told. */
import type { Clock } from '../../bridge/contract.ts';
import { GatewayError } from '../../core/errors.ts';
import { type AccountId, type DeliveryKey, deliveryKey } from '../../core/ids.ts';
import type { Appended, Told } from '../ports.ts';
import { evaluateTogether, type Load, scriptTogether } from './batch.ts';
import type { AccountKeys } from './keys.ts';
import appendText from './lua/append.lua';

const appendScript = scriptTogether(appendText);

/** Entries that one call of a script takes: it keeps everything else in Redis waiting meanwhile. */
export const perCall = 500;

/** How long things take and are remembered. */
export interface AppendLimits {
  /** How long an append may wait for Redis before its sender is told `storage-away`. */
  readonly timeoutMs: number;
  /** How long a mark is remembered at least… */
  readonly marksMs: number;
  /** …unless an account has used so many in that time. */
  readonly marks: number;
}

/** One entry that is to be accepted. */
export interface Waiting {
  readonly mark: string;
  readonly body: string;
  readonly told: Told;
}

/** Where an account's appends gather. It stays while they come and go: a map of them would make itself anew all the time (core/passing.ts). */
export interface Place {
  readonly keys: AccountKeys;
  /** The set that it is in while it has entries. */
  readonly waiting: string;
  /** What takes further entries. */
  open: Appends | undefined;
  /** The last that was accepted from here. */
  newest: DeliveryKey | undefined;
}

/** As the scripts have it. @param mark '' where there is none */
export const markText = (mark: string): string => (mark === '' ? '' : `m${mark}`);

/** One account's appends that go out together. */
export class Appends implements Load {
  readonly #account: AccountId;
  readonly #place: Place;
  /** Names this call, so that a copy of it is known. */
  readonly #token: string;
  readonly #cap: number;
  readonly #limits: AppendLimits;
  readonly #due: Due;
  #entries: Waiting[] = [];
  /** Of those that have left: their texts are in the command. */
  #told: Told[] = [];

  constructor(account: AccountId, place: Place, token: string, cap: number, limits: AppendLimits, due: Due) {
    this.#account = account;
    this.#place = place;
    this.#token = token;
    this.#cap = cap;
    this.#limits = limits;
    this.#due = due;
  }

  get key(): string {
    return this.#place.keys.outbox;
  }

  /** False: there is no room in this call, or it was of another cap. */
  push(entry: Waiting, cap: number): boolean {
    if (cap !== this.#cap || this.#entries.length >= perCall) return false;
    this.#entries.push(entry);
    return true;
  }

  seal() {
    this.#leave();
    if (this.#entries.length === 0) return undefined;
    const { keys, waiting } = this.#place;
    const { outbox, young, old } = keys;
    const { marksMs, marks } = this.#limits;
    const shared = { keys: [waiting], args: [String(this.#cap), String(marksMs), String(marks)] };
    const args: string[] = [this.#account, this.#token, this.#place.newest ?? ''];
    for (const { mark, body, told } of this.#entries) {
      args.push(markText(mark), body);
      this.#told.push(told);
    }
    this.#entries = [];
    return evaluateTogether(appendScript, shared, [outbox, young, old], args);
  }

  done(reply: unknown): void {
    this.#due.delete(this);
    if (typeof reply === 'string') this.#allNew(reply);
    else this.#each(Array.isArray(reply) ? reply : []);
  }

  #each(answers: readonly unknown[]): void {
    const told = this.#told;
    this.#told = [];
    let behind = answers[0] === '-' ? undefined : deliveryKey(String(answers[0]));
    for (let i = 0; i < told.length; i++) {
      const was = appended(String(answers[i + 1]), behind);
      if (was.is === 'new') {
        behind = was.key;
        this.#place.newest = was.key;
      }
      told[i]?.done(was);
    }
  }

  /** "BEHIND nKEY nKEY…", as lua/append.lua says it where all were accepted. */
  #allNew(reply: string): void {
    const told = this.#told;
    this.#told = [];
    let blank = reply.indexOf(' ');
    let behind = reply.startsWith('- ') ? undefined : deliveryKey(reply.slice(0, blank));
    for (const one of told) {
      if (!reply.startsWith(' n', blank)) {
        one.done({ is: 'full' });
        continue;
      }
      const end = reply.indexOf(' ', blank + 1);
      const key = deliveryKey(reply.slice(blank + 2, end < 0 ? reply.length : end));
      blank = end < 0 ? reply.length : end;
      one.done({ is: 'new', key, behind });
      behind = key;
    }
    if (told.length > 0) this.#place.newest = behind;
  }

  failed(error: Error): void {
    this.#due.delete(this);
    this.give(error);
  }

  /** Unsent entries are not sent any more. Those on their way may still be accepted: then a sender who was told to try again is known by its mark. */
  give(cause?: Error): void {
    this.#leave();
    const error = new GatewayError('storage-away', cause === undefined ? { text: away } : { text: away, cause });
    const all = [...this.#told, ...this.#entries.map(({ told }) => told)];
    this.#told = [];
    this.#entries = [];
    for (const told of all) told.failed(error);
  }

  #leave(): void {
    if (this.#place.open === this) this.#place.open = undefined;
  }
}

const away = 'The gateway could not store this; try again in a moment';

function appended(answer: string, behind: DeliveryKey | undefined): Appended {
  if (answer.startsWith('n')) return { is: 'new', key: deliveryKey(answer.slice(1)), behind };
  if (answer === 'a') return { is: 'again' };
  if (answer.startsWith('a=')) return { is: 'again', result: answer.slice(2) };
  return { is: 'full' };
}

/** Those that wait for their answer. */
export interface Due {
  add(appends: Appends): void;
  delete(appends: Appends): void;
}

/** One timer for all: whoever waits for so long is given up. */
export function createDue(clock: Clock, ms: number): Due {
  /** Oldest first. No map, for they come and go (core/passing.ts). */
  const waiting: { readonly appends: Appends; readonly since: number }[] = [];
  let cancel: (() => void) | undefined;

  function look(): void {
    cancel = undefined;
    const now = clock.now();
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      const ago = now - first.since;
      // Where the clock was set back it seems to lie ahead: it has waited as long as the one that this was called for, or less.
      if (ago >= 0 && ago < ms) {
        cancel = clock.after(ms - ago, look);
        return;
      }
      waiting.shift();
      first.appends.give();
    }
  }

  return {
    add(appends) {
      waiting.push({ appends, since: clock.now() });
      cancel ??= clock.after(ms, look);
    },
    delete(appends) {
      const at = waiting.findIndex((one) => one.appends === appends);
      if (at >= 0) waiting.splice(at, 1);
      if (waiting.length > 0) return;
      cancel?.();
      cancel = undefined;
    },
  };
}
