/** Accepting: an intent becomes an entry in its account's outbox, once, or is refused at once. */
import { hash } from 'node:crypto';
import { GatewayError } from '../core/errors.ts';
import type { AccountId, ChatId } from '../core/ids.ts';
import type { DurableIntent, Origin } from '../core/intent.ts';
import { bareOf } from '../core/jids.ts';
import type { Appended, Fresh, OutboxStore, Told } from '../storage/ports.ts';

/** `again`: the same stanza was accepted before; `result` is what its sender is to be told once more, absent while it waits. */
export type Accepted = Fresh | { readonly is: 'again'; readonly result?: string };

/** What becomes of an append; exactly one is called, in the order of the appends. A call each and no promise, for it is done for every message. */
export interface Appending {
  /** The entry is durable. */
  accepted(was: Accepted): void;
  /** With `queue-full` or `storage-away`. */
  refused(error: unknown): void;
}

export interface Outbox {
  append(account: AccountId, intent: DurableIntent, origin: Origin, appending: Appending): void;
  /** An entry of that lane waits no longer. */
  settled(account: AccountId, chat: ChatId): void;
  /** The account begins here: what waited when it was here before may have been settled, or erased, elsewhere. */
  renew(account: AccountId): void;
}

export interface OutboxParts {
  readonly store: OutboxStore;
  /** Entries allowed in an account and in one lane of it. */
  readonly caps?: typeof defaultCaps;
}

/** A burst that one client is likely to send fits a lane; an account's lanes together can't fill the store. */
export const defaultCaps: { readonly account: number; readonly lane: number } = { account: 10_000, lane: 4_000 };

/** How many entries of a chat wait. */
interface Lane {
  waiting: number;
}

/** An append whose place in its lane is counted. An object of a class: each message has one for as long as Redis takes. */
class Counted implements Told {
  readonly #lane: Lane;
  readonly #appending: Appending;

  constructor(lane: Lane, appending: Appending) {
    this.#lane = lane;
    this.#appending = appending;
  }

  done(appended: Appended): void {
    if (appended.is !== 'new') this.#lane.waiting--;
    if (appended.is === 'full') this.#appending.refused(full());
    else this.#appending.accepted(appended);
  }

  failed(error: unknown): void {
    this.#lane.waiting--;
    this.#appending.refused(error);
  }
}

const accountsKept = 10_000;
const lanesKept = 64;

/**
 * The lanes' caps are counted here, by the process that appends and settles: from zero where an account begins, so that they are generous for a while then. The
 * account's cap is counted by the store and holds always.
 */
export function createOutbox({ store, caps = defaultCaps }: OutboxParts): Outbox {
  /** Empty ones stay for a while: a map that an entry comes to and leaves with every message makes itself anew each time. */
  const lanes = new Map<AccountId, Map<ChatId, Lane>>();

  function laneOf(account: AccountId, chat: ChatId): Lane {
    const known = lanes.get(account);
    const chats = known ?? new Map<ChatId, Lane>();
    if (known === undefined) {
      if (lanes.size >= accountsKept) for (const [one, its] of lanes) if (forgetEmpty(its)) lanes.delete(one);
      lanes.set(account, chats);
    }
    let lane = chats.get(chat);
    if (lane === undefined) {
      if (chats.size >= lanesKept) forgetEmpty(chats);
      lane = { waiting: 0 };
      chats.set(chat, lane);
    }
    return lane;
  }

  return {
    append(account, intent, origin, appending) {
      const lane = laneOf(account, intent.chat);
      if (lane.waiting >= caps.lane) return appending.refused(full());
      lane.waiting++;
      store.accept(account, { intent, origin }, markOf(intent, origin), caps, new Counted(lane, appending));
    },
    settled(account, chat) {
      const lane = lanes.get(account)?.get(chat);
      if (lane !== undefined && lane.waiting > 0) lane.waiting--;
    },
    renew: (account) => void lanes.delete(account),
  };
}

/** Nothing of it waits any more where this is true. */
function forgetEmpty(chats: Map<ChatId, Lane>): boolean {
  for (const [chat, { waiting }] of chats) if (waiting === 0) chats.delete(chat);
  return chats.size === 0;
}

const full = (): GatewayError =>
  new GatewayError('queue-full', { text: 'Too much is waiting to be sent there; try again later' });

/**
 * What makes a second copy of a message recognisable: who sent it, where to, the id that they gave it (XEP-0359 §2.2, else the stanza's), and what it says: there are
 * clients, and scripts, that count their ids from one whenever they begin. undefined: it is never taken for a copy.
 */
export function markOf({ chat }: DurableIntent, { via, from, originId, stanzaId, said }: Origin): string | undefined {
  const id = originId ?? stanzaId;
  if (via !== 'message' || id === undefined || id === '') return undefined;
  const known = `${bareOf(from)}\n${chat}\n${id.length <= longestId ? id : hash('sha1', id, 'base64')}`;
  return said === undefined ? known : `${known}\n${said}`;
}

/** Of an id that is kept as it is. */
const longestId = 128;
