/** Messages come, change and go: by people, bots and webhooks alike. */
import {
  type APIMessage,
  type APIPoll,
  type APIStickerItem,
  GatewayIntentBits as Intent,
  MessageFlags,
  MessageReferenceType,
  MessageType,
  PollLayoutType,
} from 'discord-api-types/v10';
import { inChannel, ofMessages, tell } from '../events.ts';
import { messageEvent } from '../payloads/messages.ts';
import { type Channel, type Message, type State, stampOf } from '../state.ts';
import { attach } from './attachments.ts';
import type { Draft, PollDraft, Spoken } from './drafts.ts';
import { type Mentions, mentionsIn } from './mentions.ts';

/** Says something; the message is kept and told. */
export function post(state: State, spoken: Spoken): Message {
  const { channel } = spoken;
  const message: Message = {
    channel,
    data: written(state, spoken),
    reactions: new Map(),
    votes: new Map(spoken.poll?.answers.map((_, index) => [index + 1, new Set<string>()]) ?? []),
    pinnedAt: undefined,
    lateEdits: 0,
  };
  keep(state, message);
  tell(state, 'MESSAGE_CREATE', messageEvent(state, message), ofMessages(channel), exemptOf(message));
  return message;
}

/** Who sees the content without the intent: the author and all who are named; in conversations everybody. */
export function exemptOf({ channel, data }: Message): readonly string[] | undefined {
  if (channel.guild === undefined) return undefined;
  const author = data.application_id ?? data.author.id;
  return [author, data.author.id, ...data.mentions.map(({ id }) => id)];
}

function keep(state: State, message: Message): void {
  const { channel, data } = message;
  channel.messages.set(data.id, message);
  channel.lastMessageId = data.id;
  if (channel.thread !== undefined && data.type !== MessageType.ThreadStarterMessage && data.id !== channel.id)
    channel.thread.sent += 1;
  if (channel.messages.size > 1.25 * state.settings.kept) forgetOldest(channel, state.settings.kept);
}

/** Many at a time: a Map that loses its first key again and again becomes slow. */
function forgetOldest({ messages }: Channel, kept: number): void {
  for (const id of messages.keys()) {
    if (messages.size <= kept) return;
    messages.delete(id);
  }
}

function written(state: State, spoken: Spoken): APIMessage {
  const { channel, speaker, reply, forward, content = '', flags = 0 } = spoken;
  const mentions = mentionsIn(state, channel.guild, content, spoken.allowed, spoken.everyone);
  const replied = reply === undefined || spoken.allowed?.replied_user === false ? undefined : reply.data.author;
  const pinged = replied === undefined || (spoken.allowed !== undefined && spoken.allowed.replied_user !== true);
  return {
    id: spoken.id ?? state.newId(),
    type: spoken.type ?? (reply === undefined ? MessageType.Default : MessageType.Reply),
    channel_id: channel.id,
    author: speaker.user,
    content,
    timestamp: stampOf(state.now()),
    edited_timestamp: null,
    tts: spoken.tts ?? false,
    ...named(pinged || replied === undefined ? mentions : withUser(mentions, replied)),
    attachments: (spoken.files ?? []).map((file) => attach(state, channel, file)),
    embeds: [...(spoken.embeds ?? [])].map((embed) => ({ type: 'rich' as never, ...embed })),
    components: [...(spoken.components ?? [])],
    pinned: false,
    flags: forward === undefined ? flags : flags | MessageFlags.HasSnapshot,
    ...(channel.thread === undefined ? {} : { position: channel.thread.sent }),
    ...(spoken.nonce === undefined ? {} : { nonce: spoken.nonce }),
    ...(speaker.webhookId === undefined ? {} : { webhook_id: speaker.webhookId }),
    ...(speaker.applicationId ? { application_id: speaker.applicationId } : {}),
    ...(spoken.stickers === undefined ? {} : { sticker_items: stickerItems(state, spoken.stickers) }),
    ...(spoken.poll === undefined ? {} : { poll: pollOf(state, spoken.poll) }),
    ...(spoken.points === undefined ? {} : { message_reference: spoken.points }),
    ...(spoken.type === MessageType.ThreadStarterMessage ? { referenced_message: null } : {}),
    ...(reply === undefined ? {} : { message_reference: referenceTo(reply), referenced_message: null }),
    ...(forward === undefined
      ? {}
      : { message_reference: forwarding(forward), message_snapshots: [snapshot(forward)] }),
  };
}

const named = ({ users, roles, everyone }: Mentions) => ({
  mentions: users,
  mention_roles: roles,
  mention_everyone: everyone,
});

const withUser = (mentions: Mentions, user: Mentions['users'][number]): Mentions =>
  mentions.users.some(({ id }) => id === user.id) ? mentions : { ...mentions, users: [...mentions.users, user] };

