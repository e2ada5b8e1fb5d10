/** Who is in a room: those who see the channel, or have joined the thread; of a crowd those who matter (design/crowds-are-told-in-pieces.md). Told as differences. */
import { asResource, type Member, type MemberChange, type PersonId, type Power, personId } from '#bridge';
import type { Core, OpenRoom } from './core.ts';
import { placeOf } from './core.ts';
import type { Channel, Guild, Member as GuildMember } from './guild.ts';
import { hatsOf } from './hats.ts';
import { left, type Why } from './parting.ts';
import { powerIn, powersIn } from './permissions.ts';

/** Of whoever spoke, in a crowd. */
const speakersAtMost = 200;

/** Timers hold no 28 days. */
const longestTimerMs = 86_400_000;

const moderating: ReadonlySet<Power> = new Set<Power>(['owner', 'admin', 'moderator']);

/** As the room shows them; undefined: they do not see the channel. */
export function memberOf(core: Core, guild: Guild, channel: Channel, member: GuildMember): Member | undefined {
  const power = powerIn(guild, channel, member, core.clock.now());
  return power === undefined ? undefined : shownAs(core, guild, member, power);
}

function shownAs(core: Core, guild: Guild, member: GuildMember, power: Power): Member {
  const { id, nick, isBot, avatar } = member;
  const hats = hatsOf(guild, member.roles);
  return {
    person: personId(id),
    nick,
    power,
    ...(isBot && { isBot }),
    ...(avatar !== undefined && { avatar }),
    ...(hats.length > 0 && { hats }),
    ...presenceOf(core, guild, id),
  };
}

/** Nobody leaves a guild by going offline: they are away for long. */
function presenceOf(core: Core, guild: Guild, id: string): Pick<Member, 'show' | 'status'> {
  if (!core.intents.has.presences || id === core.me) return {};
  const { show = 'offline', status } = guild.presences.get(id) ?? {};
  const shown = show === 'offline' ? 'xa' : show;
  return { ...(shown !== 'online' && { show: shown }), ...(status !== undefined && { status }) };
}

/** Everybody whom the room is to show, by their ids. */
export function everybody(core: Core, room: OpenRoom): Map<string, Member> {
  const found = new Map<string, Member>();
  const place = placeOf(core, room.channel);
  if (place === undefined) return found;
  const { guild, channel } = place;
  const powerOf = powersIn(guild, channel, core.clock.now());
  const all = new Map<GuildMember, Power>();
  for (const member of candidates(core, guild, channel, room)) {
    const power = powerOf(member);
    if (power !== undefined) all.set(member, power);
  }
  const some = all.size > core.config.members ? chosen(core, guild, room, all) : all;
  for (const [member, power] of some) {
    found.set(member.id, shownAs(core, guild, member, power));
    awaitVoice(core, room, member);
  }
  return found;
}

/** That a time-out is over Discord tells nobody. */
function awaitVoice(core: Core, room: OpenRoom, { silencedUntil = 0 }: GuildMember): void {
  const left = silencedUntil - core.clock.now();
  if (left <= 0 || (room.silence?.until ?? Number.POSITIVE_INFINITY) <= silencedUntil) return;
  room.silence?.cancel();
  const cancel = core.clock.after(Math.min(left + 1, longestTimerMs), () => {
    room.silence = undefined;
    tellDifferences(core, room);
  });
  room.silence = { until: silencedUntil, cancel };
}

function* candidates(core: Core, { members }: Guild, { thread }: Channel, room: OpenRoom): Iterable<GuildMember> {
  if (thread === undefined) {
    yield* members.values();
    return;
  }
  for (const id of new Set([core.me, ...thread.members, ...room.spoke])) {
    const member = members.get(id);
    if (member !== undefined) yield member;
  }
}

/** Ourselves, who moderates and who spoke in any case; then who is there. */
function chosen(
  core: Core,
  guild: Guild,
  room: OpenRoom,
  all: ReadonlyMap<GuildMember, Power>,
): Map<GuildMember, Power> {
  const some = new Map<GuildMember, Power>();
  const take = (wanted: (member: GuildMember, power: Power) => boolean): void => {
    for (const [member, power] of all) {
      if (some.size >= core.config.members) return;
      if (wanted(member, power)) some.set(member, power);
    }
  };
  take(({ id }) => id === core.me || room.spoke.has(id));
  take(({ isBot }, power) => moderating.has(power) && !isBot);
  take(({ id }) => room.listed.has(id) && guild.presences.has(id));
  take(({ id }) => guild.presences.has(id));
  if (!core.intents.has.presences) take(() => true);
  return some;
}

/** The whole list, as who comes in gets it. */
export function tellEverybody(core: Core, room: OpenRoom): void {
  const all = everybody(core, room);
  room.listed.clear();
  for (const [id, member] of all) room.listed.set(id, member);
  const changes = [...all.values()].map((member) => ({ is: 'in', member }) as const);
  core.emit({ kind: 'members', at: core.now(), chat: room.chat, changes, complete: true });
}

const nothing: readonly MemberChange[] = [];

