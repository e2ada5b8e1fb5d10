/**
 * Who is writing (IRCv3 typing): on IRC it is said again every few seconds and forgotten when it is not, in the gateway once at its beginning and once at its
 * end. Here the one becomes the other, both ways. Nothing of it waits behind what is said: where lines wait to be sent, it is left out.
 */

import type { ChatId, Clock, NetworkEvent, PersonId } from '#bridge';
import { createRemembered, sparseMap } from '#bridge';

export interface Typing {
  /** Our user writes there, pauses, or is done. */
  tell(chat: ChatId, active: boolean, paused: boolean): Promise<void>;
  /** Our user has said something there: nobody need be told that they stopped. */
  said(chat: ChatId): void;
  /** Somebody's `+typing`. */
  heard(chat: ChatId, by: PersonId, state: string): void;
  /** Somebody has said something, or is gone: they are not writing any more. */
  spoke(chat: ChatId, by: PersonId): void;
  /** The server says that something was not passed on to that target. True: it was such a state, and no more of them are told there for now. */
  refused(folded: string): boolean;
  /** The connection is gone. */
  lost(): void;
}

export interface TypingOptions {
  readonly clock: Pick<Clock, 'now' | 'after'>;
  /** Sends it now or not at all. */
  send(chat: ChatId, state: State): void;
  emit(event: NetworkEvent): void;
  fold(name: string): string;
}

export type State = 'active' | 'paused' | 'done';

/** The spec: nothing within 3 seconds of the last; others forget after 6, and after 30 where it was paused. */
const throttleMs = 3_000;
const againMs = 4_000;
const forgottenMs = 6_000;
const pausedMs = 30_000;
/** How long a client is believed to write that says nothing more. */
const longestMs = 60_000;
const chatsAtMost = 64;
const writersAtMost = 512;
/** How late a server may refuse a state. */
const refusedMs = 30_000;

interface Own {
  sentAt: number;
  state: State;
  until: number;
  cancel: (() => void) | undefined;
}

/** For one session. */
export function createTyping({ clock, send, emit, fold }: TypingOptions): Typing {
  const own = sparseMap<ChatId, Own>();
  /** When a state was told last, by folded name: also where that is over. */
  const told = createRemembered<number>(chatsAtMost);
  const writers = sparseMap<string, { readonly end: () => void; cancel: () => void; paused: boolean }>();

  function go(chat: ChatId, one: Own): void {
    one.cancel?.();
    one.cancel = undefined;
    const now = clock.now();
    const wait = one.sentAt + throttleMs - now;
    if (wait > 0) {
      one.cancel = clock.after(wait, () => go(chat, one));
      return;
    }
    if (one.state === 'active' && now >= one.until) one.state = 'done';
    one.sentAt = now;
    send(chat, one.state);
    told.put(fold(chat), now);
    if (one.state === 'active') one.cancel = clock.after(againMs, () => go(chat, one));
    else if (one.state === 'done') own.delete(chat);
  }

  function forget(key: string): void {
    const writer = writers.get(key);
    if (writer === undefined) return;
    writers.delete(key);
    writer.cancel();
    writer.end();
  }

  function over(chat: ChatId): void {
    own.get(chat)?.cancel?.();
    own.delete(chat);
  }

  return {
    async tell(chat, active, paused) {
      const state = active ? 'active' : paused ? 'paused' : 'done';
      const known = own.get(chat);
      if (known === undefined && (!active || own.size >= chatsAtMost)) return;
      if (known?.state === state && state !== 'active') return;
      const one = known ?? { sentAt: Number.NEGATIVE_INFINITY, state, until: 0, cancel: undefined };
      one.state = state;
      one.until = clock.now() + longestMs;
      own.set(chat, one);
      if (known === undefined || known.cancel === undefined || !active) go(chat, one);
    },
    said: over,
    heard(chat, by, state) {
      const key = `${chat}\n${by}`;
      const known = writers.get(key);
      if (state !== 'active' && state !== 'paused') {
        if (state === 'done') forget(key);
        return;
      }
      const paused = state === 'paused';
      if (known === undefined && (paused || writers.size >= writersAtMost)) return;
      known?.cancel();
      const tell = (active: boolean, pausing: boolean): void =>
        emit({ kind: 'typing', at: new Date(clock.now()), chat, by, active, ...(pausing && { paused: true }) });
      if (known === undefined || known.paused !== paused) tell(!paused, paused);
      const cancel = clock.after(paused ? pausedMs : forgottenMs, () => forget(key));
      writers.set(key, { end: () => tell(false, false), cancel, paused });
    },
    spoke(chat, by) {
      if (writers.size > 0) forget(`${chat}\n${by}`);
    },
    refused(folded) {
      const at = told.get(folded);
      if (at === undefined || clock.now() - at > refusedMs) return false;
      for (const chat of [...own.keys()]) if (fold(chat) === folded) over(chat);
      return true;
    },
    lost() {
      for (const { cancel } of own.values()) cancel?.();
      own.clear();
      for (const key of [...writers.keys()]) forget(key);
    },
  };
}
