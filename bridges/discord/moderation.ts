/** What moderators do by the bot: to people, who on Discord are put out of the guild and not of a channel, to the topic and to the room itself. */
import type { APIBan } from 'discord.js';
import { type Act, type ChatId, GatewayError, type Rooms } from '#bridge';
import { channelOf, isSnowflake } from './addresses.ts';
import { away, type Core, placeOf } from './core.ts';
import type { Channel, Guild } from './guild.ts';
import { whyOf } from './parting.ts';
import { asked, codeOf } from './refusals.ts';

type Moderating = Required<Pick<Rooms, 'moderate' | 'banned' | 'topic' | 'options' | 'setOptions'>>;

/** The longest that Discord takes; whoever is to be quiet for longer is banned, or loses the role that lets them speak. */
const silenceMs = 28 * 86_400_000 - 60_000;
const notBanned = 10026;
const reasonLength = 200;
const bansAtMost = 1000;
/** Of each ban on the list, all of which is one answer. */
const shownReason = 30;

/** See `Session.rooms`. */
export function createModeration(core: Core): Moderating {
  function here(chat: ChatId): { readonly guild: Guild; readonly channel: Channel } {
    if (!core.isUp) throw away();
    const place = core.rooms.has(chat) ? placeOf(core, channelOf(chat) ?? '') : undefined;
    if (place === undefined) throw new GatewayError('not-in-room', { text: 'You are not in this channel.' });
    return place;
  }

  async function act(
    { guild, channel }: ReturnType<typeof here>,
    { person, action, power, reason }: Act,
    signal: AbortSignal,
  ): Promise<void> {
    if (!isSnowflake(person))
      throw new GatewayError('network-cannot', { text: 'This is nobody’s account on Discord.' });
    const how = { signal, ...(reason !== undefined && { reason: reason.slice(0, reasonLength).toWellFormed() }) };
    const member = `/guilds/${guild.id}/members/${person}` as const;
    const by = guild.members.get(core.me)?.nick;
    /** That they are gone may be told before the answer comes. */
    async function putOut(place: string, ask: () => Promise<unknown>): Promise<void> {
      const why = { how: action === 'ban' ? 'banned' : 'kicked', ...whyOf(by, reason) } as const;
      const withdraw = core.partings.note(place, person, why);
      await ask().catch((error: unknown) => {
        withdraw();
        throw error;
      });
    }
    switch (action) {
      case 'kick':
        if (channel.thread !== undefined)
          await putOut(channel.id, () => core.rest.delete(`/channels/${channel.id}/thread-members/${person}`, how));
        else await putOut(guild.id, () => core.rest.delete(member, how));
        return;
      case 'ban':
        await putOut(guild.id, () => core.rest.put(`/guilds/${guild.id}/bans/${person}`, { ...how, body: {} }));
        return;
      case 'unban':
        await core.rest.delete(`/guilds/${guild.id}/bans/${person}`, how).catch((error: unknown) => {
          // Of who is here it was not known whether they are banned.
          if (codeOf(error) !== notBanned || !guild.members.has(person)) throw error;
        });
        return;
      case 'power': {
        if (power !== 'visitor' && power !== 'participant') throw rolesDecide();
        const until = power === 'visitor' ? new Date(core.clock.now() + silenceMs).toISOString() : null;
        await core.rest.patch(member, { ...how, body: { communication_disabled_until: until } });
        return;
      }
      default:
        action satisfies never;
    }
  }

  return {
    async moderate(chat, acts, signal) {
      const place = here(chat);
      for (const one of acts) await asked(act(place, one, signal), signal);
    },
    async banned(chat, signal) {
      const query = new URLSearchParams({ limit: `${bansAtMost}` });
      const listing = core.rest.get(`/guilds/${here(chat).guild.id}/bans`, { query, signal });
      const bans = (await asked(listing, signal)) as readonly APIBan[];
      return bans.map(({ user, reason }) => ({
        mask: user.id,
        name: user.username,
        reason: (reason ?? '').replace(/\s+/g, ' ').trim().slice(0, shownReason).toWellFormed(),
      }));
    },
    async topic(chat, topic, signal) {
      const { channel } = here(chat);
      if (channel.thread !== undefined) throw new GatewayError('network-cannot', { text: 'Threads have no topic.' });
      await asked(core.rest.patch(`/channels/${channel.id}`, { body: { topic }, signal }), signal);
    },
    async options(chat) {
      const { channel } = here(chat);
      return { name: channel.name, ...(channel.thread === undefined && { topic: channel.topic }) };
    },
    async setOptions(chat, { name, topic }, signal) {
      const { channel } = here(chat);
      const body = { ...(name !== undefined && { name }), ...(topic !== undefined && { topic }) };
      await asked(core.rest.patch(`/channels/${channel.id}`, { body, signal }), signal);
    },
  };
}

const rolesDecide = (): GatewayError =>
  new GatewayError('network-cannot', { text: 'On Discord roles say who may do what; they are given there.' });
