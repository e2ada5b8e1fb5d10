/** Who went away from which room without leaving it, and until when the room is kept for them ("linger"). */

import type { Clock } from '../bridge/contract.ts';
import type { ChatId } from '../core/ids.ts';
import { bareOf } from '../core/jids.ts';
import { sparseMap } from '../core/sparse.ts';

export interface Stays {
  /** A client's connection was lost. @param since when it hears nothing; absent: since now */
  wentAway(chat: ChatId, client: string, since?: number): void;
  /** The same before it was let in: what it had missed it misses still. */
  wentAgain(chat: ChatId, client: string): void;
  /** It is back: one that was there before as itself, a new one as whoever of its user is away, whatever their resource was. */
  cameBack(chat: ChatId, client: string): void;
  /** All of the room is over. */
  forget(chat: ChatId): void;
  /** It left for good, which says nothing of others that were lost. True: nobody is waited for any more. */
  left(chat: ChatId, client: string): boolean;
  /** Since when this client has been away or, where it was never there, another one of the same bare JID; undefined: it is not known as away. */
  since(chat: ChatId, client: string): number | undefined;
  /** Is exactly this client waited for? */
  isAway(chat: ChatId, client: string): boolean;
  /** When exactly this client went last; undefined: it is not waited for. */
  wentAt(chat: ChatId, client: string): number | undefined;
  /** What is for good may be so no more, or have become so. */
  rearm(): void;
  /** For the memberships table. */
  of(chat: ChatId): Readonly<Record<string, number>>;
  restore(chat: ChatId, away: Readonly<Record<string, number>>): void;
  /** Nobody's time is up any more; who is away can still be asked. */
  close(): void;
}

export interface StaysOptions {
  readonly clock: Clock;
  /** undefined: for good. */
  readonly lingerMs: number | undefined;
  /** Is that room kept for good? Absent: as `lingerMs` says. */
  readonly forGood?: (chat: ChatId) => boolean;
  /** Everybody's time in that room is up. */
  readonly onOver: (chat: ChatId) => void;
}

/** Of one room: more than anybody has. */
const knownAtMost = 20;
/** Of one room: of a shared account's thousands those who went longest ago have missed more than anybody is told. */
const awayAtMost = 1_000;

interface Absence {
  /** What it has not heard begins here; undefined: it was never let in. */
  readonly since: number | undefined;
  /** When it went last: so long it is waited for. */
  readonly at: number;
}

interface Stay {
  readonly away: Map<string, Absence>;
  readonly cancel: () => void;
}

/** For one account. */
export const createStays = (options: StaysOptions): Stays => new Staying(options);

/** An object of a class: each account has one. */
class Staying implements Stays {
  readonly #options: StaysOptions;
  readonly #rooms = sparseMap<ChatId, Stay>();
  /** Clients that have gone from a room once: one of them that comes is itself. */
  readonly #known = sparseMap<ChatId, Set<string>>();
  #closed = false;

  constructor(options: StaysOptions) {
    this.#options = options;
  }

  wentAway(chat: ChatId, client: string, since = this.#options.clock.now()): void {
    this.#went(chat, client, since);
  }

  wentAgain(chat: ChatId, client: string): void {
    this.#went(chat, client, this.since(chat, client));
  }

  cameBack(chat: ChatId, client: string): void {
    const away = this.#rooms.get(chat)?.away;
    if (away === undefined) return;
    if (this.#known.get(chat)?.has(client) === true) away.delete(client);
    else for (const other of away.keys()) if (bareOf(other) === bareOf(client)) away.delete(other);
    if (away.size === 0) this.#end(chat);
  }

  forget(chat: ChatId): void {
    this.#known.delete(chat);
    this.#end(chat);
  }

  left(chat: ChatId, client: string): boolean {
    const away = this.#rooms.get(chat)?.away;
    if (away?.delete(client) === true && away.size > 0) this.#arm(chat, away);
    if (away !== undefined && away.size > 0) return false;
    this.#end(chat);
    return true;
  }

  since(chat: ChatId, client: string): number | undefined {
    const away = this.#rooms.get(chat)?.away;
    if (away === undefined) return undefined;
    if (this.#known.get(chat)?.has(client) === true) return away.get(client)?.since;
    let earliest: number | undefined;
    for (const [other, { since }] of away) {
      if (since !== undefined && bareOf(other) === bareOf(client)) earliest = Math.min(since, earliest ?? since);
    }
    return earliest;
  }

  isAway(chat: ChatId, client: string): boolean {
    return this.#rooms.get(chat)?.away.has(client) === true;
  }

  wentAt(chat: ChatId, client: string): number | undefined {
    return this.#rooms.get(chat)?.away.get(client)?.at;
  }

  rearm(): void {
    for (const [chat, { away }] of this.#rooms) this.#arm(chat, away);
  }

  of(chat: ChatId): Readonly<Record<string, number>> {
    const away = this.#rooms.get(chat)?.away ?? new Map<string, Absence>();
    return Object.fromEntries([...away].map(([client, { at }]) => [client, at]));
  }

  restore(chat: ChatId, away: Readonly<Record<string, number>>): void {
    const entries = Object.entries(away).map(([client, at]) => [client, { since: at, at }] as const);
    if (entries.length > 0) this.#arm(chat, new Map(entries));
    for (const [client] of entries) this.#know(chat, client);
  }

  close(): void {
    this.#closed = true;
    for (const { cancel } of this.#rooms.values()) cancel();
  }

  #went(chat: ChatId, client: string, since: number | undefined): void {
    const away = this.#rooms.get(chat)?.away ?? new Map<string, Absence>();
    away.delete(client);
    away.set(client, { since, at: this.#options.clock.now() });
    const [oldest] = away.keys();
    if (away.size > awayAtMost && oldest !== undefined) away.delete(oldest);
    this.#know(chat, client);
    this.#arm(chat, away);
  }

  #know(chat: ChatId, client: string): void {
    const known = this.#known.get(chat) ?? new Set();
    known.add(client);
    const [oldest] = known;
    if (known.size > knownAtMost && oldest !== undefined) known.delete(oldest);
    this.#known.set(chat, known);
  }

  #end(chat: ChatId): void {
    this.#rooms.get(chat)?.cancel();
    this.#rooms.delete(chat);
  }

  #arm(chat: ChatId, away: Map<string, Absence>): void {
    const { clock, lingerMs, forGood: isForGood } = this.#options;
    this.#rooms.get(chat)?.cancel();
    const forGood = lingerMs === undefined || this.#closed || isForGood?.(chat) === true;
    const cancel = forGood ? () => {} : clock.after(this.#rest(away, lingerMs), () => this.#over(chat));
    this.#rooms.set(chat, { away, cancel });
  }

  #rest(away: Map<string, Absence>, ms: number): number {
    return Math.max(0, Math.max(...Array.from(away.values(), ({ at }) => at)) + ms - this.#options.clock.now());
  }

  #over(chat: ChatId): void {
    this.#rooms.delete(chat);
    this.#options.onOver(chat);
  }
}
