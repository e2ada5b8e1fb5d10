/** Reactions and polls (API reference, "Create Reaction", "Poll"). */
import {
  type APIPartialEmoji,
  type APIUser,
  RESTJSONErrorCodes as Code,
  PermissionFlagsBits as May,
} from 'discord-api-types/v10';
import { clearReactions, endPoll, react, unreact } from '../../deeds/reactions.ts';
import { keyOf } from '../../payloads/messages.ts';
import { byAge } from '../../snowflake.ts';
import type { Message } from '../../state.ts';
import { allow, type Call, channelOf, me, messageOf, type Route, userId } from '../call.ts';
import { formOfQuery } from '../form.ts';
import { problem } from '../problems.ts';
import { shownTo } from '../shown.ts';
import { needLive } from './may-speak.ts';

/** Different emoji on one message. */
const most = 20;

/** An emoji of Unicode, also where the sign that asks for colours is left out. */
const isUnicode = (name: string): boolean =>
  /^\p{RGI_Emoji}$/v.test(name) || /^\p{RGI_Emoji}$/v.test(`${name}\uFE0F`) || /^\p{Emoji_Presentation}$/u.test(name);

/** The emoji of the path: itself, or `name:id`. */
function emojiOf({ state, params }: Call, message: Message): APIPartialEmoji {
  const text = params.emoji ?? '';
  const [, id] = /^(?:a:)?\w+:(\d+)$/.exec(text) ?? [];
  if (id === undefined) {
    if (!isUnicode(text)) throw problem(Code.UnknownEmoji);
    return { id: null, name: text };
  }
  const there = [...message.reactions.values()].find(({ emoji }) => emoji.id === id);
  const known = [...state.guilds.values()].map(({ emojis }) => emojis.get(id)).find((one) => one !== undefined);
  const found = there?.emoji ?? known;
  if (found === undefined) throw problem(Code.UnknownEmoji);
  return { id, name: found.name, ...(found.animated === true ? { animated: true } : {}) };
}

function add(call: Call): undefined {
  const channel = channelOf(call, May.ReadMessageHistory);
  const message = messageOf(call, channel);
  needLive(channel);
  const emoji = emojiOf(call, message);
  if (!message.reactions.has(keyOf(emoji))) {
    allow(call, channel, May.AddReactions);
    if (message.reactions.size >= most) throw problem(Code.MaximumNumberOfReactionsReached);
  }
  react(call.state, message, me(call), emoji);
}

function takeBack(call: Call): undefined {
  const user = userId(call);
  const channel = channelOf(call, May.ReadMessageHistory);
  const message = messageOf(call, channel);
  needLive(channel);
  if (user !== me(call).id) allow(call, channel, May.ManageMessages);
  // Taking away what is not there is no fault.
  unreact(call.state, message, user, emojiOf(call, message));
}

function clear(call: Call): undefined {
  const channel = channelOf(call, May.ReadMessageHistory, May.ManageMessages);
  const message = messageOf(call, channel);
  clearReactions(call.state, message, call.params.emoji === undefined ? undefined : emojiOf(call, message));
}

function page(call: Call, users: readonly APIUser[]): APIUser[] {
  const form = formOfQuery(call.query);
  const limit = form.whole('limit', { min: 1, max: 100 }) ?? 25;
  const after = form.id('after') ?? '0';
  form.end();
  return users
    .filter(({ id }) => byAge(id, after) > 0)
    .sort((a, b) => byAge(a.id, b.id))
    .slice(0, limit);
}

function reactors(call: Call): APIUser[] {
  const message = messageOf(call, channelOf(call, May.ReadMessageHistory));
  const users = message.reactions.get(keyOf(emojiOf(call, message)))?.users.values() ?? [];
  return page(call, [...users]);
}

function voters(call: Call): { users: APIUser[] } {
  const message = messageOf(call, channelOf(call, May.ReadMessageHistory));
  const ids = message.votes.get(Number(call.params.answer));
  if (message.data.poll === undefined || ids === undefined) throw problem(Code.UnknownMessage);
  return {
    users: page(
      call,
      [...ids].flatMap((id) => call.state.users.get(id) ?? []),
    ),
  };
}

function expire(call: Call) {
  const message = messageOf(call, channelOf(call));
  if (message.data.author.id !== me(call).id) throw problem(Code.CannotEditMessageAuthoredByAnotherUser);
  if (message.data.poll === undefined) throw problem(Code.CannotExpireANonPollMessage);
  if (message.data.poll.results?.is_finalized === true) throw problem(Code.PollExpired);
  endPoll(call.state, message);
  return shownTo(call, message);
}

const at = '/channels/:channel/messages/:message/reactions';

export const reactionRoutes: readonly Route[] = [
  { method: 'PUT', path: `${at}/:emoji/@me`, bucket: 'reactions', run: add },
  { method: 'DELETE', path: `${at}/:emoji/:user`, bucket: 'reactions', run: takeBack },
  { method: 'GET', path: `${at}/:emoji`, run: reactors },
  { method: 'DELETE', path: at, bucket: 'reactions', run: clear },
  { method: 'DELETE', path: `${at}/:emoji`, bucket: 'reactions', run: clear },
  { method: 'GET', path: '/channels/:channel/polls/:message/answers/:answer', run: voters },
  { method: 'POST', path: '/channels/:channel/polls/:message/expire', run: expire },
];
