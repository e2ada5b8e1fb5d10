/**
 * Keeps the memberships table in step with the face: at once when a client comes or goes, the sooner the smaller the room when occupants change; one write a
 * room at a time. What clients were told of an occupant and is not yet written down can't be taken back after a kill: hence the haste.
 */

import type { AccountId, ChatId } from '../core/ids.ts';
import { sparseMap, sparseSet } from '../core/sparse.ts';
import type { Face } from '../gateway/face.ts';
import type { MembershipRow } from '../storage/ports.ts';
import type { AccountWorld } from './world.ts';

export interface Memberships {
  /** @param password undefined: as before; '': none is needed any more */
  entered(chat: ChatId, password: string | undefined): void;
  /** A client is out of it: behind a kill it would be taken for in, if it is there to say so. */
  departed(chat: ChatId): void;
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

type World = Pick<AccountWorld, 'store' | 'vault' | 'clock' | 'log'>;

/** @param away since when who is away of that room */
export const createMemberships = (
  account: AccountId,
  face: Pick<Face, 'snapshot'>,
  world: World,
  away: (chat: ChatId) => Readonly<Record<string, number>>,
): Memberships => new Kept(account, face, world, away);

/** An object of a class: each account has one. */
class Kept implements Memberships {
  readonly #account: AccountId;
  readonly #face: Pick<Face, 'snapshot'>;
  readonly #world: World;
  readonly #away: (chat: ChatId) => Readonly<Record<string, number>>;
  readonly #sealed = sparseMap<ChatId, string>();
  readonly #dirty = sparseSet<ChatId>();
  /** Timers of the rooms that changed. */
  readonly #timers = sparseMap<ChatId, () => void>();
  /** How many people each room had when it was last written. */
  readonly #sizes = sparseMap<ChatId, number>();
  /** Rooms that are to be written behind something else: as they are when their turn comes, however many clients come and go until then. */
  readonly #queued = sparseSet<ChatId>();
  #writing: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(
    account: AccountId,
    face: Pick<Face, 'snapshot'>,
    world: World,
    away: (chat: ChatId) => Readonly<Record<string, number>>,
  ) {
    this.#account = account;
    this.#face = face;
    this.#world = world;
    this.#away = away;
  }

  entered(chat: ChatId, password: string | undefined): void {
    if (password === '') this.#sealed.delete(chat);
    else if (password !== undefined) this.#sealed.set(chat, this.#world.vault.seal(password, this.#account));
    this.#saveNow(chat);
  }

  departed(chat: ChatId): void {
    this.#saveNow(chat);
  }

  changed(chat: ChatId): void {
    const { perOccupant, least, most } = settleMs;
    this.#later(chat, Math.min(most, Math.max(least, perOccupant * (this.#sizes.get(chat) ?? 0))));
  }

  remove(chat: ChatId): void {
    this.#calm(chat);
    this.#dirty.delete(chat);
    this.#sizes.delete(chat);
    this.#sealed.delete(chat);
    // Who comes in again is written down behind this.
    this.#queued.delete(chat);
    this.#queue(chat, () => this.#world.store.removeMembership(this.#account, chat));
  }

  restore({ chat, password, occupants }: MembershipRow): void {
    this.#sizes.set(chat, occupants.length);
    if (password !== undefined) this.#sealed.set(chat, password);
  }

  password(chat: ChatId): string | undefined {
    const password = this.#sealed.get(chat);
    return password === undefined ? undefined : this.#world.vault.open(password, this.#account);
  }

  save(): Promise<void> {
    for (const chat of [...this.#dirty]) this.#save(chat);
    return this.#writing;
  }

  close(): void {
    this.#closed = true;
    for (const chat of [...this.#timers.keys()]) this.#calm(chat);
  }

  /** What fails is marked as changed again: the next write says how things are then. */
  #queue(chat: ChatId, work: () => Promise<void>): void {
    this.#writing = this.#writing.then(work).catch((error: unknown) => {
      this.#world.log.error({ account: this.#account, error }, 'a room could not be written down; it is tried again');
      this.#later(chat, againMs);
    });
  }

  #later(chat: ChatId, ms: number): void {
    this.#dirty.add(chat);
    if (this.#closed || this.#timers.has(chat)) return;
    this.#timers.set(
      chat,
      this.#world.clock.after(ms, () => this.#save(chat)),
    );
  }

  #calm(chat: ChatId): void {
    this.#timers.get(chat)?.();
    this.#timers.delete(chat);
  }

  #saveNow(chat: ChatId): void {
    this.#dirty.add(chat);
    this.#save(chat);
  }

  #save(chat: ChatId): void {
    this.#calm(chat);
    if (!this.#dirty.delete(chat) || this.#queued.has(chat)) return;
    this.#queued.add(chat);
    this.#queue(chat, () => this.#write(chat));
  }

  async #write(chat: ChatId): Promise<void> {
    this.#queued.delete(chat);
    const { store } = this.#world;
    const snapshot = this.#face.snapshot(chat);
    if (snapshot === undefined) return store.removeMembership(this.#account, chat);
    this.#sizes.set(chat, snapshot.occupants.length);
    const password = this.#sealed.get(chat);
    const row = { ...snapshot, account: this.#account, away: this.#away(chat) };
    await store.putMembership({ ...row, ...(password !== undefined && { password }) });
  }
}
