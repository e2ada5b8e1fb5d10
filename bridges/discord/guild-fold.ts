/** How what the gateway sends becomes a guild, its channels and its members. Pure, but for the maps that it fills. */
import type {
  APIEmoji,
  APIGuildMember,
  APIRole,
  APIUser,
  GatewayChannelCreateDispatchData,
  GatewayGuildCreateDispatchData,
  GatewayPresenceUpdate,
  GatewayThreadCreateDispatchData,
} from 'discord.js';
import { asResource } from '#bridge';
import { renamed } from './called.ts';
import {
  type Channel,
  channelType,
  type Emoji,
  type Guild,
  type Member,
  type Overwrite,
  type Presence,
  type Role,
} from './guild.ts';
import { may } from './permissions.ts';

/** A channel or thread as the API shows it. */
export type SomeChannel = GatewayChannelCreateDispatchData | GatewayThreadCreateDispatchData;

/** A member as events and messages carry one: without the user where that stands beside it. */
export type SomeMember = Partial<Omit<APIGuildMember, 'user'>>;

/** All that came with GUILD_CREATE. Where not all members came with it, who was known before is known still. */
export function guildOf(
  data: GatewayGuildCreateDispatchData,
  shard: number,
  before: Guild | undefined,
  me: string,
): Guild {
  const isWhole = data.members.length >= data.member_count;
  const known = isWhole ? undefined : before;
  const guild: Guild = {
    id: data.id,
    name: data.name,
    owner: data.owner_id,
    icon: iconOf(data.id, data.icon),
    memberCount: data.member_count,
    premiumTier: data.premium_tier ?? 0,
    isAway: false,
    shard,
    roles: new Map(data.roles.map((role) => [role.id, roleOf(role)])),
    hats: new Map(),
    channels: new Map(),
    members: known?.members ?? new Map(),
    nicks: known?.nicks ?? new Map(),
    called: undefined,
    presences: new Map(),
    emoji: emojiOf(data.emojis),
    isWhole,
    roll: undefined,
  };
  for (const channel of [...data.channels, ...data.threads]) {
    const { id, thread } = putChannel(guild, channel as SomeChannel, me);
    // Of a thread it is told only whether we are in it.
    for (const one of before?.channels.get(id)?.thread?.members ?? []) if (one !== me) thread?.members.add(one);
  }
  for (const member of data.members) putMember(guild, member.user, member);
  for (const presence of data.presences) putPresence(guild, presence);
  return guild;
}

/** Those that can be used. */
export function emojiOf(all: readonly APIEmoji[]): Guild['emoji'] {
  const found = new Map<string, Emoji>();
  for (const { id, name, animated = false, available } of all)
    if (id !== null && name !== null && available !== false) found.set(name, { id, isAnimated: animated });
  return found;
}

/** The path of a guild's picture. */
export const iconOf = (guild: string, hash: string | null): string | undefined =>
  hash === null ? undefined : `icons/${guild}/${hash}`;

/** A role as it is kept. */
export const roleOf = ({ id, name, permissions, position, color, hoist, mentionable }: APIRole): Role => ({
  id,
  name,
  permissions: BigInt(permissions),
  position,
  colour: color,
  isHoisted: hoist,
  isMentionable: mentionable,
});

const threadTypes: ReadonlySet<number> = new Set([
  channelType.announcementThread,
  channelType.publicThread,
  channelType.privateThread,
]);

/** Is it one whose rights are its parent's? */
const isThread = ({ type }: { readonly type: number }): boolean => threadTypes.has(type);

/** By the API reference, "Channel Flags". */
const obfuscated = 1 << 17;

/** Is it told only that it is there, as we do not see it ("Obfuscated Channels")? Its name is none then. */
export const isHidden = ({ flags }: Pick<SomeChannel, 'flags'>): boolean => ((flags ?? 0) & obfuscated) !== 0;

/** What was known of it stays, but that anybody may look at it, us for one. */
function hiddenChannel(guild: Guild, { id, type, position }: Pick<Channel, 'id' | 'type' | 'position'>): Channel {
  const unknown = {
    name: '',
    topic: '',
    parent: undefined,
    slowModeSeconds: 0,
    thread: undefined,
  };
  const overwrites = new Map([[guild.id, { allow: 0n, deny: may.view }]]);
  return { ...unknown, ...guild.channels.get(id), id, type, position, guild: guild.id, overwrites };
}

