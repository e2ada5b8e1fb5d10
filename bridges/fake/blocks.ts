/** Who wants to hear nothing of whom: the network delivers none of it, and tells the sender nothing. */
import type { PersonId, Session } from '#bridge';

export interface BlockLists {
  /** Does that one hear nothing of the other? */
  has(person: PersonId, other: PersonId): boolean;
  set(person: PersonId, other: PersonId, isBlocked: boolean): void;
  of(person: PersonId): readonly PersonId[];
}

/** Kept for as long as the network is. */
export function createBlockLists(): BlockLists {
  const lists = new Map<PersonId, Set<PersonId>>();
  return {
    has: (person, other) => lists.get(person)?.has(other) === true,
    set(person, other, isBlocked) {
      const list = lists.get(person) ?? new Set();
      lists.set(person, list);
      if (isBlocked) list.add(other);
      else list.delete(other);
    },
    of: (person) => [...(lists.get(person) ?? [])],
  };
}

/** As a session offers it. */
export const createBlocks = (
  { blockLists }: { readonly blockLists: BlockLists },
  me: () => PersonId,
): NonNullable<Session['blocks']> => ({
  block: async (person) => blockLists.set(me(), person, true),
  unblock: async (person) => blockLists.set(me(), person, false),
});
