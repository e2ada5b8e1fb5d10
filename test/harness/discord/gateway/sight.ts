/** What a bot sees may grow: then it is told of the threads that are there (API reference, "Thread List Sync"). */
import { GatewayIntentBits as Intent } from 'discord-api-types/v10';
import { type EventName, tail } from '../events.ts';
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

/** Tells the threads of channels that have come into sight. */
export function syncThreads(state: State, session: Session, guild: Guild, kept: number): void {
  const { user } = session.application;
  if (!guild.members.has(user.id) || shardOf(guild.id, session.shard[1]) !== session.shard[0]) return;
  const gained = new Set(look(state, session, guild).map(({ id }) => id));
  const threads = threadsFor(state, guild, user.id).filter(({ parent_id = '' }) => gained.has(parent_id ?? ''));
  if (threads.length === 0 || (session.intents & Intent.Guilds) === 0) return;
  const members = threads.flatMap(({ id }) => guild.threads.get(id)?.thread?.members.get(user.id) ?? []);
  dispatch(session, tail('THREAD_LIST_SYNC', { guild_id: guild.id, channel_ids: [...gained], threads, members }), kept);
}
