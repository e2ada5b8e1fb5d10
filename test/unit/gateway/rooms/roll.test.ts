/** Who is in a room: found by person, nick and identity, whatever these are, as an obvious list of them would. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { personId } from '../../../../src/core/ids.ts';
import { Roll } from '../../../../src/gateway/rooms/roll.ts';
import type { Occupant } from '../../../../src/gateway/rooms/room.ts';

const names = ['a', 'b', 'c', 'A'] as const;

const occupant = (person: string, nick: string, identity: string): Occupant => ({
  person: personId(person),
  identity,
  nick,
  power: 'participant',
  facts: {},
  jid: `r/${nick}`,
  contact: undefined,
  id: undefined,
  presence: undefined,
});

/** The obvious way. */
class List {
  #all: Occupant[] = [];
  get all(): readonly Occupant[] {
    return this.#all;
  }
  add(one: Occupant): void {
    this.#all = [...this.#all.filter(({ person, nick }) => person !== one.person && nick !== one.nick), one];
  }
  remove(one: Occupant): void {
    this.#all = this.#all.filter(({ person, nick }) => person !== one.person || nick !== one.nick);
  }
  replace(before: Occupant, after: Occupant): void {
    const at = this.#all.findIndex(({ person, nick }) => person === after.person && nick === after.nick);
    const keepsPlace = at >= 0 && before.person === after.person && before.nick === after.nick;
    if (keepsPlace) this.#all[at] = after;
    else {
      this.remove(before);
      this.add(after);
    }
  }
}

const name = fc.constantFrom(...names);
const somebody = fc.tuple(name, name, name).map((parts) => occupant(...parts));
const step = fc.oneof(
  somebody.map((one) => ({ do: 'add', one }) as const),
  fc.nat(3).map((which) => ({ do: 'remove', which }) as const),
  fc.tuple(fc.nat(3), somebody).map(([which, one]) => ({ do: 'replace', which, one }) as const),
  somebody.map((one) => ({ do: 'forget', one }) as const),
);

test('as a list that is looked through', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const roll = new Roll();
      const list = new List();
      // Identities are made so that nobody else has them (`identity.ts`).
      const free = (one: Occupant): boolean => !roll.isTaken(one.identity, one.person);
      for (const each of steps) {
        if (each.do === 'add' && free(each.one)) for (const into of [roll, list]) into.add(each.one);
        // Somebody who is not in, though others of that name may be.
        if (each.do === 'forget') for (const from of [roll, list]) from.remove(each.one);
        const known = 'which' in each ? list.all[each.which] : undefined;
        if (each.do === 'remove' && known !== undefined) for (const from of [roll, list]) from.remove(known);
        if (each.do === 'replace' && known !== undefined && free(each.one))
          for (const where of [roll, list]) where.replace(known, each.one);
        expect([...roll.all()]).toEqual(list.all);
        expect([...roll.persons()]).toEqual(list.all.map(({ person }) => person));
        expect(roll.size).toBe(list.all.length);
        for (const one of names) {
          expect(roll.of(personId(one))).toBe(list.all.find(({ person }) => person === one));
          expect(roll.called(one)).toBe(list.all.find(({ nick }) => nick === one));
          const holder = list.all.find(({ identity }) => identity === one)?.person;
          for (const other of names)
            expect(roll.isTaken(one, personId(other))).toBe(holder !== undefined && holder !== other);
        }
      }
      roll.clear();
      expect([roll.size, roll.called('a'), roll.isTaken('a', personId('b'))]).toEqual([0, undefined, false]);
    }),
    { numRuns: 1_000 },
  );
});
