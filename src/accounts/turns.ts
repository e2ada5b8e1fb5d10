/**
 * What the network tells, in order and a piece a turn: ten thousand people who leave at once (a netsplit) must not keep everybody else's rooms waiting, nor
 * fill the way to XMPP. What fits into one turn is taken at once.
 */
import type { NetworkEvent } from '../core/event.ts';
import type { PersonId } from '../core/ids.ts';

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
  /** What it returns follows from the event, and is taken before any other. */
  take(event: NetworkEvent): NetworkEvent | undefined;
  /** Who we are on that network. */
  me(): PersonId | undefined;
  /** undefined while there is room on the way to XMPP. */
  pressure(): Promise<void> | undefined;
  /** What went wrong with an event that had waited; the next ones are taken all the same. */
  onBug(error: unknown): void;
}

type Members = Extract<NetworkEvent, { kind: 'members' }>;

/** Changes of a room's members that are taken in one turn of the loop. */
const perTurn = 500;
/** A list is a piece of twice that, of which few change anything; and of so many whoever comes in is told in a turn. */
export const listedPerTurn = 1_000;

/** The event as pieces. Who is not in a complete list has left, which its last piece says; we are in its first, since others may have the nick that we had. */
export function pieces(event: NetworkEvent, me: PersonId | undefined): readonly NetworkEvent[] {
  if (event.kind !== 'members') return [event];
  const { complete, ...members } = event;
  const size = complete === true ? listedPerTurn : perTurn;
  if (event.changes.length <= size) return [event];
  const changes = complete === true ? ourselvesFirst(event, me) : event.changes;
  const found: Members[] = [];
  for (let at = 0; at < changes.length; at += size) {
    const some = { ...members, changes: changes.slice(at, at + size) };
    if (complete !== true) found.push(some);
    else if (at + size < changes.length) found.push({ ...some, piece: at === 0 ? 'first' : 'next' });
    else found.push({ ...some, piece: 'last', complete });
  }
  return found;
}

function ourselvesFirst({ changes }: Members, me: PersonId | undefined): Members['changes'] {
  const at = changes.findIndex((change) => change.is === 'in' && change.member.person === me);
  const own = changes[at];
  return own === undefined ? changes : [own, ...changes.slice(0, at), ...changes.slice(at + 1)];
}

export function createTurns({ before, take, me, pressure, onBug }: TurnsOptions): Turns {
  let waiting: NetworkEvent[] = [];
  let working: Promise<void> | undefined;
  let closed = false;
  /** Changes of members taken at once in this turn of the loop: ten thousand who come one by one are as many as ten thousand at once. */
  let spent = 0;

  function fits({ changes }: Members): boolean {
    if (spent + changes.length > perTurn) return false;
    if (spent === 0)
      setImmediate(() => {
        spent = 0;
      });
    spent += changes.length;
    return true;
  }

  /** What follows from an event stands before what came behind it. */
  function followedBy(rest: NetworkEvent | undefined): void {
    if (rest !== undefined && !closed) waiting = [...pieces(rest, me()), ...waiting];
  }

  /** As much as fits into a turn, at least one. */
  async function takeSome(): Promise<void> {
    for (let weight = 0; weight < perTurn; ) {
      const [next] = waiting;
      if (next === undefined) return;
      const more = next.kind === 'members' ? next.changes.length : 1;
      if (weight > 0 && weight + more > perTurn) return;
      weight += more;
      waiting.shift();
      const known = before(next);
      if (known !== undefined) await known;
      try {
        followedBy(take(next));
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
        followedBy(take(event));
        if (waiting.length > 0) working ??= work();
        return working ?? pressure();
      }
      const [first, ...rest] = pieces(event, me());
      if (first === undefined) return undefined;
      if (isNext && spent === 0) followedBy(take(first));
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
