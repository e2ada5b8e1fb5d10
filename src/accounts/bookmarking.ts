/**
 * Rooms that are the owner's own on the network come into their bookmarks, where their server lets us; else they are invited (CHECKLIST 12.6). What was put there is
 * written down: it is put there once, whatever its owner makes of it, and taken out when the room is over for them.
 */

import type { Network } from '../bridge/contract.ts';
import type { NetworkEvent } from '../core/event.ts';
import type { ChatId } from '../core/ids.ts';
import { sparseMap, sparseSet } from '../core/sparse.ts';
import type { Face, Projection } from '../gateway/face.ts';
import type { AccountRow, BookmarkRow } from '../storage/ports.ts';
import { isBookmarked } from './wishes.ts';
import type { LeasedWorld } from './world.ts';

type Event<Kind extends NetworkEvent['kind']> = Extract<NetworkEvent, { kind: Kind }>;

export interface Bookmarking {
  /** As it was written down. */
  load(): Promise<void>;
  /** True: nobody needs to be invited, or whether they do turns out later. */
  takes(event: Event<'invited'>): boolean;
  /** What a room is called, or that the owner is out of it. */
  heard(event: Event<'room' | 'removed'>): void;
}

export interface BookmarkingParts {
  readonly addresses: Network['addresses'];
  deliver(told: Projection): void;
  readonly signal: AbortSignal;
}

type World = Pick<LeasedWorld, 'bookmarks' | 'store' | 'wishes' | 'settled' | 'log' | 'domain'>;

/** More than that nobody is in, and no list shows. */
const bookmarkedAtMost = 500;
const longestName = 200;
/** Out of it for good; who was kicked may come back. */
const isOver: ReadonlySet<string> = new Set(['banned', 'revoked', 'closed', 'gone']);

/** For one account. */
export function createBookmarking(
  row: AccountRow,
  face: Pick<Face, 'apply' | 'clients' | 'ownNick'>,
  { bookmarks, store, wishes, settled, log, domain }: World,
  { addresses, deliver, signal }: BookmarkingParts,
): Bookmarking {
  const { owner, on } = row;
  const ours = sparseMap<ChatId, BookmarkRow>();
  /** Those that were there before us. */
  const theirs = sparseSet<ChatId>();
  const adding = sparseSet<ChatId>();
  /** One request at a time: what is read must not be changed before it is written. */
  let last: Promise<unknown> = Promise.resolve();

  const inOrder = (work: () => Promise<void>): void => {
    last = last.then(work).catch((error: unknown) => log.error({ account: row.id, error }, 'a bookmark met a bug'));
  };
  const whereIs = (chat: ChatId) => ({ is: 'room', id: chat, ...(on !== undefined && { on }) }) as const;

  async function add(event: Event<'invited'>): Promise<boolean> {
    const { chat } = event;
    await settled(owner);
    if (signal.aborted || !bookmarks.may(owner) || ours.size >= bookmarkedAtMost) return false;
    const where = whereIs(chat);
    const jid = `${addresses.format(where)}@${domain}`;
    const name = (event.name ?? addresses.title(where)).slice(0, longestName);
    const how = await bookmarks.add(owner, { jid, name, nick: face.ownNick() ?? row.nick });
    if (how === 'there') theirs.add(chat);
    if (how !== 'added') return how === 'there';
    const made = { account: row.id, chat, jid, name };
    ours.set(chat, made);
    await store.putBookmark(made);
    return true;
  }

  async function rename(chat: ChatId, to: string): Promise<void> {
    const known = ours.get(chat);
    const name = to.slice(0, longestName);
    if (known === undefined || name === '' || known.name === name || signal.aborted) return;
    if (!(await bookmarks.rename(owner, known.jid, known.name, name))) return;
    const now = { ...known, name };
    ours.set(chat, now);
    await store.putBookmark(now);
  }

  async function remove(chat: ChatId): Promise<void> {
    const known = ours.get(chat);
    if (known === undefined || !(await bookmarks.remove(owner, known.jid))) return;
    ours.delete(chat);
    await store.removeBookmark(row.id, chat);
  }

  return {
    async load() {
      for (const one of await store.bookmarks(row.id)) ours.set(one.chat, one);
    },
    takes(event) {
      const { chat, isOwn } = event;
      if (isOwn !== true || !isBookmarked(wishes.inRoom(chat))) return false;
      if (ours.has(chat) || theirs.has(chat) || adding.has(chat) || face.clients(chat).length > 0) return true;
      adding.add(chat);
      inOrder(async () => {
        const isDone = await add(event).finally(() => adding.delete(chat));
        if (!isDone && !signal.aborted) deliver(face.apply(event));
      });
      return true;
    },
    heard(event) {
      const { chat } = event;
      if (!ours.has(chat) && !adding.has(chat)) return;
      if (event.kind === 'room') {
        const { name } = event.change;
        if (name !== undefined) inOrder(() => rename(chat, name));
      } else if (isOver.has(event.how)) inOrder(() => remove(chat));
    },
  };
}
