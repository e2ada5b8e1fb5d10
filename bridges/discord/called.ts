/** By what people of a guild are found: gone through once, when the first one is looked for, and kept up from then on, for in a large guild somebody changes all the time. */
import type { Guild, Member } from './guild.ts';
import { folded } from './text/index.ts';

type Called = NonNullable<Guild['called']>;

const nobody: readonly string[] = [];

const namesOf = ({ nick, username }: Member): ReadonlySet<string> => new Set([folded(nick), folded(username)]);

function add(called: Called, member: Member): void {
  for (const name of namesOf(member)) called.set(name, [...(called.get(name) ?? nobody), member.id]);
}

function remove(called: Called, member: Member): void {
  for (const name of namesOf(member)) {
    const others = (called.get(name) ?? nobody).filter((id) => id !== member.id);
    if (others.length === 0) called.delete(name);
    else called.set(name, others);
  }
}

/** All who are called so. @param name folded, or somebody's very nick */
export function peopleCalled(guild: Guild, name: string): readonly string[] {
  const exact = guild.nicks.get(name);
  if (exact !== undefined) return [exact];
  if (guild.called === undefined) {
    guild.called = new Map();
    for (const member of guild.members.values()) add(guild.called, member);
  }
  return guild.called.get(name) ?? nobody;
}

/** Somebody is called otherwise. @param before, @param now undefined: they were not known, or are not any more */
export function renamed({ called }: Guild, before: Member | undefined, now: Member | undefined): void {
  if (called === undefined || (before?.nick === now?.nick && before?.username === now?.username)) return;
  if (before !== undefined) remove(called, before);
  if (now !== undefined) add(called, now);
}
