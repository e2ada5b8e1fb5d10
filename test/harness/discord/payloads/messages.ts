/** Messages as events and answers show them. */
import {
  type APIMessage,
  type APIPartialEmoji,
  type APIPollResults,
  type APIReaction,
  type GatewayMessageCreateDispatchData,
  MessageReferenceType,
  type TextChannelType,
} from 'discord-api-types/v10';
import type { Message, State } from '../state.ts';
import { threadChannel } from './channels.ts';
import { mentioned, withoutUser } from './people.ts';

/** MESSAGE_CREATE and MESSAGE_UPDATE. */
export function messageEvent(state: State, message: Message): GatewayMessageCreateDispatchData {
  const { channel } = message;
  const { guild } = channel;
  const data = messageFor(state, message, undefined);
  const member = message.data.webhook_id === undefined ? guild?.members.get(message.data.author.id) : undefined;
  return {
    ...data,
    mentions: data.mentions.map((user) => mentioned(guild, user)),
    channel_type: channel.type as TextChannelType,
    ...(guild === undefined ? {} : { guild_id: guild.id }),
    ...(member === undefined ? {} : { member: withoutUser(member) }),
  };
}

/** As REST shows it. @param viewer whose reactions and votes count as "me" */
export function messageFor(state: State, message: Message, viewer: string | undefined): APIMessage {
  const { data } = message;
  const reference = data.message_reference;
  const replied = reference !== undefined && reference.type !== MessageReferenceType.Forward;
  const thread = state.channels.get(data.id);
  return {
    ...data,
    pinned: message.pinnedAt !== undefined,
    ...(replied && 'referenced_message' in data ? { referenced_message: referenced(state, data, viewer) } : {}),
    ...(message.reactions.size === 0 ? {} : { reactions: reactionsFor(message, viewer) }),
    ...(data.poll === undefined ? {} : { poll: { ...data.poll, results: resultsFor(message, viewer) } }),
    ...(thread?.thread === undefined ? {} : { thread: threadChannel(thread, thread.thread) as never }),
  };
}

/** What it answers, as that is now; null where it is gone. Only one step deep. */
function referenced(state: State, data: APIMessage, viewer: string | undefined): APIMessage | null {
  const { channel_id = '', message_id = '' } = data.message_reference ?? {};
  const found = state.channels.get(channel_id)?.messages.get(message_id);
  if (found === undefined) return null;
  const { referenced_message: _, ...rest } = messageFor(state, found, viewer);
  return rest;
}

/** How an emoji is told apart, and how paths name it. */
export const keyOf = ({ id, name }: APIPartialEmoji): string => (id === null ? (name ?? '') : `${name ?? '_'}:${id}`);

function reactionsFor(message: Message, viewer: string | undefined): APIReaction[] {
  return [...message.reactions.values()].map(({ emoji, users }) => ({
    emoji,
    count: users.size,
    count_details: { burst: 0, normal: users.size },
    burst_colors: [],
    me_burst: false,
    me: viewer !== undefined && users.has(viewer),
  }));
}

function resultsFor({ data, votes }: Message, viewer: string | undefined): APIPollResults {
  return {
    is_finalized: data.poll?.results?.is_finalized ?? false,
    answer_counts: [...votes]
      .filter(([, users]) => users.size > 0)
      .map(([id, users]) => ({ id, count: users.size, me_voted: viewer !== undefined && users.has(viewer) })),
  };
}
