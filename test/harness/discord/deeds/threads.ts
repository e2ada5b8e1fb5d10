/** Threads begin, are archived and end; people come into them and go (API reference, "Threads"). */
import {
  type APIThreadMember,
  type APIUser,
  ChannelType,
  GatewayIntentBits as Intent,
  MessageFlags,
  MessageReferenceType,
  MessageType,
  type ThreadAutoArchiveDuration,
  ThreadMemberFlags,
} from 'discord-api-types/v10';
import { ofGuild, tell, tellEach } from '../events.ts';
import { threadChannel } from '../payloads/channels.ts';
import { presenceOf } from '../payloads/people.ts';
import { type Channel, type Guild, type Message, type State, stampOf, type Thread } from '../state.ts';
import { bareChannel, usualArchiving } from './channels.ts';
import { post, updated } from './messages.ts';

export interface ThreadFacts {
  readonly name: string;
  readonly owner: APIUser;
  readonly type?: ChannelType;
  /** The message that it begins at; it gets its id. */
  readonly from?: Message;
  readonly tags?: readonly string[];
  /** Whoever begins it is a webhook, which is no member. */
  readonly byWebhook?: boolean;
  readonly archiveAfter?: ThreadAutoArchiveDuration | undefined;
  readonly invitable?: boolean | undefined;
  readonly slowS?: number | undefined;
}

/** A thread with its guild and what only threads have. */
export interface ThreadPlace {
  readonly guild: Guild;
  readonly thread: Thread;
}

/** Of a channel that must be one. */
export function threadOf({ guild, thread }: Channel): ThreadPlace {
  if (guild === undefined || thread === undefined) throw new Error('it is no thread');
  return { guild, thread };
}

/** Which kind begins there when nothing is said. */
const kindUnder = (parent: Channel): ChannelType =>
  parent.type === ChannelType.GuildAnnouncement ? ChannelType.AnnouncementThread : ChannelType.PublicThread;

/** Begins one under a channel. */
export function createThread(state: State, parent: Channel, facts: ThreadFacts): Channel {
  const { guild } = parent;
  if (guild === undefined) throw new Error('threads are of guilds');
  const type = facts.type ?? kindUnder(parent);
  const now = stampOf(state.now());
  const thread: Thread = {
    ownerId: facts.owner.id,
    metadata: {
      archived: false,
      auto_archive_duration: facts.archiveAfter ?? usualArchiving,
      archive_timestamp: now,
      locked: false,
      create_timestamp: now,
      ...(type === ChannelType.PrivateThread ? { invitable: facts.invitable ?? true } : {}),
    },
    members: new Map(),
    tags: [...(facts.tags ?? [])],
    sent: 0,
    deleted: 0,
  };
  const id = facts.from?.data.id;
  const channel = bareChannel(state, type, guild, {
    name: facts.name,
    thread,
    parentId: parent.id,
    ...(id === undefined ? {} : { id }),
  });
  channel.slowS = facts.slowS ?? 0;
  guild.threads.set(channel.id, channel);
  if (parent.type === ChannelType.GuildForum) parent.lastMessageId = channel.id;
  if (facts.byWebhook !== true) join(state, channel, facts.owner.id);
  tellEach(
    state,
    'THREAD_CREATE',
    (viewer) => ({ ...threadChannel(channel, thread, viewer.application.user.id), newly_created: true }),
    { ...ofGuild(guild), channel },
  );
  if (facts.byWebhook !== true) tellMembers(state, channel, [facts.owner.id], []);
  begin(state, parent, channel, facts);
  return channel;
}

/** What is said about its beginning, in both places. */
function begin(state: State, parent: Channel, channel: Channel, { from, owner, name }: ThreadFacts): void {
  const says = { speaker: { user: owner }, everyone: false };
  const guild_id = parent.guild?.id ?? '';
  const type = MessageReferenceType.Default;
  if (from !== undefined) {
    from.data.flags = (from.data.flags ?? 0) | MessageFlags.HasThread;
    const points = { type, guild_id, channel_id: parent.id, message_id: from.data.id };
    post(state, { ...says, channel, type: MessageType.ThreadStarterMessage, points });
    updated(state, from);
    return;
  }
  const silent = parent.type === ChannelType.GuildForum || channel.type === ChannelType.PrivateThread;
  if (silent) return;
  const points = { type, guild_id, channel_id: channel.id };
  post(state, { ...says, channel: parent, type: MessageType.ThreadCreated, content: name, points });
}

function join(state: State, channel: Channel, userId: string): APIThreadMember {
  const { thread, guild } = threadOf(channel);
  const member: APIThreadMember = {
    id: channel.id,
    user_id: userId,
    join_timestamp: stampOf(state.now()),
    flags: ThreadMemberFlags.HasInteracted,
  };
  thread.members.set(userId, member);
  guild.revision += 1;
  return member;
}

