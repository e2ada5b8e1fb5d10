/** What is said in a room while its gap is still being told waits for that, so that all of it is told in the order in which it was said. */

import type { Log } from '../bridge/contract.ts';
import type { NetworkEvent } from '../core/event.ts';
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
  readonly doubles: Pick<Doubles, 'without'>;
  take(event: NetworkEvent): unknown;
  readonly log: Pick<Log, 'error'>;
  readonly signal: AbortSignal;
}

const heldAtMost = 1_000;

const kinds: ReadonlySet<NetworkEvent['kind']> = new Set(['message', 'edited', 'retracted', 'reaction', 'remark']);

/** Others say it, and the network names it: one's own is waited for, and what has no name can't be told from the gap's. */
const mayWait = (event: NetworkEvent): event is Extract<NetworkEvent, { chat: ChatId }> =>
  kinds.has(event.kind) &&
  !(event.kind === 'message' && (event.history === true || event.unnamed === true || event.sentBy !== undefined));

/** For one account. */
export function createHolding(account: AccountId, parts: HoldingParts): Holding {
  const held = sparseMap<ChatId, NetworkEvent[]>();
  /** It has waited. */
  let passing: NetworkEvent | undefined;

  function pass(event: NetworkEvent): void {
    passing = event;
    parts.take(event);
    passing = undefined;
  }

  /** What comes while the archive is asked waits, too. */
  async function release(chat: ChatId, waiting: NetworkEvent[]): Promise<void> {
    while (waiting.length > 0 && !parts.signal.aborted) {
      const some = waiting.splice(0);
      const messages = some.filter((one) => one.kind === 'message');
      const fresh = new Set<NetworkEvent>(await parts.doubles.without(messages, true));
      for (const one of some) if (one.kind !== 'message' || fresh.has(one)) pass(one);
    }
    held.delete(chat);
  }

  return {
    until(chat, told) {
      if (held.has(chat)) return;
      const waiting: NetworkEvent[] = [];
      held.set(chat, waiting);
      told
        .then(() => release(chat, waiting))
        .catch((error: unknown) => {
          held.delete(chat);
          parts.log.error({ account, error }, 'what waited for a gap met a bug');
        });
    },
    holds(event) {
      if (held.size === 0 || event === passing || !mayWait(event)) return false;
      const waiting = held.get(event.chat);
      if (waiting === undefined || waiting.length >= heldAtMost) return false;
      waiting.push(event);
      return true;
    },
  };
}
