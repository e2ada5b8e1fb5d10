/** Names that people type: "@Ada", "Ada: " at a line's beginning, "#general", ":blobcat:". Only what means just one is taken for it. */
import { personId } from '#bridge';
import { roomOf } from '../../addresses.ts';
import { folded, type Names } from '../names.ts';
import type { Atom } from './atoms.ts';
import { emojiUrl } from './syntax.ts';

/** Discord's longest: a role's or a channel's name. */
const longest = 100;
const inName = /[\p{L}\p{N}_]/u;
/** Before a name in words; behind '<' it is in Discord's own form. */
const notBefore = /[\p{L}\p{N}_<]/u;

/** The names typed in a line. */
export function typedNames(plain: string, names: Names): readonly Atom[] {
  const found: Atom[] = [];
  const head = addressed(plain, names);
  if (head !== undefined) found.push(head);
  for (let at = head?.to ?? 0; at < plain.length; at++) {
    const char = plain.charAt(at);
    if (char !== '@' && char !== '#' && char !== ':') continue;
    if (at > 0 && notBefore.test(plain.charAt(at - 1))) continue;
    const atom = char === ':' ? emojiAt(plain, at, names) : nameAt(plain, at, names);
    if (atom === undefined) continue;
    found.push(atom);
    at = atom.to - 1;
  }
  return found;
}

type Lookup = (name: string) => Pick<Atom, 'shown' | 'written' | 'mark'> | 'several' | undefined;

/** The longest name that begins there and ends where a word does. */
function nameAt(plain: string, at: number, names: Names): Atom | undefined {
  const lookup = plain[at] === '@' ? somebody(names) : someRoom(names);
  for (let to = Math.min(plain.length, at + 1 + longest); to > at + 1; to--) {
    if (inName.test(plain.charAt(to)) && inName.test(plain.charAt(to - 1))) continue;
    const found = lookup(plain.slice(at + 1, to));
    if (found === 'several') return undefined;
    if (found !== undefined) return { from: at, to, ...found };
  }
  return undefined;
}

function somebody(names: Names): Lookup {
  return (name) => {
    const key = folded(name);
    const people = names.peopleCalled(key);
    const roles = names.rolesCalled(key);
    const [person] = people;
    const [role] = roles;
    if (people.length + roles.length > 1) return 'several';
    if (person !== undefined) return personAtom(person, names);
    if (role === undefined) return undefined;
    return { shown: `@${names.role(role) ?? name}`, written: `<@&${role}>` };
  };
}

function personAtom(person: string, names: Names): Exclude<ReturnType<Lookup>, 'several'> {
  const name = names.person(person);
  if (name === undefined) return undefined;
  return { shown: `@${name}`, written: `<@${person}>`, mark: { is: 'mention', person: personId(person) } };
}

function someRoom(names: Names): Lookup {
  return (name) => {
    const rooms = names.roomsCalled(folded(name));
    const [room] = rooms;
    if (room === undefined) return undefined;
    if (rooms.length > 1) return 'several';
    const shown = `#${names.room(room) ?? name}`;
    return { shown, written: `<#${room}>`, mark: { is: 'room', chat: roomOf(room) } };
  };
}

function emojiAt(plain: string, at: number, names: Names): Atom | undefined {
  const name = /^:(\w{2,32}):/.exec(plain.slice(at, at + 34))?.[1];
  const emoji = name === undefined ? undefined : names.emojiCalled(name);
  if (name === undefined || emoji === undefined) return undefined;
  const { id, isAnimated } = emoji;
  const shown = `:${name}:`;
  const written = `<${isAnimated ? 'a' : ''}${shown}${id}>`;
  return { from: at, to: at + shown.length, shown, written, mark: { is: 'image', src: emojiUrl(id, isAnimated) } };
}

/** "Ada: " or "Ada, " in front, as people answer each other where nothing is clicked. */
function addressed(plain: string, names: Names): Atom | undefined {
  const end = plain.slice(0, longest + 1).search(/[:,](?:\s|$)/);
  if (end <= 0) return undefined;
  const people = names.peopleCalled(folded(plain.slice(0, end)));
  const [person] = people;
  const found = people.length === 1 && person !== undefined ? personAtom(person, names) : undefined;
  return found === undefined ? undefined : { from: 0, to: end, ...found };
}
