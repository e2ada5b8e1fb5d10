/** What ids and names mean in a channel: what is read is shown by names, what is typed is found by them. */
import type { Core } from './core.ts';
import { type Channel, type Emoji, type Guild, isForum, isRoom } from './guild.ts';
import { may, permissionsIn } from './permissions.ts';

/** All ids are Discord's own numbers, as text. */
export interface Names {
  /** What that person is called there; undefined: not known. */
  person(id: string): string | undefined;
  role(id: string): string | undefined;
  /** A channel's or a thread's name, without "#". */
  room(id: string): string | undefined;
  /** Everybody who is called so there, by `folded` name: two make it ambiguous, and nobody is meant. */
  peopleCalled(name: string): readonly string[];
  /** The roles of that `folded` name that whoever writes may mention. */
  rolesCalled(name: string): readonly string[];
  /** The channels of that `folded` name that can be seen from there. */
  roomsCalled(name: string): readonly string[];
  /** An emoji of the guild's own that whoever writes may use, by its exact name. */
  emojiCalled(name: string): Emoji | undefined;
}

/** A name as it is looked up: however it is typed, upper case or lower. */
const folded = (name: string): string => name.normalize('NFC').toLowerCase();

const nobody: readonly string[] = [];

/** Where nothing is known: ids stay as they are, and nobody is mentioned. */
const noNames: Names = {
  person: () => undefined,
  role: () => undefined,
  room: () => undefined,
  peopleCalled: () => nobody,
  rolesCalled: () => nobody,
  roomsCalled: () => nobody,
  emojiCalled: () => undefined,
};

/** In that guild; in a conversation of two only people have names. @param channel where somebody writes */
export function namesIn(core: Core, guild: Guild | undefined, channel: Channel | undefined): Names {
  if (guild === undefined) return { ...noNames, person: (id) => nameOfPerson(core, id) };
  return {
    person: (id) => guild.members.get(id)?.nick ?? nameOfPerson(core, id),
    role: (id) => guild.roles.get(id)?.name,
    room: (id) => guild.channels.get(id)?.name,
    peopleCalled: (name) => peopleCalled(guild, name),
    rolesCalled: (name) => (mayMentionAll(core, guild, channel) ? idsOf(guild.roles.values(), name) : []),
    roomsCalled: (name) =>
      idsOf(
        [...guild.channels.values()].filter((one) => isRoom(one) || isForum(one)),
        name,
      ),
    emojiCalled: (name) => guild.emoji.get(name),
  };
}

function nameOfPerson(core: Core, id: string): string | undefined {
  for (const { members } of core.guilds.values()) {
    const member = members.get(id);
    if (member !== undefined) return member.nick;
  }
  return undefined;
}

function peopleCalled({ members, nicks }: Guild, name: string): readonly string[] {
  const exact = nicks.get(name);
  if (exact !== undefined) return [exact];
  const found: string[] = [];
  for (const { id, nick, username } of members.values())
    if (folded(nick) === name || folded(username) === name) found.push(id);
  return found;
}

function idsOf(all: Iterable<{ readonly id: string; readonly name: string }>, name: string): readonly string[] {
  const found: string[] = [];
  for (const one of all) if (folded(one.name) === name) found.push(one.id);
  return found;
}

/** Roles ring for all who have them. */
function mayMentionAll(core: Core, guild: Guild, channel: Channel | undefined): boolean {
  const me = guild.members.get(core.me);
  if (me === undefined || channel === undefined) return false;
  return (permissionsIn(guild, channel, me, core.clock.now()) & may.mentionEveryone) !== 0n;
}
