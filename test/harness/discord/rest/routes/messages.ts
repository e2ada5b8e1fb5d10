/** Messages of channels: read, written, changed, taken away (API reference, "Message"). */
import {
  type APIMessage,
  ChannelType,
  RESTJSONErrorCodes as Code,
  PermissionFlagsBits as May,
  MessageFlags,
  MessageType,
} from 'discord-api-types/v10';
import { edit, post, remove, removeAll, type, updated } from '../../deeds/messages.ts';
import { joinThread } from '../../deeds/threads.ts';
import { byAge, timeOf } from '../../snowflake.ts';
import type { Channel, Message } from '../../state.ts';
import { allow, type Call, can, channelOf, me, messageOf, type Route } from '../call.ts';
import { type Form, formOf, formOfQuery, isObject } from '../form.ts';
import { problem } from '../problems.ts';
import { shownTo } from '../shown.ts';
import { needConnection, needLive, needSpeech, needTextual } from './may-speak.ts';
import { isEmpty, readSpeech, recalled, remember, type Speech } from './speech.ts';

function list(call: Call): APIMessage[] {
  const channel = channelOf(call);
  needTextual(channel);
  needConnection(call, channel);
  const form = formOfQuery(call.query);
  const limit = form.whole('limit', { min: 1, max: 100 }) ?? 50;
  const [before, after, around] = [form.id('before'), form.id('after'), form.id('around')];
  form.end();
  if (!can(call, channel, May.ReadMessageHistory)) return [];
  const ids = [...channel.messages.keys()];
  return pick(ids, limit, before, after, around)
    .reverse()
    .flatMap((id) => channel.messages.get(id) ?? [])
    .map((message) => shownTo(call, message));
}

/** Of ids, the oldest first, those that are wanted, in the same order. */
function pick(
  ids: readonly string[],
  limit: number,
  before: string | undefined,
  after: string | undefined,
  around: string | undefined,
): string[] {
  if (around !== undefined) {
    const at = ids.filter((id) => byAge(id, around) < 0).length;
    const start = Math.max(0, at - Math.floor(limit / 2));
    return ids.slice(start, start + limit);
  }
  if (after !== undefined) return ids.filter((id) => byAge(id, after) > 0).slice(0, limit);
  return (before === undefined ? ids : ids.filter((id) => byAge(id, before) < 0)).slice(-limit);
}

/** What the body answers or passes on. */
function reference(call: Call, channel: Channel, form: Form): { reply?: Message; forward?: Message } {
  const found = form.object('message_reference');
  if (found === undefined) return {};
  const id = String(found.message_id);
  const forwarded = found.type === 1;
  const place = forwarded ? call.state.channels.get(String(found.channel_id)) : channel;
  const message = place?.messages.get(id);
  if (message !== undefined) {
    if (forwarded) allow(call, message.channel, May.ReadMessageHistory);
    else if (message.data.type !== MessageType.Default && message.data.type !== MessageType.Reply)
      form.wrong('message_reference', 'REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE', 'Cannot reply to a system message');
    return forwarded ? { forward: message } : { reply: message };
  }
  if (forwarded || found.fail_if_not_exists !== false)
    form.wrong('message_reference', 'REPLIES_UNKNOWN_MESSAGE', 'Unknown message');
  return {};
}

/** Stickers of the guild, or those for whom others' are allowed. */
function stickersOf(call: Call, channel: Channel, form: Form): readonly string[] | undefined {
  const ids = form.ids('sticker_ids', 3);
  for (const id of ids ?? []) {
    const home = [...call.state.guilds.values()].find(({ stickers }) => stickers.has(id));
    if (home === undefined) throw problem(Code.UnknownSticker);
    if (home !== channel.guild) throw problem(Code.InvalidStickerSent);
  }
  return ids;
}

function write(call: Call): APIMessage {
  const { state } = call;
  const channel = channelOf(call);
  needTextual(channel);
  const form = formOf(call.body);
  const speech = readSpeech(call, form, channel.guild);
  const nonce = readNonce(form);
  const enforced = form.flag('enforce_nonce') === true;
  const stickers = stickersOf(call, channel, form);
  const draft = { ...speech, ...reference(call, channel, form), ...(stickers === undefined ? {} : { stickers }) };
  form.end();
  const user = me(call);
  if (enforced && nonce !== undefined) {
    const known = channel.messages.get(recalled(state, user.id, nonce) ?? '');
    if (known !== undefined) return shownTo(call, known);
  }
  if (isEmpty(draft) && draft.forward === undefined) throw problem(Code.CannotSendAnEmptyMessage);
  needSpeech(call, channel, draft);
  const message = post(state, {
    ...draft,
    channel,
    speaker: { user },
    everyone: can(call, channel, May.MentionEveryone),
    tts: draft.tts === true && can(call, channel, May.SendTTSMessages),
    ...(nonce === undefined ? {} : { nonce }),
  });
  if (nonce !== undefined) remember(state, user.id, nonce, message.data.id);
  if (channel.thread !== undefined) joinThread(state, channel, user.id);
  return shownTo(call, message);
}

function readNonce(form: Form): string | number | undefined {
  return form.number('nonce') ?? form.text('nonce', { max: 25 });
}