/** With who it is in the guild, and their presence. */
function addedMember(guild: Guild, thread: Thread, userId: string): APIThreadMember | undefined {
  const [found, member] = [thread.members.get(userId), guild.members.get(userId)];
  const presence = presenceOf(guild, userId) ?? null;
  return found === undefined ? undefined : { ...found, ...(member === undefined ? {} : { member }), ...{ presence } };
}

/** THREAD_MEMBERS_UPDATE: to all who have the intent; to a bot itself always. */
function tellMembers(state: State, channel: Channel, added: readonly string[], removed: readonly string[]): void {
  const { guild, thread } = threadOf(channel);
  const one = added[0] ?? removed[0];
  tell(
    state,
    'THREAD_MEMBERS_UPDATE',
    {
      id: channel.id,
      guild_id: guild.id,
      member_count: Math.min(50, thread.members.size),
      ...(added.length === 0 ? {} : { added_members: added.flatMap((id) => addedMember(guild, thread, id) ?? []) }),
      ...(removed.length === 0 ? {} : { removed_member_ids: [...removed] }),
    },
    {
      ...ofGuild(guild, Intent.GuildMembers),
      channel,
      ...(one === undefined ? {} : { own: one }),
    },
  );
}

/** Somebody comes in; whoever may not have known of the thread is told of it. @param by who brought them, if not they */
export function joinThread(state: State, channel: Channel, userId: string, by?: APIUser): void {
  const { guild, thread } = threadOf(channel);
  if (thread.members.has(userId)) return;
  join(state, channel, userId);
  const application = [...state.applications.values()].find(({ user }) => user.id === userId);
  if (application !== undefined)
    tell(state, 'THREAD_CREATE', threadChannel(channel, thread, userId), { ...ofGuild(guild), only: application });
  tellMembers(state, channel, [userId], []);
  const user = state.users.get(userId);
  if (by === undefined || user === undefined) return;
  post(state, {
    channel,
    speaker: { user: by },
    everyone: false,
    type: MessageType.RecipientAdd,
    content: `<@${userId}>`,
  });
}

/** Somebody goes. */
export function leaveThread(state: State, channel: Channel, userId: string): void {
  const { guild, thread } = threadOf(channel);
  if (!thread.members.delete(userId)) return;
  guild.revision += 1;
  tellMembers(state, channel, [], [userId]);
}

export interface ThreadChanges {
  readonly name?: string;
  readonly archived?: boolean;
  readonly locked?: boolean;
  readonly slowS?: number;
  readonly flags?: number;
  readonly tags?: readonly string[];
  readonly archiveAfter?: ThreadAutoArchiveDuration;
  readonly invitable?: boolean;
  /** Who does it: a new name is told in the thread as theirs. */
  readonly by?: APIUser;
}

/** Changes it; archived ones leave the list of those that are alive. */
export function changeThread(state: State, channel: Channel, changes: ThreadChanges): void {
  const { guild, thread } = threadOf(channel);
  const { metadata } = thread;
  const renamed = changes.name !== undefined && changes.name !== channel.name;
  if (changes.name !== undefined) channel.name = changes.name;
  if (changes.slowS !== undefined) channel.slowS = changes.slowS;
  if (changes.flags !== undefined) channel.flags = changes.flags;
  if (changes.tags !== undefined) thread.tags = [...changes.tags];
  if (changes.locked !== undefined) metadata.locked = changes.locked;
  if (changes.invitable !== undefined) metadata.invitable = changes.invitable;
  if (changes.archiveAfter !== undefined) metadata.auto_archive_duration = changes.archiveAfter;
  if (changes.archived !== undefined && changes.archived !== metadata.archived) {
    metadata.archived = changes.archived;
    metadata.archive_timestamp = stampOf(state.now());
    if (changes.archived) guild.threads.delete(channel.id);
    else guild.threads.set(channel.id, channel);
  }
  if (renamed && changes.by !== undefined)
    post(state, {
      channel,
      speaker: { user: changes.by },
      everyone: false,
      type: MessageType.ChannelNameChange,
      content: channel.name,
    });
  tellEach(state, 'THREAD_UPDATE', (viewer) => threadChannel(channel, thread, viewer.application.user.id), {
    ...ofGuild(guild),
    channel,
  });
}

/** It is gone with all that was said in it. */
export function deleteThread(state: State, channel: Channel): void {
  const { guild } = threadOf(channel);
  guild.threads.delete(channel.id);
  const what = { id: channel.id, guild_id: guild.id, parent_id: channel.parentId ?? '', type: channel.type };
  tell(state, 'THREAD_DELETE', what, { ...ofGuild(guild), channel });
  state.channels.delete(channel.id);
}
