/** Who went away from which room without leaving it, and until when the room is kept for them ("linger"). */

import type { Clock } from '../bridge/contract.ts';
import type { ChatId } from '../core/ids.ts';
import { sparseMap } from '../core/sparse.ts';

export interface Stays {
  /** A client's connection was lost. */
  wentAway(chat: ChatId, client: string): void;
  /** It is back, or it left for good. */
  forget(chat: ChatId, client?: string): void;
  /** Since when this client (or another one of the same bare JID) has been away; undefined: it is not known as away. */
  since(chat: ChatId, client: string): number | undefined;
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

function bareOf(jid: string): string {
  const slash = jid.indexOf('/');
  return slash < 0 ? jid : jid.slice(0, slash);
}

export function createStays({ clock, lingerMs, onOver, forGood: isForGood }: StaysOptions): Stays {
  const rooms = sparseMap<ChatId, { away: Map<string, number>; cancel: () => void }>();
  let closed = false;

  function arm(chat: ChatId, away: Map<string, number>): void {
    rooms.get(chat)?.cancel();
    const forGood = lingerMs === undefined || closed || isForGood?.(chat) === true;
    rooms.set(chat, { away, cancel: forGood ? () => {} : clock.after(rest(away, lingerMs), () => over(chat)) });
  }

  function rest(away: Map<string, number>, ms: number): number {
    return Math.max(0, Math.max(...away.values()) + ms - clock.now());
  }

  function over(chat: ChatId): void {
    rooms.delete(chat);
    onOver(chat);
  }

  return {
    wentAway(chat, client) {
      const away = rooms.get(chat)?.away ?? new Map<string, number>();
      away.set(client, clock.now());
      arm(chat, away);
    },
    forget(chat, client) {
      const room = rooms.get(chat);
      if (room === undefined) return;
      if (client === undefined) room.away.clear();
      else for (const other of room.away.keys()) if (bareOf(other) === bareOf(client)) room.away.delete(other);
      if (room.away.size > 0) return;
      room.cancel();
      rooms.delete(chat);
    },
    since(chat, client) {
      const away = rooms.get(chat)?.away;
      if (away === undefined) return undefined;
      const own = away.get(client);
      if (own !== undefined) return own;
      let earliest: number | undefined;
      for (const [other, at] of away) {
        if (bareOf(other) === bareOf(client) && (earliest === undefined || at < earliest)) earliest = at;
      }
      return earliest;
    },
    rearm() {
      for (const [chat, { away }] of rooms) arm(chat, away);
    },
    of(chat) {
      return Object.fromEntries(rooms.get(chat)?.away ?? []);
    },
    restore(chat, away) {
      const entries = Object.entries(away);
      if (entries.length > 0) arm(chat, new Map(entries));
    },
    close() {
      closed = true;
      for (const { cancel } of rooms.values()) cancel();
    },
  };
}
