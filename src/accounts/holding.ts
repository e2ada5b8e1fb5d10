/** What is said in a room while its gap is still being told waits for that, so that all of it is told in the order in which it was said. */

import type { Log } from '../bridge/contract.ts';
import type { MessageEvent, NetworkEvent } from '../core/event.ts';
import type { AccountId, ChatId } from '../core/ids.ts';
import { sparseMap } from '../core/sparse.ts';
import type { Doubles } from './doubles.ts';

export interface Holding {
  /** The gap of that room is being told until then. */
  until(chat: ChatId, told: Promise<void>): void;
  /** True: it waits. What has no room to wait is taken at once, out of order rather than lost. */
  holds(event: NetworkEvent): boolean;
}

export interface HoldingParts {
  /** What the gap had is not told again. */
  readonly doubles: Pick<Doubles, 'besides'>;
  take(event: NetworkEvent): unknown;
  readonly log: Pick<Log, 'error'>;
  readonly signal: AbortSignal;
}

const heldAtMost = 5_000;
/** How long what is said now waits for what was said before (ms): as much as is ever fetched has come by then from a network that is up. */
export const heldForMs = 60_000;

const kinds: ReadonlySet<NetworkEvent['kind']> = new Set(['message', 'edited', 'retracted', 'reaction', 'remark']);

/** Others say it: one's own is waited for. */
const mayWait = (event: NetworkEvent): event is Extract<NetworkEvent, { chat: ChatId }> =>
  kinds.has(event.kind) && !(event.kind === 'message' && (event.history === true || event.sentBy !== undefined));

/** For one account. */
export const createHolding = (account: AccountId, parts: HoldingParts): Holding => new HeldBack(account, parts);

/** An object of a class: each account has one, and nearly every event asks it. */
class HeldBack implements Holding {
  readonly #account: AccountId;
  readonly #parts: HoldingParts;
  readonly #held = sparseMap<ChatId, NetworkEvent[]>();
  /** It has waited. */
  #passing: NetworkEvent | undefined;

  constructor(account: AccountId, parts: HoldingParts) {
    this.#account = account;
    this.#parts = parts;
  }

  until(chat: ChatId, told: Promise<void>): void {
    if (this.#held.has(chat)) return;
    const waiting: NetworkEvent[] = [];
    this.#held.set(chat, waiting);
    told
      .then(() => this.#release(chat, waiting))
      .catch((error: unknown) => {
        this.#held.delete(chat);
        this.#parts.log.error({ account: this.#account, error }, 'what waited for a gap met a bug');
      });
  }

  holds(event: NetworkEvent): boolean {
    if (this.#held.size === 0 || event === this.#passing || !mayWait(event)) return false;
    const waiting = this.#held.get(event.chat);
    if (waiting === undefined || waiting.length >= heldAtMost) return false;
    waiting.push(event);
    return true;
  }

  #pass(event: NetworkEvent): void {
    this.#passing = event;
    this.#parts.take(event);
    this.#passing = undefined;
  }

  /** Told twice rather than lost, where the archive can't say. */
  async #besides(messages: readonly MessageEvent[]): Promise<readonly MessageEvent[]> {
    const { doubles, log } = this.#parts;
    try {
      return await doubles.besides(messages);
    } catch (error) {
      log.error({ account: this.#account, error }, 'the archive could not be searched for what a gap has told');
      return messages;
    }
  }

  /** What comes while the archive is asked waits, too. */
  async #release(chat: ChatId, waiting: NetworkEvent[]): Promise<void> {
    while (waiting.length > 0 && !this.#parts.signal.aborted) {
      const some = waiting.splice(0);
      const fresh = new Set<NetworkEvent>(await this.#besides(some.filter((one) => one.kind === 'message')));
      for (const one of some) if (one.kind !== 'message' || fresh.has(one)) this.#pass(one);
    }
    this.#held.delete(chat);
  }
}
