/** Guilds, channels, threads and roles as they come, change and go; open rooms are told what shows of it. */
import type { APIUser } from 'discord.js';
import { roomOf } from './addresses.ts';
import { type Core, type OpenRoom, placeOf } from './core.ts';
import { tellRoom } from './describing.ts';
import type { Channel, Guild, Role } from './guild.ts';
import {
  emojiOf,
  guildOf,
  iconOf,
  isHidden,
  putChannel,
  putMember,
  roleOf,
  type SomeChannel,
  type SomeMember,
} from './guild-fold.ts';
import type { Hearers } from './hearing.ts';
import { tellDifferences, tellOne } from './members.ts';
import { powerIn } from './permissions.ts';
import { closeRoom } from './rooms.ts';

/** Roles are changed one after the other: what became of all that is told once. */
const settleMs = 300;
/** Of many rooms one after the other, with something else between them: a look at each may be one at thousands of people. */
const apartMs = 10;

/** Those of that guild, or all of whose channel something is known. */
export function* roomsOf(core: Core, guild: string): Generator<OpenRoom, void> {
  for (const room of core.rooms.values()) if (room.guild === guild) yield room;
}

/** Who may do what has changed there: looked at a little later. */
function changed(core: Core, room: OpenRoom): void {
  if (room.pending !== undefined) return;
  let waiting = 0;
  for (const other of core.rooms.values()) if (other.pending !== undefined) waiting++;
  room.pending = core.clock.after(settleMs + waiting * apartMs, () => {
    room.pending = undefined;
    retell(core, room);
  });
}

/** What shows of all that may have changed; closes the room where we are not let in any more. */
export function retell(core: Core, room: OpenRoom): void {
  const place = placeOf(core, room.channel);
  const me = place?.guild.members.get(core.me);
  if (place === undefined) closeRoom(core, room, 'gone', 'The channel was deleted.');
  else if (me === undefined || powerIn(place.guild, place.channel, me, core.clock.now()) === undefined)
    closeRoom(core, room, 'revoked', 'The bot may not see this channel any more.');
  else {
    tellRoom(core, room);
    tellDifferences(core, room);
  }
}

/** Somebody as an event or a message carries them: without the members intent nothing else tells that they are called otherwise. The rooms are told of whom was known. */
export function learnMember(core: Core, guild: Guild, user: APIUser, data: SomeMember): void {
  const before = guild.members.get(user.id);
  if (putMember(guild, user, data) === before || before === undefined) return;
  for (const room of roomsOf(core, guild.id)) tellOne(core, room, user.id);
}

/** Who may do what, or who is known, has changed in that guild: its rooms are looked at a little later, one after the other. */
export function allChanged(core: Core, guild: string): void {
  for (const room of roomsOf(core, guild)) changed(core, room);
}

function roleChanged(core: Core, id: string, role: string, now: Role | undefined): void {
  const guild = core.guilds.get(id);
  if (guild === undefined) return;
  if (now === undefined) guild.roles.delete(role);
  else guild.roles.set(role, now);
  guild.hats.clear();
  allChanged(core, id);
}

/** Known from now on, with its channels; those that it had and has no more are forgotten. */
function put(core: Core, guild: Guild): void {
  const before = core.guilds.get(guild.id)?.channels ?? new Map<string, Channel>();
  for (const id of before.keys()) core.channels.delete(id);
  for (const { channel } of roomsOf(core, guild.id)) keepArchived(guild, before.get(channel));
  core.guilds.set(guild.id, guild);
  for (const id of guild.channels.keys()) core.channels.set(id, guild.id);
}

/** Only active threads come with a guild: one that is a room of ours, and is not among them, is taken for archived until it has been asked for. */
function keepArchived({ channels }: Guild, before: Channel | undefined): void {
  if (before?.thread === undefined || channels.has(before.id) || !channels.has(before.parent ?? '')) return;
  channels.set(before.id, { ...before, thread: { ...before.thread, isArchived: true, isRead: false } });
}

/** Known no more, and no room of it is ours. */
function dropGuild(core: Core, id: string): void {
  core.untold.delete(id);
  for (const room of roomsOf(core, id)) closeRoom(core, room, 'kicked', 'The bot is not in this guild any more.');
  for (const channel of core.guilds.get(id)?.channels.keys() ?? []) core.channels.delete(channel);
  core.guilds.delete(id);
}

function channelChanged(core: Core, data: SomeChannel): void {
  const guild = core.guilds.get(('guild_id' in data ? data.guild_id : undefined) ?? '');
  if (guild === undefined) return;
  const wasLocked = guild.channels.get(data.id)?.thread?.isLocked;
  const { id, thread } = putChannel(guild, data, core.me);
  core.channels.set(id, guild.id);
  const concerned = [...roomsOf(core, guild.id)].filter(
    ({ channel }) => channel === id || guild.channels.get(channel)?.parent === id,
  );
  for (const room of concerned) {
    if (!isHidden(data)) tellRoom(core, room);
    if (thread?.isLocked !== wasLocked || thread === undefined) changed(core, room);
  }
}

