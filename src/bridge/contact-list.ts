/** Whom a network has on its users' lists: what a bridge offers of them as `Session.contacts`. */
import type { Person } from '../core/event.ts';
import type { PersonId } from '../core/ids.ts';

/**
 * The people whom the network itself has on its user's list. `contact` events tell who comes to it and goes from it, `person` events what of them changes.
 * All reject with the GatewayError that whoever asked should see.
 */
export interface ContactList {
  /** Everybody on it, once each, as it is now. */
  list(): AsyncIterable<PersonId>;
  /** What they are called, and under which headings the network has them. */
  about(person: PersonId): Promise<Partial<Person>>;
  /** Resolves once they are on it: where they are asked, once they have agreed. Somebody who is on it already stays so. */
  add?(person: PersonId, signal: AbortSignal): Promise<void>;
  /** Resolves once they are not on it. */
  remove?(person: PersonId, signal: AbortSignal): Promise<void>;
  /** They have asked (a `contact` event): may they see how we are? */
  answer?(person: PersonId, accepted: boolean, signal: AbortSignal): Promise<void>;
  /** People who are called so or alike, the best match first; on the list or not. */
  find?(text: string, max: number, signal: AbortSignal): Promise<readonly FoundPerson[]>;
}

export interface FoundPerson {
  readonly person: PersonId;
  readonly name: string;
  /** What tells them from others of that name. */
  readonly details?: string;
}
