/**
 * What a network repeats of its own past (a bouncer plays its buffer back at every connection, whether we heard it before or not) and the archive has: told
 * apart by the network's name for it or, where it has none, by who said the same at about the same time.
 */

import type { MessageEvent, NetworkEvent } from '../core/event.ts';
import type { AccountId, ChatId } from '../core/ids.ts';
import { sparseSet } from '../core/sparse.ts';
import { textOfContent } from '../gateway/text/body.ts';
import type { ArchiveRow } from '../storage/ports.ts';
import { Surroundings } from './surroundings.ts';
import type { AccountWorld } from './world.ts';

export interface Doubles {
  /** Resolves when it is known whether `isDouble`; undefined: it is none of the past. Never rejects. */
  look(event: NetworkEvent): Promise<void> | undefined;
  /** Is it in the archive already? As of `look`. */
  isDouble(event: NetworkEvent): boolean;
  /** Those of a network's past that the archive has not. @param behind they were said later than that (ms): so is what they may be doubles of, but for names */
  without(messages: readonly MessageEvent[], behind?: number): Promise<readonly MessageEvent[]>;
  /** Those that were not in the past that has been told meanwhile: they came live. */
  besides(messages: readonly MessageEvent[]): Promise<readonly MessageEvent[]>;
  /** The rows that something of the past became: what comes behind it is not their double. */
  told(rows: readonly ArchiveRow[]): void;
  /** The connection is over: the next one may repeat everything. */
  lost(): void;
}

/** By how much two stamps of one message may differ: clocks do, and what we say ourselves is on its way for a while. */
const apartMs = { theirs: 3_000, ours: 10_000 };
/** Of what came live and in the past one clock has stamped both, which may keep no more of the past than the second. */
const apartLiveMs = { theirs: 1_000, ours: 1_000 };
const countedAtMost = 10_000;

type World = Pick<AccountWorld, 'archive' | 'log'>;

/** For one account. */
export const createDoubles = (account: AccountId, world: World): Doubles => new Repeats(account, world);

/** An object of a class: each account has one. */
class Repeats implements Doubles {
  readonly #account: AccountId;
  readonly #world: World;
  /** Made when a network first tells something of its past, which many never do. */
  #looked: WeakMap<NetworkEvent, Promise<void>> | undefined;
  #doubles: WeakSet<NetworkEvent> | undefined;
  /** Rows that have had their double, or came of this connection's past: two that said the same are two. */
  readonly #counted = sparseSet<string>();
  /** Those of them that came live, too. */
  readonly #met = sparseSet<string>();

  constructor(account: AccountId, world: World) {
    this.#account = account;
    this.#world = world;
  }

  look(event: NetworkEvent): Promise<void> | undefined {
    if (event.kind !== 'message' || event.history !== true) return undefined;
    this.#looked ??= new WeakMap();
    let looking = this.#looked.get(event);
    if (looking === undefined) {
      looking = this.#lookFor(event);
      this.#looked.set(event, looking);
    }
    return looking;
  }

  isDouble(event: NetworkEvent): boolean {
    return this.#doubles?.has(event) === true;
  }

  async without(messages: readonly MessageEvent[], behind?: number): Promise<readonly MessageEvent[]> {
    return this.#except(messages, (message, near) => this.#isLike(message, near, behind));
  }

  async besides(messages: readonly MessageEvent[]): Promise<readonly MessageEvent[]> {
    return this.#except(messages, (message, near) => this.#isOfPast(message, near));
  }

  told(rows: readonly ArchiveRow[]): void {
    for (const { id } of rows) this.#count(id);
  }

  lost(): void {
    this.#counted.clear();
    this.#met.clear();
  }

  #count(id: string): void {
    const [oldest] = this.#counted.size < countedAtMost ? [] : this.#counted;
    if (oldest !== undefined) {
      this.#counted.delete(oldest);
      this.#met.delete(oldest);
    }
    this.#counted.add(id);
  }

  /** Without those that the archive knows by name; of what has no name, without what is. */
  async #except(
    messages: readonly MessageEvent[],
    isThere: (message: MessageEvent, near: Surroundings) => Promise<boolean>,
  ): Promise<readonly MessageEvent[]> {
    const [first] = messages;
    if (first === undefined) return [];
    const refs = messages.map(({ ref }) => ref);
    const known = await this.#world.archive.known(this.#account, first.chat, refs);
    const near = this.#near(first.chat);
    const fresh: MessageEvent[] = [];
    for (const [i, message] of messages.entries()) {
      if (known[i] === false && !(message.unnamed === true && (await isThere(message, near)))) fresh.push(message);
    }
    return fresh;
  }

  async #has(event: MessageEvent): Promise<boolean> {
    const { archive } = this.#world;
    if (event.unnamed === true) return this.#isLike(event, this.#near(event.chat));
    return (await archive.known(this.#account, event.chat, [event.ref]))[0] === true;
  }

  #near(chat: ChatId): Surroundings {
    return new Surroundings(this.#world.archive, this.#account, chat);
  }

  /** Is there a row like it, later than `behind`, that is nobody's double yet? */
  async #isLike(event: MessageEvent, near: Surroundings, behind = Number.NEGATIVE_INFINITY): Promise<boolean> {
    const rows = await rowsBy(event, near, apartMs);
    const similar = rows.filter(({ id, at }) => at > behind && !this.#counted.has(id));
    const text = textOfContent(event.content);
    const same = nearest(event, saying(text, similar, near));
    if (same !== undefined) this.#count(same.id);
    // Of our own the network may have made a message a line.
    const hasLine = (row: ArchiveRow): boolean => near.textOf(row)?.split('\n').includes(text) === true;
    return same !== undefined || similar.some((row) => row.by === undefined && hasLine(row));
  }

  /** Has this connection's past become a row like it, which did not come live before? */
  async #isOfPast(event: MessageEvent, near: Surroundings): Promise<boolean> {
    if (this.#counted.size === 0) return false;
    const rows = await rowsBy(event, near, apartLiveMs);
    const told = rows.filter(({ id }) => this.#counted.has(id) && !this.#met.has(id));
    const same = nearest(event, saying(textOfContent(event.content), told, near));
    if (same !== undefined) this.#met.add(same.id);
    return same !== undefined;
  }

  async #lookFor(event: MessageEvent): Promise<void> {
    try {
      if (!(await this.#has(event))) return;
      this.#doubles ??= new WeakSet();
      this.#doubles.add(event);
    } catch (error) {
      const { log } = this.#world;
      log.error({ account: this.#account, error }, 'the archive could not be searched for what a network repeats');
    }
  }
}

/** The messages of the same speaker, of about the same time. */
async function rowsBy({ by, nick, at: date }: MessageEvent, near: Surroundings, apart: typeof apartMs) {
  const at = date.getTime();
  const isSame = (row: ArchiveRow): boolean =>
    row.by === undefined ? row.nick === nick : row.by === by && Math.abs(row.at - at) <= apart.theirs;
  const rows = await near.between(at - apart.ours, at + apart.ours);
  return rows.filter((row) => (row.kind ?? 'message') === 'message' && isSame(row));
}

const saying = (text: string, rows: readonly ArchiveRow[], near: Surroundings): readonly ArchiveRow[] =>
  rows.filter((row) => near.textOf(row) === text);

/** In time. */
function nearest({ at }: MessageEvent, rows: readonly ArchiveRow[]): ArchiveRow | undefined {
  const distance = (row: ArchiveRow): number => Math.abs(row.at - at.getTime());
  const [first] = rows.toSorted((one, other) => distance(one) - distance(other));
  return first;
}
