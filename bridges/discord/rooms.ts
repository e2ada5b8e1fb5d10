/** Rooms as the gateway asks for them: entering is to look at a channel, leaving is to look away; nobody on Discord sees either. */
import type { APIThreadMember } from 'discord.js';
import { type ChatId, GatewayError, type Rooms } from '#bridge';
import { channelOf, isSnowflake } from './addresses.ts';
import { away, type Core, type OpenRoom, placeOf } from './core.ts';
import { describe, tellRoom } from './describing.ts';
import type { Channel, Guild } from './guild.ts';
import { isForum, isRoom, isVoice } from './guild.ts';
import { putChannel, putMember, type SomeChannel } from './guild-fold.ts';
import { listRooms, outlineOf } from './listing.ts';
import { tellEverybody } from './members.ts';
import { powerIn } from './permissions.ts';
import { asked } from './refusals.ts';
import type { Rolls } from './roll.ts';

interface Place {
  readonly guild: Guild;
  readonly channel: Channel;
}

const noRoom = (): GatewayError =>
  new GatewayError('no-such-room', { text: 'There is no such channel, or the bot does not see it.' });

/** See `Session.rooms`, but for moderation and options. */
export function createRooms(
  core: Core,
  rolls: Pick<Rolls, 'call'>,
): Required<Pick<Rooms, 'join' | 'leave' | 'list' | 'outline' | 'describe'>> {
  async function place(id: string, signal: AbortSignal): Promise<Place> {
    const known = placeOf(core, id);
    if (known !== undefined && (known.channel.thread === undefined || !known.channel.thread.isArchived)) return known;
    return known ?? fetched(core, id, signal);
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
      // It may be gone by now, and we may have been put out of it.
      const now = guild.channels.get(id);
      if (now === undefined) throw noRoom();
      mayEnter(core, guild, now);
      const before = core.rooms.get(chat);
      const room: OpenRoom = before ?? openRoom(chat, id, guild.id);
      core.rooms.set(chat, room);
      tellRoom(core, room, true);
      tellEverybody(core, room);
    },
    async leave(chat) {
      const room = core.rooms.get(chat);
      room?.pending?.();
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
});

/** Throws where we can't. */
function mayEnter(core: Core, guild: Guild, channel: Channel): void {
  if (guild.isAway) throw new GatewayError('network-away', { text: 'Discord is out of order in this guild.' });
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

/** A thread that is archived is not among those that are told; a channel that was made just now may not be yet. */
async function fetched(core: Core, id: string, signal: AbortSignal): Promise<Place> {
  const data = (await asked(core.rest.get(`/channels/${id}`, { signal }), signal)) as SomeChannel;
  const guild = core.guilds.get('guild_id' in data ? (data.guild_id ?? '') : '');
  if (guild === undefined) throw noRoom();
  core.channels.set(id, guild.id);
  return { guild, channel: putChannel(guild, data, core.me) };
}

const membersAtOnce = 100;

/** In it ourselves, where that is open to us, and knowing who else is. Those of an archived one are let be. */
async function enterThread(core: Core, guild: Guild, { id, thread }: Channel, signal: AbortSignal): Promise<void> {
  if (thread === undefined || thread.isArchived || thread.isRead) return;
  const members = new Set<string>([core.me]);
  const before = new Set(thread.members);
  if (!thread.isPrivate) await asked(core.rest.put(`/channels/${id}/thread-members/@me`, { signal }), signal);
  for (let after = '0'; core.intents.has.members; ) {
    const query = new URLSearchParams({ with_member: 'true', limit: `${membersAtOnce}`, after });
    const some = (await asked(
      core.rest.get(`/channels/${id}/thread-members`, { query, signal }),
      signal,
    )) as APIThreadMember[];
    for (const { user_id = '', member } of some) {
      members.add(user_id);
      if (member?.user !== undefined) putMember(guild, member.user, member);
    }
    const last = some.at(-1)?.user_id;
    if (last === undefined || some.length < membersAtOnce || members.size >= core.config.members) break;
    after = last;
  }
  // What came meanwhile may have put another one in its place, and told of who came and went.
  const now = guild.channels.get(id);
  if (now?.thread === undefined) return;
  for (const person of before) if (!now.thread.members.has(person)) members.delete(person);
  for (const person of now.thread.members) if (!before.has(person)) members.add(person);
  guild.channels.set(id, { ...now, thread: { ...now.thread, members, isRead: true } });
}

/** They are not rooms of ours any more. */
export function closeRoom(core: Core, room: OpenRoom, how: 'gone' | 'revoked' | 'kicked', reason?: string): void {
  room.pending?.();
  core.rooms.delete(room.chat);
  core.emit({
    kind: 'removed',
    at: core.now(),
    chat: room.chat,
    how,
    ...(reason !== undefined && { reason }),
  });
}
