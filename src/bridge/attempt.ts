/** One try at sending something: what the network takes, for whom it is, and what became of it. */
import type { ChatId, DeliveryKey, MessageRef } from '../core/ids.ts';

export interface Limits {
  /** What one network message holds, in UTF-8 bytes; of a longer text the bridge makes parts, none of them larger. */
  readonly textBytes: number;
  /** The longest text taken at all, in UTF-8 bytes; over it the gateway refuses (`message-too-long`). */
  readonly maxBytes: number;
  /** How long after it was said a message can be corrected; later the gateway says it in words. Absent: always. */
  readonly editWindowMs?: number;
  /** All that may be reacted with, and how many of them by one person to one message; absent: what they like. Announced, and seen to, by the gateway (444-10). */
  readonly emoji?: ReadonlySet<string>;
  readonly emojiPerPerson?: number;
  /** Attempts the account may have in flight over all chats. */
  readonly concurrency: number;
  /** Attempts of one chat that may be in flight at once, started in order; 1 where the network can't keep order for us. */
  readonly window: number;
  /** The network itself drops a second send with the same key. */
  readonly dedupes: boolean;
}

export interface Attempt {
  readonly chat: ChatId;
  readonly key: DeliveryKey;
  /** 1 for the first; ≥ 2: it may have been sent before (see `reconcile`). */
  readonly number: number;
  readonly signal: AbortSignal;
}

export interface Sent {
  readonly refs: readonly MessageRef[];
  /** Epoch milliseconds, by the network's clock where it tells. */
  readonly at: number;
  /** What was really sent, where the network altered the text (CHECKLIST 45-43). */
  readonly text?: string;
}
