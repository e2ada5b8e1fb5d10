/**
 * Which message is meant: the last ones of every chat by the names that both sides have for them, so that an edit, a reply or a reaction finds what it is
 * about (DESIGN.md §1.4). Bounded; what has been forgotten is in the archive, and can be learnt again.
 */

import type { ChatId, MessageRef, PersonId, StanzaRef } from '../core/ids.ts';
import { withFunctions } from '../core/sharing-functions.ts';
import { sparseMap } from '../core/sparse.ts';
import { ownCopy } from '../xml/own-copy.ts';

/** A message as both sides know it. */
export interface Known {
  /** The network's names of all its parts, those of its corrections behind them. */
  readonly refs: MessageRef[];
  /** Is it one of them? */
  isCalled(id: MessageRef['id']): boolean;
  /** Changes with the person's id. */
  by: PersonId;
  /** Who said it: of those for whom an account speaks their own, as long as it is remembered. */
  readonly nick: string;
  /** The address that it came from: the account's where it speaks for others. */
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
  /** How it begins, for quoting; of what it is set to no more is kept either. */
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

/** Of how many a chat knows again whose past is kept, for the archive has the others; and of how many where it is not. */
const perChat = { kept: 32, unkept: 64 };
const touchedAtMost = 64;
const chatsAtMost = 4096;
/** How much of a text is remembered. */
export const textAtMost = 240;

/** The newest of a chat, in a ring. */
interface Ring {
  readonly entries: Known[];
  readonly atMost: number;
  next: number;
  /** Of those that gave way the last to which something was done: who reacts again to one reacts to what is known of it. */
  touched: Known[] | undefined;
}

interface Rings {
  readonly of: Map<ChatId, Ring>;
  isKept(chat: ChatId): boolean;
}

function ringOf(rings: Rings, chat: ChatId): Ring {
  let ring = rings.of.get(chat);
  if (ring !== undefined) return ring;
  for (const oldest of rings.of.keys()) {
    if (rings.of.size < chatsAtMost) break;
    rings.of.delete(oldest);
  }
  ring = { entries: [], atMost: rings.isKept(chat) ? perChat.kept : perChat.unkept, next: 0, touched: undefined };
  rings.of.set(chat, ring);
  return ring;
}

/** The newest that fits. */
function search({ of }: Rings, chat: ChatId, fits: (known: Known) => boolean): Known | undefined {
  const ring = of.get(chat);
  if (ring === undefined) return undefined;
  const { entries, next } = ring;
  for (let back = 1; back <= entries.length; back++) {
    const known = entries[(next - back + entries.length) % entries.length];
    if (known !== undefined && fits(known)) return known;
  }
  return ring.touched?.findLast(fits);
}

/** It gives way to a newer one. */
function giveWay(ring: Ring, known: Known | undefined): void {
  if (known === undefined || (known.reactions === undefined && known.told === undefined && !known.isRetracted)) return;
  ring.touched ??= [];
  ring.touched.push(known);
  if (ring.touched.length > touchedAtMost) ring.touched.shift();
}

/** By when it was said: what was learnt again came in behind what was said later. */
function newestOwn({ of }: Rings, chat: ChatId, upTo: number): Known | undefined {
  const { entries = [], next = 0 } = of.get(chat) ?? {};
  let newest: Known | undefined;
  // The oldest first: of two that were said in the same moment the second was said last.
  for (let i = 0; i < entries.length; i++) {
    const known = entries[(next + i) % entries.length];
    if (known?.isMine !== true || known.at > upTo) continue;
    if (newest === undefined || known.at >= newest.at) newest = known;
  }
  return newest;
}

const functions: Refs & ThisType<{ readonly rings: Rings }> = {
  add(chat, known) {
    const ring = ringOf(this.rings, chat);
    giveWay(ring, ring.entries[ring.next]);
    ring.entries[ring.next] = known;
    ring.next = (ring.next + 1) % ring.atMost;
  },
  find(chat, { stanzaId }) {
    return (
      search(this.rings, chat, ({ name }) => name === stanzaId) ??
      search(this.rings, chat, ({ id, originId }) => id === stanzaId || originId === stanzaId)
    );
  },
  namesakes(chat, { stanzaId }) {
    const all = this.rings.of.get(chat)?.entries ?? [];
    return all.filter(
      ({ isMine, name, id, originId }) => isMine && (name === stanzaId || id === stanzaId || originId === stanzaId),
    );
  },
  named(chat, { id }) {
    return search(this.rings, chat, (known) => known.isCalled(id));
  },
  lastOwn(chat) {
    return newestOwn(this.rings, chat, Number.POSITIVE_INFINITY);
  },
  ownUpTo(chat, at) {
    return newestOwn(this.rings, chat, at);
  },
  renamed(chat, person, as) {
    const ring = this.rings.of.get(chat);
    for (const known of [...(ring?.entries ?? []), ...(ring?.touched ?? [])]) {
      if (known.by === person) known.by = as;
      const theirs = known.reactions?.get(person);
      if (known.reactions === undefined || theirs === undefined) continue;
      known.reactions.delete(person);
      known.reactions.set(as, theirs);
    }
  },
};

/** Nothing yet. @param isKept is that chat's past in the archive? As of the first message that is told of it */
export const createRefs = (isKept: (chat: ChatId) => boolean): Refs =>
  withFunctions(functions, { rings: { of: sparseMap(), isKept } });

type Facts = Pick<Known, 'by' | 'nick' | 'from' | 'id' | 'name' | 'originId' | 'isMine' | 'at' | 'text'> &
  Partial<Pick<Known, 'row' | 'author'>>;

/** A message that was said just now, or learnt again. */
export const knownAs = (facts: Facts, refs: readonly MessageRef[]): Known => new KnownMessage(facts, refs);

/** What is the same for all accounts that hear a message. */
type Said = Pick<Known, 'by' | 'nick' | 'from' | 'isMine' | 'at' | 'text'>;

const slots = 64;
const lastSaid: (Said | undefined)[] = new Array(slots).fill(undefined);

/** What is kept of a text. */
const beginning = (text: string): string => (text.length > textAtMost ? text.slice(0, textAtMost) : text);

/** What a client of ours has written is a part of all that was read with it, and the beginning of a long text a part of that. */
const kept = (text: string, whole: string, isMine: boolean): string =>
  isMine || text.length < whole.length ? ownCopy(text) : text;

/** The same object for whoever hears the same next: so it is a while in memory once, not once an account. `at` is that of the first. */
function shared({ by, nick, from, isMine, at, text: whole }: Facts): Said {
  const text = beginning(whole);
  const slot = (text.length * 31 + text.charCodeAt(text.length - 1)) & (slots - 1);
  const known = lastSaid[slot];
  const isSame =
    known !== undefined &&
    known.text === text &&
    known.nick === nick &&
    known.from === from &&
    known.by === by &&
    known.isMine === isMine;
  if (isSame) return known;
  const said = { by, nick, from, isMine, at, text: kept(text, whole, isMine) };
  lastSaid[slot] = said;
  return said;
}

/** What few messages have. */
interface Rare {
  /** undefined: it is the `id`. */
  name: string | undefined;
  row: string | undefined;
  originId: string | undefined;
  author: string | undefined;
  isRetracted: boolean;
  reactions: Known['reactions'];
  told: Known['told'];
}

const usual: Readonly<Rare> = {
  name: undefined,
  row: undefined,
  originId: undefined,
  author: undefined,
  isRetracted: false,
  reactions: undefined,
  told: undefined,
};

/**
 * An object of a class, and small: of each line that anybody says in any room each account keeps one for a while (src/design/what-an-account-holds.md), and the
 * collections of the young generation copy them.
 */
class KnownMessage implements Known {
  readonly id: string;
  #said: Said;
  /** By how much it was told later than to who heard it first; a small number, where a time is an object. */
  readonly #later: number;
  /** The only one of the network's names, of a message of one part. */
  #refs: MessageRef['id'] | MessageRef[];
  #rare: Rare | undefined;

