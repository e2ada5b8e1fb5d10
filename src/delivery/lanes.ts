/**
 * The runner of one account's outbox. A lane is a chat: its entries are started in order, at most `limits.window` of them at once, and at most
 * `limits.concurrency` over all lanes. When one has to be tried again, its lane holds until everything in flight in it has ended, and then starts
 * again from the first that is not settled: nothing is overtaken (src/design/lanes-have-a-window.md).
 */
import type { Clock, Limits, Log } from '../bridge/contract.ts';
import { GatewayError } from '../core/errors.ts';
import type { AccountId, ChatId, DeliveryKey } from '../core/ids.ts';
import type { Offered, OutboxEntry, OutboxStore } from '../storage/ports.ts';
import { expiryOf, type Outcome, outcomeOf, tooLate } from './attempt.ts';
import { createIntake, type Intake } from './intake.ts';
import {
  createLane,
  fill,
  hasWork,
  type Item,
  insert,
  isHeld,
  type Lane,
  type LaneView,
  remove,
  rewind,
  viewOf,
} from './lane.ts';
import { createSettling, type Settling } from './settling.ts';

export type { Outcome } from './attempt.ts';
export type { LaneView } from './lane.ts';

/** An entry that is being tried. */
export interface Taken extends OutboxEntry {
  /** 1 for the first; ≥ 2: it may have been sent before. */
  readonly attempt: number;
  /** It is too late to send it; if it was sent before, it is done. */
  readonly isLate?: boolean;
  /** An earlier attempt may have sent it. */
  readonly mayBeThere?: boolean;
  /** Aborted when the account is no longer ours or ends. */
  readonly signal: AbortSignal;
}

export interface LaneOptions {
  readonly account: AccountId;
  readonly fence: number;
  readonly store: OutboxStore;
  /** Tries an entry; called in the lane's order, and what it does before its first `await` is in that order. What it throws is judged by `outcomeOf`. */
  execute(taken: Taken): Promise<Outcome>;
  /** undefined: there is no session, one at a time (a join, say, that makes the session). */
  limits(chat: ChatId): Pick<Limits, 'concurrency' | 'window'> | undefined;
  readonly clock: Clock;
  /** Asks for a `poke(chat)` after that time, in a way that outlives this process. */
  wake(chat: ChatId, afterMs: number): Promise<void>;
  /** An entry failed for good: its sender is to be told. Called once an entry, before it is settled. */
  onFailed(entry: OutboxEntry, error: GatewayError): void;
  /** An entry of that lane has ended and waits for nothing more; it may still be on its way out of the store. */
  onSettled?(chat: ChatId): void;
  /** What came of a try. */
  onTried?(outcome: Outcome['is']): void;
  /** `idle` became true. */
  onIdle?(): void;
  /** The account has a newer owner: everything of it must stop. Nothing is tried or settled after this. */
  onLost(): void;
  readonly log: Log;
  readonly signal: AbortSignal;
}

export interface Lanes {
  /** Entries that are known already are ignored. Where something unknown waits before it, that is read first. */
  offer(entry: Offered): void;
  /**
   * Starts held lanes (one, or all) again and reads what was appended elsewhere. The first call reads what an earlier owner left; until that is done
   * nothing is tried. Safe to call at any time.
   */
  poke(chat?: ChatId): void;
  /** The limits of that chat may let more be started. */
  widened(chat: ChatId): void;
  /** The chats in which something is not settled, as they are now. */
  view(): readonly LaneView[];
  /** Nothing waits, is in flight or is to be settled. */
  idle(): boolean;
  /** Starts nothing more; resolves when what is in flight has ended and is settled, or the signal is aborted. */
  close(): Promise<void>;
}

/** Without a session. */
const alone = { concurrency: 16, window: 1 };
/** How long what may have been sent waits at the end for a session that could say so. */
const askWithinMs = 15 * 60_000;
/** How late a wake-up may come: Redis may be away, or have lost it. */
const missedAfterMs = 60_000;
const lanesKept = 64;

export function createLanes(options: LaneOptions): Lanes {
  return new AccountLanes(options);
}

