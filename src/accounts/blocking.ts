/** The people whom an account's owner has blocked: known to the face, and to the network where it can keep them off. */

import type { Session } from '../bridge/contract.ts';
import type { PersonId } from '../core/ids.ts';
import { sparseSet } from '../core/sparse.ts';
import type { Face, Outgoing } from '../gateway/face.ts';
import type { AccountRow } from '../storage/ports.ts';
import type { AccountWorld } from './world.ts';

export interface Blocking {
  /** As they were kept. */
  load(): Promise<void>;
  /** The face knows who they are there, and the network hears of all of them. It is never told of others that it has on a list of its own (CHECKLIST 191-02). */
  connected(session: Session): void;
  /** Returns what the owner is shown of it. */
  change(person: PersonId, isBlocked: boolean, session: Session | undefined): readonly Outgoing[];
}

/** For one account. */
export function createBlocking(
  row: AccountRow,
  face: Face,
  { store, ignore }: Pick<AccountWorld, 'store' | 'ignore'>,
): Blocking {
  const blocked = sparseSet<PersonId>();
  return {
    async load() {
      for (const person of await store.blocked(row.id)) blocked.add(person);
      if (blocked.size > 0) face.block([...blocked], true);
    },
    connected({ blocks }) {
      // Who that is on the network is known from here on.
      if (blocked.size > 0) face.block([...blocked], true);
      if (blocks !== undefined) for (const person of blocked) blocks.block(person).catch(ignore);
    },
    change(person, isBlocked, session) {
      if (isBlocked) blocked.add(person);
      else blocked.delete(person);
      const told = isBlocked ? session?.blocks?.block(person) : session?.blocks?.unblock(person);
      told?.catch(ignore);
      return face.block([person], isBlocked);
    },
  };
}
