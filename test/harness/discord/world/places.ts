/** What tests do to guilds and channels. */
import {
  type APIEmoji,
  type APIRole,
  type APISticker,
  type APIUser,
  ChannelType,
  OverwriteType,
} from 'discord-api-types/v10';
import { type ChannelFacts, changeChannel, createChannel, deleteChannel } from '../deeds/channels.ts';
import {
  changeGuild,
  changeRole,
  createGuild,
  createRole,
  deleteRole,
  type RoleFacts,
  setAvailable,
  setEmoji,
  setSticker,
} from '../deeds/guilds.ts';
import { enter } from '../deeds/members.ts';
import {
  changeThread,
  createThread,
  deleteThread,
  joinThread,
  leaveThread,
  type ThreadChanges,
  type ThreadFacts,
} from '../deeds/threads.ts';
import { createWebhook, deleteWebhook, type WebhookFacts } from '../deeds/webhooks.ts';
import { keepPicture } from '../rest/pictures.ts';
import type { Channel, Guild, Message, State, Webhook } from '../state.ts';

/** For an overwrite: whose, and what. */
export interface Rule {
  readonly of: APIRole | APIUser | 'everyone';
  readonly allow?: bigint;
  readonly deny?: bigint;
}

export const places = (state: State) => ({
  /** A guild with its owner in it and, unless it is to be empty, a channel #general. */
  guild(name: string, owner: APIUser, empty = false): Guild {
    const guild = createGuild(state, name, owner, empty);
    enter(state, guild, owner);
    return guild;
  },
  changeGuild: (guild: Guild, facts: Parameters<typeof changeGuild>[2]): void => changeGuild(state, guild, facts),
  /** Gives it a picture. */
  setIcon(guild: Guild, bytes: Uint8Array): void {
    changeGuild(state, guild, { icon: keepPicture(state, 'icons', guild.id, bytes) });
  },
  /** An outage of the guild begins or ends. */
  setAvailable: (guild: Guild, available: boolean): void => setAvailable(state, guild, available),
  channel: (guild: Guild, facts: ChannelFacts & { readonly name: string }): Channel =>
    createChannel(state, guild, facts),
  changeChannel: (channel: Channel, facts: ChannelFacts): void => changeChannel(state, channel, facts),
  deleteChannel: (channel: Channel): void =>
    channel.thread === undefined ? deleteChannel(state, channel) : deleteThread(state, channel),
  /** The channel of that name. */
  find(guild: Guild, name: string): Channel {
    const found = [...guild.channels.values(), ...guild.threads.values()].find((one) => one.name === name);
    if (found === undefined) throw new Error(`${guild.name} has no channel ${name}`);
    return found;
  },
  /** Lays down what somebody may there; the rules of others stay. */
  rule(channel: Channel, { of, allow = 0n, deny = 0n }: Rule): void {
    const id = of === 'everyone' ? (channel.guild?.id ?? '') : of.id;
    const type = of !== 'everyone' && 'username' in of ? OverwriteType.Member : OverwriteType.Role;
    const others = [...channel.overwrites.values()].filter((one) => one.id !== id);
    const one = { id, type, allow: allow.toString(), deny: deny.toString() };
    changeChannel(state, channel, { overwrites: [...others, one] });
  },
  role: (guild: Guild, facts: RoleFacts): APIRole => createRole(state, guild, facts),
  /** The role that all have. */
  everyone(guild: Guild): APIRole {
    const found = guild.roles.get(guild.id);
    if (found === undefined) throw new Error('every guild has this role');
    return found;
  },
  changeRole: (guild: Guild, role: APIRole, facts: RoleFacts): void => changeRole(state, guild, role, facts),
  deleteRole: (guild: Guild, role: APIRole): void => deleteRole(state, guild, role),
  emoji(guild: Guild, name: string, bytes: Uint8Array, animated = false): APIEmoji {
    const id = state.newId();
    state.files.set(`/emojis/${id}`, { bytes, type: animated ? 'image/gif' : 'image/png' });
    const emoji = { id, name, animated, roles: [], require_colons: true, managed: false, available: true };
    setEmoji(state, guild, id, emoji);
    return emoji;
  },
  dropEmoji: (guild: Guild, emoji: APIEmoji): void => setEmoji(state, guild, emoji.id ?? '', undefined),
  sticker(guild: Guild, name: string, bytes: Uint8Array, format_type = 1): APISticker {
    const id = state.newId();
    state.files.set(`/stickers/${id}`, { bytes, type: 'image/png' });
    const more = { description: null, tags: name, type: 2, available: true, guild_id: guild.id };
    const sticker = { id, name, format_type, ...more };
    setSticker(state, guild, id, sticker);
    return sticker;
  },
  dropSticker: (guild: Guild, sticker: APISticker): void => setSticker(state, guild, sticker.id, undefined),
  thread: (parent: Channel, facts: ThreadFacts): Channel => createThread(state, parent, facts),
  /** A post of a forum, with its first message. */
  forumPost(parent: Channel, facts: ThreadFacts, say: (thread: Channel) => Message): Channel {
    if (parent.type !== ChannelType.GuildForum) throw new Error('it is no forum');
    const thread = createThread(state, parent, facts);
    say(thread);
    return thread;
  },
  changeThread: (thread: Channel, changes: ThreadChanges): void => changeThread(state, thread, changes),
  joinThread: (user: APIUser, thread: Channel): void => joinThread(state, thread, user.id),
  leaveThread: (user: APIUser, thread: Channel): void => leaveThread(state, thread, user.id),
  webhook: (channel: Channel, facts: WebhookFacts): Webhook => createWebhook(state, channel, facts),
  deleteWebhook: (webhook: Webhook): void => deleteWebhook(state, webhook),
  webhooks: (channel: Channel): readonly Webhook[] =>
    [...state.webhooks.values()].filter((one) => one.channel === channel),
});
