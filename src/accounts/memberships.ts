/** Keeps the memberships table in step with the face: at once when somebody enters, before long when occupants change; one write a room at a time. */
import type { AccountId, ChatId } from '../core/ids.ts';
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

const settleMs = 2_000;
const againMs = 10_000;

export function createMemberships(
  account: AccountId,
  face: Pick<Face, 'snapshot'>,
  { store, vault, clock, log }: Pick<AccountWorld, 'store' | 'vault' | 'clock' | 'log'>,
  away: (chat: ChatId) => Readonly<Record<string, number>>,
): Memberships {
  const sealed = new Map<ChatId, string>();
  const dirty = new Set<ChatId>();
  let writing: Promise<void> = Promise.resolve();
  let cancel: (() => void) | undefined;
  let closed = false;

  /** What fails is marked as changed again: the next write says how things are then. */
  function queue(chat: ChatId, work: () => Promise<void>): void {
    writing = writing.then(work).catch((error: unknown) => {
      log.error({ account, error }, 'a room could not be written down; it is tried again');
      dirty.add(chat);
      later(againMs);
    });
  }

  function later(ms: number): void {
    if (closed) return;
    cancel ??= clock.after(ms, () => {
      cancel = undefined;
      void save();
    });
  }

  async function write(chat: ChatId): Promise<void> {
    const snapshot = face.snapshot(chat);
    if (snapshot === undefined) return store.removeMembership(account, chat);
    const password = sealed.get(chat);
    await store.putMembership({ ...snapshot, account, away: away(chat), ...(password !== undefined && { password }) });
  }

  function save(): Promise<void> {
    cancel?.();
    cancel = undefined;
    const chats = [...dirty];
    dirty.clear();
    for (const chat of chats) queue(chat, () => write(chat));
    return writing;
  }

  return {
    entered(chat, password) {
      if (password !== undefined) sealed.set(chat, vault.seal(password, account));
      dirty.add(chat);
      void save();
    },
    changed(chat) {
      dirty.add(chat);
      later(settleMs);
    },
    remove(chat) {
      dirty.delete(chat);
      sealed.delete(chat);
      queue(chat, () => store.removeMembership(account, chat));
    },
    restore({ chat, password }) {
      if (password !== undefined) sealed.set(chat, password);
    },
    password(chat) {
      const password = sealed.get(chat);
      return password === undefined ? undefined : vault.open(password, account);
    },
    save,
    close() {
      closed = true;
      cancel?.();
      cancel = undefined;
    },
  };
}
