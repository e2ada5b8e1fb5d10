/** People as events and answers show them. */
import type {
  APIGuildMember,
  APIGuildMemberNoUser,
  APIUser,
  APIUserWithMember,
  GatewayPresenceUpdate,
} from 'discord-api-types/v10';
import type { Guild } from '../state.ts';

/** Beside a message, where the author stands by itself. */
export function withoutUser({ user: _, ...member }: APIGuildMember): APIGuildMemberNoUser {
  return member;
}

/** As a message's mentions show somebody. */
export function mentioned(guild: Guild | undefined, user: APIUser): APIUserWithMember {
  const member = guild?.members.get(user.id);
  return member === undefined ? user : { ...user, member: withoutUser(member) };
}

/** Of somebody in a guild, if they are to be seen. */
export function presenceOf(guild: Guild, userId: string): GatewayPresenceUpdate | undefined {
  const presence = guild.presences.get(userId);
  return presence === undefined ? undefined : { ...presence, guild_id: guild.id };
}
