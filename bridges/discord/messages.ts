/** What is said on Discord and done to it, as it comes: into open rooms, and to our owner where it is said to the bot alone. */
import type { APIGuildMember, APIMessage, GatewayMessageReactionAddDispatchData } from 'discord.js';
import { type ChatId, chatId, type MessageEvent, type PersonId, personId } from '#bridge';
import { roomOf } from './addresses.ts';
import { changeOf, keepWhole, refOf, refsOf } from './apart.ts';
import { createBeginnings } from './beginnings.ts';
import type { Conversations } from './conversations.ts';
import { type Core, placeOf } from './core.ts';
import { createDeletions, type Deleter } from './deletions.ts';
import type { Flights } from './flights.ts';
import type { EventData, Hearers } from './hearing.ts';
import { spoke } from './members.ts';
import { namesIn } from './naming.ts';
import { authorOf, eventsOf, isAwaited, isForOne, isWritten } from './reading.ts';
import type { Recent } from './recent.ts';
import { createStrangers } from './strangers.ts';
import { learnMember } from './structure.ts';
import { read, readApart } from './text/index.ts';
import type { Typists } from './typists.ts';
import type { Webhooks } from './webhooks.ts';

export interface MessageParts {
  readonly conversations: Conversations;
  readonly flights: Flights;
  readonly webhooks: Webhooks;
  readonly recent: Recent;
  readonly typists: Typists;
  /** The session ends. */
  readonly signal: AbortSignal;
}

