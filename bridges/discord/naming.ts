/** What ids and names mean in a channel: what is read is shown by names, what is typed is found by them. */
import type { Core } from './core.ts';
import { type Channel, type Guild, isForum, isRoom } from './guild.ts';
import { may, permissionsIn } from './permissions.ts';
import { folded, type Names, noNames } from './text/index.ts';

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
