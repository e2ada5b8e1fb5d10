/** Rooms as the gateway asks for them: entering is to look at a channel, leaving is to look away; nobody on Discord sees either. */
import { type ChatId, GatewayError, type Rooms } from '#bridge';
import { channelOf, isSnowflake } from './addresses.ts';
import { away, type Core, hush, type OpenRoom, placeOf } from './core.ts';
import { describe, tellRoom } from './describing.ts';
import type { Channel, Guild } from './guild.ts';
import { isForum, isRoom, isVoice } from './guild.ts';
import { listRooms, outlineOf } from './listing.ts';
import { tellEverybody } from './members.ts';
import { powerIn } from './permissions.ts';
import type { Rolls } from './roll.ts';
import { enterThread, fetchChannel, noRoom, outOfOrder, type Place } from './threads.ts';

/** See `Session.rooms`, but for moderation and options. */
export function createRooms(
  core: Core,
  rolls: Pick<Rolls, 'call'>,
): Required<Pick<Rooms, 'join' | 'leave' | 'list' | 'outline' | 'describe'>> {
  async function place(id: string, signal: AbortSignal): Promise<Place> {
    const known = placeOf(core, id);
    if (known !== undefined && (known.channel.thread === undefined || !known.channel.thread.isArchived)) return known;
    return known ?? fetchChannel(core, id, signal);
  }

  return {
    async join(chat, _as, signal) {
      signal.throwIfAborted();
      if (!core.isUp) throw away();
      const id = channelOf(chat);
      if (id === undefined || !isSnowflake(id)) throw noRoom();
      const { guild, channel } = await place(id, signal);
      mayEnter(core, guild, channel);
      await rolls.call(guild);
      if (channel.thread !== undefined) await enterThread(core, guild, channel, signal);
      signal.throwIfAborted();
      // It may be gone by now, and we may have been put out of it; where the guild was told anew, an archived one was not among its threads.
      const now = placeOf(core, id) ?? (await fetchChannel(core, id, signal));
      mayEnter(core, now.guild, now.channel);
      const before = core.rooms.get(chat);
      const room: OpenRoom = before ?? openRoom(chat, id, guild.id);
      core.rooms.set(chat, room);
      tellRoom(core, room, true);
      tellEverybody(core, room);
    },
    async leave(chat) {
      const room = core.rooms.get(chat);
      if (room !== undefined) hush(room);
      core.rooms.delete(chat);
    },
    async list(query) {
      if (!core.isUp) throw away();
      return listRooms(core, query);
    },
    async describe(chat, signal) {
      const id = channelOf(chat);
      if (id === undefined || !isSnowflake(id)) throw noRoom();
      const { guild, channel } = await place(id, signal);
      const me = guild.members.get(core.me);
      const isSeen = me !== undefined && powerIn(guild, channel, me, core.clock.now()) !== undefined;
      if (!isSeen || !isRoom(channel)) throw noRoom();
      return describe(core, guild, channel);
    },
    async outline() {
      if (!core.isUp) throw away();
      return outlineOf(core);
    },
  };
}

const openRoom = (chat: ChatId, channel: string, guild: string): OpenRoom => ({
  chat,
  channel,
  guild,
  listed: new Map(),
  spoke: new Set(),
  described: '',
  pending: undefined,
  silence: undefined,
});

/** Throws where we can't. */
function mayEnter(core: Core, guild: Guild, channel: Channel): void {
  if (guild.isAway) throw outOfOrder();
  if (isForum(channel))
    throw new GatewayError('network-cannot', { text: 'This is a forum: each of its posts is a room of its own.' });
  if (!isRoom(channel))
    throw new GatewayError('network-cannot', { text: 'Nobody can write in a channel of this kind.' });
  const me = guild.members.get(core.me);
  if (me === undefined || powerIn(guild, channel, me, core.clock.now()) === undefined)
    throw new GatewayError('members-only', {
      text: isVoice(channel)
        ? 'The bot may not come in here: it needs the permissions to view this channel and to connect.'
        : 'The bot does not see this channel: it needs the permission to view it.',
    });
}

/** They are not rooms of ours any more. */
export function closeRoom(core: Core, room: OpenRoom, how: 'gone' | 'revoked' | 'kicked', reason?: string): void {
  hush(room);
  core.rooms.delete(room.chat);
  core.emit({
    kind: 'removed',
    at: core.now(),
    chat: room.chat,
    how,
    ...(reason !== undefined && { reason }),
  });
}
