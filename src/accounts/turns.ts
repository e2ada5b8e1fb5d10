/**
 * What the network tells, in order and a piece a turn: ten thousand people who leave at once (a netsplit) must not keep everybody else's rooms waiting, nor
 * fill the way to XMPP. What fits into one turn is taken at once.
 */
import type { NetworkEvent } from '../core/event.ts';
import type { PersonId } from '../core/ids.ts';

export interface Turns {
  /** Takes the event now where nothing is before it and it is small. undefined: taken, and there is room; else what to wait for before the next. */
  put(event: NetworkEvent): Promise<void> | undefined;
  /** undefined where everything that was put has been taken; else resolves when it has, and before what is put from now on. */
  taken(): Promise<void> | undefined;
  /** What waits is dropped. */
  close(): void;
}

export interface TurnsOptions {
  /** What to wait for before that event can be taken; undefined: nothing. Never rejects. */
  before(event: NetworkEvent): Promise<void> | undefined;
  /** What it returns follows from the event, and is taken before any other. @param me who we were when it was put, where it has waited since */
  take(event: NetworkEvent, me?: PersonId): NetworkEvent | undefined;
  /** Who we are on that network. */
  me(): PersonId | undefined;
  /** undefined while there is room on the way to XMPP. */
  pressure(): Promise<void> | undefined;
  /** What went wrong with an event that had waited; the next ones are taken all the same. */
  onBug(error: unknown): void;
}

type Members = Extract<NetworkEvent, { kind: 'members' }>;
interface Waiting {
  readonly event: NetworkEvent;
  /** By then we may be called otherwise on the network, and would not know ourselves in it. */
  readonly me: PersonId | undefined;
}

/** Somebody waits for this place among the events. */
type Mark = PromiseWithResolvers<void>;

const isMark = (one: Waiting | Mark | undefined): one is Mark => one !== undefined && 'resolve' in one;

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

/** What to wait for where there are two things to wait for, or one, or none. */
export const both = (one: Promise<void> | undefined, other: Promise<void> | undefined): Promise<void> | undefined =>
  one === undefined || other === undefined ? (one ?? other) : one.then(() => other);

/** For one account. */
export const createTurns = (options: TurnsOptions): Turns => new InTurns(options);

/** An object of a class: each account has one, and every event goes through it. */
class InTurns implements Turns {
  readonly #options: TurnsOptions;
  #waiting: (Waiting | Mark)[] = [];
  #working: Promise<void> | undefined;
  #closed = false;
  /** Changes of members taken at once in this turn of the loop: ten thousand who come one by one are as many as ten thousand at once. */
  #spent = 0;

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  put(event: NetworkEvent): Promise<void> | undefined {
    if (this.#closed) return undefined;
    const options = this.#options;
    const isNext = this.#working === undefined && options.before(event) === undefined;
    if (isNext && (event.kind !== 'members' || this.#fits(event))) {
      this.#followedBy(options.take(event), undefined);
      if (this.#waiting.length > 0) this.#working ??= this.#work();
      return this.#working ?? options.pressure();
    }
    const me = options.me();
    const [first, ...rest] = pieces(event, me);
    if (first === undefined) return undefined;
    if (isNext && this.#spent === 0) this.#followedBy(options.take(first), me);
    else this.#waiting.push({ event: first, me });
    for (const piece of rest) this.#waiting.push({ event: piece, me });
    if (this.#waiting.length > 0) this.#working ??= this.#work();
    return this.#working ?? options.pressure();
  }

  taken(): Promise<void> | undefined {
    if (this.#working === undefined) return undefined;
    const last = this.#waiting.at(-1);
    if (isMark(last)) return last.promise;
    const mark = Promise.withResolvers<void>();
    this.#waiting.push(mark);
    return mark.promise;
  }

  close(): void {
    this.#closed = true;
    const dropped = this.#waiting;
    this.#waiting = [];
    for (const one of dropped) if (isMark(one)) one.resolve();
  }

  #fits({ changes }: Members): boolean {
    if (this.#spent + changes.length > perTurn) return false;
    if (this.#spent === 0)
      setImmediate(() => {
        this.#spent = 0;
      });
    this.#spent += changes.length;
    return true;
  }

  /** What follows from an event stands before what came behind it. */
  #followedBy(rest: NetworkEvent | undefined, me: PersonId | undefined): void {
    if (rest === undefined || this.#closed) return;
    this.#waiting = [...pieces(rest, me).map((event) => ({ event, me })), ...this.#waiting];
  }

  /** As much as fits into a turn, at least one. Whoever waits for their place goes on before the next turn. */
  async #takeSome(): Promise<void> {
    for (let weight = 0; weight < perTurn; ) {
      const [next] = this.#waiting;
      if (next === undefined) return;
      if (isMark(next)) {
        this.#waiting.shift();
        next.resolve();
        return;
      }
      const { event, me } = next;
      const more = event.kind === 'members' ? event.changes.length : 1;
      if (weight > 0 && weight + more > perTurn) return;
      weight += more;
      this.#waiting.shift();
      const known = this.#options.before(event);
      if (known !== undefined) await known;
      try {
        this.#followedBy(this.#options.take(event, me), me);
      } catch (error) {
        this.#options.onBug(error);
      }
    }
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      await this.#options.pressure();
      await this.#takeSome();
    }
    this.#working = undefined;
  }
}
