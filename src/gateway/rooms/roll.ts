/**
 * Who is in a room, found by person, by nick and by what their occupant-id is made of. Where nick and identity are the person's own id, as for most on IRC, one
 * table finds all three (design/what-an-account-holds.md).
 */
import type { PersonId } from '../../core/ids.ts';
import { sparseMap, sparseSet } from '../../core/sparse.ts';
import type { Occupant } from './room.ts';

/** Of one room. One person, one nick, one identity: one occupant. */
export class Roll {
  /** Whom the clients know under another occupant-id than they have by now. */
  readonly renewed = sparseSet<PersonId>();
  readonly #byPerson = new Map<PersonId, Occupant>();
  /** Whose nick is not their id. */
  readonly #byNick = sparseMap<string, PersonId>();
  /** Whose identity is not their id. */
  readonly #byIdentity = sparseMap<string, PersonId>();

  get size(): number {
    return this.#byPerson.size;
  }

  /** In the order in which they came in or changed nick. Who comes in meanwhile is come by. */
  all(): MapIterator<Occupant> {
    return this.#byPerson.values();
  }

  persons(): MapIterator<PersonId> {
    return this.#byPerson.keys();
  }

  of(person: PersonId): Occupant | undefined {
    return this.#byPerson.get(person);
  }

  called(nick: string): Occupant | undefined {
    const occupant = this.#byPerson.get(this.#byNick.get(nick) ?? (nick as PersonId));
    return occupant?.nick === nick ? occupant : undefined;
  }

  /** Is it somebody else's? */
  isTaken(identity: string, person: PersonId): boolean {
    const holder = this.#byPerson.get(this.#byIdentity.get(identity) ?? (identity as PersonId));
    return holder !== undefined && holder.identity === identity && holder.person !== person;
  }

  /** Whoever had the nick, or was taken for the same person, is not in any more. */
  add(occupant: Occupant): void {
    const { person, nick, identity } = occupant;
    const holder = this.called(nick);
    if (holder !== undefined) this.remove(holder);
    const same = this.of(person);
    if (same !== undefined) this.remove(same);
    this.#byPerson.set(person, occupant);
    if (nick !== person) this.#byNick.set(nick, person);
    if (identity !== person) this.#byIdentity.set(identity, person);
  }

  /** Nobody, where somebody else has the nick by now. */
  remove({ person, nick }: Occupant): void {
    const held = this.#byPerson.get(person);
    if (held?.nick !== nick) return;
    this.renewed.delete(person);
    this.#byPerson.delete(person);
    this.#byNick.delete(nick);
    this.#giveUp(held);
  }

  /** Whoever keeps nick and id keeps their place in the order. */
  replace(before: Occupant, after: Occupant): void {
    const { person, nick, identity } = after;
    const held = this.of(person);
    if (before.person !== person || before.nick !== nick || held?.nick !== nick) {
      this.remove(before);
      this.add(after);
      return;
    }
    this.#byPerson.set(person, after);
    if (held.identity === identity) return;
    this.#giveUp(held);
    if (identity !== person) this.#byIdentity.set(identity, person);
  }

  clear(): void {
    this.renewed.clear();
    this.#byPerson.clear();
    this.#byNick.clear();
    this.#byIdentity.clear();
  }

  #giveUp({ identity, person }: Occupant): void {
    if (identity !== person) this.#byIdentity.delete(identity);
  }
}
