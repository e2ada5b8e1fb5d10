/** One lane: the unsettled entries of one chat in order, and how far they have been started. No I/O, no time. */
import type { ChatId } from '../core/ids.ts';
import type { OutboxEntry } from '../storage/ports.ts';

export interface Item {
  readonly entry: OutboxEntry;
  /** Its place among all items of its lane. */
  order: number;
  /** The number of the attempt that it is in, or is to have next. */
  attempt: number;
  /** An earlier attempt may have sent it. */
  mayBeThere: boolean;
  /** When it is to be tried again; undefined: when somebody pokes. */
  afterMs: number | undefined;
  /** When it was too late to send it for the first time that we saw. */
  lateSince: number | undefined;
  /** It is looked at again when it is too late. */
  isWatched: boolean;
}

export interface Lane {
  readonly chat: ChatId;
  /** Unsettled, in order of acceptance. */
  readonly items: Item[];
  /** The next to start. */
  next: number;
  flying: number;
  /** The first that has to be tried again: the lane holds. */
  failed: Item | undefined;
  /** Asked to go on while it has entries in flight. */
  poked: boolean;
  /** It waits for its turn. */
  isReady: boolean;
}

/** A lane as it is shown to operators. */
export interface LaneView {
  readonly chat: ChatId;
  /** Unsettled, those in flight among them. */
  readonly entries: number;
  readonly flying: number;
  /** Something failed and is to be tried again: it waits until then. */
  readonly isHeld: boolean;
  /** When the oldest was accepted. */
  readonly since: number;
}

/** undefined: nothing is in it. */
export function viewOf({ chat, items, flying, failed }: Lane): LaneView | undefined {
  const [oldest] = items;
  if (oldest === undefined) return undefined;
  return { chat, entries: items.length, flying, isHeld: failed !== undefined, since: oldest.entry.origin.at };
}

export const createLane = (chat: ChatId): Lane => ({
  chat,
  items: [],
  next: 0,
  flying: 0,
  failed: undefined,
  poked: false,
  isReady: false,
});

export const isHeld = (lane: Lane): boolean => lane.failed !== undefined;

/** May another one be started? */
export function hasWork(lane: Lane, window: number): boolean {
  return !isHeld(lane) && lane.flying < window && lane.next < lane.items.length;
}

/** The next entry; it is then in flight. */
export function fill(lane: Lane): Item | undefined {
  const item = lane.items[lane.next];
  if (item === undefined) return undefined;
  lane.next++;
  lane.flying++;
  return item;
}

/** Puts an entry where its key says, but behind everything that was started before. False: it is there already. */
export function insert(lane: Lane, entry: OutboxEntry, attempt: number): boolean {
  const { items } = lane;
  let at = items.length;
  if (!isNewest(items[at - 1], entry)) {
    if (items.some(({ entry: one }) => one.key === entry.key)) return false;
    while (at > lane.next && isBehind(items[at - 1], entry)) at--;
  }
  const item: Item = {
    entry,
    order: 0,
    attempt,
    mayBeThere: attempt > 1,
    afterMs: undefined,
    lateSince: undefined,
    isWatched: false,
  };
  if (at === items.length) {
    item.order = (items[at - 1]?.order ?? 0) + 1;
    items.push(item);
    return true;
  }
  items.splice(at, 0, item);
  for (let i = at; i < items.length; i++) {
    const one = items[i];
    if (one !== undefined) one.order = (items[i - 1]?.order ?? 0) + 1;
  }
  return true;
}

/** Takes out what is settled. */
export function remove(lane: Lane, item: Item): void {
  const at = lane.items[0] === item ? 0 : lane.items.indexOf(item);
  if (at < 0) return;
  if (at === 0) lane.items.shift();
  else lane.items.splice(at, 1);
  if (at < lane.next) lane.next--;
}

/** Starts again from the first that is not settled. What was started has been tried: its next attempt has a higher number. */
export function rewind(lane: Lane): void {
  lane.next = 0;
  lane.failed = undefined;
}

const isNewest = (last: Item | undefined, entry: OutboxEntry): boolean =>
  last === undefined || compareKeys(last.entry.key, entry.key) < 0;

function isBehind(item: Item | undefined, entry: OutboxEntry): boolean {
  return item !== undefined && compareKeys(item.entry.key, entry.key) > 0;
}

/** The order of keys: two numbers, as Redis writes the ids of a stream. Digit by digit, for it is asked for every message. */
export function compareKeys(a: string, b: string): number {
  const dashA = a.indexOf('-');
  const dashB = b.indexOf('-');
  if (dashA !== dashB) return dashA - dashB;
  const first = compareDigits(a, b, 0, dashA);
  if (first !== 0) return first;
  return a.length === b.length ? compareDigits(a, b, dashA + 1, a.length) : a.length - b.length;
}

function compareDigits(a: string, b: string, from: number, to: number): number {
  for (let at = from; at < to; at++) {
    const difference = a.charCodeAt(at) - b.charCodeAt(at);
    if (difference !== 0) return difference;
  }
  return 0;
}