/** Something changed for one person: the room is told what shows of it. @param why they go, if they do */
export function tellOne(core: Core, room: OpenRoom, id: string, why: Why = left): void {
  if (!isOurs(core, room, id)) return;
  const now = seenIn(core, room, id);
  const isRenamed = now !== undefined && now.nick !== room.listed.get(id)?.nick;
  const way = isRenamed ? whoMakesWay(core, room, now) : nothing;
  const own = changesOf(personId(id), room.listed.get(id), now, why);
  const changes = way.length === 0 ? own : [...way, ...own];
  keep(room, id, now);
  const member = core.guilds.get(room.guild)?.members.get(id);
  if (member !== undefined && now !== undefined) awaitVoice(core, room, member);
  if (changes.length > 0) core.emit({ kind: 'members', at: core.now(), chat: room.chat, changes });
}

/** As the room is to show them; undefined: not at all. */
function seenIn(core: Core, room: OpenRoom, id: string): Member | undefined {
  const place = placeOf(core, room.channel);
  const member = place?.guild.members.get(id);
  if (place === undefined || member === undefined || !isCandidate(place.channel, room, id, core.me)) return undefined;
  return memberOf(core, place.guild, place.channel, member);
}

/** Behind an outage, and while a large guild tells who is in it, the room is told later who gave up a nick than somebody who has it now speaks. */
function whoMakesWay(core: Core, room: OpenRoom, now: Member): readonly MemberChange[] {
  for (const [other, { nick }] of room.listed) {
    if (nick !== now.nick || other === now.person) continue;
    const otherNow = seenIn(core, room, other);
    if (otherNow === undefined) return nothing;
    return makeWay(room, new Map<string, Member>().set(now.person, now).set(other, otherNow));
  }
  return nothing;
}

const isCandidate = ({ thread }: Channel, room: OpenRoom, id: string, me: string): boolean =>
  thread === undefined || id === me || room.spoke.has(id) || thread.members.has(id);

/** In a crowd nobody comes in for being there. */
const isOurs = (core: Core, { listed, spoke: speakers }: OpenRoom, id: string): boolean =>
  listed.has(id) || speakers.has(id) || listed.size < core.config.members;

function keep(room: OpenRoom, id: string, now: Member | undefined): void {
  if (now === undefined) room.listed.delete(id);
  else room.listed.set(id, now);
}

/** A nick is free before it is somebody else's: the room would take the two for one. Where two have each other's, one is called otherwise in between. */
function makeWay({ listed }: OpenRoom, all: ReadonlyMap<string, Member>): MemberChange[] {
  const taken = new Set<string>();
  for (const [id, { nick }] of all) if (listed.get(id)?.nick !== nick) taken.add(nick);
  const changes: MemberChange[] = [];
  if (taken.size === 0) return changes;
  const held = new Set<string>();
  for (const { nick } of listed.values()) held.add(nick);
  for (const [id, before] of listed) {
    const now = all.get(id);
    if (now === undefined || !taken.has(before.nick)) continue;
    const nick = held.has(now.nick) ? asResource(`${now.nick} (${id})`) || id : now.nick;
    changes.push({ is: 'renamed', person: personId(id), nick });
    listed.set(id, { ...before, nick });
  }
  return changes;
}

/** Much changed (roles, permissions): the room is told what shows of it, of everybody. */
export function tellDifferences(core: Core, room: OpenRoom): void {
  const all = everybody(core, room);
  const changes = makeWay(room, all);
  for (const [id, before] of room.listed) {
    const now = all.get(id);
    changes.push(...changesOf(personId(id), before, now, { how: 'revoked' }));
    if (now === undefined) room.listed.delete(id);
  }
  for (const [id, now] of all) {
    if (!room.listed.has(id)) changes.push({ is: 'in', member: now });
    room.listed.set(id, now);
  }
  if (changes.length > 0) core.emit({ kind: 'members', at: core.now(), chat: room.chat, changes });
}

/** Whoever speaks is in the room, however many are, and is called there as what they say is. */
export function spoke(core: Core, room: OpenRoom, id: string, nick: string): void {
  room.spoke.delete(id);
  room.spoke.add(id);
  for (const first of room.spoke) {
    if (room.spoke.size <= speakersAtMost) break;
    room.spoke.delete(first);
  }
  if (room.listed.get(id)?.nick !== nick) tellOne(core, room, id);
}

/** What has to be told so that somebody who was shown so is shown so. */
export function changesOf(
  person: PersonId,
  before: Member | undefined,
  now: Member | undefined,
  why: Why,
): readonly MemberChange[] {
  if (now === undefined) return before === undefined ? [] : [{ is: 'out', person, ...why }];
  if (before === undefined) return [{ is: 'in', member: now }];
  const changes: MemberChange[] = [];
  if (before.nick !== now.nick) changes.push({ is: 'renamed', person, nick: now.nick });
  if (before.power !== now.power) changes.push({ is: 'power', person, power: now.power });
  const facts = {
    ...(before.show !== now.show && { show: now.show ?? null }),
    ...(before.status !== now.status && { status: now.status ?? null }),
    ...(before.avatar !== now.avatar && { avatar: now.avatar ?? null }),
    ...(before.hats !== now.hats && { hats: now.hats ?? null }),
  };
  if (Object.keys(facts).length > 0) changes.push({ is: 'facts', person, facts });
  return changes;
}
