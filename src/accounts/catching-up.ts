/**
 * What was said while we were not there: fetched from the network's own past where it has one, once for each time that we come into a room, oldest first,
 * and told with its old stamps; and, for who pages back beyond the start of the archive, what is older than it. Messages that the archive has are left out.
 */

import type { Session } from '../bridge/contract.ts';
import type { Spoken } from '../bridge/history.ts';
import type { MessageEvent, NetworkEvent } from '../core/event.ts';
import type { AccountId, ChatId, MessageRef } from '../core/ids.ts';
import { sparseMap, sparseSet } from '../core/sparse.ts';
import type { Face, Projection } from '../gateway/face.ts';
import type { ArchiveRow } from '../storage/ports.ts';
import type { Doubles } from './doubles.ts';
import type { Lasting } from './lasting-files.ts';
import type { AccountWorld } from './world.ts';

export interface CatchingUp {
  /** The session is there: what was said to us alone meanwhile is fetched, where something is kept to begin from. */
  connected(): void;
  /** The network has told who is in the room. */
  entered(chat: ChatId): void;
  /** We are not there any more, in any room where none is named: the next `entered` has something to catch up with. */
  lost(chat?: ChatId): void;
  /** What goes to the archive: the newest of it is where the next gap begins. */
  told(rows: readonly ArchiveRow[]): void;
  /** Resolves when what is being fetched for that room has been told, or when it takes longer than that (ms). */
  settled(chat: ChatId, withinMs: number): Promise<void>;
  /** Fetches up to `max` messages from before the archive's start into it; resolves with how many. Rejects where the network could not say. */
  older(chat: ChatId, max: number): Promise<number>;
}

export interface CatchingUpParts {
  session(): Session | undefined;
  deliver(projection: Projection): void;
  readonly doubles: Pick<Doubles, 'without' | 'told'>;
  /** It is said to the gateway, not to who reads the conversation. */
  isPassedOver(message: MessageEvent): boolean;
  /** See `Deeds`. */
  recall(message: MessageEvent): Promise<void> | undefined;
  /** The account ends. */
  readonly signal: AbortSignal;
  readonly lasting: Pick<Lasting, 'all'>;
}

/** Where a gap begins. */
interface Edge {
  readonly ref: MessageRef | undefined;
  readonly at: number;
}

/** Of one gap: hours of a very busy room. */
const gapAtMost = 10_000;
/** At a time. */
const handful = 100;
/** Of how many rooms the newest message is kept in mind; the archive knows the others'. */
const edgesAtMost = 2_000;
/** How far back conversations are looked for at most. */
const spokenForMs = 30 * 86_400_000;
/** Of how many rooms the archive is asked when it was that something was heard last. */
const roomsAtMost = 20;
/** Before the first try at conversations, and before each further one. */
const pausesMs = [0, 10_000, 60_000, 300_000, 900_000];
/** After a restart the gap is taken to begin so much earlier: clocks differ, and what is fetched twice is told once. */
const marginMs = 60_000;

type History = NonNullable<Session['history']>;
type Kept = Pick<Face, 'apply' | 'past' | 'isIn' | 'rooms'>;
type World = Pick<AccountWorld, 'archive' | 'clock' | 'log' | 'keptSince'>;

/** A conversation to be caught up with: behind what was heard last of it or, where nothing is kept of it, from where it may have begun. */
interface Missed {
  readonly chat: ChatId;
  readonly known: Edge | undefined;
  readonly begun?: Edge;
}

/** Up to where a gap has been told. */
interface BrokenOff extends Edge {
  /** What is kept behind its beginning came later than that (ms). */
  readonly behind: number | undefined;
  readonly isRoom: boolean;
}

/** For one account. */
export const createCatchingUp = (account: AccountId, face: Kept, world: World, parts: CatchingUpParts): CatchingUp =>
  new Gaps(account, face, world, parts);

