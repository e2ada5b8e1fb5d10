/** People of guilds as they come, change and go, and how they are; open rooms and whoever watches them are told. */
import type { GatewayPresenceUpdateDispatchData } from 'discord.js';
import type { Core } from './core.ts';
import type { Guild } from './guild.ts';
import { dropMember, putMember, putPresence } from './guild-fold.ts';
import type { Hearers } from './hearing.ts';
import { tellOne } from './members.ts';
import { type Why, whyOf } from './parting.ts';
import { may, permissionsInGuild } from './permissions.ts';
import { retell, roomsOf } from './structure.ts';

/** Whoever goes may have been put out: that is another event, before or behind this one. */
export const eitherMs = 200;

/** By the API reference, "Audit Log Events". */
const putOut: ReadonlyMap<number, 'kicked' | 'banned'> = new Map([
  [20, 'kicked'],
  [22, 'banned'],
]);

/** See `Hearers`. @param moved something of that person has changed, all over Discord */
export function createPeopleEvents(moved: (person: string) => void): Hearers {
  /** Who has gone and is told to have gone in a moment. */
  const going = new Map<string, () => void>();

  function gone(core: Core, guild: string, id: string): void {
    const found = core.guilds.get(guild);
    if (found === undefined) return;
    found.memberCount -= 1;
    dropMember(found, id);
    const key = `${guild} ${id}`;
    const tell = (): void => {
      cancel();
      going.delete(key);
      const why = core.partings.take(guild, id);
      for (const room of roomsOf(core, guild)) {
        room.spoke.delete(id);
        tellOne(core, room, id, why);
      }
      moved(id);
    };
    // Twice: where the process stood still meanwhile, what came is heard between the two.
    let cancel = core.clock.after(eitherMs, () => {
      cancel = core.clock.after(eitherMs, tell);
    });
    going.set(key, tell);
    if (isTold(core, found, id)) tell();
  }

  /** Is all known of why that person goes that anybody will say? */
  function isTold(core: Core, guild: Guild, id: string): boolean {
    const why = core.partings.look(guild.id, id);
    return why !== undefined && (why.by !== undefined || !seesAuditLog(core, guild));
  }

  function isPutOut(core: Core, guildId: string, id: string, why: Why): void {
    const guild = core.guilds.get(guildId);
    const tell = going.get(`${guildId} ${id}`);
    if (guild === undefined || (tell === undefined && !guild.members.has(id))) return;
    core.partings.note(guildId, id, why);
    // Without the intent this is all that is heard of it.
    if (tell === undefined && !core.intents.has.members) gone(core, guildId, id);
    else if (tell !== undefined && isTold(core, guild, id)) tell();
  }

  function presence(core: Core, data: GatewayPresenceUpdateDispatchData): void {
    const guild = core.guilds.get(data.guild_id);
    if (guild === undefined) return;
    putPresence(guild, data);
    for (const room of roomsOf(core, guild.id)) tellOne(core, room, data.user.id);
    moved(data.user.id);
  }

  return {
    GUILD_MEMBER_ADD(core, { guild_id, ...member }) {
      const guild = core.guilds.get(guild_id);
      if (guild === undefined) return;
      going.get(`${guild_id} ${member.user.id}`)?.();
      guild.memberCount += 1;
      putMember(guild, member.user, member);
      for (const room of roomsOf(core, guild_id)) tellOne(core, room, member.user.id);
      moved(member.user.id);
    },
    GUILD_MEMBER_UPDATE(core, { guild_id, user, ...member }) {
      const guild = core.guilds.get(guild_id);
      if (guild === undefined) return;
      putMember(guild, user, { nick: null, communication_disabled_until: null, ...member });
      for (const room of roomsOf(core, guild_id)) {
        // Our own rights are what we see of everybody.
        if (user.id === core.me) retell(core, room);
        else tellOne(core, room, user.id, { how: 'revoked' });
      }
      moved(user.id);
    },
    GUILD_MEMBER_REMOVE(core, { guild_id, user }) {
      gone(core, guild_id, user.id);
    },
    GUILD_BAN_ADD: (core, { guild_id, user }) => isPutOut(core, guild_id, user.id, { how: 'banned' }),
    GUILD_AUDIT_LOG_ENTRY_CREATE(core, { guild_id, action_type, target_id, user_id, reason }) {
      const how = putOut.get(action_type);
      const by = core.guilds.get(guild_id)?.members.get(user_id ?? '')?.nick;
      if (how !== undefined && target_id !== null) isPutOut(core, guild_id, target_id, { how, ...whyOf(by, reason) });
    },
    PRESENCE_UPDATE: presence,
  };
}

/** Only where the bot may look into it, it is told what is written there. */
export function seesAuditLog(core: Core, guild: Guild): boolean {
  const me = guild.members.get(core.me);
  return me !== undefined && (permissionsInGuild(guild, me) & may.viewAuditLog) !== 0n;
}
