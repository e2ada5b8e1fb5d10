/** What is called how where a message is read or written: ids become names, and the names that people type become ids again. */

/** All ids are Discord's own numbers, as text. */
export interface Names {
  /** What that person is called there; undefined: not known. */
  person(id: string): string | undefined;
  role(id: string): string | undefined;
  /** A channel's or a thread's name, without "#". */
  room(id: string): string | undefined;
  /** Can people come into that channel or thread? */
  isRoom(id: string): boolean;
  /** Everybody who is called so there, by `folded` name: two make it ambiguous, and nobody is meant. */
  peopleCalled(name: string): readonly string[];
  /** The roles of that `folded` name that whoever writes may mention. */
  rolesCalled(name: string): readonly string[];
  /** The channels of that `folded` name that can be seen from there. */
  roomsCalled(name: string): readonly string[];
  /** An emoji of the guild's own that whoever writes may use, by its exact name. */
  emojiCalled(name: string): Emoji | undefined;
}

export interface Emoji {
  readonly id: string;
  readonly isAnimated: boolean;
}

/** A name as it is looked up: however it is typed, upper case or lower. */
export const folded = (name: string): string => name.normalize('NFC').toLowerCase();

const nobody: readonly string[] = [];

/** Where nothing is known: ids stay as they are, and nobody is mentioned. */
export const noNames: Names = {
  person: () => undefined,
  role: () => undefined,
  room: () => undefined,
  isRoom: () => false,
  peopleCalled: () => nobody,
  rolesCalled: () => nobody,
  roomsCalled: () => nobody,
  emojiCalled: () => undefined,
};
