/** The channels of all guilds, as whoever browses finds them: guild by guild, in the guild's own order, threads and posts behind their channels. */
import type { ChatId, Outline, OutlineEntry, Rooms } from '#bridge';
import { roomOf } from './addresses.ts';
import type { Core } from './core.ts';
import { nameOf } from './describing.ts';
import { type Channel, channelType, type Guild, isForum, isRoom, isVoice } from './guild.ts';
import { powerIn } from './permissions.ts';

type Query = Parameters<NonNullable<Rooms['list']>>[0];

interface Found {
  readonly chat: ChatId;
  readonly name: string;
}

/** Those that the bot sees. */
export function listRooms(core: Core, { match = '', after, max }: Query): readonly Found[] {
  const wanted = match.toLowerCase();
  const all = guildsOf(core).flatMap((guild) =>
    shownIn(core, guild)
      .filter(isRoom)
      .map((channel) => ({ chat: roomOf(channel.id), name: nameOf(guild, channel) })),
  );
  const from = after === undefined ? 0 : all.findIndex(({ chat }) => chat === after) + 1;
  const named = all.slice(from).filter(({ name }) => name.toLowerCase().includes(wanted));
  return named.slice(0, max);
}

/** Guilds, their categories and forums as groups, and what is in them: see `Rooms.outline`. */
export const outlineOf = (core: Core): Outline => guildsOf(core).flatMap((guild) => outlineIn(core, guild));

function outlineIn(core: Core, guild: Guild): Outline {
  const entries: OutlineEntry[] = [{ group: guild.id, name: guild.name }];
  const begun = new Set<string>();
  for (const channel of shownIn(core, guild)) {
    const category = categoryOf(guild, channel);
    if (category !== undefined && !begun.has(category.id)) {
      begun.add(category.id);
      entries.push({ group: category.id, name: category.name, within: guild.id });
    }
    const parent = channel.thread === undefined ? undefined : guild.channels.get(channel.parent ?? '');
    const around = category?.id ?? guild.id;
    if (isForum(channel)) entries.push({ group: channel.id, name: `#${channel.name}`, within: around });
    else if (parent === undefined) entries.push({ chat: roomOf(channel.id), name: `#${channel.name}`, within: around });
    else if (isForum(parent)) entries.push({ chat: roomOf(channel.id), name: channel.name, within: parent.id });
    else entries.push({ chat: roomOf(channel.id), name: `#${parent.name} › ${channel.name}`, within: around });
  }
  return entries;
}

/** Where we are, the oldest first. */
const guildsOf = ({ guilds, me }: Core): readonly Guild[] =>
  [...guilds.values()]
    .filter(({ isAway, members }) => !isAway && members.has(me))
    .sort((one, other) => (BigInt(one.id) < BigInt(other.id) ? -1 : 1));

/** Channels, threads and forums that we see, in the guild's order. */
function shownIn(core: Core, guild: Guild): readonly Channel[] {
  const me = guild.members.get(core.me);
  if (me === undefined) return [];
  const now = core.clock.now();
  const shown = [...guild.channels.values()].filter(
    (channel) =>
      (isRoom(channel) || isForum(channel)) &&
      channel.thread?.isArchived !== true &&
      powerIn(guild, channel, me, now) !== undefined,
  );
  const places = new Map(shown.map((channel) => [channel, placeIn(guild, channel)]));
  return shown.toSorted((one, other) => inOrder(places.get(one) ?? [], places.get(other) ?? []));
}

/** Of a thread, the channel that it hangs on. */
const holderOf = ({ channels }: Guild, channel: Channel): Channel =>
  channel.thread === undefined ? channel : (channels.get(channel.parent ?? '') ?? channel);

function categoryOf(guild: Guild, channel: Channel): Channel | undefined {
  const category = guild.channels.get(holderOf(guild, channel).parent ?? '');
  return category?.type === channelType.category ? category : undefined;
}

/** Of its category, its own or its parent's, with voices behind texts as Discord has them, and its age: ids grow. */
function placeIn(guild: Guild, channel: Channel): readonly (number | bigint)[] {
  const holder = holderOf(guild, channel);
  const category = categoryOf(guild, channel);
  return [
    category?.position ?? -1,
    BigInt(category?.id ?? 0),
    isVoice(holder) ? 1 : 0,
    holder.position,
    BigInt(holder.id),
    channel.thread === undefined ? 0 : 1,
    BigInt(channel.id),
  ];
}

function inOrder(one: readonly (number | bigint)[], other: readonly (number | bigint)[]): number {
  for (const [at, value] of one.entries()) {
    const against = other[at] ?? 0;
    if (value < against) return -1;
    if (value > against) return 1;
  }
  return 0;
}
