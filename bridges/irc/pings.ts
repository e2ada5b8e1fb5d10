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

export function createPings({ clock, prefix, send, heardAt, paused, onDead }: PingsOptions): Pings {
  /** In the order in which they were asked for. No map, for they come and go (core/passing.ts). */
  const waiting: Waiting[] = [];
  let counter = 0;
  let cancel: (() => void) | undefined;

  function ping(priority: Priority, onPong: () => void): void {
    const token = `${prefix}${counter++}`;
    const one: Waiting = { token, at: 0, onPong };
    waiting.push(one);
    send(compose('PING', token), priority, () => {
      one.at = clock.now();
    });
  }

  function check(): void {
    cancel = clock.after(checkMs, check);
    const now = clock.now();
    if (paused()) {
      for (const one of waiting) if (one.at > 0) one.at = now;
      return;
    }
    for (const one of waiting) {
      if (one.at === 0 || now - one.at < answerMs) continue;
      onDead();
      return;
    }
    if (waiting.length === 0 && now - heardAt() >= idleMs) ping(0, () => {});
  }

  return {
    ping,
    pong(token) {
      const at = waiting.findIndex((one) => one.token === token);
      if (at >= 0) waiting.splice(at, 1)[0]?.onPong();
    },
    start() {
      cancel?.();
      cancel = clock.after(checkMs, check);
    },
    stop() {
      cancel?.();
      cancel = undefined;
      waiting.length = 0;
    },
  };
}
