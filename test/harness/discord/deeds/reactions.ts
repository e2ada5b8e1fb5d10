/** Reactions and the votes of polls. */
import { type APIPartialEmoji, type APIUser, GatewayIntentBits as Intent, ReactionType } from 'discord-api-types/v10';
import { inChannel, tell } from '../events.ts';
import { keyOf } from '../payloads/messages.ts';
import type { Message, State } from '../state.ts';
import { updated } from './messages.ts';

const audience = ({ channel }: Message) =>
  inChannel(channel, Intent.GuildMessageReactions, Intent.DirectMessageReactions);

const placeOf = ({ channel, data }: Message) => ({
  channel_id: channel.id,
  message_id: data.id,
  ...(channel.guild === undefined ? {} : { guild_id: channel.guild.id }),
});

/** Adds somebody's; a second time nothing happens. */
export function react(state: State, message: Message, user: APIUser, emoji: APIPartialEmoji): void {
  const key = keyOf(emoji);
  const reaction = message.reactions.get(key) ?? { emoji, users: new Map<string, APIUser>() };
  if (reaction.users.has(user.id)) return;
  reaction.users.set(user.id, user);
  message.reactions.set(key, reaction);
  const member = message.channel.guild?.members.get(user.id);
  tell(
    state,
    'MESSAGE_REACTION_ADD',
    {
      ...placeOf(message),
      user_id: user.id,
      emoji,
      burst: false,
      type: ReactionType.Normal,
      ...(message.data.webhook_id === undefined ? { message_author_id: message.data.author.id } : {}),
      ...(member === undefined ? {} : { member }),
    },
    audience(message),
  );
}

/** Takes somebody's away; false: they had none such. */
export function unreact(state: State, message: Message, userId: string, emoji: APIPartialEmoji): boolean {
  const key = keyOf(emoji);
  const reaction = message.reactions.get(key);
  if (reaction?.users.delete(userId) !== true) return false;
  if (reaction.users.size === 0) message.reactions.delete(key);
  const what = { ...placeOf(message), user_id: userId, emoji: reaction.emoji, burst: false, type: ReactionType.Normal };
  tell(state, 'MESSAGE_REACTION_REMOVE', what, audience(message));
  return true;
}

/** Takes all away, or all of one emoji. */
export function clearReactions(state: State, message: Message, emoji?: APIPartialEmoji): void {
  if (emoji === undefined) {
    message.reactions.clear();
    tell(state, 'MESSAGE_REACTION_REMOVE_ALL', placeOf(message), audience(message));
    return;
  }
  message.reactions.delete(keyOf(emoji));
  tell(state, 'MESSAGE_REACTION_REMOVE_EMOJI', { ...placeOf(message), emoji }, audience(message));
}

/** Somebody takes an answer of a poll, or takes the vote back. */
export function vote(state: State, message: Message, userId: string, answer: number, taken = true): void {
  const users = message.votes.get(answer);
  if (users === undefined) throw new Error(`the poll has no answer ${answer}`);
  if (users.has(userId) === taken) return;
  if (taken) users.add(userId);
  else users.delete(userId);
  tell(
    state,
    taken ? 'MESSAGE_POLL_VOTE_ADD' : 'MESSAGE_POLL_VOTE_REMOVE',
    { ...placeOf(message), user_id: userId, answer_id: answer },
    inChannel(message.channel, Intent.GuildMessagePolls, Intent.DirectMessagePolls),
  );
}

/** No more votes are counted. */
export function endPoll(state: State, message: Message): void {
  const { poll } = message.data;
  if (poll === undefined) throw new Error('it is no poll');
  poll.results = { is_finalized: true, answer_counts: [] };
  updated(state, message);
}
