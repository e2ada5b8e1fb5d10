/**
 * What is said to one person and has not reached the network after a while: its sender is told that it waits, once a conversation, until everything of it has
 * arrived. In rooms the reflection that is not there yet says it.
 */

import { GatewayError } from '../core/errors.ts';
import type { ChatId, DeliveryKey } from '../core/ids.ts';
import { sparseMap, sparseSet } from '../core/sparse.ts';
import type { Taken } from '../delivery/lanes.ts';
import { textsFor } from '../gateway/commands/texts.ts';
import type { Face } from '../gateway/face.ts';
import { placeName } from '../gateway/labels.ts';
import type { AccountRow, OutboxEntry } from '../storage/ports.ts';
import type { AccountWorld } from './world.ts';

export interface Waiting {
  /** It is being tried. */
  trying(taken: Taken): void;
  /** That attempt has ended; `error`: what it threw, or why there is no other one. */
  landed(entry: OutboxEntry, error?: unknown): void;
}

const toldAfterMs = 5_000;

/** For one account. */
export function createWaiting(
  { on, domain }: Pick<AccountRow, 'on' | 'domain'>,
  face: Pick<Face, 'tell'>,
  { clock, send }: Pick<AccountWorld, 'clock' | 'send'>,
): Waiting {
  const waiting = sparseMap<DeliveryKey, Taken>();
  const told = sparseSet<ChatId>();
  let isArmed = false;

  const next = (): Taken | undefined => [...waiting.values()].find(({ intent }) => !told.has(intent.chat));

  function arm(): void {
    const first = isArmed ? undefined : next();
    if (first === undefined) return;
    isArmed = true;
    const cancel = clock.after(Math.max(0, first.origin.at + toldAfterMs - clock.now()), () => {
      first.signal.removeEventListener('abort', stop);
      isArmed = false;
      tell();
      arm();
    });
    const stop = (): void => cancel();
    first.signal.addEventListener('abort', stop, { once: true });
  }

  function tell(): void {
    for (const { intent, origin } of waiting.values()) {
      if (told.has(intent.chat) || origin.at + toldAfterMs > clock.now()) continue;
      told.add(intent.chat);
      send(face.tell(origin, textsFor(origin.lang).waits(placeName(on, domain))));
    }
  }

  return {
    trying(taken) {
      if (taken.origin.type === 'groupchat' || taken.signal.aborted) return;
      waiting.set(taken.key, taken);
      arm();
    },
    landed({ key, intent: { chat }, origin }, error) {
      if (origin.type === 'groupchat' || (error instanceof GatewayError && error.next !== 'stop')) return;
      waiting.delete(key);
      if (told.has(chat) && ![...waiting.values()].some(({ intent }) => intent.chat === chat)) told.delete(chat);
    },
  };
}
