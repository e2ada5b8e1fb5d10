/** Channels: read, made, changed, taken away; who may do what in them (API reference, "Channel"). */
import {
  type APIChannel,
  type APIGuildForumTag,
  type APIOverwrite,
  ChannelType,
  RESTJSONErrorCodes as Code,
  PermissionFlagsBits as May,
  OverwriteType,
} from 'discord-api-types/v10';
import { type ChannelFacts, changeChannel, createChannel, deleteChannel } from '../../deeds/channels.ts';
import { deleteThread } from '../../deeds/threads.ts';
import { channelFor, guildChannel } from '../../payloads/channels.ts';
import { everything, permissionsIn } from '../../permissions.ts';
import type { Channel } from '../../state.ts';
import { allow, type Call, channelOf, guildOf, guildWith, idParam, me, type Route } from '../call.ts';
import { type Form, formOf } from '../form.ts';
import { problem } from '../problems.ts';
import { rewriteThread } from './threads.ts';

/** Channels of one guild. */
const most = 500;

/** Rules of a body. */
function overwritesOf(form: Form): readonly APIOverwrite[] | undefined {
  return form.list('permission_overwrites', 100)?.map(({ id, type, allow: allowed, deny }) => ({
    id: String(id),
    type: Number(type ?? 0),
    allow: String(allowed ?? 0),
    deny: String(deny ?? 0),
  }));
}

const slowest = 21_600;

