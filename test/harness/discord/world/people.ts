/** What tests do to people and bots. */
import {
  type APIGuildMember,
  type APIUser,
  AuditLogEvent,
  type GatewayGuildMembersChunkPresence,
  PermissionFlagsBits as May,
} from 'discord-api-types/v10';
import { createApplication, createUser, resetToken, type UserFacts } from '../deeds/applications.ts';
import { changeRole, createRole } from '../deeds/guilds.ts';
import {
  ban,
  changeMember,
  changeUser,
  enter,
  exit,
  type MemberFacts,
  record,
  setPresence,
  unban,
} from '../deeds/members.ts';
import type { Hub } from '../gateway/hub.ts';
import { privileged } from '../gateway/identify.ts';
import { keepPicture } from '../rest/pictures.ts';
import { type Application, type Guild, noFlags, type State, stampOf } from '../state.ts';

/** What a bridge needs of a guild, as its invitation asks. */
export const usualForBots =
  May.ViewChannel |
  May.SendMessages |
  May.SendMessagesInThreads |
  May.CreatePublicThreads |
  May.CreatePrivateThreads |
  May.ReadMessageHistory |
  May.ManageWebhooks |
  May.ManageMessages |
  May.ManageChannels |
  May.ManageThreads |
  May.ManageRoles |
  May.ManageNicknames |
  May.KickMembers |
  May.BanMembers |
  May.ViewAuditLog |
  May.ModerateMembers |
  May.PinMessages |
  May.AddReactions |
  May.AttachFiles |
  May.EmbedLinks |
  May.UseExternalEmojis |
  May.SendPolls;

export const people = (state: State, hub: Hub) => {
  const memberOf = (user: APIUser, guild: Guild): APIGuildMember => {
    const member = guild.members.get(user.id);
    if (member === undefined) throw new Error(`${user.username} is not in ${guild.name}`);
    return member;
  };
  return {
    user: (name: string, facts: UserFacts = {}): APIUser => createUser(state, name, facts),
    /** A bot with its token. @param intents privileged ones that are switched on in the portal; all unless given */
    bot: (name: string, intents: number = privileged, facts: UserFacts = {}): Application =>
      createApplication(state, name, intents, facts),
    /** The portal's switches; sessions with an intent that is no longer allowed end with 4014 when they begin anew. */
    setIntents(bot: Application, intents: number): void {
      bot.privileged = intents;
    },
    /** The token is good for nothing any more: sessions end, calls are refused. Returns the new one. */
    resetToken(bot: Application): string {
      const token = resetToken(state, bot);
      hub.expel(bot);
      return token;
    },
    /** A bot is brought into a guild, with a role of its own. */
    invite(bot: Application, guild: Guild, permissions: bigint = usualForBots): APIGuildMember {
      const role = createRole(state, guild, {
        name: bot.name,
        permissions,
        managed: true,
        position: guild.roles.size,
        tags: { bot_id: bot.user.id },
      });
      return enter(state, guild, bot.user, { roles: [role.id] });
    },
    /** Changes what the bot's own role allows. */
    permit(bot: Application, guild: Guild, permissions: bigint): void {
      const role = [...guild.roles.values()].find(({ tags }) => tags?.bot_id === bot.user.id);
      if (role === undefined) throw new Error(`${bot.name} has no role in ${guild.name}`);
      changeRole(state, guild, role, { permissions });
    },
    join: (user: APIUser, guild: Guild, facts: MemberFacts = {}): APIGuildMember => enter(state, guild, user, facts),
    /** Goes of their own will. */
    leave: (user: APIUser, guild: Guild): void => exit(state, guild, user),
    /** Is thrown out by somebody, which stands in the audit log alone. */
    kick(user: APIUser, guild: Guild, by: APIUser, reason?: string): void {
      exit(state, guild, user);
      record(state, guild, AuditLogEvent.MemberKick, user, by, reason);
    },
    /** @param seconds of whose messages nothing stays */
    ban: (user: APIUser, guild: Guild, reason: string | null = null, seconds = 0): void =>
      ban(state, guild, user, reason, seconds),
    unban: (user: APIUser, guild: Guild): void => unban(state, guild, user.id),
    member: memberOf,
    /** Nick, roles, avatar and so on of somebody in a guild. */
    changeMember: (user: APIUser, guild: Guild, facts: MemberFacts): void =>
      changeMember(state, guild, memberOf(user, guild), facts),
    /** Nobody hears them for so long; 0: they may speak again. */
    timeOut(user: APIUser, guild: Guild, ms: number): void {
      const until = ms === 0 ? null : stampOf(state.now() + ms);
      changeMember(state, guild, memberOf(user, guild), { communication_disabled_until: until });
    },
    /** Name, avatar and so on of somebody everywhere. */
    changeUser: (user: APIUser, facts: UserFacts): void => changeUser(state, user, facts),
    setAvatar(user: APIUser, bytes: Uint8Array): void {
      changeUser(state, user, { avatar: keepPicture(state, 'avatars', user.id, bytes) });
    },
    /** An avatar for this guild alone. */
    setMemberAvatar(user: APIUser, guild: Guild, bytes: Uint8Array): void {
      const avatar = keepPicture(state, `guilds/${guild.id}/users`, user.id, bytes);
      changeMember(state, guild, memberOf(user, guild), { avatar });
    },
    /** Undefined: offline. */
    setPresence: (user: APIUser, presence?: Omit<GatewayGuildMembersChunkPresence, 'user'>): void =>
      setPresence(state, user, presence),
    /** Many members at once, told to nobody: before the bots come. */
    crowd(guild: Guild, count: number, prefix = 'member'): readonly APIUser[] {
      return Array.from({ length: count }, (_, index) => {
        const user = createUser(state, `${prefix}${index}`);
        guild.members.set(user.id, { ...emptyMember(state), user });
        return user;
      });
    },
  };
};

const emptyMember = (state: State): Omit<APIGuildMember, 'user'> => ({
  nick: null,
  avatar: null,
  banner: null,
  roles: [],
  joined_at: stampOf(state.now()),
  premium_since: null,
  deaf: false,
  mute: false,
  pending: false,
  communication_disabled_until: null,
  flags: noFlags,
});
