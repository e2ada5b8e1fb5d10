/** An account's lanes: what they try is carried out by its session and its parts, and what fails for good is told to who said it. */

import type { ChatId } from '../core/ids.ts';
import { sparseMap, sparseSet } from '../core/sparse.ts';
import type { Lanes } from '../delivery/lanes.ts';
import type { Face, Projection } from '../gateway/face.ts';
import type { AccountRow } from '../storage/ports.ts';
import type { attending } from './attending.ts';
import type { Connection } from './connection.ts';
import { createExecutor } from './execute.ts';
import type { Features } from './features.ts';
import type { Grace } from './grace.ts';
import { createWaiting } from './waiting.ts';
import type { LeasedWorld } from './world.ts';

export interface AccountLanesParts {
  readonly row: AccountRow;
  readonly face: Face;
  readonly world: LeasedWorld;
  readonly attend: ReturnType<typeof attending>;
  readonly connection: Connection;
  readonly grace: Grace;
  readonly features: Features;
  deliver(told: Projection): void;
  /** What to wait for until the face knows all that the network has told so far; undefined: it does. */
  told(): Promise<void> | undefined;
  onIdle(): void;
  onLost(): void;
  readonly signal: AbortSignal;
}

/** Of one account. */
export function lanesOf(parts: AccountLanesParts): Lanes {
  const { row, face, world, attend, connection, grace, features, deliver, told, onIdle, onLost, signal } = parts;
  /** Chats in which something else than a message is being tried: what is behind it waits. */
  const alone = sparseSet<ChatId>();
  const beside = sparseMap<ChatId, number>();
  const waiting = createWaiting(row, face, world);
  const known = { row, face, world, ...features, waiting, alone, beside, deliver, grace };
  const execute = createExecutor({ ...known, connection, told, freed: (chat) => lanes.widened(chat) });
  const lanes = world.lanes(row.id, world.fence, {
    execute: attend(execute),
    limits(chat) {
      const limits = connection.session()?.limits(chat);
      if (limits === undefined) return undefined;
      if (alone.has(chat)) return { ...limits, window: 1 };
      return beside.size === 0 ? limits : { ...limits, window: limits.window + (beside.get(chat) ?? 0) };
    },
    onFailed(entry, error) {
      // What is too late was not tried: nobody else knows that it waits no more, and that who asked to come in again is out.
      waiting.landed(entry, error);
      // Who is sent on to the address under which the room is open may be in it there.
      if (entry.intent.kind === 'join' && error.code !== 'forwarded')
        features.clients.refused(entry.intent.chat, entry.origin.from, error.message);
      deliver(face.failed(entry.key, entry.intent, entry.origin, error));
    },
    onSettled(chat) {
      world.outbox.settled(row.id, chat);
    },
    onIdle,
    onLost,
    signal,
  });
  return lanes;
}
