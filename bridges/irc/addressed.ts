/**
 * Nicks as our owner writes them, where they are spelled otherwise in the form that is equal for all spellings (CASEMAPPING: on most servers `[m]` and `{m}`
 * are one): what somebody says to us comes from the address at which they were written to, not from another one beside it.
 */
import { type PersonId, personId } from '#bridge';
import { type Core, personOf } from './core.ts';

/** Of letters the address holds the small ones. */
const hasSpellings = /[[\]\\]/;
const small = (nick: string): string => nick.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

/** Our owner has written to them, or has them among the contacts. */
export function noteAddress(core: Core, nick: string): void {
  if (!hasSpellings.test(nick)) return;
  const person = personOf(core, nick);
  const written = personId(small(nick));
  if (written !== person && person !== core.self) core.addressed.put(person, written);
}

/** By which our owner knows them. */
export const addressOf = (core: Core, person: PersonId): PersonId => core.addressed.get(person) ?? person;
