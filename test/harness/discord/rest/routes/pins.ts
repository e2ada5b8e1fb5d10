/** Pins, by the routes of today and those of before (API reference, "Get Channel Pins"). */
import {
  type APIMessage,
  type APIMessagePin,
  RESTJSONErrorCodes as Code,
  PermissionFlagsBits as May,
  MessageReferenceType,
  MessageType,
} from 'discord-api-types/v10';
import { pin, post } from '../../deeds/messages.ts';
import type { Channel, Message } from '../../state.ts';
import { type Call, can, channelOf, me, messageOf, type Route } from '../call.ts';
import { formOfQuery } from '../form.ts';
import { problem } from '../problems.ts';
import { shownTo } from '../shown.ts';
import { needLive } from './may-speak.ts';

const most = 250;

/** Those of a channel, the latest first. */
const pinnedIn = ({ messages }: Channel): readonly (Message & { pinnedAt: string })[] =>
  [...messages.values()]
    .filter((message): message is Message & { pinnedAt: string } => message.pinnedAt !== undefined)
    .sort((a, b) => b.pinnedAt.localeCompare(a.pinnedAt));

function list(call: Call): { items: APIMessagePin[]; has_more: boolean } {
  const form = formOfQuery(call.query);
  const limit = form.whole('limit', { min: 1, max: 50 }) ?? 50;
  const before = form.text('before');
  form.end();
  const channel = channelOf(call);
  const limitAt = before === undefined ? Number.POSITIVE_INFINITY : Date.parse(before);
  const all = can(call, channel, May.ReadMessageHistory)
    ? pinnedIn(channel).filter(({ pinnedAt }) => Date.parse(pinnedAt) < limitAt)
    : [];
  const items = all.slice(0, limit).map((message) => ({
    pinned_at: message.pinnedAt,
    message: shownTo(call, message),
  }));
  return { items, has_more: all.length > limit };
}

function listOfBefore(call: Call): APIMessage[] {
  const channel = channelOf(call);
  const all = can(call, channel, May.ReadMessageHistory) ? pinnedIn(channel) : [];
  return all.slice(0, 50).map((message) => shownTo(call, message));
}

/** The message of the path, which the bot may pin. */
function pinnable(call: Call): Message {
  const channel = channelOf(call);
  if (channel.guild !== undefined) channelOf(call, May.PinMessages);
  const message = messageOf(call, channel);
  needLive(channel);
  return message;
}

function put(call: Call): undefined {
  const { state } = call;
  const message = pinnable(call);
  const { channel, data } = message;
  if (message.pinnedAt !== undefined) return;
  if (pinnedIn(channel).length >= most) throw problem(Code.MaximumNumberOfPinsReachedForTheChannel);
  pin(state, message, true);
  post(state, {
    channel,
    speaker: { user: me(call) },
    everyone: false,
    type: MessageType.ChannelPinnedMessage,
    points: {
      type: MessageReferenceType.Default,
      channel_id: channel.id,
      message_id: data.id,
      ...(channel.guild === undefined ? {} : { guild_id: channel.guild.id }),
    },
  });
}

function takeAway(call: Call): undefined {
  const message = pinnable(call);
  if (message.pinnedAt !== undefined) pin(call.state, message, false);
}

export const pinRoutes: readonly Route[] = [
  { method: 'GET', path: '/channels/:channel/messages/pins', run: list },
  { method: 'PUT', path: '/channels/:channel/messages/pins/:message', run: put },
  { method: 'DELETE', path: '/channels/:channel/messages/pins/:message', run: takeAway },
  { method: 'GET', path: '/channels/:channel/pins', run: listOfBefore },
  { method: 'PUT', path: '/channels/:channel/pins/:message', run: put },
  { method: 'DELETE', path: '/channels/:channel/pins/:message', run: takeAway },
];
