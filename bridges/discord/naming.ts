/** What ids and names mean in a channel: what is read is shown by names, what is typed is found by them. */
import { peopleCalled } from './called.ts';
import { type Core, placeOf } from './core.ts';
import { type Channel, type Guild, isForum, isRoom, type Role } from './guild.ts';
import { may, permissionsIn, powerIn } from './permissions.ts';
import { folded, type Names, noNames } from './text/index.ts';

/** In that guild; in a conversation of two only people have names. @param channel where somebody writes */
export function namesIn(core: Core, guild: Guild | undefined, channel: Channel | undefined): Names {
  if (guild === undefined)
    return {
      ...noNames,
      person: (id) => nameOfPerson(core, id),
      room: (id) => nameOfRoom(core, id),
      isRoom: (id) => nameOfRoom(core, id) !== undefined,
    };
  const roles = once(() => byName(mentionable(core, guild, channel), ({ name }) => [name]));
  const rooms = once(() =>
    byName(
      [...guild.channels.values()].filter((one) => isRoom(one) || isForum(one)),
      ({ name }) => [name],
    ),
  );
  return {
    person: (id) => guild.members.get(id)?.nick ?? nameOfPerson(core, id),
    role: (id) => guild.roles.get(id)?.name,
    room: (id) => guild.channels.get(id)?.name || nameOfRoom(core, id),
    isRoom: (id) => nameOfRoom(core, id) !== undefined,
    peopleCalled: (name) => peopleCalled(guild, name),
    rolesCalled: (name) => roles().get(name) ?? nobody,
    roomsCalled: (name) => rooms().get(name) ?? nobody,
    emojiCalled: (name) => guild.emoji.get(name),
  };
}

/** Of one that our users can come into, in whichever guild: the bot is let in. */
function nameOfRoom(core: Core, id: string): string | undefined {
  const place = placeOf(core, id);
  const me = place?.guild.members.get(core.me);
  if (place === undefined || me === undefined || !isRoom(place.channel)) return undefined;
  const isIn = powerIn(place.guild, place.channel, me, core.clock.now()) !== undefined;
  return isIn ? place.channel.name : undefined;
}

function nameOfPerson(core: Core, id: string): string | undefined {
  for (const { members } of core.guilds.values()) {
    const member = members.get(id);
    if (member !== undefined) return member.nick;
  }
  return undefined;
}

const nobody: readonly string[] = [];

/** A text may name thousands, and is looked up at each of its words: all are gone through once. */
function byName<One extends { readonly id: string }>(
  all: Iterable<One>,
  namesOf: (one: One) => readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const one of all) {
    for (const name of new Set(namesOf(one).map(folded))) {
      const there = found.get(name);
      if (there === undefined) found.set(name, [one.id]);
      else there.push(one.id);
    }
  }
  return found;
}

function once<Made extends object>(make: () => Made): () => Made {
  let made: Made | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Roles ring for all who have them: those that anybody may ring, and all where the bot may; never everybody's. */
function mentionable(core: Core, guild: Guild, channel: Channel | undefined): readonly Role[] {
  const all = [...guild.roles.values()].filter(({ id }) => id !== guild.id);
  return mayMentionAll(core, guild, channel) ? all : all.filter(({ isMentionable }) => isMentionable);
}

function mayMentionAll(core: Core, guild: Guild, channel: Channel | undefined): boolean {
  const me = guild.members.get(core.me);
  if (me === undefined || channel === undefined) return false;
  return (permissionsIn(guild, channel, me, core.clock.now()) & may.mentionEveryone) !== 0n;
}
