/** The network's own past of a chat, as `message` events with `history`, oldest first. */
import type { NetworkEvent } from '../core/event.ts';
import type { ChatId, MessageRef } from '../core/ids.ts';

/** A conversation of two, and when the last was said in it: epoch milliseconds, by the network's clock. */
export interface Spoken {
  readonly chat: ChatId;
  readonly at: number;
}

/** What a session offers of it. */
export interface History {
  /** What was said before that message or that time (epoch milliseconds), or at last, the newest `max`. */
  before(chat: ChatId, from: MessageRef | number | undefined, max: number): Promise<readonly NetworkEvent[]>;
  /** What was said after that message or that time (epoch milliseconds), the oldest `max`. */
  after?(chat: ChatId, from: MessageRef | number, max: number): Promise<readonly NetworkEvent[]>;
  /**
   * Conversations of two in which something may have been said while nobody listened, those that matter most first: asked for whenever the session has come
   * (again) after it could have missed something. What is behind the last message that is kept of each is then asked for by `after`.
   */
  conversations?(): readonly ChatId[];
  /** Asked as `conversations`, where the network itself can tell: those in which something was said since then (epoch milliseconds), with whomever they began. */
  spokenSince?(since: number): Promise<readonly Spoken[]>;
  /** So many of the last messages are wanted where a room is entered of which nothing is kept; absent: none. */
  readonly atFirst?: number;
}
