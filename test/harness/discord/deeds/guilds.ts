/** Guilds come, change and go, with their roles, emoji and stickers. */
import {
  type APIEmoji,
  type APIRole,
  type APISticker,
  type APIUser,
  ChannelType,
  GatewayIntentBits as Intent,
} from 'discord-api-types/v10';
import { ofGuild, tell, tellEach } from '../events.ts';
import { guildCreate, wholeGuild } from '../payloads/guilds.ts';
import { usualPermissions } from '../permissions.ts';
import { type Application, type Guild, noFlags, type State } from '../state.ts';
import { createChannel } from './channels.ts';

/** What may be said of a role. */
export type RoleFacts = Partial<Omit<APIRole, 'permissions'>> & { readonly permissions?: bigint | string };

function newRole(state: State, guildId: string | undefined, facts: RoleFacts, position: number): APIRole {
  const { permissions = 0n, ...more } = facts;
  const color = facts.color ?? 0;
  return {
    id: guildId ?? state.newId(),
    name: 'new role',
    color,
    colors: { primary_color: color, secondary_color: null, tertiary_color: null },
    hoist: false,
    icon: null,
    unicode_emoji: null,
    position,
    managed: false,
    mentionable: false,
    flags: noFlags,
    ...more,
    permissions: permissions.toString(),
  };
}

/** A guild with its owner and one channel, #general. */
export function createGuild(state: State, name: string, owner: APIUser, empty = false): Guild {
  const id = state.newId();
  const guild: Guild = {
    id,
    name,
    icon: null,
    description: null,
    ownerId: owner.id,
    systemChannelId: null,
    premiumTier: 0,
    available: true,
    roles: new Map(),
    members: new Map(),
    channels: new Map(),
    threads: new Map(),
    emojis: new Map(),
    stickers: new Map(),
    bans: new Map(),
    presences: new Map(),
    revision: 0,
  };
  state.guilds.set(id, guild);
  guild.roles.set(id, newRole(state, id, { name: '@everyone', permissions: usualPermissions }, 0));
  if (!empty) {
    const category = createChannel(state, guild, { name: 'Text channels', type: ChannelType.GuildCategory });
    createChannel(state, guild, { name: 'general', parentId: category.id });
  }
  return guild;
}

/** GUILD_CREATE to the sessions of a bot. */
export function greet(state: State, guild: Guild, application: Application): void {
  const { user } = application;
  tellEach(
    state,
    'GUILD_CREATE',
    ({ intents, largeThreshold }) => guildCreate(state, guild, user.id, intents, largeThreshold),
    { guild, intents: Intent.Guilds, only: application },
  );
}

/** GUILD_DELETE to the sessions of a bot: it is no longer in it, or an outage hides it. */
export function dismiss(state: State, guild: Guild, application: Application, outage = false): void {
  const data = outage ? ({ id: guild.id, unavailable: true } as const) : { id: guild.id };
  tell(state, 'GUILD_DELETE', data, { intents: Intent.Guilds, only: application, home: guild });
}

/** An outage begins or ends. */
export function setAvailable(state: State, guild: Guild, available: boolean): void {
  guild.available = available;
  for (const application of state.applications.values()) {
    if (!guild.members.has(application.user.id)) continue;
    if (available) greet(state, guild, application);
    else dismiss(state, guild, application, true);
  }
}

/** Its name, picture and so on. */
export function changeGuild(
  state: State,
  guild: Guild,
  facts: Partial<Pick<Guild, 'name' | 'icon' | 'description' | 'ownerId' | 'systemChannelId' | 'premiumTier'>>,
): void {
  Object.assign(guild, facts);
  guild.revision += 1;
  tell(state, 'GUILD_UPDATE', wholeGuild(guild), ofGuild(guild));
}

/** A new role, at the bottom unless a place is given. */
export function createRole(state: State, guild: Guild, facts: RoleFacts): APIRole {
  const role = newRole(state, undefined, facts, 1);
  guild.roles.set(role.id, role);
  guild.revision += 1;
  tell(state, 'GUILD_ROLE_CREATE', { guild_id: guild.id, role }, ofGuild(guild));
  return role;
}

/** Changes a role; `@everyone` is the role with the guild's id. */
export function changeRole(state: State, guild: Guild, role: APIRole, facts: RoleFacts): void {
  const { permissions, ...more } = facts;
  Object.assign(role, more, permissions === undefined ? {} : { permissions: permissions.toString() });
  if (facts.color !== undefined) role.colors.primary_color = facts.color;
  guild.revision += 1;
  tell(state, 'GUILD_ROLE_UPDATE', { guild_id: guild.id, role }, ofGuild(guild));
}

/** Takes it from everybody. */
export function deleteRole(state: State, guild: Guild, role: APIRole): void {
  guild.roles.delete(role.id);
  for (const member of guild.members.values()) member.roles = member.roles.filter((id) => id !== role.id);
  guild.revision += 1;
  tell(state, 'GUILD_ROLE_DELETE', { guild_id: guild.id, role_id: role.id }, ofGuild(guild));
}

/** Sets or, without facts, takes away an emoji. */
export function setEmoji(state: State, guild: Guild, id: string, emoji: APIEmoji | undefined): void {
  if (emoji === undefined) guild.emojis.delete(id);
  else guild.emojis.set(id, emoji);
  const what = { guild_id: guild.id, emojis: [...guild.emojis.values()] };
  tell(state, 'GUILD_EMOJIS_UPDATE', what, ofGuild(guild, Intent.GuildExpressions));
}

/** Sets or, without facts, takes away a sticker. */
export function setSticker(state: State, guild: Guild, id: string, sticker: APISticker | undefined): void {
  if (sticker === undefined) guild.stickers.delete(id);
  else guild.stickers.set(id, sticker);
  const what = { guild_id: guild.id, stickers: [...guild.stickers.values()] };
  tell(state, 'GUILD_STICKERS_UPDATE', what, ofGuild(guild, Intent.GuildExpressions));
}
