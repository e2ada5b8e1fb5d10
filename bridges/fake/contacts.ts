/** Whom the users of the fake network have on their lists, and how people are: changed by scripts and by the users themselves, told at once. */
import { type Clock, GatewayError, type NetworkEvent, type PersonId, type Session, type Show } from '#bridge';

/** What a user's list says of somebody. */
interface Entry {
  readonly name: string;
  readonly groups: readonly string[];
}

interface Shown {
  readonly show: Show;
  readonly status?: string;
  readonly since?: number;
}

/** All lists of the network. */
export interface Contacts {
  /** On that user's list from now on, or there otherwise than before. */
  put(owner: PersonId, person: PersonId, entry?: Partial<Entry>): void;
  remove(owner: PersonId, person: PersonId): void;
  on(owner: PersonId): readonly PersonId[];
  /** Somebody wants to see how that user is. */
  ask(person: PersonId, owner: PersonId, text?: string): void;
  /** Who may see how that user is, because they asked. */
  seenBy(owner: PersonId): readonly PersonId[];
  /** How somebody is from now on. */
  appear(person: PersonId, shown: Shown): void;
  /** That user writes to somebody from another client of theirs. */
  sayElsewhere(event: Extract<NetworkEvent, { kind: 'message' }>): void;
  /** What a login gets of it. `emit` tells it. */
  session(me: () => PersonId): Required<Pick<Session, 'contacts' | 'watch'>>;
  /** Nobody of that login listens any more. */
  leave(me: PersonId): void;
  /** Somebody came or went. */
  moved(person: PersonId): void;
}

/** What it needs of the rest of the network. */
export interface ContactsParts {
  readonly clock: Pick<Clock, 'now'>;
  /** To that user's session, if there is one. */
  tell(owner: PersonId, event: NetworkEvent): void;
  /** Is anybody of that name there? */
  isThere(person: PersonId): boolean;
  people(): Iterable<PersonId>;
}

/** An empty book. */
export function createContacts({ clock, tell, isThere, people }: ContactsParts): Contacts {
  const lists = new Map<PersonId, Map<PersonId, Entry>>();
  const shown = new Map<PersonId, Shown>();
  const watched = new Map<PersonId, ReadonlySet<PersonId>>();
  const asked = new Map<PersonId, Set<PersonId>>();
  const allowed = new Map<PersonId, Set<PersonId>>();

  const at = (): Date => new Date(clock.now());
  const listOf = (owner: PersonId): Map<PersonId, Entry> => {
    const list = lists.get(owner) ?? new Map<PersonId, Entry>();
    lists.set(owner, list);
    return list;
  };
  const setOf = (of: Map<PersonId, Set<PersonId>>, owner: PersonId): Set<PersonId> => {
    const set = of.get(owner) ?? new Set<PersonId>();
    of.set(owner, set);
    return set;
  };
  const nowOf = (person: PersonId): Shown => shown.get(person) ?? { show: isThere(person) ? 'online' : 'offline' };
  const tellOf = (owner: PersonId, person: PersonId): void =>
    tell(owner, { kind: 'presence', at: at(), person, ...nowOf(person) });

  function tellWatchers(person: PersonId): void {
    for (const [owner, persons] of watched) if (persons.has(person)) tellOf(owner, person);
  }

  function put(owner: PersonId, person: PersonId, entry: Partial<Entry> = {}): void {
    const list = listOf(owner);
    const before = list.get(person);
    list.set(person, { name: entry.name ?? before?.name ?? person, groups: entry.groups ?? before?.groups ?? [] });
    if (before === undefined) tell(owner, { kind: 'contact', at: at(), person, is: 'listed' });
    else tell(owner, { kind: 'person', at: at(), person, change: entry });
  }

  function remove(owner: PersonId, person: PersonId): void {
    if (listOf(owner).delete(person)) tell(owner, { kind: 'contact', at: at(), person, is: 'unlisted' });
  }

  return {
    put,
    remove,
    on: (owner) => [...listOf(owner).keys()],
    ask(person, owner, text) {
      setOf(asked, owner).add(person);
      tell(owner, { kind: 'contact', at: at(), person, is: 'asks', ...(text !== undefined && { text }) });
    },
    seenBy: (owner) => [...setOf(allowed, owner)],
    appear(person, now) {
      shown.set(person, now);
      tellWatchers(person);
    },
    sayElsewhere: (event) => tell(event.by, event),
    session: (me) => ({
      watch(persons) {
        watched.set(me(), new Set(persons));
        for (const person of persons) tellOf(me(), person);
      },
      contacts: {
        async *list() {
          yield* [...listOf(me()).keys()];
        },
        async about(person) {
          return listOf(me()).get(person) ?? { name: person };
        },
        async add(person) {
          if (/^no/.test(person)) throw new GatewayError('no-such-person', { text: `Nobody is called ${person}` });
          if (!listOf(me()).has(person)) put(me(), person);
        },
        remove: async (person) => remove(me(), person),
        async answer(person, accepted) {
          if (!setOf(asked, me()).delete(person)) throw new GatewayError('no-such-person');
          if (accepted) setOf(allowed, me()).add(person);
        },
        async find(text, max) {
          const known = new Map<PersonId, string>([...people()].map((person) => [person, person]));
          for (const list of lists.values()) for (const [person, { name }] of list) known.set(person, name);
          const wanted = text.toLowerCase();
          const found = [...known].filter(([person, name]) => `${person} ${name}`.toLowerCase().includes(wanted));
          return found.slice(0, max).map(([person, name]) => ({ person, name }));
        },
      },
    }),
    leave: (me) => void watched.delete(me),
    moved: tellWatchers,
  };
}
