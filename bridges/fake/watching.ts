/** Who wants to know what others look like, and is told. */
import type { NetworkEvent, PersonId } from '#bridge';

type Listener = (event: NetworkEvent) => void;

export interface Watching {
  /** In the place of whom that listener watched before; each is told at once. */
  watch(listener: Listener, persons: readonly PersonId[]): void;
  /** It listens no more. */
  forget(listener: Listener): void;
  /** Something changed: whoever watches that person is told. */
  changed(person: PersonId): void;
}

export function createWatching(look: (person: PersonId) => string | undefined, at: () => Date): Watching {
  const watched = new Map<Listener, ReadonlySet<PersonId>>();

  function tell(listener: Listener, person: PersonId): void {
    listener({ kind: 'person', at: at(), person, change: { name: person, avatar: look(person) ?? null } });
  }

  return {
    watch(listener, persons) {
      const before = watched.get(listener);
      watched.set(listener, new Set(persons));
      for (const person of persons) if (before?.has(person) !== true) tell(listener, person);
    },
    forget: (listener) => void watched.delete(listener),
    changed(person) {
      for (const [listener, persons] of watched) if (persons.has(person)) tell(listener, person);
    },
  };
}
