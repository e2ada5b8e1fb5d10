/** What a room is besides its people: name, topic, picture, who may come in and speak. Told when it differs from what was told. */
import type { Room } from '#bridge';
import type { Core, OpenRoom } from './core.ts';
import { placeOf } from './core.ts';
import type { Channel, Guild } from './guild.ts';
import { may, permissionsIn, speaking } from './permissions.ts';

/** "Guild: #channel"; of threads and posts their channel stands between. */
export function nameOf(guild: Guild, channel: Channel): string {
  if (channel.thread === undefined) return `${guild.name}: #${channel.name}`;
  const parent = guild.channels.get(channel.parent ?? '');
  return parent === undefined ? `${guild.name}: ${channel.name}` : `${guild.name}: #${parent.name} › ${channel.name}`;
}

/** As it is now. */
export function describe(core: Core, guild: Guild, channel: Channel): Partial<Room> {
  const anybody = {
    id: '',
    nick: '',
    username: '',
    isBot: false,
    roles: [],
    avatar: undefined,
    silencedUntil: undefined,
    isScreened: false,
  };
  const held = permissionsIn(guild, channel, anybody, core.clock.now());
  const isOpen = (held & may.view) !== 0n;
  return {
    name: nameOf(guild, channel),
    topic: channel.topic,
    isPublic: isOpen,
    isMembersOnly: !isOpen,
    isModerated: isOpen && (held & speaking(channel)) === 0n,
    topicByModeratorsOnly: true,
    hasPassword: false,
    slowModeSeconds: channel.slowModeSeconds,
    avatar: guild.icon ?? null,
    group: guild.id,
  };
}

/** Tells what is so. @param always also where it was told before */
export function tellRoom(core: Core, room: OpenRoom, always = false): void {
  const place = placeOf(core, room.channel);
  if (place === undefined) return;
  const now = describe(core, place.guild, place.channel);
  const text = JSON.stringify(now);
  if (!always && text === room.described) return;
  const before: Partial<Room> = room.described === '' || always ? {} : JSON.parse(room.described);
  room.described = text;
  const change = Object.fromEntries(Object.entries(now).filter(([key, value]) => before[key as keyof Room] !== value));
  core.emit({ kind: 'room', at: core.now(), chat: room.chat, change });
}
