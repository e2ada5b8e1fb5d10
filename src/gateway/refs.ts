/**
 * Which message is meant: the last ones of every chat by the names that both sides have for them, so that an edit, a reply or a reaction finds what it is
 * about (DESIGN.md §1.4). Bounded; what has been forgotten is in the archive, and can be learnt again.
 */

import type { ChatId, MessageRef, PersonId, StanzaRef } from '../core/ids.ts';
import { withFunctions } from '../core/sharing-functions.ts';
import { sparseMap } from '../core/sparse.ts';

/** A message as both sides know it. */
export interface Known {
  /** The network's names of all its parts, those of its corrections behind them. */
  readonly refs: MessageRef[];
  /** Changes with the person's id. */
  by: PersonId;
  readonly nick: string;
  /** The address that it came from. */
  readonly from: string;
  /** The stanza's `id`, of the first version: what corrections name (CHECKLIST 308-02, 359-04). */
  readonly id: string;
  /** What all else names: the room's stanza-id, in a conversation of two the sender's own (359-04). */
  readonly name: string;
  /** The archive's, where that is another than `name`; '': it is not kept. */
  readonly row: string | undefined;
  readonly originId: string | undefined;
  readonly isMine: boolean;
  /** Of ours: for whom a shared account said it (`speakers.ts`); undefined: nobody knows, or it is its owner's alone. */
  readonly author: string | undefined;
  /** Epoch milliseconds. */
  readonly at: number;
  /** How it begins, for quoting. */
  text: string;
  isRetracted: boolean;
  /** Everybody's reactions, by who reacted; made with the first. */
  reactions: Map<PersonId, readonly string[]> | undefined;
  /** Those of ours that were said in words because the network has no other way: never said again. */
  told: Set<string> | undefined;
}

export interface Refs {
  add(chat: ChatId, known: Known): void;
  /** As a client named it: any of its names will do (359-05), the right one first. */
  find(chat: ChatId, ref: StanzaRef): Known | undefined;
  /** All of our own that bear that name: a stanza's `id` is whatever its client gives it, and two may give the same. */
  namesakes(chat: ChatId, ref: StanzaRef): readonly Known[];
  /** As the network named it. */
  named(chat: ChatId, ref: MessageRef): Known | undefined;
  /** The last one of our own. */
  lastOwn(chat: ChatId): Known | undefined;
  /** The newest of our own that was said by then. */
  ownUpTo(chat: ChatId, at: number): Known | undefined;
  /** A person has another id from now on. */
  renamed(chat: ChatId, person: PersonId, as: PersonId): void;
}

const perChat = 128;
const chatsAtMost = 4096;
/** How much of a text is remembered. */
export const textAtMost = 240;

/** The newest of a chat, in a ring. */
interface Ring {
  readonly entries: Known[];
  next: number;
}

type Rings = Map<ChatId, Ring>;

function ringOf(rings: Rings, chat: ChatId): Ring {
  let ring = rings.get(chat);
  if (ring !== undefined) return ring;
  for (const oldest of rings.keys()) {
    if (rings.size < chatsAtMost) break;
    rings.delete(oldest);
  }
  ring = { entries: [], next: 0 };
  rings.set(chat, ring);
  return ring;
}

/** The newest that fits. */
function search(rings: Rings, chat: ChatId, fits: (known: Known) => boolean): Known | undefined {
  const ring = rings.get(chat);
  if (ring === undefined) return undefined;
  const { entries, next } = ring;
  for (let back = 1; back <= entries.length; back++) {
    const known = entries[(next - back + entries.length) % entries.length];
    if (known !== undefined && fits(known)) return known;
  }
  return undefined;
}

const functions: Refs & ThisType<{ readonly rings: Rings }> = {
  add(chat, known) {
    const ring = ringOf(this.rings, chat);
    ring.entries[ring.next] = known;
    ring.next = (ring.next + 1) % perChat;
  },
  find(chat, { stanzaId }) {
    return (
      search(this.rings, chat, ({ name }) => name === stanzaId) ??
      search(this.rings, chat, ({ id, originId }) => id === stanzaId || originId === stanzaId)
    );
  },
  namesakes(chat, { stanzaId }) {
    const all = this.rings.get(chat)?.entries ?? [];
    return all.filter(
      ({ isMine, name, id, originId }) => isMine && (name === stanzaId || id === stanzaId || originId === stanzaId),
    );
  },
  named(chat, { id }) {
    return search(this.rings, chat, ({ refs }) => refs.some((ref) => ref.id === id));
  },
  lastOwn(chat) {
    return search(this.rings, chat, ({ isMine }) => isMine);
  },
  ownUpTo(chat, at) {
    return search(this.rings, chat, (known) => known.isMine && known.at <= at);
  },
  renamed(chat, person, as) {
    for (const known of this.rings.get(chat)?.entries ?? []) {
      if (known.by === person) known.by = as;
      const theirs = known.reactions?.get(person);
      if (known.reactions === undefined || theirs === undefined) continue;
      known.reactions.delete(person);
      known.reactions.set(as, theirs);
    }
  },
};

/** Nothing yet. */
export const createRefs = (): Refs => withFunctions(functions, { rings: sparseMap() });

/** A message that was said just now, or learnt again. */
export function knownAs(
  facts: Pick<Known, 'by' | 'nick' | 'from' | 'id' | 'name' | 'originId' | 'isMine' | 'at' | 'text'> &
    Partial<Pick<Known, 'row' | 'author'>>,
  refs: readonly MessageRef[],
): Known {
  const { by, nick, from, id, name, row, originId, isMine, author, at, text } = facts;
  return {
    refs: refs.slice(),
    by,
    nick,
    from,
    id,
    name,
    row,
    originId,
    isMine,
    author,
    at,
    text: text.length > textAtMost ? text.slice(0, textAtMost) : text,
    isRetracted: false,
    reactions: undefined,
    told: undefined,
  };
}
