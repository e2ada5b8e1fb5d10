/** Threads: begun, changed, entered and left (API reference, "Start Thread from Message" and the following). */
import {
  type APIChannel,
  type APIThreadMember,
  ChannelFlags,
  ChannelType,
  RESTJSONErrorCodes as Code,
  GatewayIntentBits as Intent,
  PermissionFlagsBits as May,
  type ThreadAutoArchiveDuration,
} from 'discord-api-types/v10';
import { post } from '../../deeds/messages.ts';
import {
  changeThread,
  createThread,
  joinThread,
  leaveThread,
  type ThreadChanges,
  type ThreadFacts,
  threadOf,
} from '../../deeds/threads.ts';
import { channelFor } from '../../payloads/channels.ts';
import { messageFor } from '../../payloads/messages.ts';
import { byAge } from '../../snowflake.ts';
import type { Channel } from '../../state.ts';
import { allow, type Call, can, channelOf, me, messageOf, type Route, userId } from '../call.ts';
import { type Form, formOf, formOfQuery } from '../form.ts';
import { problem } from '../problems.ts';
import { needLive } from './may-speak.ts';
import { isEmpty, readSpeech } from './speech.ts';

const durations = [60, 1_440, 4_320, 10_080];

const isForum = ({ type }: Channel): boolean => type === ChannelType.GuildForum || type === ChannelType.GuildMedia;

function durationOf(form: Form): ThreadAutoArchiveDuration | undefined {
  const found = form.whole('auto_archive_duration');
  if (found !== undefined && !durations.includes(found))
    form.wrong('auto_archive_duration', 'BASE_TYPE_CHOICES', `Value must be one of {${durations.join(', ')}}.`);
  return found;
}

function factsOf(call: Call, form: Form): Omit<ThreadFacts, 'type'> {
  return {
    name: form.needed('name', form.text('name', { min: 1, max: 100 })) ?? '',
    owner: me(call),
    archiveAfter: durationOf(form),
    slowS: form.whole('rate_limit_per_user', { min: 0, max: 21_600 }),
    invitable: form.flag('invitable'),
  };
}

const threaded: readonly ChannelType[] = [ChannelType.GuildText, ChannelType.GuildAnnouncement];

function beginAt(call: Call): APIChannel {
  const channel = channelOf(call, May.CreatePublicThreads);
  const message = messageOf(call, channel);
  if (!threaded.includes(channel.type)) throw problem(Code.CannotExecuteActionOnThisChannelType);
  const form = formOf(call.body);
  const facts = factsOf(call, form);
  form.end();
  if (call.state.channels.has(message.data.id)) throw problem(Code.ThreadAlreadyCreatedForMessage);
  return channelFor(call.state, createThread(call.state, channel, { ...facts, from: message }), me(call).id);
}

const kinds: readonly ChannelType[] = [
  ChannelType.AnnouncementThread,
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
];

function begin(call: Call): APIChannel {
  const channel = channelOf(call);
  if (isForum(channel)) return beginPost(call, channel);
  if (!threaded.includes(channel.type)) throw problem(Code.CannotExecuteActionOnThisChannelType);
  const form = formOf(call.body);
  const facts = factsOf(call, form);
  const type: ChannelType = form.whole('type') ?? ChannelType.PrivateThread;
  if (!kinds.includes(type)) form.wrong('type', 'BASE_TYPE_CHOICES', 'Value must be one of {10, 11, 12}.');
  form.end();
  allow(call, channel, type === ChannelType.PrivateThread ? May.CreatePrivateThreads : May.CreatePublicThreads);
  return channelFor(call.state, createThread(call.state, channel, { ...facts, type }), me(call).id);
}

/** A forum's post: a thread and its first message at once. */
function beginPost(call: Call, channel: Channel): APIChannel {
  const { state } = call;
  const form = formOf(call.body);
  const facts = factsOf(call, form);
  const tags = form.ids('applied_tags', 5) ?? [];
  const written = form.needed('message', form.object('message'));
  const speech = readSpeech(call, formOf(written, 'message'), channel.guild);
  form.end();
  allow(call, channel, May.SendMessages);
  if (tags.some((id) => channel.tags.every((one) => one.id !== id))) throw problem(Code.UnknownTag);
  if (tags.length === 0 && (channel.flags & ChannelFlags.RequireTag) !== 0)
    throw problem(Code.TagRequiredToCreateAForumPostInThisChannel);
  if (isEmpty(speech)) throw problem(Code.CannotSendAnEmptyMessage);
  const thread = createThread(state, channel, { ...facts, tags, type: ChannelType.PublicThread });
  const everyone = can(call, thread, May.MentionEveryone);
  const first = post(state, { ...speech, channel: thread, speaker: { user: me(call) }, everyone, id: thread.id });
  const message = messageFor(state, first, me(call).id);
  return { ...channelFor(state, thread, me(call).id), ...{ message } };
}