/** An object of a class: each account has one, and every message passes most of it. */
class AccountLanes implements Lanes {
  readonly #options: LaneOptions;
  /** Empty ones are kept for a while: a chat in which something was said is likely to hear more. */
  readonly #lanes = new Map<ChatId, Lane>();
  /** Lanes that may have something to start, in the order in which they get their turn. */
  readonly #ready: Lane[] = [];
  readonly #settling: Settling;
  readonly #intake: Intake;
  /** In all lanes. */
  #items = 0;
  #flying = 0;
  /** What an earlier owner left has been read. */
  #running = false;
  #inRun = false;
  #closed = false;
  /** Who waits for the end. */
  #quiet: (() => void)[] = [];

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#settling = createSettling({
      ...options,
      onIdle: () => this.#tellQuiet(),
      onLost: () => {
        this.#stop();
        options.onLost();
      },
    });
    this.#intake = createIntake({
      ...options,
      found: (entry, attempt) => this.#found(entry, attempt),
      unsettled: () => this.#unsettled(),
      onRead: () => this.#began(),
    });
    const abandon = (): void => {
      this.#closed = true;
      this.#intake.stop();
      this.#letGo();
    };
    options.signal.addEventListener('abort', abandon, { once: true });
  }

  offer(entry: Offered): void {
    if (!this.#closed) this.#intake.offer(entry);
  }

  poke(chat?: ChatId): void {
    if (this.#closed) return;
    if (chat === undefined) for (const lane of this.#lanes.values()) this.#release(lane);
    else {
      const lane = this.#lanes.get(chat);
      if (lane !== undefined) this.#release(lane);
    }
    this.#intake.read();
    this.#run();
  }

  widened(chat: ChatId): void {
    const lane = this.#lanes.get(chat);
    if (lane === undefined || this.#closed) return;
    this.#queue(lane);
    this.#run();
  }

  view(): readonly LaneView[] {
    return [...this.#lanes.values()].flatMap((lane) => viewOf(lane) ?? []);
  }

  idle(): boolean {
    return this.#items === 0 && this.#isQuiet() && !this.#intake.reading();
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#intake.stop();
    if (this.#isQuiet() || this.#options.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => this.#quiet.push(resolve));
  }

  #found(entry: OutboxEntry, attempt: number): void {
    const { chat } = entry.intent;
    let lane = this.#lanes.get(chat);
    if (lane === undefined) {
      if (this.#lanes.size >= lanesKept) this.#forgetEmpty();
      lane = createLane(chat);
      this.#lanes.set(chat, lane);
    }
    if (!insert(lane, entry, attempt)) return;
    this.#items++;
    this.#queue(lane);
    this.#run();
  }

  *#unsettled(): Iterable<DeliveryKey> {
    for (const lane of this.#lanes.values()) for (const { entry } of lane.items) yield entry.key;
    yield* this.#settling.keys();
  }

  #queue(lane: Lane): void {
    if (lane.isReady) return;
    lane.isReady = true;
    this.#ready.push(lane);
  }

  #forgetEmpty(): void {
    for (const [chat, lane] of this.#lanes) if (lane.items.length === 0) this.#lanes.delete(chat);
  }

  #began(): void {
    this.#running = true;
    this.#run();
    this.#tellQuiet();
  }

  /** Starts what may be started. Lanes take turns: one that got something goes to the end. */
  #run(): void {
    if (!this.#running || this.#inRun) return;
    this.#inRun = true;
    const ready = this.#ready;
    for (let lane = ready[0]; lane !== undefined && !this.#closed; lane = ready[0]) {
      const limits = this.#options.limits(lane.chat) ?? alone;
      if (this.#flying >= limits.concurrency) break;
      const item = hasWork(lane, limits.window) ? fill(lane) : undefined;
      if (item === undefined || ready.length > 1) {
        ready.shift();
        lane.isReady = false;
      }
      if (item === undefined) continue;
      this.#queue(lane);
      this.#start(lane, item);
    }
    this.#inRun = false;
  }

  #start(lane: Lane, item: Item): void {
    this.#flying++;
    this.#attempt(item).then(
      (outcome) => this.#ended(lane, item, outcome),
      (error: unknown) => this.#ended(lane, item, this.#judge(item, error)),
    );
  }

  /** Not async: what failed must be known here as soon as it is known at all, or one more would be started behind it. */
  #attempt(item: Item): Promise<Outcome> {
    const { entry, attempt } = item;
    const isLate = this.#isExpired(entry);
    const { key, intent, origin } = entry;
    const mayBeThere = item.mayBeThere && intent.kind === 'send';
    if (isLate && !this.#mayBeAsked(item)) return Promise.resolve({ is: 'failed', error: tooLate(mayBeThere) });
    try {
      return this.#options.execute({ key, intent, origin, attempt, isLate, mayBeThere, signal: this.#options.signal });
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** The network may have heard it, and is asked, or its sender would be told wrongly. */
  #mayBeAsked(item: Item): boolean {
    if (item.attempt === 1 || item.entry.intent.kind !== 'send') return false;
    const now = this.#options.clock.now();
    item.lateSince ??= now;
    return now - item.lateSince <= askWithinMs;
  }

  #isExpired(entry: OutboxEntry): boolean {
    return this.#options.clock.now() - entry.origin.at > expiryOf(entry.intent);
  }

  #judge(item: Item, error: unknown): Outcome {
    const { account, log, signal } = this.#options;
    const outcome = outcomeOf(error, item.attempt);
    const { key, intent } = item.entry;
    if (error instanceof GatewayError && error.code === 'outcome-unknown') item.mayBeThere = true;
    if (!(error instanceof GatewayError) && !signal.aborted)
      log.error({ account, key, kind: intent.kind, error }, 'an attempt met a bug');
    return outcome;
  }

  #ended(lane: Lane, item: Item, outcome: Outcome): void {
    this.#flying--;
    lane.flying--;
    this.#options.onTried?.(outcome.is);
    if (outcome.is === 'done') this.#leave(lane, item, { result: outcome.result ?? '' });
    else if (this.#options.signal.aborted) lane.failed ??= item;
    else if (outcome.is === 'failed') this.#fail(lane, item, outcome.error);
    else {
      item.afterMs = outcome.afterMs;
      item.attempt++;
      lane.failed = first(lane.failed, item);
    }
    if (isHeld(lane) && lane.flying === 0) this.#hold(lane);
    else this.#queue(lane);
    if (lane.flying === 0) lane.poked = false;
    this.#tellQuiet();
    this.#run();
  }

  #fail(lane: Lane, item: Item, error: GatewayError): void {
    const { account, log } = this.#options;
    try {
      this.#options.onFailed(item.entry, error);
    } catch (fault) {
      log.error({ account, key: item.entry.key, error: fault }, 'a failure could not be told');
    }
    this.#leave(lane, item, { error });
  }

  #leave(lane: Lane, item: Item, how: { readonly result: string } | { readonly error: GatewayError }): void {
    remove(lane, item);
    this.#items--;
    this.#settling.add(item, how);
    this.#options.onSettled?.(lane.chat);
  }

  /** Nothing of the lane is in flight any more: it waits for its wake-up, or goes on at once where it was poked meanwhile. */
  #hold(lane: Lane): void {
    const { account, log, clock } = this.#options;
    const { failed } = lane;
    if (lane.poked) {
      this.#release(lane);
      return;
    }
    if (this.#closed || failed === undefined) return;
    const { afterMs, attempt } = failed;
    if (afterMs === undefined) {
      this.#watch(lane, failed);
      return;
    }
    const keepInMind = (ms: number): void =>
      void clock.after(ms, () => {
        if (lane.failed === failed && failed.attempt === attempt) this.poke(lane.chat);
      });
    keepInMind(afterMs + missedAfterMs);
    this.#options.wake(lane.chat, afterMs).catch((error: unknown) => {
      log.warn({ account, error }, 'a wake-up could not be stored; this process keeps it in mind');
      keepInMind(afterMs);
    });
  }

  /** Whoever is to mend something may never come: when it is too late its sender is told. */
  #watch(lane: Lane, item: Item): void {
    if (item.isWatched) return;
    item.isWatched = true;
    const { clock, signal } = this.#options;
    const { entry, lateSince } = item;
    const end = lateSince === undefined ? entry.origin.at + expiryOf(entry.intent) : lateSince + askWithinMs;
    clock.sleep(Math.max(0, end - clock.now()) + 1, signal).then(
      () => {
        item.isWatched = false;
        if (lane.failed === item) this.poke(lane.chat);
      },
      () => undefined,
    );
  }

  /** What is in flight may have been started before that which the poke tells of: should it fail, it is tried again at once. */
  #release(lane: Lane): void {
    if (lane.flying > 0) lane.poked = true;
    else if (isHeld(lane)) {
      rewind(lane);
      this.#queue(lane);
    }
  }

  #isQuiet(): boolean {
    return this.#flying === 0 && this.#settling.idle();
  }

  #tellQuiet(): void {
    if (!this.#isQuiet()) return;
    this.#letGo();
    if (this.idle()) this.#options.onIdle?.();
  }

  /** Whoever waits for the end need not wait longer. */
  #letGo(): void {
    if (this.#quiet.length > 0) for (const call of this.#quiet.splice(0)) call();
  }

  #stop(): void {
    this.#closed = true;
    this.#intake.stop();
    this.#letGo();
  }
}

/** Of two, the one that stands first in the lane: its error decides how long the lane waits. */
function first(one: Item | undefined, other: Item): Item {
  return one === undefined || other.order < one.order ? other : one;
}
