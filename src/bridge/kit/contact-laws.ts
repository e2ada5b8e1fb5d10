/** What a bridge promises of a network's own list of people, where its sessions have one (`Session.contacts`). */
import type { NetworkEvent } from '../../core/event.ts';
import type { PersonId } from '../../core/ids.ts';
import type { Session } from '../contract.ts';
import { ensure, type Law, live, loggedIn, until } from './laws.ts';

/** A login with such a list, and somebody who can be on it. */
interface ContactsSubject {
  readonly session: Session;
  readonly events: readonly NetworkEvent[];
  readonly person: PersonId;
  readonly signal: AbortSignal;
  /** Waits until that is so; throws in the end. */
  until(what: string, is: () => boolean): Promise<void>;
}

async function listed(session: Session): Promise<readonly PersonId[]> {
  const all: PersonId[] = [];
  for await (const person of session.contacts?.list() ?? []) all.push(person);
  return all;
}

const times = (events: readonly NetworkEvent[], person: PersonId, is: string): number =>
  events.filter((event) => event.kind === 'contact' && event.person === person && event.is === is).length;

/** Whoever is added is on the list once, is told to be, and can be asked about; whoever is removed is on it no more. */
async function keepsItsList({ session, events, person, signal, until }: ContactsSubject): Promise<void> {
  const { contacts } = session;
  if (contacts?.add === undefined || contacts.remove === undefined) return;
  ensure(!(await listed(session)).includes(person), 'the person is on the list already');
  await contacts.add(person, signal);
  await contacts.add(person, signal);
  ensure((await listed(session)).filter((one) => one === person).length === 1, 'whoever is added is on the list once');
  await until('being told who came', () => times(events, person, 'listed') === 1);
  const { name } = await contacts.about(person);
  ensure(name !== undefined && name !== '', 'whoever is on the list is called something');
  await contacts.remove(person, signal);
  ensure(!(await listed(session)).includes(person), 'whoever is removed is on the list no more');
  await until('being told who went', () => times(events, person, 'unlisted') === 1);
}

/** Whoever is watched is told of, beginning with how they are; of nobody else is anything told. */
async function tellsOfWatched({ session, events, person, until }: ContactsSubject): Promise<void> {
  const { contacts, watch } = session;
  if (contacts === undefined || watch === undefined) return;
  const told = (): readonly PersonId[] => events.flatMap((event) => (event.kind === 'presence' ? [event.person] : []));
  ensure(told().length === 0, 'nobody is told of before anybody is watched');
  watch([person]);
  await until('being told how somebody is', () => told().includes(person));
  ensure(
    told().every((one) => one === person),
    'nobody else is told of',
  );
}

function ofContacts(nick: string, law: (of: ContactsSubject) => Promise<void>): Law['check'] {
  return async (subject) => {
    const { acquaintance: person } = subject;
    if (person === undefined) return;
    await loggedIn(subject, nick, ({ session, events }) =>
      law({ session, events, person, signal: live(), until: (what, is) => until(subject, what, is) }),
    );
  };
}

/** All of them. */
export const contactLaws: readonly Law[] = [
  {
    name: 'whoever is added to a contact list is on it, and whoever is removed is not',
    check: ofContacts('kitlist', keepsItsList),
  },
  { name: 'whoever is watched is told of, and nobody else', check: ofContacts('kitwatch', tellsOfWatched) },
];