/** Applies an edit that is allowed. */
export function change(call: Call, message: Message, speech: Speech, everyone: boolean): void {
  const { data } = message;
  const remaining = data.attachments.filter(({ id }) => speech.kept === undefined || speech.kept.includes(id));
  const after = {
    content: speech.content ?? data.content,
    embeds: speech.embeds ?? data.embeds,
    components: speech.components ?? data.components ?? [],
    stickers: data.sticker_items?.map(({ id }) => id) ?? [],
  };
  if (data.poll !== undefined) throw problem(Code.CannotEditAPollMessage);
  if (isEmpty(after) && remaining.length + (speech.files?.length ?? 0) === 0)
    throw problem(Code.CannotSendAnEmptyMessage);
  if (call.state.now() - timeOf(data.id) > 3_600_000) {
    message.lateEdits += 1;
    if (message.lateEdits > 30) throw problem(Code.MaximumNumberOfEditsToMessagesOlderThanOneHourReached);
  }
  const { kept, flags, ...rest } = speech;
  const suppressed = flags === undefined ? {} : { flags: withSuppression(data.flags ?? 0, flags) };
  edit(call.state, message, { ...rest, ...suppressed, ...(kept === undefined ? {} : { kept }) }, everyone);
}

const withSuppression = (before: number, asked: number): number =>
  (before & ~MessageFlags.SuppressEmbeds) | (asked & MessageFlags.SuppressEmbeds);

function rewrite(call: Call): APIMessage {
  const { state } = call;
  const channel = channelOf(call);
  const message = messageOf(call, channel);
  needLive(channel);
  const form = formOf(call.body);
  const speech = readSpeech(call, form, channel.guild);
  form.end();
  const mine = message.data.author.id === me(call).id;
  if (!mine) {
    const only = isObject(call.body) && Object.keys(call.body).every((key) => key === 'flags');
    if (!only) throw problem(Code.CannotEditMessageAuthoredByAnotherUser);
    allow(call, channel, May.ManageMessages);
    message.data.flags = withSuppression(message.data.flags ?? 0, speech.flags ?? 0);
    updated(state, message);
  } else change(call, message, speech, can(call, channel, May.MentionEveryone));
  return shownTo(call, message);
}

/** Those that nobody can take away. */
const lasting: readonly MessageType[] = [MessageType.RecipientAdd, MessageType.Call, MessageType.ThreadStarterMessage];

function takeAway(call: Call): undefined {
  const channel = channelOf(call);
  const message = messageOf(call, channel);
  const { archived = false, locked = false } = channel.thread?.metadata ?? {};
  if (archived && locked && !can(call, channel, May.ManageThreads)) throw problem(Code.InvalidActionOnArchivedThread);
  if (message.data.author.id !== me(call).id || message.data.webhook_id !== undefined)
    allow(call, channel, May.ManageMessages);
  if (lasting.includes(message.data.type)) throw problem(Code.CannotExecuteActionOnSystemMessage);
  remove(call.state, message);
}

function takeManyAway(call: Call): undefined {
  const channel = channelOf(call, May.ManageMessages);
  if (channel.guild === undefined) throw problem(Code.CannotExecuteActionOnDMChannel);
  const form = formOf(call.body);
  const ids = form.needed('messages', form.ids('messages')) ?? [];
  if (new Set(ids).size < ids.length)
    form.wrong('messages', 'SET_TYPE_ALREADY_CONTAINS_VALUE', 'The set already contains this value');
  form.end();
  if (ids.length < 2 || ids.length > 100) throw problem(Code.ProvidedTooFewOrTooManyMessagesToDelete);
  const limit = call.state.now() - 14 * 24 * 3_600_000;
  if (ids.some((id) => timeOf(id) < limit)) throw problem(Code.OneOfTheMessagesProvidedWasTooOldForBulkDelete);
  removeAll(
    call.state,
    channel,
    ids.flatMap((id) => channel.messages.get(id) ?? []),
  );
}

function crosspost(call: Call): APIMessage {
  const channel = channelOf(call, May.SendMessages);
  const message = messageOf(call, channel);
  if (channel.type !== ChannelType.GuildAnnouncement) throw problem(Code.CannotExecuteActionOnThisChannelType);
  if (message.data.author.id !== me(call).id) allow(call, channel, May.ManageMessages);
  const flags = message.data.flags ?? 0;
  if ((flags & MessageFlags.Crossposted) !== 0) throw problem(Code.ThisMessageWasAlreadyCrossposted);
  message.data.flags = flags | MessageFlags.Crossposted;
  updated(call.state, message);
  return shownTo(call, message);
}

const at = '/channels/:channel/messages';

export const messageRoutes: readonly Route[] = [
  { method: 'GET', path: at, run: list },
  { method: 'POST', path: at, run: write },
  {
    method: 'GET',
    path: `${at}/:message`,
    run: (call) => shownTo(call, messageOf(call, channelOf(call, May.ReadMessageHistory))),
  },
  { method: 'PATCH', path: `${at}/:message`, run: rewrite },
  { method: 'DELETE', path: `${at}/:message`, run: takeAway },
  { method: 'POST', path: `${at}/bulk-delete`, run: takeManyAway },
  { method: 'POST', path: `${at}/:message/crosspost`, run: crosspost },
  {
    method: 'POST',
    path: '/channels/:channel/typing',
    run(call) {
      const channel = channelOf(call);
      needTextual(channel);
      if (channel.guild !== undefined)
        allow(call, channel, channel.thread === undefined ? May.SendMessages : May.SendMessagesInThreads);
      type(call.state, channel, me(call).id);
    },
  },
];