/** An object of a class: each account has one, and each message is told to it. */
class Gaps implements CatchingUp {
  readonly #account: AccountId;
  readonly #face: Kept;
  readonly #world: World;
  readonly #parts: CatchingUpParts;
  readonly #here = sparseSet<ChatId>();
  readonly #newest = sparseMap<ChatId, Edge>();
  /** Gaps whose telling was broken off: what came live since is newer than what is missing. */
  readonly #brokenOff = sparseMap<ChatId, BrokenOff>();
  readonly #running = sparseMap<ChatId, Promise<void>>();
  /** The network has nothing older, or nothing that would be kept. */
  readonly #exhausted = sparseSet<ChatId>();
  readonly #fetching = sparseMap<ChatId, Promise<number>>();
  /** Up to when something was heard before the session was lost, until the network has said who spoke since. */
  #heard: Promise<number> | undefined;

  constructor(account: AccountId, face: Kept, world: World, parts: CatchingUpParts) {
    this.#account = account;
    this.#face = face;
    this.#world = world;
    this.#parts = parts;
  }

  connected(): void {
    const { clock, log } = this.#world;
    const history = this.#parts.session()?.history;
    if (history?.after === undefined) return;
    const now = clock.now();
    const bug = (error: unknown): void => {
      if (!this.#parts.signal.aborted) log.error({ account: this.#account, error }, 'missed conversations met a bug');
    };
    const chats = new Set(history.conversations?.());
    for (const [chat, { isRoom }] of this.#brokenOff) if (!isRoom) chats.add(chat);
    const known = [...chats].map((chat) => ({ chat, known: this.#newest.get(chat) }));
    if (known.length > 0) this.#fillConversations(history, now, known).catch(bug);
    if (history.spokenSince !== undefined) this.#fillSpoken(history, now).catch(bug);
  }

  entered(chat: ChatId): void {
    if (this.#here.has(chat)) return;
    this.#here.add(chat);
    const history = this.#parts.session()?.history;
    if (history?.after === undefined) return;
    const filled = this.#fill(chat, history, this.#newest.get(chat))
      .catch((error: unknown) =>
        this.#world.log.info(
          { account: this.#account, error },
          'what was said in a room meanwhile could not be fetched',
        ),
      )
      .finally(() => this.#running.delete(chat));
    this.#running.set(chat, filled);
  }

  lost(chat?: ChatId): void {
    if (chat !== undefined) this.#here.delete(chat);
    else {
      this.#here.clear();
      this.#exhausted.clear();
    }
  }

  told(rows: readonly ArchiveRow[]): void {
    if (this.#parts.session()?.history === undefined) return;
    const newest = this.#newest;
    if (newest.size > edgesAtMost) newest.clear();
    for (const row of rows) if (row.at >= (newest.get(row.chat)?.at ?? 0)) newest.set(row.chat, edgeOf(row));
  }

  async settled(chat: ChatId, withinMs: number): Promise<void> {
    const filling = this.#running.get(chat);
    if (filling === undefined) return;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const cancel = this.#world.clock.after(withinMs, resolve);
    await Promise.race([filling, late]);
    cancel();
  }

  older(chat: ChatId, max: number): Promise<number> {
    const history = this.#parts.session()?.history;
    if (history === undefined || this.#exhausted.has(chat) || !this.#face.isIn(chat)) return Promise.resolve(0);
    let fetched = this.#fetching.get(chat);
    if (fetched === undefined) {
      fetched = this.#fetchOlder(chat, history, max).finally(() => this.#fetching.delete(chat));
      this.#fetching.set(chat, fetched);
    }
    return fetched;
  }

  /** After a restart: the newest row of before it. */
  async #edgeOfArchive(chat: ChatId, since: number): Promise<Edge | undefined> {
    const { archive } = this.#world;
    const base = { account: this.#account, chat, max: 1 } as const;
    const end = since - marginMs;
    const page = await archive.page({ ...base, order: 'newest', end });
    const row = page?.rows[0] ?? (await archive.page({ ...base, order: 'oldest' }))?.rows[0];
    return row === undefined ? undefined : edgeOf(row);
  }

  /** When the last was said of what is kept; after a restart, in the rooms. 0: nothing is. */
  async #heardUpTo(now: number): Promise<number> {
    let last = 0;
    for (const { at } of this.#newest.values()) last = Math.max(last, at);
    if (last > 0) return last;
    for (const chat of this.#face.rooms().slice(0, roomsAtMost))
      last = Math.max(last, (await this.#edgeOfArchive(chat, now))?.at ?? 0);
    return last;
  }

  /** Those of them that are nowhere yet and would be kept, with files that last. */
  async #fresh(messages: readonly MessageEvent[]): Promise<readonly MessageEvent[]> {
    const since = this.#world.keptSince?.() ?? Number.NEGATIVE_INFINITY;
    const fresh = await this.#parts.doubles.without(messages);
    return this.#parts.lasting.all(fresh.filter(({ at }) => at.getTime() > since));
  }

  async #tell(message: MessageEvent): Promise<void> {
    await this.#parts.recall(message);
    const projection = this.#face.apply({ ...message, history: true });
    this.#parts.doubles.told(projection.archive);
    this.#parts.deliver(projection);
  }

  /** Nothing is kept of that room: its last messages are where its archive begins. */
  async #begin(chat: ChatId, history: History): Promise<void> {
    const { atFirst = 0 } = history;
    if (atFirst === 0) return;
    const messages = messagesOf(chat, await history.before(chat, undefined, atFirst));
    if (!this.#here.has(chat)) return;
    for (const message of await this.#fresh(messages)) await this.#tell(message);
  }

  async #fill(chat: ChatId, history: History, known: Edge | undefined): Promise<void> {
    // What comes of this was not heard before.
    if (this.#heard !== undefined) await this.#heard;
    const edge = known ?? (await this.#edgeOfArchive(chat, this.#world.clock.now()));
    if (edge === undefined) return this.#begin(chat, history);
    return this.#follow(chat, history, { ...edge, behind: known?.at, isRoom: true });
  }

  /** From its beginning, or from where it was broken off before. */
  async #follow(chat: ChatId, history: History, begin: BrokenOff): Promise<void> {
    const { doubles, lasting } = this.#parts;
    if (history.after === undefined) return;
    const after = history.after.bind(history);
    const brokenOff = this.#brokenOff;
    if (brokenOff.size >= edgesAtMost) brokenOff.clear();
    let from = brokenOff.get(chat) ?? begin;
    let told = 0;
    let fetched = 0;
    for (;;) {
      const { ref, at, behind }: BrokenOff = from;
      brokenOff.set(chat, from);
      // The network may have forgotten that message, but not the time.
      const byName = ref === undefined ? undefined : after(chat, ref, handful);
      const events = await (byName?.catch(() => after(chat, at, handful)) ?? after(chat, at, handful));
      if (!this.#here.has(chat)) break;
      const messages = messagesOf(chat, events);
      for (const message of await lasting.all(await doubles.without(messages, behind))) {
        if (this.#parts.isPassedOver(message) || isOwnWord(message)) continue;
        await this.#tell(message);
        told++;
      }
      fetched += messages.length;
      const last = messages.at(-1);
      const isEnd = last === undefined || (ref !== undefined && ref.id === last.ref.id && ref.part === last.ref.part);
      if (isEnd || fetched >= gapAtMost) {
        brokenOff.delete(chat);
        break;
      }
      from = { ...from, ref: last.unnamed === true ? undefined : last.ref, at: last.at.getTime() };
    }
    const { log } = this.#world;
    if (told > 0) log.info({ account: this.#account, told }, 'what was said meanwhile was fetched');
    if (fetched >= gapAtMost) log.warn({ account: this.#account, fetched }, 'more was said meanwhile than is fetched');
  }

  /** Where the network can't say it now the next session is asked, from the same moment on. */
  async #fillSpoken(history: History, now: number): Promise<void> {
    const newest = new Map(this.#newest);
    // An archive that can't be asked now tells nothing of it, and keeps no room waiting.
    this.#heard ??= this.#heardUpTo(now).catch(() => 0);
    const heard = await this.#heard;
    const spoken = await this.#spokenSince(history, Math.max(heard - marginMs, now - spokenForMs));
    if (spoken !== undefined || heard === 0) this.#heard = undefined;
    if (spoken === undefined) return;
    const edges = new Map<ChatId, Edge>();
    for (const { chat } of spoken) {
      const edge = newest.get(chat) ?? (await this.#edgeOfArchive(chat, now));
      if (edge !== undefined && edge.at < now) edges.set(chat, edge);
    }
    const last = [...edges.values()].reduce((most, { at }) => Math.max(most, at), heard);
    if (last === 0) return;
    const begun: Edge = { ref: undefined, at: last - marginMs };
    const missed = spoken.flatMap(({ chat, at }): readonly Missed[] => {
      const edge = edges.get(chat);
      if (at <= (edge ?? begun).at) return [];
      return [{ chat, known: newest.get(chat), ...(edge === undefined && { begun }) }];
    });
    await this.#fillConversations(history, now, missed);
  }

  async #spokenSince(history: History, since: number): Promise<readonly Spoken[] | undefined> {
    try {
      return await history.spokenSince?.(since);
    } catch (error) {
      this.#world.log.info({ account: this.#account, error }, 'the network did not tell who spoke meanwhile');
      return undefined;
    }
  }

  /** One after the other, since the network counts what it is asked; what it can't say now is asked for later. */
  async #fillConversations(history: History, since: number, missed: readonly Missed[]): Promise<void> {
    const { clock, log } = this.#world;
    // Whatever is said until their turn has come.
    for (const { chat, known, begun } of missed) {
      const edge = known ?? begun;
      if (edge === undefined || this.#here.has(chat) || this.#brokenOff.has(chat)) continue;
      this.#brokenOff.set(chat, { ...edge, behind: known?.at, isRoom: false });
    }
    let waiting = missed;
    for (const pause of pausesMs) {
      if (pause > 0) await clock.sleep(pause, this.#parts.signal);
      const failed: Missed[] = [];
      for (const one of waiting) {
        if (this.#parts.session()?.history !== history) return;
        if (this.#here.has(one.chat)) continue;
        this.#here.add(one.chat);
        const kept = this.#brokenOff.get(one.chat) ?? one.known ?? one.begun;
        const edge = kept ?? (await this.#edgeOfArchive(one.chat, since));
        if (edge === undefined) continue;
        const begin = { ...edge, behind: one.known?.at, isRoom: false };
        await this.#follow(one.chat, history, begin).catch((error: unknown) => {
          log.info({ account: this.#account, error }, 'what was said in a conversation meanwhile could not be fetched');
          this.#here.delete(one.chat);
          failed.push(one);
        });
      }
      if (failed.length === 0) return;
      waiting = failed;
    }
  }

  async #fetchOlder(chat: ChatId, history: History, max: number): Promise<number> {
    const { archive } = this.#world;
    const [first] = (await archive.page({ account: this.#account, chat, max: 1, order: 'oldest' }))?.rows ?? [];
    const kept = await this.#fresh(messagesOf(chat, await saidBefore(chat, history, first, max)));
    const before = (first?.at ?? Number.POSITIVE_INFINITY) - 1;
    if (kept.length === 0) this.#exhausted.add(chat);
    const past = kept.map((message) => ({ ...message, history: true, at: earlier(message.at, before) }));
    archive.keep(this.#face.past(past));
    return kept.length;
  }
}

const edgeOf = ({ refs, at }: ArchiveRow): Edge => ({ ref: refs?.at(-1), at });

/** Our own of two, by whatever name we had then: who said it knows, and it may have been a password for a service (src/design/own-words-of-an-outage.md). */
const isOwnWord = ({ direct, by, chat }: MessageEvent): boolean => direct === true && String(by) !== String(chat);

/** By its name, or by its time where the network knows no name of it; with nothing in the archive, the newest. */
async function saidBefore(
  chat: ChatId,
  history: History,
  first: ArchiveRow | undefined,
  max: number,
): Promise<readonly NetworkEvent[]> {
  const named = first?.refs?.[0];
  if (first === undefined || named === undefined) return history.before(chat, first?.at, max);
  return history.before(chat, named, max).catch(() => history.before(chat, first.at, max));
}

/** In front of the archive's first row, where both have one stamp: ids alone would put it behind. */
const earlier = (at: Date, than: number): Date => (at.getTime() <= than ? at : new Date(than));

/** What else a network's past holds changes messages that may not be here: it is left alone. */
function messagesOf(chat: ChatId, events: readonly NetworkEvent[]): readonly MessageEvent[] {
  return events.flatMap((event) => (event.kind === 'message' && event.chat === chat ? [event] : []));
}
