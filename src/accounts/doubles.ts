/**
 * What a network repeats of its own past (a bouncer plays its buffer back at every connection, whether we heard it before or not) and the archive has: told
 * apart by the network's name for it or, where it has none, by who said the same at about the same time.
 */

import type { MessageEvent, NetworkEvent } from '../core/event.ts';
import type { AccountId } from '../core/ids.ts';
import { sparseSet } from '../core/sparse.ts';
import { textIn } from '../gateway/relearn.ts';
import { textOfContent } from '../gateway/text/body.ts';
import type { ArchiveRow } from '../storage/ports.ts';
import type { AccountWorld } from './world.ts';

export interface Doubles {
  /** Resolves when it is known whether `isDouble`; undefined: it is none of the past. Never rejects. */
  look(event: NetworkEvent): Promise<void> | undefined;
  /** Is it in the archive already? As of `look`. */
  isDouble(event: NetworkEvent): boolean;
  /** Those that the archive has not. @param isFresh they were said after all that it has: only names tell doubles */
  without(messages: readonly MessageEvent[], isFresh?: boolean): Promise<readonly MessageEvent[]>;
  /** The rows that something of the past became: what comes behind it is not their double. */
  told(rows: readonly ArchiveRow[]): void;
  /** The connection is over: the next one may repeat everything. */
  lost(): void;
}

/** By how much two stamps of one message may differ: clocks do, and what we say ourselves is on its way for a while. */
const apartMs = { theirs: 3_000, ours: 10_000 };
/** As many rows are looked at as people say in that time. */
const rowsAtMost = 200;
const countedAtMost = 10_000;

const linesIn = (row: ArchiveRow): readonly string[] => textIn(row)?.split('\n') ?? [];

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

  async without(messages: readonly MessageEvent[], isFresh = false): Promise<readonly MessageEvent[]> {
    const [first] = messages;
    if (first === undefined) return [];
    const refs = messages.map(({ ref }) => ref);
    const known = await this.#world.archive.known(this.#account, first.chat, refs);
    const fresh: MessageEvent[] = [];
    for (const [i, message] of messages.entries()) {
      if (known[i] === false && !(message.unnamed === true && !isFresh && (await this.#has(message))))
        fresh.push(message);
    }
    return fresh;
  }

  told(rows: readonly ArchiveRow[]): void {
    for (const { id } of rows) this.#count(id);
  }

  lost(): void {
    this.#counted.clear();
  }

  #count(id: string): void {
    if (this.#counted.size >= countedAtMost) this.#counted.clear();
    this.#counted.add(id);
  }

  async #has(event: MessageEvent): Promise<boolean> {
    const { archive } = this.#world;
    const account = this.#account;
    const { chat, ref, nick, by } = event;
    if (event.unnamed !== true) return (await archive.known(account, chat, [ref]))[0] === true;
    const at = event.at.getTime();
    const range = { start: at - apartMs.ours, end: at + apartMs.ours, max: rowsAtMost, order: 'oldest' } as const;
    const rows = (await archive.page({ account, chat, ...range }))?.rows ?? [];
    const text = textOfContent(event.content);
    const distance = (row: ArchiveRow): number => Math.abs(row.at - at);
    const isBySame = (row: ArchiveRow): boolean =>
      row.by === undefined ? row.nick === nick : row.by === by && distance(row) <= apartMs.theirs;
    const similar = rows
      .filter(({ id, kind = 'message' }) => kind === 'message' && !this.#counted.has(id))
      .filter(isBySame);
    const [same] = similar
      .filter((row) => textIn(row) === text)
      .toSorted((one, other) => distance(one) - distance(other));
    if (same !== undefined) this.#count(same.id);
    // Of our own the network may have made a message a line.
    return same !== undefined || similar.some((row) => row.by === undefined && linesIn(row).includes(text));
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
