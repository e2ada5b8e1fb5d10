/** The channels of all guilds, as whoever browses finds them: guild by guild, in the guild's own order, threads and posts behind their channels. */
import type { ChatId, Rooms } from '#bridge';
import { roomOf } from './addresses.ts';
import type { Core } from './core.ts';
import { nameOf } from './describing.ts';
import type { Channel, Guild } from './guild.ts';
import { isRoom } from './guild.ts';
import { powerIn } from './permissions.ts';

type Query = Parameters<NonNullable<Rooms['list']>>[0];

interface Found {
  readonly chat: ChatId;
  readonly name: string;
}

/** Those that the bot sees. */
export function listRooms(core: Core, { match = '', after, max }: Query): readonly Found[] {
  const wanted = match.toLowerCase();
  const all = [...core.guilds.values()]
    .sort((one, other) => (one.id < other.id ? -1 : 1))
    .flatMap((guild) => roomsIn(core, guild));
  const from = after === undefined ? 0 : all.findIndex(({ chat }) => chat === after) + 1;
  const named = all.slice(from).filter(({ name }) => name.toLowerCase().includes(wanted));
  return named.slice(0, max);
}

function roomsIn(core: Core, guild: Guild): readonly Found[] {
  const me = guild.members.get(core.me);
  if (me === undefined || guild.isAway) return [];
  const now = core.clock.now();
  const channels = [...guild.channels.values()].filter(
    (channel) =>
      isRoom(channel) && channel.thread?.isArchived !== true && powerIn(guild, channel, me, now) !== undefined,
  );
  const places = new Map(channels.map((channel) => [channel, placeIn(guild, channel)]));
  return channels
    .toSorted((one, other) => inOrder(places.get(one) ?? [], places.get(other) ?? []))
    .map((channel) => ({ chat: roomOf(channel.id), name: nameOf(guild, channel) }));
}

/** Of its category, its own or its parent's, and its age: ids grow. */
function placeIn({ channels }: Guild, channel: Channel): readonly (number | bigint)[] {
  const holder = channel.thread === undefined ? channel : (channels.get(channel.parent ?? '') ?? channel);
  const category = channels.get(holder.parent ?? '');
  return [
    category?.position ?? -1,
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
