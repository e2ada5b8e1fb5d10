/**
 * Our own PINGs: barriers behind what was sent, and the sign of life. A server that leaves one unanswered is given up.
 */
import type { Clock } from '#bridge';
import { compose } from './wire/compose.ts';
import type { Priority } from './wire/sender.ts';

export interface Pings {
  /** Sends a PING; `onPong` is called when its answer comes, and never if the connection ends before. */
  ping(priority: Priority, onPong: () => void): void;
  pong(token: string): void;
  /** A connection has been registered. */
  start(): void;
  /** It is over: nothing waits any more. */
  stop(): void;
}

export interface PingsOptions {
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly prefix: string;
  send(line: string, priority: Priority, onWritten: () => void): void;
  /** Epoch milliseconds of the last bytes. */
  heardAt(): number;
  /** We do not read at the moment, so silence says nothing. */
  paused(): boolean;
  /** Nothing came back in time. */
  onDead(): void;
}

interface Waiting {
  readonly token: string;
  /** When it was written; 0 before. */
  at: number;
  readonly onPong: () => void;
}

const idleMs = 120_000;
const answerMs = 60_000;
const checkMs = 20_000;

export function createPings(options: PingsOptions): Pings {
  return new Asked(options);
}

/** An object of a class: each session has one, and every message waits for an answer. */
class Asked implements Pings {
  readonly #options: PingsOptions;
  /** In the order in which they were asked for. No map, for they come and go (core/passing.ts). */
  readonly #waiting: Waiting[] = [];
  #counter = 0;
  #cancel: (() => void) | undefined;

  constructor(options: PingsOptions) {
    this.#options = options;
  }

  ping(priority: Priority, onPong: () => void): void {
    const { clock, prefix } = this.#options;
    const token = `${prefix}${this.#counter++}`;
    const one: Waiting = { token, at: 0, onPong };
    this.#options.send(compose('PING', token), priority, () => {
      one.at = clock.now();
    });
    this.#waiting.push(one);
  }

  pong(token: string): void {
    const at = this.#waiting.findIndex((one) => one.token === token);
    if (at >= 0) this.#waiting.splice(at, 1)[0]?.onPong();
  }

  start(): void {
    this.#cancel?.();
    this.#checkLater();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#waiting.length = 0;
  }

  #checkLater(): void {
    this.#cancel = this.#options.clock.after(checkMs, () => this.#check());
  }

  #check(): void {
    this.#checkLater();
    const now = this.#options.clock.now();
    if (this.#options.paused()) {
      for (const one of this.#waiting) if (one.at > 0) one.at = now;
      this.#liveOn();
      return;
    }
    for (const one of this.#waiting) {
      // In the future: the clock was set back.
      one.at = Math.min(one.at, now);
      if (one.at === 0 || now - one.at < answerMs) continue;
      this.#options.onDead();
      return;
    }
    const silentMs = now - this.#options.heardAt();
    if (this.#waiting.length > 0 || (silentMs >= 0 && silentMs < idleMs)) return;
    this.#trying(() => this.ping(0, () => {}));
  }

  /** The server's own PING is among what we do not read: an answer unasked keeps it from giving us up. Some take nothing else for a sign of life (InspIRCd). */
  #liveOn(): void {
    const { prefix, send } = this.#options;
    this.#trying(() => send(compose('PONG', prefix), 0, () => {}));
  }

  #trying(say: () => void): void {
    try {
      say();
    } catch {
      // Too much waits to be sent, or the connection ends: it is looked at again soon.
    }
  }
}
