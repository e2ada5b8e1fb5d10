/** People of guilds as they come, change and go, and how they are; open rooms and whoever watches them are told. */
import type { GatewayPresenceUpdateDispatchData } from 'discord.js';
import type { Core } from './core.ts';
import { dropMember, putMember, putPresence } from './guild-fold.ts';
import type { Hearers } from './hearing.ts';
import { tellOne } from './members.ts';
import { retell, roomsOf } from './structure.ts';

/** Whoever goes may have been banned: that is another event, before or behind this one. */
const eitherMs = 200;

/** See `Hearers`. @param moved something of that person has changed, all over Discord */
export function createPeopleEvents(moved: (person: string) => void): Hearers {
  const banned = new Set<string>();
  /** Who has gone and is told to have gone in a moment. */
  const going = new Map<string, (how: 'left' | 'banned') => void>();

  function gone(core: Core, guild: string, id: string): void {
    const found = core.guilds.get(guild);
    if (found === undefined) return;
    found.memberCount -= 1;
    dropMember(found, id);
    const key = `${guild} ${id}`;
    const tell = (how: 'left' | 'banned'): void => {
      cancel();
      going.delete(key);
      for (const room of roomsOf(core, guild)) {
        room.spoke.delete(id);
        tellOne(core, room, id, how);
      }
      moved(id);
    };
    // Twice: where the process stood still meanwhile, what came is heard between the two.
    let cancel = core.clock.after(eitherMs, () => {
      cancel = core.clock.after(eitherMs, () => tell('left'));
    });
    going.set(key, tell);
    if (banned.delete(key)) tell('banned');
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
      going.get(`${guild_id} ${member.user.id}`)?.('left');
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
        else tellOne(core, room, user.id);
      }
      moved(user.id);
    },
    GUILD_MEMBER_REMOVE(core, { guild_id, user }) {
      gone(core, guild_id, user.id);
    },
    GUILD_BAN_ADD(core, { guild_id, user }) {
      const key = `${guild_id} ${user.id}`;
      const tell = going.get(key);
      if (tell !== undefined) return tell('banned');
      if (core.guilds.get(guild_id)?.members.has(user.id) !== true) return;
      banned.add(key);
      core.clock.after(eitherMs, () => banned.delete(key));
    },
    PRESENCE_UPDATE: presence,
  };
}