const referenceTo = ({ channel, data }: Message) => ({
  type: MessageReferenceType.Default,
  channel_id: channel.id,
  message_id: data.id,
  ...(channel.guild === undefined ? {} : { guild_id: channel.guild.id }),
});

const forwarding = (message: Message) => ({ ...referenceTo(message), type: MessageReferenceType.Forward });

/** What is shown of a message that is passed on. */
function snapshot({ data }: Message): NonNullable<APIMessage['message_snapshots']>[number] {
  const { type, content, embeds, attachments, timestamp, edited_timestamp, flags = 0, mentions, mention_roles } = data;
  return {
    message: { type, content, embeds, attachments, timestamp, edited_timestamp, flags, mentions, mention_roles },
  } as never;
}

function stickerItems(state: State, ids: readonly string[]): APIStickerItem[] {
  const all = [...state.guilds.values()].flatMap(({ stickers }) => [...stickers.values()]);
  return ids.flatMap((id) => {
    const found = all.find((one) => one.id === id);
    return found === undefined ? [] : { id, name: found.name, format_type: found.format_type };
  });
}

const pollOf = (state: State, { question, answers, hours = 24, several = false }: PollDraft): APIPoll => ({
  question: { text: question },
  answers: answers.map((poll_media, index) => ({ answer_id: index + 1, poll_media })),
  expiry: stampOf(state.now() + hours * 3_600_000),
  allow_multiselect: several,
  layout_type: PollLayoutType.Default,
});

/** What may change of a message. */
export interface Changes extends Pick<Draft, 'content' | 'embeds' | 'components' | 'flags' | 'allowed' | 'files'> {
  /** Of the files that it has, those that stay. */
  readonly kept?: readonly string[];
}

/** Changes it. @param everyone may the editor name everyone? */
export function edit(state: State, message: Message, changes: Changes, everyone = false): void {
  const { data, channel } = message;
  const { content, embeds, components, flags, kept, files } = changes;
  if (content !== undefined) {
    data.content = content;
    Object.assign(data, named(mentionsIn(state, channel.guild, content, changes.allowed, everyone)));
  }
  if (embeds !== undefined) data.embeds = [...embeds].map((embed) => ({ type: 'rich' as never, ...embed }));
  if (components !== undefined) data.components = [...components];
  if (flags !== undefined) data.flags = flags;
  if (kept !== undefined) data.attachments = data.attachments.filter(({ id }) => kept.includes(id));
  if (files !== undefined) data.attachments.push(...files.map((file) => attach(state, channel, file)));
  data.edited_timestamp = stampOf(state.now());
  updated(state, message);
}

/** Tells that it is no longer as it was. */
export function updated(state: State, message: Message): void {
  tell(state, 'MESSAGE_UPDATE', messageEvent(state, message), ofMessages(message.channel), exemptOf(message));
}

const placeOf = (channel: Channel) => ({
  channel_id: channel.id,
  ...(channel.guild === undefined ? {} : { guild_id: channel.guild.id }),
});

function forget({ channel, data }: Message): void {
  channel.messages.delete(data.id);
  if (channel.thread !== undefined) channel.thread.deleted += 1;
}

/** Takes it away. */
export function remove(state: State, message: Message): void {
  const { channel, data } = message;
  forget(message);
  tell(state, 'MESSAGE_DELETE', { id: data.id, ...placeOf(channel) }, ofMessages(channel));
}

/** Takes several of a channel away at once. */
export function removeAll(state: State, channel: Channel, messages: readonly Message[]): void {
  for (const message of messages) forget(message);
  const ids = messages.map(({ data }) => data.id);
  tell(state, 'MESSAGE_DELETE_BULK', { ids, ...placeOf(channel) }, ofMessages(channel));
}

/** Somebody has begun to write. */
export function type(state: State, channel: Channel, userId: string): void {
  const member = channel.guild?.members.get(userId);
  tell(
    state,
    'TYPING_START',
    {
      ...placeOf(channel),
      user_id: userId,
      timestamp: Math.floor(state.now() / 1_000),
      ...(member === undefined ? {} : { member }),
    },
    inChannel(channel, Intent.GuildMessageTyping, Intent.DirectMessageTyping),
  );
}

/** Pins it or takes the pin away. */
export function pin(state: State, message: Message, pinned: boolean): void {
  const { channel } = message;
  message.pinnedAt = pinned ? stampOf(state.now()) : undefined;
  if (pinned) channel.lastPinAt = message.pinnedAt ?? null;
  tell(
    state,
    'CHANNEL_PINS_UPDATE',
    { ...placeOf(channel), last_pin_timestamp: channel.lastPinAt },
    inChannel(channel, Intent.Guilds, Intent.DirectMessages),
  );
  updated(state, message);
}
