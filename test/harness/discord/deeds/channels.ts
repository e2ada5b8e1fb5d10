/** Channels come, change and go. */
import {
  type APIGuildForumTag,
  type APIOverwrite,
  type APIUser,
  ChannelType,
  type ThreadAutoArchiveDuration,
} from 'discord-api-types/v10';
import { ofGuild, tellEach } from '../events.ts';
import { channelOver } from '../payloads/channels.ts';
import type { Channel, Guild, State, Thread } from '../state.ts';

/** What may be said of a channel when it is made or changed. */
export interface ChannelFacts {
  readonly name?: string;
  readonly type?: ChannelType;
  readonly topic?: string | null;
  readonly parentId?: string | null;
  readonly position?: number;
  readonly nsfw?: boolean;
  readonly slowS?: number;
  readonly flags?: number;
  readonly overwrites?: readonly APIOverwrite[];
  readonly tags?: readonly (Pick<APIGuildForumTag, 'name'> & Partial<APIGuildForumTag>)[];
}

/** A channel of any kind, known to the server but told to nobody. */
export function bareChannel(
  state: State,
  type: ChannelType,
  guild: Guild | undefined,
  more: { id?: string; name?: string; thread?: Thread; between?: readonly APIUser[]; parentId?: string } = {},
): Channel {
  const channel: Channel = {
    id: more.id ?? state.newId(),
    type,
    guild,
    name: more.name ?? '',
    topic: null,
    nsfw: false,
    position: guild?.channels.size ?? 0,
    parentId: more.parentId ?? null,
    overwrites: new Map(),
    slowS: 0,
    flags: 0,
    messages: new Map(),
    lastMessageId: null,
    lastPinAt: null,
    spoke: new Map(),
    tags: [],
    thread: more.thread,
    between: more.between ?? [],
  };
  state.channels.set(channel.id, channel);
  return channel;
}

function apply(state: State, channel: Channel, facts: ChannelFacts): void {
  const { overwrites, tags, ...plain } = facts;
  Object.assign(channel, plain);
  if (overwrites !== undefined) {
    channel.overwrites.clear();
    for (const { id, type, allow, deny } of overwrites) channel.overwrites.set(id, { id, type, allow, deny });
  }
  if (tags !== undefined)
    channel.tags = tags.map(({ id, name, moderated = false, emoji_id = null, emoji_name = null }) => ({
      id: id ?? state.newId(),
      name,
      moderated,
      emoji_id,
      emoji_name,
    }));
  if (channel.guild !== undefined) channel.guild.revision += 1;
}

/** To each bot as much as it may know. */
function tellChannel(
  state: State,
  name: 'CHANNEL_CREATE' | 'CHANNEL_UPDATE' | 'CHANNEL_DELETE',
  channel: Channel,
  guild: Guild,
): void {
  tellEach(state, name, ({ application }) => channelOver(state, channel, guild, application.user.id), ofGuild(guild));
}

/** Makes one in a guild. */
export function createChannel(state: State, guild: Guild, facts: ChannelFacts): Channel {
  const channel = bareChannel(state, facts.type ?? ChannelType.GuildText, guild);
  guild.channels.set(channel.id, channel);
  apply(state, channel, facts);
  tellChannel(state, 'CHANNEL_CREATE', channel, guild);
  return channel;
}

/** Changes one of a guild's that is no thread. */
export function changeChannel(state: State, channel: Channel, facts: ChannelFacts): void {
  apply(state, channel, facts);
  if (channel.guild !== undefined) tellChannel(state, 'CHANNEL_UPDATE', channel, channel.guild);
}

/** Takes one of a guild's away, with its threads and webhooks; what was under a category stands by itself. */
export function deleteChannel(state: State, channel: Channel): void {
  const { guild } = channel;
  if (guild === undefined) throw new Error('it is no channel of a guild');
  for (const one of [...state.channels.values()]) {
    if (one.parentId !== channel.id || one.guild !== guild) continue;
    if (one.thread === undefined) changeChannel(state, one, { parentId: null });
    else {
      state.channels.delete(one.id);
      guild.threads.delete(one.id);
    }
  }
  for (const webhook of [...state.webhooks.values()])
    if (webhook.channel === channel) state.webhooks.delete(webhook.id);
  state.channels.delete(channel.id);
  guild.channels.delete(channel.id);
  guild.revision += 1;
  tellChannel(state, 'CHANNEL_DELETE', channel, guild);
}

/** The conversation of a bot with somebody, made where there is none. */
export function conversation(state: State, bot: APIUser, user: APIUser): Channel {
  const key = `${bot.id} ${user.id}`;
  const found = state.conversations.get(key);
  if (found !== undefined) return found;
  const channel = bareChannel(state, ChannelType.DM, undefined, { between: [bot, user] });
  state.conversations.set(key, channel);
  return channel;
}

/** How long threads stay when nobody speaks. */
export const usualArchiving: ThreadAutoArchiveDuration = 4320;
