/**
 * The runner of one account's outbox. A lane is a chat: its entries are started in order, at most `limits.window` of them at once, and at most
 * `limits.concurrency` over all lanes. When one has to be tried again, its lane holds until everything in flight in it has ended, and then starts
 * again from the first that is not settled: nothing is overtaken (src/design/lanes-have-a-window.md).
 */
import type { Clock, Limits, Log } from '../bridge/contract.ts';
import { GatewayError } from '../core/errors.ts';
import type { AccountId, ChatId, DeliveryKey } from '../core/ids.ts';
import type { Offered, OutboxEntry, OutboxStore } from '../storage/ports.ts';
import { type Outcome, outcomeOf } from './attempt.ts';
import { createIntake } from './intake.ts';
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
import { createSettling } from './settling.ts';

export type { Outcome } from './attempt.ts';
export type { LaneView } from './lane.ts';

/** An entry that is being tried. */
export interface Taken extends OutboxEntry {
  /** 1 for the first; ≥ 2: it may have been sent before. */
  readonly attempt: number;
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
  /** The chats in which something is not settled, as they are now. */
  view(): readonly LaneView[];
  /** Nothing waits, is in flight or is to be settled. */
  idle(): boolean;
  /** Starts nothing more; resolves when what is in flight has ended and is settled, or the signal is aborted. */
  close(): Promise<void>;
}

/** Without a session. */
const alone = { concurrency: 16, window: 1 };
const tooLate = 'It could not be delivered in time';
const expiresAfterMs = 24 * 3_600_000;
const joinExpiresAfterMs = 5 * 60_000;
const lanesKept = 64;