function changesOf(form: Form): ThreadChanges {
  const all = {
    name: form.text('name', { min: 1, max: 100 }),
    archived: form.flag('archived'),
    locked: form.flag('locked'),
    invitable: form.flag('invitable'),
    slowS: form.whole('rate_limit_per_user', { min: 0, max: 21_600 }),
    flags: form.whole('flags'),
    tags: form.ids('applied_tags', 5),
    archiveAfter: durationOf(form),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** PATCH of a channel that is a thread. */
export function rewriteThread(call: Call, channel: Channel): APIChannel {
  const { thread } = threadOf(channel);
  const form = formOf(call.body);
  const changes = changesOf(form);
  form.end();
  const wakes = changes.archived === false && !thread.metadata.locked;
  const mine = thread.ownerId === me(call).id;
  const guarded = changes.locked !== undefined || changes.slowS !== undefined || changes.flags !== undefined;
  if (guarded || (!mine && !wakes)) allow(call, channel, May.ManageThreads);
  else if (wakes) allow(call, channel, May.SendMessagesInThreads);
  const known = call.state.channels.get(channel.parentId ?? '')?.tags ?? [];
  if (changes.tags?.some((id) => known.every((one) => one.id !== id)) === true) throw problem(Code.UnknownTag);
  if (thread.metadata.archived && changes.archived !== false) throw problem(Code.InvalidActionOnArchivedThread);
  changeThread(call.state, channel, { ...changes, by: me(call) });
  return channelFor(call.state, channel, me(call).id);
}

/** The thread of the path. */
function ofPath(call: Call): Channel {
  const channel = channelOf(call);
  if (channel.thread === undefined) throw problem(Code.CannotExecuteActionOnThisChannelType);
  return channel;
}

function enter(call: Call): undefined {
  const channel = ofPath(call);
  const user = userId(call);
  needLive(channel);
  if (user !== me(call).id) {
    allow(call, channel, May.SendMessagesInThreads);
    if (channel.guild?.members.has(user) !== true) throw problem(Code.UnknownMember);
  }
  joinThread(call.state, channel, user, user === me(call).id ? undefined : me(call));
}

function leave(call: Call): undefined {
  const channel = ofPath(call);
  const { thread } = threadOf(channel);
  const user = userId(call);
  needLive(channel);
  const mine = channel.type === ChannelType.PrivateThread && thread.ownerId === me(call).id;
  if (user !== me(call).id && !mine) allow(call, channel, May.ManageThreads);
  leaveThread(call.state, channel, user);
}

function shown(channel: Channel, member: APIThreadMember, withMember: boolean): APIThreadMember {
  const found = channel.guild?.members.get(member.user_id ?? '');
  return { ...member, ...(withMember && found !== undefined ? { member: found } : {}) };
}

function members(call: Call): APIThreadMember[] {
  const channel = ofPath(call);
  if (((call.application?.privileged ?? 0) & Intent.GuildMembers) === 0) throw problem(Code.MissingAccess);
  const form = formOfQuery(call.query);
  const limit = form.whole('limit', { min: 1, max: 100 }) ?? 100;
  const after = form.id('after') ?? '0';
  const withMember = form.flag('with_member') === true;
  form.end();
  const all = [...threadOf(channel).thread.members.values()].map((member) => shown(channel, member, withMember));
  if (!withMember) return all;
  return all
    .filter(({ user_id = '' }) => byAge(user_id, after) > 0)
    .sort((a, b) => byAge(a.user_id ?? '', b.user_id ?? ''))
    .slice(0, limit);
}

function member(call: Call): APIThreadMember {
  const channel = ofPath(call);
  const found = threadOf(channel).thread.members.get(userId(call));
  if (found === undefined) throw problem(Code.UnknownMember);
  return shown(channel, found, call.query.get('with_member') === 'true');
}

const inside = '/channels/:channel/thread-members';

export const threadRoutes: readonly Route[] = [
  { method: 'POST', path: '/channels/:channel/messages/:message/threads', status: 201, run: beginAt },
  { method: 'POST', path: '/channels/:channel/threads', status: 201, run: begin },
  { method: 'GET', path: inside, run: members },
  { method: 'GET', path: `${inside}/:user`, run: member },
  { method: 'PUT', path: `${inside}/:user`, run: enter },
  { method: 'DELETE', path: `${inside}/:user`, run: leave },
];
