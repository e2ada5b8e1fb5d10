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
export const createBookmarking = (
  row: AccountRow,
  face: Pick<Face, 'apply' | 'clients' | 'ownNick'>,
  world: World,
  parts: BookmarkingParts,
): Bookmarking => new OwnRooms(row, face, world, parts);

/** An object of a class: each account has one. */
class OwnRooms implements Bookmarking {
  readonly #row: AccountRow;
  readonly #face: Pick<Face, 'apply' | 'clients' | 'ownNick'>;
  readonly #world: World;
  readonly #parts: BookmarkingParts;
  readonly #ours = sparseMap<ChatId, BookmarkRow>();
  /** Those that were there before us. */
  readonly #theirs = sparseSet<ChatId>();
  readonly #adding = sparseSet<ChatId>();
  /** One request at a time: what is read must not be changed before it is written. */
  #last: Promise<unknown> | undefined;

  constructor(
    row: AccountRow,
    face: Pick<Face, 'apply' | 'clients' | 'ownNick'>,
    world: World,
    parts: BookmarkingParts,
  ) {
    this.#row = row;
    this.#face = face;
    this.#world = world;
    this.#parts = parts;
  }

  async load(): Promise<void> {
    for (const one of await this.#world.store.bookmarks(this.#row.id)) this.#ours.set(one.chat, one);
  }

  takes(event: Event<'invited'>): boolean {
    const { chat, isOwn } = event;
    if (isOwn !== true || !isBookmarked(this.#world.wishes.inRoom(chat))) return false;
    const isKnown = this.#ours.has(chat) || this.#theirs.has(chat) || this.#adding.has(chat);
    if (isKnown || this.#face.clients(chat).length > 0) return true;
    this.#adding.add(chat);
    this.#inOrder(async () => {
      const isDone = await this.#add(event).finally(() => this.#adding.delete(chat));
      if (!isDone && !this.#parts.signal.aborted) this.#parts.deliver(this.#face.apply(event));
    });
    return true;
  }

  heard(event: Event<'room' | 'removed'>): void {
    const { chat } = event;
    if (!this.#ours.has(chat) && !this.#adding.has(chat)) return;
    if (event.kind === 'room') {
      const { name } = event.change;
      if (name !== undefined) this.#inOrder(() => this.#rename(chat, name));
    } else if (isOver.has(event.how)) this.#inOrder(() => this.#remove(chat));
  }

  #inOrder(work: () => Promise<void>): void {
    const before = this.#last ?? Promise.resolve();
    this.#last = before
      .then(work)
      .catch((error: unknown) => this.#world.log.error({ account: this.#row.id, error }, 'a bookmark met a bug'));
  }

  async #add(event: Event<'invited'>): Promise<boolean> {
    const { bookmarks, settled, store, domain } = this.#world;
    const { addresses, signal } = this.#parts;
    const { id, owner, on, nick } = this.#row;
    const { chat } = event;
    await settled(owner);
    if (signal.aborted || !bookmarks.may(owner) || this.#ours.size >= bookmarkedAtMost) return false;
    const where = { is: 'room', id: chat, ...(on !== undefined && { on }) } as const;
    const jid = `${addresses.format(where)}@${domain}`;
    const name = (event.name ?? addresses.title(where)).slice(0, longestName);
    const how = await bookmarks.add(owner, { jid, name, nick: this.#face.ownNick() ?? nick });
    if (how === 'there') this.#theirs.add(chat);
    if (how !== 'added') return how === 'there';
    const made = { account: id, chat, jid, name };
    this.#ours.set(chat, made);
    await store.putBookmark(made);
    return true;
  }

  async #rename(chat: ChatId, to: string): Promise<void> {
    const { bookmarks, store } = this.#world;
    const known = this.#ours.get(chat);
    const name = to.slice(0, longestName);
    if (known === undefined || name === '' || known.name === name || this.#parts.signal.aborted) return;
    if (!(await bookmarks.rename(this.#row.owner, known.jid, known.name, name))) return;
    const now = { ...known, name };
    this.#ours.set(chat, now);
    await store.putBookmark(now);
  }

  async #remove(chat: ChatId): Promise<void> {
    const { bookmarks, store } = this.#world;
    const known = this.#ours.get(chat);
    if (known === undefined || !(await bookmarks.remove(this.#row.owner, known.jid))) return;
    this.#ours.delete(chat);
    await store.removeBookmark(this.#row.id, chat);
  }
}
