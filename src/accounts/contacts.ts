/** The people whose presence an account's owner wants: kept, known to the face, and watched by the session. And those of whom nothing is wanted. */
import type { Session } from '../bridge/contract.ts';
import { GatewayError } from '../core/errors.ts';
import { type PersonId, personId, theServer } from '../core/ids.ts';
import type { DurableIntent } from '../core/intent.ts';
import type { Face } from '../gateway/face.ts';
import type { AccountRow } from '../storage/ports.ts';
import { type Blocking, createBlocking } from './blocking.ts';
import type { AccountWorld } from './world.ts';

export interface Contacts {
  readonly blocking: Blocking;
  /** All of them, as they were kept. */
  load(): Promise<void>;
  /** Keeps what the intent wants; what the clients are told is the face's, afterwards. Throws where there are too many. */
  keep(intent: Extract<DurableIntent, { kind: 'contact' }>): Promise<void>;
  /** The session tells of those who are contacts now. */
  watch(session: Session | undefined): void;
}

/** More than anybody knows; each costs the network a line now and then. */
const mostContacts = 1_000;

/** For one account. */
export function createContacts(row: AccountRow, face: Face, world: Pick<AccountWorld, 'store' | 'ignore'>): Contacts {
  const { store } = world;
  const blocking = createBlocking(row, face, world);
  let watched: readonly PersonId[] = [];
  return {
    blocking,
    async load() {
      face.knowContacts(await store.contacts(row.id));
      await blocking.load();
    },
    async keep({ chat, wanted }) {
      const person = personId(chat);
      if (!wanted) return store.removeContact(row.id, person);
      const contacts = face.contacts();
      if (contacts.length >= mostContacts && !contacts.includes(person))
        throw new GatewayError('queue-full', { text: `At most ${mostContacts} contacts on one server` });
      await store.putContact(row.id, person);
    },
    watch(session) {
      const wanted = face.contacts().filter((person) => person !== theServer);
      if (session === undefined || (wanted.length === 0 && watched.length === 0)) return;
      watched = wanted;
      session.watch?.(wanted);
    },
  };
}
