/** Guilds as events and answers show them. */
import {
  type APIGuild,
  type APIPartialGuild,
  type APIThreadChannel,
  type GatewayGuildCreateDispatchData,
  type GatewayPresenceUpdate,
  GuildSystemChannelFlags,
  GatewayIntentBits as Intent,
  Locale,
  PermissionFlagsBits,
} from 'discord-api-types/v10';
import { may, permissionsOf } from '../permissions.ts';
import type { Guild, State } from '../state.ts';
import { channelOver, threadChannel } from './channels.ts';
import { presenceOf } from './people.ts';

/** What does not change from guild to guild here. */
const constant = {
  splash: null,
  discovery_splash: null,
  banner: null,
  vanity_url_code: null,
  afk_channel_id: null,
  afk_timeout: 300,
  verification_level: 0,
  default_message_notifications: 0,
  explicit_content_filter: 0,
  mfa_level: 0,
  application_id: null,
  system_channel_flags: GuildSystemChannelFlags.SuppressGuildReminderNotifications,
  rules_channel_id: null,
  max_presences: null,
  max_members: 25_000_000,
  premium_subscription_count: 0,
  preferred_locale: Locale.EnglishUS,
  public_updates_channel_id: null,
  max_video_channel_users: 25,
  max_stage_video_channel_users: 50,
  nsfw_level: 0,
  premium_progress_bar_enabled: false,
  hub_type: null,
  safety_alerts_channel_id: null,
  incidents_data: null,
} as const satisfies Partial<APIGuild>;

/** GET guilds/:id and GUILD_UPDATE. */
export const wholeGuild = (guild: Guild): APIGuild => ({
  ...constant,
  id: guild.id,
  name: guild.name,
  icon: guild.icon,
  description: guild.description,
  owner_id: guild.ownerId,
  system_channel_id: guild.systemChannelId,
  premium_tier: guild.premiumTier,
  features: [],
  roles: [...guild.roles.values()],
  emojis: [...guild.emojis.values()],
  stickers: [...guild.stickers.values()],
});

/** GET users/@me/guilds. */
export const briefGuild = (guild: Guild, userId: string): APIPartialGuild => ({
  id: guild.id,
  name: guild.name,
  icon: guild.icon,
  splash: null,
  banner: null,
  features: [],
  ...{ owner: guild.ownerId === userId, permissions: permissionsOf(guild, userId).toString() },
});

/** Which members GUILD_CREATE carries: without GUILD_PRESENCES the bot; with it all of a small guild, of others those who stand out. */
function membersAtFirst(guild: Guild, userId: string, intents: number, threshold: number): readonly string[] {
  if ((intents & Intent.GuildPresences) === 0) return [userId];
  if (guild.members.size <= threshold) return [...guild.members.keys()];
  return [...guild.members]
    .filter(([id, { nick, roles }]) => id === userId || guild.presences.has(id) || roles.length > 0 || nick != null)
    .map(([id]) => id);
}

/** GUILD_CREATE. */
export function guildCreate(
  state: State,
  guild: Guild,
  userId: string,
  intents: number,
  threshold: number,
): GatewayGuildCreateDispatchData {
  const ids = membersAtFirst(guild, userId, intents, threshold);
  const presences =
    (intents & Intent.GuildPresences) === 0
      ? []
      : ids.map((id) => presenceOf(guild, id)).filter((one): one is GatewayPresenceUpdate => one !== undefined);
  return {
    ...wholeGuild(guild),
    joined_at: guild.members.get(userId)?.joined_at ?? '',
    large: guild.members.size > threshold,
    unavailable: false,
    member_count: guild.members.size,
    voice_states: [],
    members: ids.flatMap((id) => guild.members.get(id) ?? []),
    channels: [...guild.channels.values()].map((channel) => channelOver(state, channel, guild, userId)),
    threads: threadsFor(state, guild, userId) as GatewayGuildCreateDispatchData['threads'],
    presences,
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}

/** The threads that are not archived and that somebody sees. */
export const threadsFor = (state: State, guild: Guild, userId: string): APIThreadChannel[] =>
  [...guild.threads.values()]
    .filter((channel) => may(state, channel, userId, PermissionFlagsBits.ViewChannel))
    .flatMap((channel) => (channel.thread === undefined ? [] : threadChannel(channel, channel.thread, userId)));
