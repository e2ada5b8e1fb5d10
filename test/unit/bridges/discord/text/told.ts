/** A guild that the tests of Discord's texts speak of. */
import { type Names, noNames } from '../../../../../bridges/discord/text/index.ts';

const people = new Map([
  ['1', 'Ada'],
  ['2x', 'nobody'],
  ['3', 'Ada Lovelace'],
  ['4', 'Bob'],
  ['44', 'bob'],
  ['45', 'C. (d)_e'],
]);
const rooms = new Map([
  ['5', 'general'],
  ['51', 'twice'],
  ['52', 'twice'],
]);
const roles = new Map([
  ['6', 'Crew'],
  ['61', 'Bosses'],
]);

const calledIn = (all: ReadonlyMap<string, string>, name: string): readonly string[] =>
  [...all].flatMap(([id, one]) => (one.toLowerCase() === name ? [id] : []));

/** Two are called Bob, two channels "twice"; "Crew" may be mentioned, "Bosses" may not. */
export const names: Names = {
  ...noNames,
  person: (id) => (/^\d+$/.test(id) ? people.get(id) : undefined),
  role: (id) => roles.get(id),
  room: (id) => rooms.get(id),
  isRoom: (id) => id !== '52' && rooms.has(id),
  peopleCalled: (name) => calledIn(people, name),
  rolesCalled: (name) => calledIn(roles, name).filter((id) => id === '6'),
  roomsCalled: (name) => calledIn(rooms, name),
  emojiCalled: (name) => (name === 'cat' ? { id: '77', isAnimated: false } : undefined),
};
