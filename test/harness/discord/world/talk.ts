/** What tests let people say and do to messages. */
import type { APIEmbed, APIPartialEmoji, APIUser } from 'discord-api-types/v10';
import { AuditLogEvent, PermissionFlagsBits as May } from 'discord-api-types/v10';
import { conversation } from '../deeds/channels.ts';
import type { Draft } from '../deeds/drafts.ts';
import { record } from '../deeds/members.ts';
import { type Changes, edit, pin, post, remove, removeAll, type, updated } from '../deeds/messages.ts';
import { clearReactions, endPoll, react, unreact, vote } from '../deeds/reactions.ts';
import { changeThread } from '../deeds/threads.ts';
import { webhookFace } from '../deeds/webhooks.ts';
import { may } from '../permissions.ts';
import type { Application, Channel, Message, State, Webhook } from '../state.ts';

/** An emoji as tests write it: itself, or one of a guild's. */
const emojiFrom = (emoji: string | APIPartialEmoji): APIPartialEmoji =>
  typeof emoji === 'string'
    ? { id: null, name: emoji }
    : { id: emoji.id, name: emoji.name, ...(emoji.animated === true ? { animated: true } : {}) };

/** People may say anything here, without limits. */
export const talk = (state: State) => ({
  /** Somebody says something. A thread that was archived comes back. */
  say(user: APIUser, channel: Channel, what: string | Draft): Message {
    const draft = typeof what === 'string' ? { content: what } : what;
    if (channel.thread?.metadata.archived === true) changeThread(state, channel, { archived: false });
    return post(state, {
      ...draft,
      channel,
      speaker: { user },
      everyone: may(state, channel, user.id, May.MentionEveryone),
    });
  },
  /** Another service's webhook says something, under any name. */
  speak(webhook: Webhook, username: string, what: string | Draft, channel: Channel = webhook.channel): Message {
    const user = webhookFace(webhook, username, webhook.avatar);
    const speaker = { user, webhookId: webhook.id, applicationId: webhook.applicationId };
    return post(state, { ...(typeof what === 'string' ? { content: what } : what), channel, speaker, everyone: true });
  },
  /** Somebody writes to a bot. */
  whisper(user: APIUser, bot: Application, what: string | Draft): Message {
    return this.say(user, conversation(state, bot.user, user), what);
  },
  edit: (message: Message, changes: string | Changes): void =>
    edit(state, message, typeof changes === 'string' ? { content: changes } : changes),
  /** What stands behind a link is shown: the message changes, but nobody has edited it. */
  unfurl(message: Message, embeds: readonly APIEmbed[]): void {
    message.data.embeds = [...embeds];
    updated(state, message);
  },
  /** @param by a moderator; absent: who said it */
  remove(message: Message, by?: APIUser, reason?: string): void {
    const { channel, data } = message;
    remove(state, message);
    if (by === undefined || channel.guild === undefined) return;
    const options = { channel_id: channel.id, count: '1' };
    record(state, channel.guild, AuditLogEvent.MessageDelete, data.author, by, reason, options);
  },
  removeAll(channel: Channel, messages: readonly Message[], by?: APIUser): void {
    removeAll(state, channel, messages);
    if (by === undefined || channel.guild === undefined) return;
    const options = { count: String(messages.length) };
    record(state, channel.guild, AuditLogEvent.MessageBulkDelete, channel, by, undefined, options);
  },
  type: (user: APIUser, channel: Channel): void => type(state, channel, user.id),
  pin: (message: Message, pinned = true): void => pin(state, message, pinned),
  react: (user: APIUser, message: Message, emoji: string | APIPartialEmoji): void =>
    react(state, message, user, emojiFrom(emoji)),
  unreact: (user: APIUser, message: Message, emoji: string | APIPartialEmoji): boolean =>
    unreact(state, message, user.id, emojiFrom(emoji)),
  clearReactions: (message: Message, emoji?: string | APIPartialEmoji): void =>
    clearReactions(state, message, emoji === undefined ? undefined : emojiFrom(emoji)),
  vote: (user: APIUser, message: Message, answer: number, taken = true): void =>
    vote(state, message, user.id, answer, taken),
  endPoll: (message: Message): void => endPoll(state, message),
  /** Somebody's conversation with a bot. */
  conversation: (user: APIUser, bot: Application): Channel => conversation(state, bot.user, user),
  /** Somebody takes no messages from bots, or takes them again. */
  closeDoor(user: APIUser, closed = true): void {
    if (closed) state.closed.add(user.id);
    else state.closed.delete(user.id);
  },
  /** What was said in a channel, the oldest first. */
  messages: (channel: Channel): readonly Message[] => [...channel.messages.values()],
});