/** See `Hearers`. */
export function createMessageHearers(parts: MessageParts): Hearers {
  const { conversations, flights, webhooks, recent, typists, signal } = parts;
  const deletions = createDeletions();
  const strangers = createStrangers(signal);
  const beginnings = createBeginnings(strangers);

  /** The open room, or the conversation of two; undefined: nobody listens there. */
  function chatOf(core: Core, channel: string): ChatId | undefined {
    if (core.channels.has(channel)) return core.rooms.has(roomOf(channel)) ? roomOf(channel) : undefined;
    const person = conversations.personIn(channel);
    return person === undefined ? undefined : chatId(person);
  }

  function said(core: Core, message: EventData<'MESSAGE_CREATE'>): void {
    if (isForOne(message)) return;
    const isMine = message.author.id === core.me;
    const isOurWebhook = webhooks.isOurs(message);
    if (message.guild_id === undefined && !isMine) conversations.heard(message.channel_id, message.author.id);
    if (isOurWebhook && message.webhook_id !== undefined) recent.webhooks.put(message.id, message.webhook_id);
    if (isMine) recent.authors.put(message.id, core.me);
    if ((isMine || isOurWebhook) && flights.heard(message, isOurWebhook) === 'ours') {
      keepWhole(recent, message.id);
      return;
    }
    learnAuthor(core, message);
    if (recent.past.has(message.id)) return;
    const chat = chatOf(core, message.channel_id);
    if (chat === undefined) return;
    if (isAwaited(message)) recent.awaited.put(message.id, true);
    else tellSaid(core, chat, message, eventsOf(core, recent, message, { chat, isOwn: isMine || isOurWebhook }));
  }

  function tellSaid(core: Core, chat: ChatId, message: APIMessage, events: readonly MessageEvent[]): void {
    const [event] = events;
    if (event === undefined) return;
    recent.authors.put(message.id, authorOf(message));
    typists.stopped(chat, message.author.id);
    const room = core.rooms.get(chat);
    if (!isWritten(message)) {
      if (!beginnings.isNews(message)) return;
      const { text } = event.content;
      if (text !== undefined && room !== undefined) core.emit({ kind: 'remark', at: event.at, chat, text });
      return;
    }
    if (room !== undefined && message.webhook_id === undefined) spoke(core, room, message.author.id, event.nick);
    for (const one of events) core.emit(one);
  }

  /** Previews of links come as changes of the message, and are none (CHECKLIST 308-05). */
  function edited(core: Core, message: APIMessage): void {
    const { id, edited_timestamp } = message;
    const chat = chatOf(core, message.channel_id);
    if (chat !== undefined && recent.awaited.has(id)) {
      answered(core, chat, message);
      return;
    }
    if (chat === undefined || edited_timestamp === null || recent.edits.get(id) === edited_timestamp) return;
    recent.edits.put(id, edited_timestamp);
    if (message.author.id === core.me || webhooks.isOurs(message) || !isWritten(message)) return;
    const place = placeOf(core, message.channel_id);
    const names = namesIn(core, place?.guild, place?.channel);
    const { content, gone } = changeOf(recent, message, read(message, names), readApart(message, names));
    const deed = { at: new Date(edited_timestamp), chat, by: authorOf(message) };
    if (content === undefined) core.emit({ kind: 'retracted', ...deed, target: refOf(id) });
    else core.emit({ kind: 'edited', ...deed, target: refOf(id), content });
    for (const target of gone) core.emit({ kind: 'retracted', ...deed, target });
  }

  /** What a bot says to a command that it had to think about: now, whenever it was asked. */
  function answered(core: Core, chat: ChatId, message: APIMessage): void {
    if (isAwaited(message)) return;
    recent.awaited.delete(message.id);
    if (message.edited_timestamp !== null) recent.edits.put(message.id, message.edited_timestamp);
    const at = core.now().getTime();
    const events = eventsOf(core, recent, message, { chat });
    tellSaid(
      core,
      chat,
      message,
      events.map((event, behind) => ({ ...event, at: new Date(at + behind) })),
    );
  }

  function deleted(core: Core, guild: string | undefined, channel: string, ids: readonly string[]): void {
    const chat = chatOf(core, channel);
    if (chat === undefined) return;
    const at = core.now();
    const authors = new Map(ids.map((id) => [id, recent.authors.get(id)]));
    const [only = ''] = ids.length === 1 ? ids : [];
    const author = recent.authors.get(only) ?? recent.webhooks.get(only);
    const tellGone = (moderator?: Deleter): void => {
      if (moderator !== undefined) comesIn(core, chat, moderator.by);
      for (const id of ids) {
        const by = moderator?.by ?? authors.get(id);
        const why = moderator?.reason === undefined ? {} : { reason: moderator.reason };
        const who = by === undefined ? {} : { by: personId(by) };
        for (const target of refsOf(recent, id)) core.emit({ kind: 'retracted', at, chat, ...who, ...why, target });
      }
    };
    deletions.heard(core, { guild, channel, author }, (moderator) => {
      // The guild's log has no more than a number.
      if (moderator === undefined) tellGone();
      else strangers.meet(core, guild, moderator.by, () => tellGone(moderator));
    });
  }

  function reacted(
    core: Core,
    data: EventData<'MESSAGE_REACTION_ADD' | 'MESSAGE_REACTION_REMOVE'>,
    present: boolean,
  ): void {
    const chat = chatOf(core, data.channel_id);
    const emoji = unicodeOf(data.emoji);
    if (chat === undefined || emoji === undefined) return;
    remember(data, emoji, present);
    comesIn(core, chat, data.user_id, 'member' in data ? data.member : undefined);
    tell(core, chat, data.message_id, personId(data.user_id), emoji, present);
  }

  function remember(
    { message_id, user_id }: Pick<GatewayMessageReactionAddDispatchData, 'message_id' | 'user_id'>,
    emoji: string,
    present: boolean,
  ): void {
    const all = recent.reactions.get(message_id) ?? new Set();
    if (present) all.add(`${user_id} ${emoji}`);
    else all.delete(`${user_id} ${emoji}`);
    recent.reactions.put(message_id, all);
  }

  function tell(core: Core, chat: ChatId, message: string, by: PersonId, emoji: string, present: boolean): void {
    core.emit({ kind: 'reaction', at: core.now(), chat, by, target: refOf(message), emoji, present });
  }

  /** @param only that emoji; undefined: all of them */
  function cleared(core: Core, channel: string, message: string, only?: string): void {
    const chat = chatOf(core, channel);
    if (chat === undefined) return;
    for (const one of [...(recent.reactions.get(message) ?? [])]) {
      const [user = '', emoji = ''] = one.split(' ');
      if (only !== undefined && emoji !== only) continue;
      remember({ message_id: message, user_id: user }, emoji, false);
      tell(core, chat, message, personId(user), emoji, false);
    }
  }

  return {
    MESSAGE_CREATE: said,
    MESSAGE_UPDATE: edited,
    MESSAGE_DELETE: (core, { id, guild_id, channel_id }) => deleted(core, guild_id, channel_id, [id]),
    MESSAGE_DELETE_BULK: (core, { ids, guild_id, channel_id }) => deleted(core, guild_id, channel_id, ids),
    GUILD_AUDIT_LOG_ENTRY_CREATE: deletions.logged,
    MESSAGE_REACTION_ADD: (core, data) => reacted(core, data, true),
    MESSAGE_REACTION_REMOVE: (core, data) => reacted(core, data, false),
    MESSAGE_REACTION_REMOVE_ALL: (core, { channel_id, message_id }) => cleared(core, channel_id, message_id),
    MESSAGE_REACTION_REMOVE_EMOJI(core, { channel_id, message_id, emoji }) {
      const only = unicodeOf(emoji);
      if (only !== undefined) cleared(core, channel_id, message_id, only);
    },
    TYPING_START(core, { channel_id, user_id, guild_id, member }) {
      if (user_id === core.me) return;
      if (guild_id === undefined) conversations.heard(channel_id, user_id);
      const chat = chatOf(core, channel_id);
      if (chat === undefined) return;
      const guild = placeOf(core, channel_id)?.guild;
      if (guild !== undefined && member?.user !== undefined) learnMember(core, guild, member.user, member);
      typists.typing(chat, user_id);
    },
    THREAD_CREATE: beginnings.begun,
    WEBHOOKS_UPDATE: (_, { channel_id }) => webhooks.changed(channel_id),
  };
}

/** The author as a member, where the message carries one: so they are known, in a crowd too. */
function learnAuthor(core: Core, { channel_id, webhook_id, author, member }: EventData<'MESSAGE_CREATE'>): void {
  const guild = placeOf(core, channel_id)?.guild;
  if (guild !== undefined && member !== undefined && webhook_id === undefined) learnMember(core, guild, author, member);
}

/** Whoever reacts or moderates is in the room as if they had spoken: nothing but the list says what they are called. @param named as the event carries them */
function comesIn(core: Core, chat: ChatId, id: string, named?: APIGuildMember): void {
  const room = core.rooms.get(chat);
  const guild = core.guilds.get(room?.guild ?? '');
  if (room === undefined || guild === undefined) return;
  if (named?.user !== undefined) learnMember(core, guild, named.user, named);
  const member = guild.members.get(id);
  if (member !== undefined) spoke(core, room, id, member.nick);
}

/** A guild's own emoji has no sign that others could show (CHECKLIST 444-04). */
const unicodeOf = ({ id, name }: { readonly id: string | null; readonly name: string | null }): string | undefined =>
  id === null && name !== null ? name : undefined;
