/** Threads beside what the gateway tells of them: archived ones are not among those that come with a guild, and who has joined one has to be asked for. */
import type { APIThreadMember } from 'discord.js';
import { GatewayError } from '#bridge';
import { type Core, type OpenRoom, placeOf } from './core.ts';
import type { Channel, Guild } from './guild.ts';
import { putChannel, putMember, type SomeChannel } from './guild-fold.ts';
import { asked } from './refusals.ts';

/** A channel or thread, and whose it is. */
export interface Place {
  readonly guild: Guild;
  readonly channel: Channel;
}

/** For whoever asks for one that is not there. */
export const noRoom = (): GatewayError =>
  new GatewayError('no-such-room', { text: 'There is no such channel, or the bot does not see it.' });

/** For whoever would come into a guild of which Discord tells nothing for now. */
export const outOfOrder = (): GatewayError =>
  new GatewayError('network-away', { text: 'Discord is out of order in this guild.' });

/** A thread that is archived is not among those that are told; a channel that was made just now may not be yet. */
export async function fetchChannel(core: Core, id: string, signal: AbortSignal): Promise<Place> {
  const before = placeOf(core, id);
  const data = (await asked(core.rest.get(`/channels/${id}`, { signal }), signal)) as SomeChannel;
  const whose = 'guild_id' in data ? (data.guild_id ?? '') : '';
  const guild = core.guilds.get(whose);
  if (guild === undefined) throw core.untold.has(whose) ? outOfOrder() : noRoom();
  // What the gateway has told meanwhile is newer than the answer, or will be followed by what is.
  const now = guild.channels.get(id);
  if (now !== undefined && now !== before?.channel) return { guild, channel: now };
  if (now === undefined && before?.guild === guild) throw noRoom();
  core.channels.set(id, guild.id);
  return { guild, channel: putChannel(guild, data, core.me) };
}

const membersAtOnce = 100;

/** In it ourselves, where that is open to us, and knowing who else is. Those of an archived one are let be. */
export async function enterThread(
  core: Core,
  guild: Guild,
  { id, thread }: Channel,
  signal: AbortSignal,
): Promise<void> {
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
      if (member?.user !== undefined) putMember(core.guilds.get(guild.id) ?? guild, member.user, member);
    }
    const last = some.at(-1)?.user_id;
    if (last === undefined || some.length < membersAtOnce || members.size >= core.config.members) break;
    after = last;
  }
  // What came meanwhile may have put another one in its place, in another guild of that id, and told of who came and went.
  const here = placeOf(core, id);
  const now = here?.channel.thread;
  if (here === undefined || now === undefined) return;
  for (const person of before) if (!now.members.has(person)) members.delete(person);
  for (const person of now.members) if (!before.has(person)) members.add(person);
  here.guild.channels.set(id, { ...here.channel, thread: { ...now, members, isRead: true } });
}

/** Of a room that is open, after something may have been missed: is it there still, and who is in it? True where there is no such thread any more. */
export async function isThreadGone(core: Core, { channel: id }: OpenRoom, signal: AbortSignal): Promise<boolean> {
  const place = placeOf(core, id);
  if (place?.channel.thread === undefined) return false;
  try {
    if (place.channel.thread.isArchived) await fetchChannel(core, id, signal);
    else await enterThread(core, place.guild, place.channel, signal);
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'no-such-room') return true;
    core.log.debug({ err: error }, 'a thread could not be looked at');
  }
  return false;
}
