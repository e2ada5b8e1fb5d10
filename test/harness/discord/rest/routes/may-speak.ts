/** May a bot say this there? What is in the way is told in the order in which Discord looks. */
import { ChannelType, RESTJSONErrorCodes as Code, PermissionFlagsBits as May } from 'discord-api-types/v10';
import type { Draft } from '../../deeds/drafts.ts';
import { changeThread } from '../../deeds/threads.ts';
import type { Channel } from '../../state.ts';
import { LimitProblem } from '../buckets.ts';
import { allow, type Call, can, me } from '../call.ts';
import { problem } from '../problems.ts';

const forums: readonly ChannelType[] = [ChannelType.GuildForum, ChannelType.GuildMedia];

/** Kinds of channels in which messages stand. */
const isTextual = ({ type }: Channel): boolean =>
  !forums.includes(type) && type !== ChannelType.GuildCategory && type !== ChannelType.GuildDirectory;

/** Refuses messages where there are none. */
export function needTextual(channel: Channel): void {
  if (forums.includes(channel.type)) throw problem(Code.CannotSendAMessageInAForumChannel);
  if (!isTextual(channel)) throw problem(Code.CannotSendMessagesInNonTextChannel);
}

const voices: readonly ChannelType[] = [ChannelType.GuildVoice, ChannelType.GuildStageVoice];

/** What stands beside a voice channel is for those who may come in. */
export function needConnection(call: Call, channel: Channel): void {
  if (voices.includes(channel.type)) allow(call, channel, May.Connect);
}

/** Throws what is in the way. */
export function needSpeech(call: Call, channel: Channel, draft: Draft): void {
  needTextual(channel);
  if (channel.guild === undefined) needOpenEar(call, channel);
  else needPermission(call, channel, draft);
}

function needPermission(call: Call, channel: Channel, draft: Draft): void {
  allow(call, channel, channel.thread === undefined ? May.SendMessages : May.SendMessagesInThreads);
  needConnection(call, channel);
  if ((draft.files?.length ?? 0) > 0) allow(call, channel, May.AttachFiles);
  if ((draft.embeds?.length ?? 0) > 0) allow(call, channel, May.EmbedLinks);
  if (draft.poll !== undefined) allow(call, channel, May.SendPolls);
  if (draft.reply !== undefined && !can(call, channel, May.ReadMessageHistory))
    throw problem(Code.CannotReplyWithoutPermissionToReadMessageHistory);
  needOpenThread(call, channel);
  needPatience(call, channel);
}

function needOpenEar({ state, ...call }: Call, channel: Channel): void {
  const bot = me({ state, ...call });
  const other = channel.between.find(({ id }) => id !== bot.id);
  if (other === undefined) return;
  const shared = [...state.guilds.values()].some(({ members }) => members.has(bot.id) && members.has(other.id));
  if (!shared) throw problem(Code.CannotSendMessagesToThisUserDueToHavingNoMutualGuilds);
  if (state.closed.has(other.id)) throw problem(Code.CannotSendMessagesToThisUser);
}

/** A thread that is archived comes back by speaking, unless it is locked. */
function needOpenThread(call: Call, channel: Channel): void {
  const { thread } = channel;
  if (thread === undefined) return;
  const { archived, locked } = thread.metadata;
  if (locked && !can(call, channel, May.ManageThreads))
    throw problem(archived ? Code.InvalidActionOnArchivedThread : Code.ThreadLocked);
  if (archived) changeThread(call.state, channel, { archived: false });
}

/** Slow mode, which does not bind those who watch over the channel. */
function needPatience(call: Call, channel: Channel): void {
  const { slowS, spoke } = channel;
  if (slowS === 0 || can(call, channel, May.ManageMessages) || can(call, channel, May.ManageChannels)) return;
  const { id } = me(call);
  const now = call.state.now();
  const leftS = ((spoke.get(id) ?? Number.NEGATIVE_INFINITY) + slowS * 1_000 - now) / 1_000;
  if (leftS > 0) {
    const { body } = problem(Code.ActionCannotBePerformedDueToSlowmodeRateLimit, { retry_after: leftS, global: false });
    throw new LimitProblem(body as { message: string }, {
      'retry-after': `${Math.ceil(leftS)}`,
      'x-ratelimit-scope': 'user',
    });
  }
  spoke.set(id, now);
}

/** Things in an archived thread stay as they are. */
export function needLive({ thread }: Channel): void {
  if (thread?.metadata.archived === true) throw problem(Code.InvalidActionOnArchivedThread);
}
