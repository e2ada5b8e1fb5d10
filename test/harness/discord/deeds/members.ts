/** People come into guilds, change there and go; what they are everywhere. */
import {
  type APIGuildMember,
  type APIUser,
  type AuditLogEvent,
  type GatewayGuildMembersChunkPresence,
  GatewayIntentBits as Intent,
  PermissionFlagsBits as May,
  MessageType,
} from 'discord-api-types/v10';
import { type Audience, ofGuild, tell } from '../events.ts';
import { type Application, type Guild, noFlags, type State, stampOf } from '../state.ts';
import { dismiss, greet } from './guilds.ts';
import { post, removeAll } from './messages.ts';
import { leaveThread } from './threads.ts';

const ofMember = (guild: Guild, userId: string): Audience => ({ ...ofGuild(guild, Intent.GuildMembers), own: userId });

const applicationOf = (state: State, userId: string): Application | undefined =>
  [...state.applications.values()].find(({ user }) => user.id === userId);

/** What may be said of a member. */
export type MemberFacts = Partial<
  Pick<APIGuildMember, 'nick' | 'avatar' | 'roles' | 'communication_disabled_until' | 'pending' | 'flags'>
>;

/** Somebody comes in; where the guild has a channel for it, it is said there. */
export function enter(state: State, guild: Guild, user: APIUser, facts: MemberFacts = {}): APIGuildMember {
  const member: APIGuildMember = {
    user,
    nick: null,
    avatar: null,
    banner: null,
    joined_at: stampOf(state.now()),
    premium_since: null,
    deaf: false,
    mute: false,
    pending: false,
    communication_disabled_until: null,
    flags: noFlags,
    ...facts,
    roles: [...(facts.roles ?? [])],
  };
  guild.members.set(user.id, member);
  guild.revision += 1;
  const application = applicationOf(state, user.id);
  if (application !== undefined) greet(state, guild, application);
  tell(state, 'GUILD_MEMBER_ADD', { ...member, guild_id: guild.id }, ofGuild(guild, Intent.GuildMembers));
  const system = guild.channels.get(guild.systemChannelId ?? '');
  if (system !== undefined)
    post(state, { channel: system, speaker: { user }, everyone: false, type: MessageType.UserJoin });
  return member;
}

/** Somebody is no longer in it, for whatever reason. */
export function exit(state: State, guild: Guild, user: APIUser): void {
  if (!guild.members.delete(user.id)) return;
  for (const channel of guild.threads.values())
    if (channel.thread?.members.has(user.id) === true) leaveThread(state, channel, user.id);
  guild.presences.delete(user.id);
  guild.revision += 1;
  const application = applicationOf(state, user.id);
  if (application !== undefined) dismiss(state, guild, application);
  tell(state, 'GUILD_MEMBER_REMOVE', { guild_id: guild.id, user }, ofGuild(guild, Intent.GuildMembers));
}

/** Nick, roles, avatar, time-out. */
export function changeMember(state: State, guild: Guild, member: APIGuildMember, facts: MemberFacts): void {
  Object.assign(member, facts);
  guild.revision += 1;
  const { premium_since: _, ...rest } = member;
  tell(
    state,
    'GUILD_MEMBER_UPDATE',
    { ...rest, avatar: member.avatar ?? null, banner: member.banner ?? null, guild_id: guild.id },
    ofMember(guild, member.user.id),
  );
}

/** Out, and may not come back; messages of the last seconds go too. */
export function ban(state: State, guild: Guild, user: APIUser, reason: string | null, seconds = 0): void {
  guild.bans.set(user.id, { user, reason });
  exit(state, guild, user);
  tell(state, 'GUILD_BAN_ADD', { guild_id: guild.id, user }, ofGuild(guild, Intent.GuildModeration));
  if (seconds > 0) forgetSince(state, guild, user, state.now() - seconds * 1_000);
}

function forgetSince(state: State, guild: Guild, user: APIUser, since: number): void {
  for (const channel of [...guild.channels.values(), ...guild.threads.values()]) {
    const gone = [...channel.messages.values()].filter(
      ({ data }) => data.author.id === user.id && Date.parse(data.timestamp) >= since,
    );
    if (gone.length > 0) removeAll(state, channel, gone);
  }
}

/** What is written into the guild's audit log of somebody who was put out, or whose messages were deleted, and told to those who may read it. */
export function record(
  state: State,
  guild: Guild,
  what:
    | AuditLogEvent.MemberKick
    | AuditLogEvent.MemberBanAdd
    | AuditLogEvent.MessageDelete
    | AuditLogEvent.MessageBulkDelete,
  target: { readonly id: string },
  by: APIUser,
  reason: string | undefined,
  options?: { readonly channel_id?: string; readonly count: string },
): void {
  const about = { action_type: what, target_id: target.id, user_id: by.id, ...(options !== undefined && { options }) };
  const entry = { id: state.newId(), guild_id: guild.id, ...about };
  const audience = { ...ofGuild(guild, Intent.GuildModeration), permission: May.ViewAuditLog };
  tell(state, 'GUILD_AUDIT_LOG_ENTRY_CREATE', { ...entry, ...(reason !== undefined && { reason }) }, audience);
}

/** May come back. */
export function unban(state: State, guild: Guild, userId: string): void {
  const found = guild.bans.get(userId);
  if (found === undefined) return;
  guild.bans.delete(userId);
  tell(state, 'GUILD_BAN_REMOVE', { guild_id: guild.id, user: found.user }, ofGuild(guild, Intent.GuildModeration));
}

/** What a user is everywhere: told as their member's change in each guild; to a bot, also as its own. */
export function changeUser(state: State, user: APIUser, facts: Partial<Omit<APIUser, 'id'>>): void {
  Object.assign(user, facts);
  const application = applicationOf(state, user.id);
  if (application !== undefined) tell(state, 'USER_UPDATE', user, { intents: 0, only: application });
  for (const guild of state.guilds.values()) {
    const member = guild.members.get(user.id);
    if (member !== undefined) changeMember(state, guild, member, {});
  }
}

/** Somebody's presence, in each guild where they are. Undefined: they are gone, or hide. */
export function setPresence(
  state: State,
  user: APIUser,
  presence: Omit<GatewayGuildMembersChunkPresence, 'user'> | undefined,
): void {
  const status = presence?.status ?? ('offline' as const);
  const shown = { activities: [], client_status: {}, ...presence, user: { id: user.id }, status: status as never };
  for (const guild of state.guilds.values()) {
    if (!guild.members.has(user.id)) continue;
    if (presence === undefined || presence.status === 'offline') guild.presences.delete(user.id);
    else guild.presences.set(user.id, shown);
    tell(state, 'PRESENCE_UPDATE', { ...shown, guild_id: guild.id }, ofGuild(guild, Intent.GuildPresences));
  }
}
