/** What a bot sees may grow: then it is told of the channels, which were hidden until then ("Obfuscated Channels"), and of the threads that are there ("Thread List Sync"). */
import { GatewayIntentBits as Intent } from 'discord-api-types/v10';
import { type EventName, tail } from '../events.ts';
import { guildChannel } from '../payloads/channels.ts';
import { threadsFor } from '../payloads/guilds.ts';
import type { Channel, Guild, State } from '../state.ts';
import { dispatch, type Session, sees, shardOf } from './session.ts';

/** Events after which somebody may see more than before. */
const turning: readonly EventName[] = [
  'CHANNEL_UPDATE',
  'CHANNEL_CREATE',
  'GUILD_CREATE',
  'GUILD_MEMBER_UPDATE',
  'GUILD_ROLE_UPDATE',
  'GUILD_ROLE_DELETE',
];

/** May it change what is visible? */
export const changesSight = (name: EventName): boolean => turning.includes(name);

/** Notes what is visible now. Returns what was not before; nothing on the first look. */
export function look(state: State, session: Session, guild: Guild): readonly Channel[] {
  const before = session.seen.get(guild);
  const now = new Set([...guild.channels.values()].filter((channel) => sees(state, session, channel)));
  session.seen.set(guild, now);
  return before === undefined ? [] : [...now].filter((channel) => !before.has(channel));
}

/** Events that tell channels themselves. */
const telling: readonly EventName[] = ['CHANNEL_UPDATE', 'CHANNEL_CREATE', 'GUILD_CREATE'];

/** Tells channels that have come into sight, unless that event has, and their threads. */
export function syncSight(state: State, session: Session, guild: Guild, by: EventName, kept: number): void {
  const { user } = session.application;
  if (!guild.members.has(user.id) || shardOf(guild.id, session.shard[1]) !== session.shard[0]) return;
  const channels = look(state, session, guild);
  if ((session.intents & Intent.Guilds) !== 0 && !telling.includes(by))
    for (const channel of channels) dispatch(session, tail('CHANNEL_UPDATE', guildChannel(channel, guild)), kept);
  const gained = new Set(channels.map(({ id }) => id));
  const threads = threadsFor(state, guild, user.id).filter(({ parent_id = '' }) => gained.has(parent_id ?? ''));
  if (gained.size === 0 || (session.intents & Intent.Guilds) === 0) return;
  const members = threads.flatMap(({ id }) => guild.threads.get(id)?.thread?.members.get(user.id) ?? []);
  dispatch(session, tail('THREAD_LIST_SYNC', { guild_id: guild.id, channel_ids: [...gained], threads, members }), kept);
}
