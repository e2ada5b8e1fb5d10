/**
 * What the network tells, in order and a piece a turn: ten thousand people who leave at once (a netsplit) must not keep everybody else's rooms waiting, nor
 * fill the way to XMPP. What fits into one turn is taken at once.
 */
import type { NetworkEvent } from '../core/event.ts';

export interface Turns {
  /** Takes the event now where nothing is before it and it is small. undefined: taken, and there is room; else what to wait for before the next. */
  put(event: NetworkEvent): Promise<void> | undefined;
  /** undefined where everything that was put has been taken; else resolves when it has. */
  taken(): Promise<void> | undefined;
  /** What waits is dropped. */
  close(): void;
}

export interface TurnsOptions {
  /** What to wait for before that event can be taken; undefined: nothing. Never rejects. */
  before(event: NetworkEvent): Promise<void> | undefined;
  take(event: NetworkEvent): void;
  /** undefined while there is room on the way to XMPP. */
  pressure(): Promise<void> | undefined;
  /** What went wrong with an event that had waited; the next ones are taken all the same. */
  onBug(error: unknown): void;
}

/** Changes of a room's members that are taken in one turn of the loop. */
const perTurn = 500;

/** The event as pieces. A complete list is one whatever its length: who is not in it has left. */
export function pieces(event: NetworkEvent): readonly NetworkEvent[] {
  if (event.kind !== 'members' || event.complete === true || event.changes.length <= perTurn) return [event];
  const found: NetworkEvent[] = [];
  for (let at = 0; at < event.changes.length; at += perTurn) {
    found.push({ ...event, changes: event.changes.slice(at, at + perTurn) });
  }
  return found;
}

export function createTurns({ before, take, pressure, onBug }: TurnsOptions): Turns {
  let waiting: NetworkEvent[] = [];
  let working: Promise<void> | undefined;
  let closed = false;
  /** Changes of members taken at once in this turn of the loop: ten thousand who come one by one are as many as ten thousand at once. */
  let spent = 0;

  function fits({ changes }: Extract<NetworkEvent, { kind: 'members' }>): boolean {
    if (spent + changes.length > perTurn) return false;
    if (spent === 0)
      setImmediate(() => {
        spent = 0;
      });
    spent += changes.length;
    return true;
  }

  /** As much as fits into a turn, at least one. */
  async function takeSome(): Promise<void> {
    for (let weight = 0; weight < perTurn; ) {
      const next = waiting.shift();
      if (next === undefined) return;
      weight += next.kind === 'members' ? next.changes.length : 1;
      const known = before(next);
      if (known !== undefined) await known;
      try {
        take(next);
      } catch (error) {
        onBug(error);
      }
    }
  }

  async function work(): Promise<void> {
    while (waiting.length > 0) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      await pressure();
      await takeSome();
    }
    working = undefined;
  }

  return {
    put(event) {
      if (closed) return undefined;
      const isNext = working === undefined && before(event) === undefined;
      if (isNext && (event.kind !== 'members' || fits(event))) {
        take(event);
        return pressure();
      }
      const [first, ...rest] = pieces(event);
      if (first === undefined) return undefined;
      if (isNext && spent === 0) take(first);
      else waiting.push(first);
      for (const piece of rest) waiting.push(piece);
      if (waiting.length > 0) working ??= work();
      return working ?? pressure();
    },
    taken: () => working,
    close() {
      closed = true;
      waiting = [];
    },
  };
}