/** There is no such channel or thread any more, nor what hangs on it. */
export function channelGone(
  core: Core,
  { id, guild_id = '' }: { readonly id: string; readonly guild_id?: string },
): void {
  const guild = core.guilds.get(guild_id);
  if (guild === undefined) return;
  const threads = [...guild.channels.values()].filter(({ parent, thread }) => parent === id && thread !== undefined);
  for (const one of [id, ...threads.map((thread) => thread.id)]) {
    guild.channels.delete(one);
    core.channels.delete(one);
    const room = core.rooms.get(roomOf(one));
    if (room !== undefined) closeRoom(core, room, 'gone', 'The channel was deleted.');
  }
}

/** Those that are open have been told, of these channels or of all: what we know besides was archived, or deleted, while we did not see it. */
function archiveOthers(guild: Guild | undefined, parents: readonly string[] | undefined, told: ReadonlySet<string>) {
  for (const channel of guild?.channels.values() ?? []) {
    const { id, parent = '', thread } = channel;
    if (thread === undefined || told.has(id) || parents?.includes(parent) === false) continue;
    guild?.channels.set(id, { ...channel, thread: { ...thread, isArchived: true, isRead: false } });
  }
}

/** See `Hearers`. */
export const structure: Hearers = {
  READY(core, { guilds }, shard) {
    const there = new Set(guilds.map(({ id }) => id));
    for (const id of there) if (!core.guilds.has(id)) core.untold.add(id);
    for (const guild of [...core.guilds.values()])
      if (guild.shard === shard && !there.has(guild.id)) dropGuild(core, guild.id);
  },
  GUILD_CREATE(core, data, shard) {
    if (data.unavailable === true) return;
    core.untold.delete(data.id);
    const before = core.guilds.get(data.id);
    put(core, guildOf(data, shard, before, core.me));
    if (core.isUp && before !== undefined) allChanged(core, data.id);
  },
  GUILD_UPDATE(core, data) {
    const guild = core.guilds.get(data.id);
    if (guild === undefined) return;
    guild.name = data.name;
    guild.owner = data.owner_id;
    guild.premiumTier = data.premium_tier ?? 0;
    guild.icon = iconOf(data.id, data.icon);
    for (const room of roomsOf(core, data.id)) tellRoom(core, room);
    allChanged(core, data.id);
  },
  GUILD_DELETE(core, { id, unavailable }) {
    const guild = core.guilds.get(id);
    if (unavailable !== true) dropGuild(core, id);
    else if (guild === undefined) core.untold.add(id);
    else guild.isAway = true;
  },
  GUILD_EMOJIS_UPDATE(core, { guild_id, emojis }) {
    const guild = core.guilds.get(guild_id);
    if (guild !== undefined) guild.emoji = emojiOf(emojis);
  },
  GUILD_ROLE_CREATE: (core, { guild_id, role }) => roleChanged(core, guild_id, role.id, roleOf(role)),
  GUILD_ROLE_UPDATE: (core, { guild_id, role }) => roleChanged(core, guild_id, role.id, roleOf(role)),
  GUILD_ROLE_DELETE: (core, { guild_id, role_id }) => roleChanged(core, guild_id, role_id, undefined),
  CHANNEL_CREATE: channelChanged,
  CHANNEL_UPDATE: channelChanged,
  CHANNEL_DELETE: channelGone,
  THREAD_CREATE: channelChanged,
  THREAD_UPDATE: channelChanged,
  THREAD_DELETE: channelGone,
  THREAD_LIST_SYNC(core, { guild_id, channel_ids, threads, members: ours }) {
    archiveOthers(core.guilds.get(guild_id), channel_ids, new Set(threads.map(({ id }) => id)));
    const joined = new Set(ours.map(({ id }) => id));
    for (const thread of threads) {
      channelChanged(core, { ...thread, guild_id } as SomeChannel);
      if (joined.has(thread.id)) placeOf(core, thread.id)?.channel.thread?.members.add(core.me);
    }
  },
  THREAD_MEMBER_UPDATE(core, { id = '' }) {
    placeOf(core, id)?.channel.thread?.members.add(core.me);
  },
  THREAD_MEMBERS_UPDATE(core, { id, guild_id, added_members = [], removed_member_ids = [] }) {
    const guild = core.guilds.get(guild_id);
    const members = guild?.channels.get(id)?.thread?.members;
    if (guild === undefined || members === undefined) return;
    for (const { user_id = '', member } of added_members) {
      members.add(user_id);
      if (member?.user !== undefined) putMember(guild, member.user, member);
    }
    for (const gone of removed_member_ids) members.delete(gone);
    const room = core.rooms.get(roomOf(id));
    if (room === undefined) return;
    // A private one that we were put out of is no room of ours any more.
    if (removed_member_ids.includes(core.me)) retell(core, room);
    if (!core.rooms.has(room.chat)) return;
    for (const gone of removed_member_ids) room.spoke.delete(gone);
    for (const { user_id = '' } of added_members) tellOne(core, room, user_id);
    for (const gone of removed_member_ids) tellOne(core, room, gone, core.partings.take(id, gone));
  },
};
