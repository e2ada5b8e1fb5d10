/** Channels and threads as events and answers show them. */
import {
  type APIChannel,
  type APIGuildTextChannel,
  type APIThreadChannel,
  type APIThreadMember,
  ChannelFlags,
  ChannelType,
  type GatewayChannelModifyDispatchData,
  OverwriteType,
  PermissionFlagsBits,
  type ThreadChannelType,
} from 'discord-api-types/v10';
import { may } from '../permissions.ts';
import { type Channel, type Guild, noFlags, type State, type Thread } from '../state.ts';

/** Fields that all of a guild's channels have. */
const common = (channel: Channel, guild: Guild) => ({
  id: channel.id,
  guild_id: guild.id,
  name: channel.name,
  position: channel.position,
  parent_id: channel.parentId,
  permission_overwrites: [...channel.overwrites.values()],
  nsfw: channel.nsfw,
  flags: channel.flags,
});

const textual = (channel: Channel) => ({
  topic: channel.topic,
  last_message_id: channel.lastMessageId,
  last_pin_timestamp: channel.lastPinAt,
  rate_limit_per_user: channel.slowS,
});

/** A channel of a guild that is no thread. */
export function guildChannel(channel: Channel, guild: Guild): GatewayChannelModifyDispatchData {
  const base = common(channel, guild);
  switch (channel.type) {
    case ChannelType.GuildCategory:
      return { ...base, type: channel.type, parent_id: null };
    case ChannelType.GuildVoice:
    case ChannelType.GuildStageVoice: {
      const { topic: _, last_pin_timestamp: __, ...text } = textual(channel);
      return { ...base, ...text, type: channel.type, bitrate: 64_000, user_limit: 0, rtc_region: null };
    }
    case ChannelType.GuildForum:
    case ChannelType.GuildMedia: {
      const forum = {
        ...base,
        ...textual(channel),
        available_tags: channel.tags,
        default_reaction_emoji: null,
        default_sort_order: null,
        default_forum_layout: 0,
      };
      return { ...forum, type: ChannelType.GuildForum };
    }
    case ChannelType.GuildAnnouncement:
      return { ...base, ...textual(channel), type: channel.type } satisfies APIGuildTextChannel<typeof channel.type>;
    default:
      return { ...base, ...textual(channel), type: ChannelType.GuildText };
  }
}

/** What is left of one that a bot does not see ("Obfuscated Channels"). */
const hidden = (channel: Channel, guild: Guild): GatewayChannelModifyDispatchData => ({
  id: channel.id,
  guild_id: guild.id,
  type: channel.type as ChannelType.GuildText,
  name: '___hidden___',
  position: channel.position,
  parent_id: null,
  permission_overwrites: [
    { id: guild.id, type: OverwriteType.Role, allow: '0', deny: PermissionFlagsBits.ViewChannel.toString() },
  ],
  nsfw: false,
  topic: null,
  last_message_id: null,
  last_pin_timestamp: null,
  rate_limit_per_user: 0,
  flags: ChannelFlags.ChannelObfuscated,
});

/** The same as the gateway tells it to a bot. Categories are seen by whoever sees what is in them, here by everybody. */
export const channelOver = (
  state: State,
  channel: Channel,
  guild: Guild,
  userId: string,
): GatewayChannelModifyDispatchData =>
  channel.type === ChannelType.GuildCategory || may(state, channel, userId, PermissionFlagsBits.ViewChannel)
    ? guildChannel(channel, guild)
    : hidden(channel, guild);

/** As the API counts them: it stops at 50. */
const shown = (count: number): number => Math.min(count, 50);

/** A thread. @param viewer whose membership is shown with it */
export function threadChannel(channel: Channel, thread: Thread, viewer?: string): APIThreadChannel {
  const member = viewer === undefined ? undefined : thread.members.get(viewer);
  const { metadata } = thread;
  return {
    id: channel.id,
    type: channel.type as ThreadChannelType,
    ...(channel.guild === undefined ? {} : { guild_id: channel.guild.id }),
    name: channel.name,
    ...(channel.parentId === null ? {} : { parent_id: channel.parentId }),
    owner_id: thread.ownerId,
    last_message_id: channel.lastMessageId,
    last_pin_timestamp: channel.lastPinAt,
    rate_limit_per_user: channel.slowS,
    message_count: Math.max(0, thread.sent - thread.deleted),
    total_message_sent: thread.sent,
    member_count: shown(thread.members.size),
    thread_metadata: { ...metadata },
    flags: channel.flags,
    ...(thread.tags.length === 0 ? {} : { applied_tags: thread.tags }),
    ...(member === undefined ? {} : { member: briefMember(member) }),
  };
}

/** A membership beside its thread, where the ids go without saying. */
const briefMember = ({ join_timestamp, flags }: APIThreadMember): APIThreadMember => ({ join_timestamp, flags });

/** Any channel, as somebody sees it. */
export function channelFor(state: State, channel: Channel, viewer: string): APIChannel {
  if (channel.thread !== undefined) return threadChannel(channel, channel.thread, viewer) as APIChannel;
  if (channel.guild !== undefined) return guildChannel(channel, channel.guild);
  return {
    id: channel.id,
    type: ChannelType.DM,
    name: null,
    flags: noFlags,
    last_message_id: channel.lastMessageId,
    last_pin_timestamp: channel.lastPinAt,
    recipients: channel.between.filter(({ id }) => id !== viewer).map((user) => state.users.get(user.id) ?? user),
  };
}
