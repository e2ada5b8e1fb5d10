/** Lists of threads: those of a guild that are alive, those of a channel that are archived, page by page. */
import {
  type APIThreadChannel,
  type APIThreadMember,
  ChannelType,
  PermissionFlagsBits as May,
} from 'discord-api-types/v10';
import { threadChannel } from '../../payloads/channels.ts';
import { threadsFor } from '../../payloads/guilds.ts';
import { byAge } from '../../snowflake.ts';
import type { Channel } from '../../state.ts';
import { allow, type Call, channelOf, guildOf, me, type Route } from '../call.ts';
import { formOfQuery } from '../form.ts';

interface ThreadList {
  readonly threads: readonly APIThreadChannel[];
  readonly members: readonly APIThreadMember[];
}

/** Threads with the bot's own memberships beside them. */
function listed(call: Call, threads: readonly Channel[]): ThreadList {
  const { id } = me(call);
  return {
    threads: threads.flatMap((channel) =>
      channel.thread === undefined ? [] : threadChannel(channel, channel.thread, id),
    ),
    members: threads.flatMap((channel) => channel.thread?.members.get(id) ?? []),
  };
}

function active(call: Call): ThreadList {
  const guild = guildOf(call);
  const visible = new Set(threadsFor(call.state, guild, me(call).id).map(({ id }) => id));
  return listed(
    call,
    [...guild.threads.values()].filter(({ id }) => visible.has(id)).sort((a, b) => byAge(b.id, a.id)),
  );
}

const archivedAt = (channel: Channel): number => Date.parse(channel.thread?.metadata.archive_timestamp ?? '');

/** Archived ones under a channel. */
const archivedUnder = ({ state }: Call, parent: Channel, fits: (channel: Channel) => boolean): Channel[] =>
  [...state.channels.values()].filter(
    (one) => one.parentId === parent.id && one.thread?.metadata.archived === true && fits(one),
  );

const isPrivate = ({ type }: Channel): boolean => type === ChannelType.PrivateThread;

function page(call: Call, threads: readonly Channel[]): ThreadList & { readonly has_more: boolean } {
  const form = formOfQuery(call.query);
  const limit = form.whole('limit', { min: 2, max: 100 }) ?? 50;
  form.end();
  return { ...listed(call, threads.slice(0, limit)), has_more: threads.length > limit };
}

function archived(call: Call, ofPrivate: boolean) {
  const channel = channelOf(call, May.ReadMessageHistory);
  if (ofPrivate) allow(call, channel, May.ManageThreads);
  const before = call.query.get('before');
  const limit = before === null ? Number.POSITIVE_INFINITY : Date.parse(before);
  const fits = (one: Channel): boolean => isPrivate(one) === ofPrivate && archivedAt(one) < limit;
  return page(
    call,
    archivedUnder(call, channel, fits).sort((a, b) => archivedAt(b) - archivedAt(a)),
  );
}

function joined(call: Call) {
  const channel = channelOf(call, May.ReadMessageHistory);
  const before = call.query.get('before');
  const fits = (one: Channel): boolean =>
    isPrivate(one) && one.thread?.members.has(me(call).id) === true && (before === null || byAge(one.id, before) < 0);
  return page(
    call,
    archivedUnder(call, channel, fits).sort((a, b) => byAge(b.id, a.id)),
  );
}

export const threadListRoutes: readonly Route[] = [
  { method: 'GET', path: '/guilds/:guild/threads/active', run: active },
  { method: 'GET', path: '/channels/:channel/threads/archived/public', run: (call) => archived(call, false) },
  { method: 'GET', path: '/channels/:channel/threads/archived/private', run: (call) => archived(call, true) },
  { method: 'GET', path: '/channels/:channel/users/@me/threads/archived/private', run: joined },
];
