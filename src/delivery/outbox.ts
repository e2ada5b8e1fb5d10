/** Accepting: an intent becomes an entry in its account's outbox, once, or is refused at once. */
import { GatewayError } from '../core/errors.ts';
import type { AccountId, ChatId, DeliveryKey } from '../core/ids.ts';
import type { DurableIntent, Origin } from '../core/intent.ts';
import type { OutboxStore } from '../storage/ports.ts';

/** `again`: the same stanza was accepted before; `result` is what its sender is to be told once more, absent while it waits. */
export type Accepted =
  | { readonly is: 'new'; readonly key: DeliveryKey }
  | { readonly is: 'again'; readonly result?: string };

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
}

export interface OutboxParts {
  readonly store: OutboxStore;
  /** Entries allowed in an account and in one lane of it. */
  readonly caps?: typeof defaultCaps;
}

/** A burst that one client is likely to send fits a lane; an account's lanes together can't fill the store. */
export const defaultCaps: { readonly account: number; readonly lane: number } = { account: 10_000, lane: 4_000 };

/**
 * The lanes' caps are counted here, by the process that appends and settles: from zero at a start, so that they are generous for a while after one. The
 * account's cap is counted by the store and holds always.
 */
export function createOutbox({ store, caps = defaultCaps }: OutboxParts): Outbox {
  const lanes = new Map<AccountId, Map<ChatId, number>>();

  function count(account: AccountId, chat: ChatId, by: 1 | -1): void {
    let chats = lanes.get(account);
    if (chats === undefined) {
      if (by < 0) return;
      chats = new Map();
      lanes.set(account, chats);
    }
    const now = (chats.get(chat) ?? 0) + by;
    if (now > 0) chats.set(chat, now);
    else if (chats.delete(chat) && chats.size === 0) lanes.delete(account);
  }

  return {
    append(account, intent, origin, appending) {
      const { chat } = intent;
      if ((lanes.get(account)?.get(chat) ?? 0) >= caps.lane) return appending.refused(full());
      count(account, chat, 1);
      store.append(account, { intent, origin }, markOf(intent, origin), caps).then(
        (appended) => {
          if (appended.is !== 'new') count(account, chat, -1);
          if (appended.is === 'full') appending.refused(full());
          else appending.accepted(appended);
        },
        (error: unknown) => {
          count(account, chat, -1);
          appending.refused(error);
        },
      );
    },
    settled: (account, chat) => count(account, chat, -1),
  };
}

const full = (): GatewayError =>
  new GatewayError('queue-full', { text: 'Too much is waiting to be sent there; try again later' });

/**
 * What makes a second copy of a message recognisable: who sent it, where to, and the id that they gave it (XEP-0359 §3.2, else the stanza's). undefined:
 * it is never taken for a copy.
 */
export function markOf(intent: DurableIntent, origin: Origin): string | undefined {
  if (origin.via !== 'message') return undefined;
  const id = origin.originId ?? origin.stanzaId;
  if (id === undefined || id === '') return undefined;
  return `${bare(origin.from)}\n${intent.chat}\n${id}`;
}

function bare(jid: string): string {
  const slash = jid.indexOf('/');
  return slash < 0 ? jid : jid.slice(0, slash);
}