  constructor(facts: Facts, refs: readonly MessageRef[]) {
    const { row, author, isMine } = facts;
    const [first] = refs;
    // Our own has the names that a client gave it.
    const id = isMine ? ownCopy(facts.id) : facts.id;
    const originId = facts.originId === id ? id : facts.originId && ownCopy(facts.originId);
    const name = facts.name === id ? id : facts.name === originId ? originId : facts.name;
    this.id = id;
    this.#said = shared(facts);
    this.#later = facts.at - this.#said.at;
    this.#refs = refs.length === 1 && first?.part === 0 ? first.id : refs.slice();
    if (name !== id || row !== undefined || originId !== undefined || author !== undefined)
      this.#rare = { ...usual, name: name === id ? undefined : name, row, originId, author };
  }

  get by(): PersonId {
    return this.#said.by;
  }

  set by(by: PersonId) {
    this.#said = { ...this.#said, by };
  }

  get nick(): string {
    return this.#said.nick;
  }

  get from(): string {
    return this.#said.from;
  }

  get isMine(): boolean {
    return this.#said.isMine;
  }

  get at(): number {
    return this.#said.at + this.#later;
  }

  get text(): string {
    return this.#said.text;
  }

  set text(text: string) {
    this.#said = { ...this.#said, text: kept(beginning(text), text, this.isMine) };
  }

  get name(): string {
    return this.#rare?.name ?? this.id;
  }

  get refs(): MessageRef[] {
    if (!Array.isArray(this.#refs)) this.#refs = [{ id: this.#refs, part: 0 }];
    return this.#refs;
  }

  isCalled(id: MessageRef['id']): boolean {
    return Array.isArray(this.#refs) ? this.#refs.some((ref) => ref.id === id) : this.#refs === id;
  }

  get row(): string | undefined {
    return this.#rare?.row;
  }

  get originId(): string | undefined {
    return this.#rare?.originId;
  }

  get author(): string | undefined {
    return this.#rare?.author;
  }

  get isRetracted(): boolean {
    return this.#rare?.isRetracted === true;
  }

  set isRetracted(is: boolean) {
    this.#rare ??= { ...usual };
    this.#rare.isRetracted = is;
  }

  get reactions(): Known['reactions'] {
    return this.#rare?.reactions;
  }

  set reactions(all: Known['reactions']) {
    this.#rare ??= { ...usual };
    this.#rare.reactions = all;
  }

  get told(): Known['told'] {
    return this.#rare?.told;
  }

  set told(all: Known['told']) {
    this.#rare ??= { ...usual };
    this.#rare.told = all;
  }
}