/** What a body says of a channel. */
export function factsOf(form: Form): ChannelFacts {
  const name = form.text('name', { min: 1, max: 100 });
  const type = form.whole('type', { min: 0, max: 16 });
  const topic = form.textOrNull('topic', { max: 4_096 });
  const parentId = form.has('parent_id') ? (form.id('parent_id') ?? null) : undefined;
  const position = form.whole('position', { min: 0 });
  const nsfw = form.flag('nsfw');
  const slowS = form.whole('rate_limit_per_user', { min: 0, max: slowest });
  const flags = form.whole('flags');
  const overwrites = overwritesOf(form);
  const tags = form.list('available_tags', 20) as readonly APIGuildForumTag[] | undefined;
  const all = { name, type, topic, parentId, position, nsfw, slowS, flags, overwrites, tags };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** Text channels have shorter topics than forums. */
function checkTopic(form: Form, { topic }: ChannelFacts, type: ChannelType): void {
  const forum = type === ChannelType.GuildForum || type === ChannelType.GuildMedia;
  if (!forum && [...(topic ?? '')].length > 1_024)
    form.wrong('topic', 'BASE_TYPE_MAX_LENGTH', 'Must be 1024 or fewer in length.');
}

/** Names of text channels have no capitals and no gaps. */
const tidy = (facts: ChannelFacts, type: ChannelType): ChannelFacts => {
  const textual: readonly ChannelType[] = [
    ChannelType.GuildText,
    ChannelType.GuildAnnouncement,
    ChannelType.GuildForum,
  ];
  return facts.name === undefined || !textual.includes(type)
    ? facts
    : { ...facts, name: facts.name.trim().toLowerCase().replace(/\s+/g, '-') };
};

function create(call: Call): APIChannel {
  const guild = guildOf(call, May.ManageChannels);
  const form = formOf(call.body);
  const facts = factsOf(form);
  const { type = ChannelType.GuildText } = facts;
  checkTopic(form, facts, type);
  const name = form.needed('name', facts.name) ?? '';
  const parent = call.state.channels.get(facts.parentId ?? '');
  if (facts.parentId && parent?.type !== ChannelType.GuildCategory)
    form.wrong('parent_id', 'CHANNEL_PARENT_INVALID', 'Category does not exist');
  form.end();
  if (guild.channels.size >= most) throw problem(Code.MaximumNumberOfGuildChannelsReached);
  return guildChannel(createChannel(call.state, guild, tidy({ ...facts, name }, type)), guild);
}

const twins: readonly ChannelType[] = [ChannelType.GuildText, ChannelType.GuildAnnouncement];

function change(call: Call): APIChannel {
  const channel = channelOf(call);
  const guild = guildWith(channel);
  if (channel.thread !== undefined) return rewriteThread(call, channel);
  allow(call, channel, May.ManageChannels);
  const form = formOf(call.body);
  const facts = factsOf(form);
  checkTopic(form, facts, channel.type);
  const turned = facts.type !== undefined && facts.type !== channel.type;
  if (turned && !(twins.includes(channel.type) && twins.includes(facts.type ?? channel.type)))
    form.wrong('type', 'CHANNEL_TYPE_INVALID', 'Cannot convert between these channel types');
  form.end();
  if (facts.overwrites !== undefined) allow(call, channel, May.ManageRoles);
  changeChannel(call.state, channel, tidy(facts, channel.type));
  return guildChannel(channel, guild);
}

function takeAway(call: Call): APIChannel {
  const channel = channelOf(call);
  const { state } = call;
  const shown = channelFor(state, channel, me(call).id);
  if (channel.guild === undefined) return shown;
  allow(call, channel, channel.thread === undefined ? May.ManageChannels : May.ManageThreads);
  if (channel.thread === undefined) deleteChannel(state, channel);
  else deleteThread(state, channel);
  return shown;
}

/** Rules of a channel without that one, and the channel. */
function ruled(call: Call): {
  readonly channel: Channel;
  readonly id: string;
  readonly others: readonly APIOverwrite[];
} {
  const channel = channelOf(call, May.ManageRoles);
  guildWith(channel);
  const id = idParam(call, 'overwrite');
  return { channel, id, others: [...channel.overwrites.values()].filter((one) => one.id !== id) };
}

function rule(call: Call): undefined {
  const { channel, id, others } = ruled(call);
  const form = formOf(call.body);
  const type = form.needed('type', form.whole('type', { min: 0, max: 1 })) ?? 0;
  const [allowed, deny] = [form.text('allow') ?? '0', form.text('deny') ?? '0'];
  form.end();
  const guild = guildWith(channel);
  // Nobody gives or takes what they do not have themselves.
  const mine = permissionsIn(call.state, channel, me(call).id);
  if (((BigInt(allowed) | BigInt(deny)) & everything & ~mine) !== 0n) throw problem(Code.MissingPermissions);
  if (type === OverwriteType.Role && !guild.roles.has(id)) throw problem(Code.UnknownRole);
  if (type === OverwriteType.Member && !call.state.users.has(id)) throw problem(Code.UnknownUser);
  changeChannel(call.state, channel, { overwrites: [...others, { id, type, allow: allowed, deny }] });
}

function unrule(call: Call): undefined {
  const { channel, id, others } = ruled(call);
  if (!channel.overwrites.has(id)) throw problem(Code.UnknownPermissionOverwrite);
  changeChannel(call.state, channel, { overwrites: others });
}

function arrange(call: Call): undefined {
  const guild = guildOf(call, May.ManageChannels);
  const list = Array.isArray(call.body) ? call.body : [];
  for (const one of list) {
    const form = formOf(one);
    const [id, position] = [form.id('id'), form.whole('position')];
    form.end();
    const channel = guild.channels.get(id ?? '');
    if (channel === undefined) throw problem(Code.UnknownChannel);
    changeChannel(call.state, channel, position === undefined ? {} : { position });
  }
}

const isSeen = (call: Call, channel: Channel): boolean =>
  (permissionsIn(call.state, channel, me(call).id) & May.ViewChannel) !== 0n;

export const channelRoutes: readonly Route[] = [
  { method: 'GET', path: '/channels/:channel', run: (call) => channelFor(call.state, channelOf(call), me(call).id) },
  { method: 'PATCH', path: '/channels/:channel', run: change },
  { method: 'DELETE', path: '/channels/:channel', run: takeAway },
  { method: 'PUT', path: '/channels/:channel/permissions/:overwrite', run: rule },
  { method: 'DELETE', path: '/channels/:channel/permissions/:overwrite', run: unrule },
  {
    method: 'GET',
    path: '/guilds/:guild/channels',
    run(call) {
      const guild = guildOf(call);
      return [...guild.channels.values()]
        .filter((channel) => channel.type === ChannelType.GuildCategory || isSeen(call, channel))
        .map((channel) => guildChannel(channel, guild));
    },
  },
  { method: 'POST', path: '/guilds/:guild/channels', status: 201, run: create },
  { method: 'PATCH', path: '/guilds/:guild/channels', run: arrange },
];
