/**
 * Keeps the memberships table in step with the face: at once when somebody enters, the sooner the smaller the room when occupants change; one write a
 * room at a time. What clients were told of an occupant and is not yet written down can't be taken back after a kill: hence the haste.
 */

import type { AccountId, ChatId } from '../core/ids.ts';
import { sparseMap, sparseSet } from '../core/sparse.ts';
import type { Face } from '../gateway/face.ts';
import type { MembershipRow } from '../storage/ports.ts';
import type { AccountWorld } from './world.ts';

export interface Memberships {
  entered(chat: ChatId, password: string | undefined): void;
  changed(chat: ChatId): void;
  remove(chat: ChatId): void;
  /** A room as it was written down before. */
  restore(row: MembershipRow): void;
  /** The password with which the room was entered. */
  password(chat: ChatId): string | undefined;
  /** Writes all that changed; resolves when it was tried. What could not be written is tried again. */
  save(): Promise<void>;
  close(): void;
}

/** A row costs what it is long; so rooms with ten times the people are written a tenth as often. */
const settleMs = { perOccupant: 2, least: 20, most: 2_000 };
const againMs = 10_000;

export function createMemberships(
  account: AccountId,
  face: Pick<Face, 'snapshot'>,
  { store, vault, clock, log }: Pick<AccountWorld, 'store' | 'vault' | 'clock' | 'log'>,
  away: (chat: ChatId) => Readonly<Record<string, number>>,
): Memberships {
  const sealed = sparseMap<ChatId, string>();
  const dirty = sparseSet<ChatId>();
  /** Timers of the rooms that changed. */
  const timers = sparseMap<ChatId, () => void>();
  /** How many people each room had when it was last written. */
  const sizes = sparseMap<ChatId, number>();
  let writing: Promise<void> = Promise.resolve();
  let closed = false;

  /** What fails is marked as changed again: the next write says how things are then. */
  function queue(chat: ChatId, work: () => Promise<void>): void {
    writing = writing.then(work).catch((error: unknown) => {
      log.error({ account, error }, 'a room could not be written down; it is tried again');
      later(chat, againMs);
    });
  }

  function later(chat: ChatId, ms: number): void {
    dirty.add(chat);
    if (closed || timers.has(chat)) return;
    timers.set(
      chat,
      clock.after(ms, () => save(chat)),
    );
  }

  function calm(chat: ChatId): void {
    timers.get(chat)?.();
    timers.delete(chat);
  }

  async function write(chat: ChatId): Promise<void> {
    const snapshot = face.snapshot(chat);
    if (snapshot === undefined) return store.removeMembership(account, chat);
    sizes.set(chat, snapshot.occupants.length);
    const password = sealed.get(chat);
    await store.putMembership({ ...snapshot, account, away: away(chat), ...(password !== undefined && { password }) });
  }

  function save(chat: ChatId): void {
    calm(chat);
    if (dirty.delete(chat)) queue(chat, () => write(chat));
  }

  return {
    entered(chat, password) {
      if (password !== undefined) sealed.set(chat, vault.seal(password, account));
      dirty.add(chat);
      save(chat);
    },
    changed(chat) {
      const { perOccupant, least, most } = settleMs;
      later(chat, Math.min(most, Math.max(least, perOccupant * (sizes.get(chat) ?? 0))));
    },
    remove(chat) {
      calm(chat);
      dirty.delete(chat);
      sizes.delete(chat);
      sealed.delete(chat);
      queue(chat, () => store.removeMembership(account, chat));
    },
    restore({ chat, password, occupants }) {
      sizes.set(chat, occupants.length);
      if (password !== undefined) sealed.set(chat, password);
    },
    password(chat) {
      const password = sealed.get(chat);
      return password === undefined ? undefined : vault.open(password, account);
    },
    save() {
      for (const chat of [...dirty]) save(chat);
      return writing;
    },
    close() {
      closed = true;
      for (const chat of [...timers.keys()]) calm(chat);
    },
  };
}