/** There from now on, or there otherwise than before. A thread that we are in says so. */
export function putChannel(guild: Guild, data: SomeChannel, me: string): Channel {
  const before = guild.channels.get(data.id);
  if (isHidden(data)) {
    const hidden = hiddenChannel(guild, { ...data, position: 'position' in data ? data.position : 0 });
    guild.channels.set(hidden.id, hidden);
    return hidden;
  }
  const metadata = 'thread_metadata' in data ? data.thread_metadata : undefined;
  const overwrites = 'permission_overwrites' in data ? (data.permission_overwrites ?? []) : [];
  const joined = before?.thread?.members ?? new Set();
  if ('member' in data && data.member !== undefined) joined.add(me);
  const channel: Channel = {
    id: data.id,
    guild: guild.id,
    type: data.type,
    name: data.name ?? '',
    topic: ('topic' in data ? data.topic : undefined) ?? '',
    parent: data.parent_id ?? undefined,
    position: 'position' in data ? data.position : 0,
    slowModeSeconds: ('rate_limit_per_user' in data ? data.rate_limit_per_user : undefined) ?? 0,
    overwrites: new Map(overwrites.map(({ id, allow, deny }) => [id, bits(allow, deny)])),
    thread: isThread(data)
      ? {
          isArchived: metadata?.archived === true,
          isLocked: metadata?.locked === true,
          isPrivate: data.type === channelType.privateThread,
          members: joined,
          isRead: before?.thread?.isRead === true,
        }
      : undefined,
  };
  guild.channels.set(channel.id, channel);
  return channel;
}

const bits = (allow: string, deny: string): Overwrite => ({ allow: BigInt(allow), deny: BigInt(deny) });

/** Known from now on, or known better. What is not said stays as it was. */
export function putMember(guild: Guild, user: APIUser, data: SomeMember): Member {
  const before = guild.members.get(user.id);
  const wished = nickOf(user, data.nick ?? user.global_name);
  const until = data.communication_disabled_until;
  const roles = data.roles ?? before?.roles ?? [];
  const member: Member = {
    id: user.id,
    nick: claimNick(guild, user, wished),
    username: user.username,
    isBot: user.bot === true,
    roles,
    avatar: avatarOf(guild.id, user, data.avatar),
    silencedUntil: until === undefined ? before?.silencedUntil : until === null ? undefined : Date.parse(until),
    // Events that only those can cause who are screened no more don't say so.
    isScreened: data.pending === true && roles.length === 0,
  };
  if (before !== undefined && isSame(before, member)) return before;
  renamed(guild, before, member);
  guild.members.set(user.id, member);
  return member;
}

/** Each message carries its author: field by field, it is asked for each of them. */
const isSame = (one: Member, other: Member): boolean =>
  one.nick === other.nick &&
  one.username === other.username &&
  one.isBot === other.isBot &&
  one.avatar === other.avatar &&
  one.silencedUntil === other.silencedUntil &&
  one.isScreened === other.isScreened &&
  one.roles.length === other.roles.length &&
  one.roles.every((role, at) => role === other.roles[at]);

/** They are gone, and their nick is free. */
export function dropMember(guild: Guild, id: string): Member | undefined {
  guild.presences.delete(id);
  const member = guild.members.get(id);
  if (member === undefined) return undefined;
  guild.members.delete(id);
  renamed(guild, member, undefined);
  if (guild.nicks.get(member.nick) === id) guild.nicks.delete(member.nick);
  return member;
}

/** What clients are shown of a name: it stands in a JID, where not every name can. @param wished what they are called there, if otherwise */
export const nickOf = (
  { id, username, global_name }: APIUser,
  wished: string | null | undefined = global_name,
): string => asResource(wished ?? '') || asResource(username) || id;

/** Names are several people's on Discord, user names are not (CHECKLIST JID-17): who comes second has it behind the name. */
function claimNick({ members, nicks }: Guild, { id, username, discriminator }: APIUser, wished: string): string {
  const before = members.get(id)?.nick;
  const tag = discriminator === undefined || discriminator === '0' ? username : `${username}#${discriminator}`;
  for (const nick of [wished, asResource(`${wished} (${tag})`), asResource(`${wished} (${id})`), asResource(tag)]) {
    if (nick === '') continue;
    const whose = nicks.get(nick);
    if (whose !== undefined && whose !== id) continue;
    if (before !== undefined && before !== nick && nicks.get(before) === id) nicks.delete(before);
    nicks.set(nick, id);
    return nick;
  }
  return id;
}

/** The path of somebody's picture: the one that they show in that guild, else their own. */
export function avatarOf(guild: string | undefined, user: APIUser, own?: string | null): string | undefined {
  if (guild !== undefined && own !== undefined && own !== null)
    return `guilds/${guild}/users/${user.id}/avatars/${own}`;
  return user.avatar === null ? undefined : `avatars/${user.id}/${user.avatar}`;
}

const shows: Readonly<Record<string, Presence['show']>> = { online: 'online', idle: 'away', dnd: 'dnd' };
const customStatus = 4;
const longestStatus = 200;

/** How somebody is from now on. */
export function putPresence(
  { presences }: Pick<Guild, 'presences'>,
  { user, status, activities = [] }: Pick<GatewayPresenceUpdate, 'user' | 'status' | 'activities'>,
): void {
  const show = shows[status ?? 'offline'] ?? 'offline';
  const custom = activities.find(({ type }) => type === customStatus);
  const words = [custom?.emoji?.id === undefined ? custom?.emoji?.name : undefined, custom?.state];
  const text = words
    .filter((one) => one !== undefined && one !== null && one !== '')
    .join(' ')
    .slice(0, longestStatus)
    .toWellFormed();
  if (show === 'offline') presences.delete(user.id);
  else presences.set(user.id, { show, status: text === '' ? undefined : text });
}
