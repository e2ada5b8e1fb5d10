/**
 * Nicks as our owner writes them, where they are spelled otherwise in the form that is equal for all spellings (CASEMAPPING: on most servers `[m]` and `{m}`
 * are one): what somebody says to us comes from the address at which they were written to, not from another one beside it.
 */
import { type PersonId, personId } from '#bridge';
import { type Core, personOf } from './core.ts';

/** Of letters the address holds the small ones. */
const hasSpellings = /[[\]\\~{}|^]/;
const small = (nick: string): string => nick.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

/** Our owner has written to them, or has them among the contacts: by the spelling of the last time they answer. */
export function noteAddress(core: Core, nick: string): void {
  if (!hasSpellings.test(nick)) return;
  const person = personOf(core, nick);
  const written = personId(small(nick));
  if (person === core.self) return;
  if (written === person) core.addressed.delete(person);
  else core.addressed.put(person, written);
}

/** By which our owner knows them. */
export const addressOf = (core: Core, person: PersonId): PersonId => core.addressed.get(person) ?? person;