export function createLanes(options: LaneOptions): Lanes {
  const { account, clock, log, signal } = options;
  /** Empty ones are kept for a while: a chat in which something was said is likely to hear more. */
  const lanes = new Map<ChatId, Lane>();
  /** Lanes that may have something to start, in the order in which they get their turn. */
  const ready: Lane[] = [];
  /** In all lanes. */
  let items = 0;
  let flying = 0;
  /** What an earlier owner left has been read. */
  let running = false;
  let inRun = false;
  let closed = false;
  const quiet = new Set<() => void>();

  const settling = createSettling({
    ...options,
    onSettled: (item) => intake.gone(item.entry.key),
    onIdle: tellQuiet,
    onLost() {
      stop();
      options.onLost();
    },
  });
  const intake = createIntake({ ...options, found, unsettled, onRead: began });

  function found(entry: OutboxEntry, attempt: number): void {
    const { chat } = entry.intent;
    let lane = lanes.get(chat);
    if (lane === undefined) {
      if (lanes.size >= lanesKept) forgetEmpty();
      lane = createLane(chat);
      lanes.set(chat, lane);
    }
    if (!insert(lane, entry, attempt)) return;
    items++;
    queue(lane);
    run();
  }

  function* unsettled(): Iterable<DeliveryKey> {
    for (const lane of lanes.values()) for (const { entry } of lane.items) yield entry.key;
    yield* settling.keys();
  }

  function queue(lane: Lane): void {
    if (lane.isReady) return;
    lane.isReady = true;
    ready.push(lane);
  }

  function forgetEmpty(): void {
    for (const [chat, lane] of lanes) if (lane.items.length === 0) lanes.delete(chat);
  }

  function began(): void {
    running = true;
    run();
    tellQuiet();
  }

  /** Starts what may be started. Lanes take turns: one that got something goes to the end. */
  function run(): void {
    if (!running || inRun) return;
    inRun = true;
    for (let lane = ready[0]; lane !== undefined && !closed; lane = ready[0]) {
      const limits = options.limits(lane.chat) ?? alone;
      if (flying >= limits.concurrency) break;
      const item = hasWork(lane, limits.window) ? fill(lane) : undefined;
      if (item === undefined || ready.length > 1) {
        ready.shift();
        lane.isReady = false;
      }
      if (item === undefined) continue;
      queue(lane);
      start(lane, item);
    }
    inRun = false;
  }

  function start(lane: Lane, item: Item): void {
    flying++;
    attempt(item).then(
      (outcome) => ended(lane, item, outcome),
      (error: unknown) => ended(lane, item, judge(item, error)),
    );
  }

  /** Not async: what failed must be known here as soon as it is known at all, or one more would be started behind it. */
  function attempt({ entry, attempt }: Item): Promise<Outcome> {
    if (expired(entry))
      return Promise.resolve({ is: 'failed', error: new GatewayError('timed-out', { text: tooLate }) });
    const { key, intent, origin } = entry;
    try {
      return options.execute({ key, intent, origin, attempt, signal });
    } catch (error) {
      return Promise.reject(error);
    }
  }

  function expired({ intent, origin }: OutboxEntry): boolean {
    return clock.now() - origin.at > (intent.kind === 'join' ? joinExpiresAfterMs : expiresAfterMs);
  }

  function judge(item: Item, error: unknown): Outcome {
    const outcome = outcomeOf(error, item.attempt);
    const { key, intent } = item.entry;
    if (!(error instanceof GatewayError) && !signal.aborted)
      log.error({ account, key, kind: intent.kind, error }, 'an attempt met a bug');
    return outcome;
  }

  function ended(lane: Lane, item: Item, outcome: Outcome): void {
    flying--;
    lane.flying--;
    options.onTried?.(outcome.is);
    if (outcome.is === 'done') leave(lane, item, { result: outcome.result ?? '' });
    else if (signal.aborted) lane.failed ??= item;
    else if (outcome.is === 'failed') fail(lane, item, outcome.error);
    else {
      item.afterMs = outcome.afterMs;
      item.attempt++;
      lane.failed = first(lane.failed, item);
    }
    if (isHeld(lane) && lane.flying === 0) hold(lane);
    else queue(lane);
    if (lane.flying === 0) lane.poked = false;
    tellQuiet();
    run();
  }

  function fail(lane: Lane, item: Item, error: GatewayError): void {
    try {
      options.onFailed(item.entry, error);
    } catch (fault) {
      log.error({ account, key: item.entry.key, error: fault }, 'a failure could not be told');
    }
    leave(lane, item, { error });
  }

  function leave(lane: Lane, item: Item, how: { readonly result: string } | { readonly error: GatewayError }): void {
    remove(lane, item);
    items--;
    settling.add(item, how);
    options.onSettled?.(lane.chat);
  }

  /** Nothing of the lane is in flight any more: it waits for its wake-up, or goes on at once where it was poked meanwhile. */
  function hold(lane: Lane): void {
    const afterMs = lane.failed?.afterMs;
    if (lane.poked) {
      release(lane);
      return;
    }
    if (closed || afterMs === undefined) return;
    options.wake(lane.chat, afterMs).catch((error: unknown) => {
      log.warn({ account, error }, 'a wake-up could not be stored; this process keeps it in mind');
      clock.after(afterMs, () => poke(lane.chat));
    });
  }

  /** What is in flight may have been started before that which the poke tells of: should it fail, it is tried again at once. */
  function release(lane: Lane): void {
    if (lane.flying > 0) lane.poked = true;
    else if (isHeld(lane)) {
      rewind(lane);
      queue(lane);
    }
  }

  function poke(chat?: ChatId): void {
    if (closed) return;
    if (chat === undefined) for (const lane of lanes.values()) release(lane);
    else {
      const lane = lanes.get(chat);
      if (lane !== undefined) release(lane);
    }
    intake.read();
    run();
  }

  function isQuiet(): boolean {
    return flying === 0 && settling.idle();
  }

  function tellQuiet(): void {
    if (!isQuiet()) return;
    letGo();
    if (isIdle()) options.onIdle?.();
  }

  /** Whoever waits for the end need not wait longer. */
  function letGo(): void {
    if (quiet.size === 0) return;
    for (const call of quiet) call();
    quiet.clear();
  }

  function isIdle(): boolean {
    return items === 0 && isQuiet() && !intake.reading();
  }

  function stop(): void {
    closed = true;
    settling.stop();
    intake.stop();
    letGo();
  }

  signal.addEventListener(
    'abort',
    () => {
      closed = true;
      intake.stop();
      letGo();
    },
    { once: true },
  );

  return {
    offer: (entry) => {
      if (!closed) intake.offer(entry);
    },
    poke,
    view: () => [...lanes.values()].flatMap((lane) => viewOf(lane) ?? []),
    idle: isIdle,
    close() {
      closed = true;
      intake.stop();
      if (isQuiet() || signal.aborted) return Promise.resolve();
      return new Promise((resolve) => quiet.add(resolve));
    },
  };
}

/** Of two, the one that stands first in the lane: its error decides how long the lane waits. */
function first(one: Item | undefined, other: Item): Item {
  return one === undefined || other.order < one.order ? other : one;
}
