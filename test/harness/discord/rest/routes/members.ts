/** Members of guilds: listed, sought, changed, thrown out, banned (API reference, "Guild Member"). */
import {
  type APIBan,
  type APIGuildMember,
  AuditLogEvent,
  RESTJSONErrorCodes as Code,
  GatewayIntentBits as Intent,
  PermissionFlagsBits as May,
} from 'discord-api-types/v10';
import { ban, changeMember, exit, type MemberFacts, record, unban } from '../../deeds/members.ts';
import { isAbove, outranks, permissionsOf } from '../../permissions.ts';
import { byAge } from '../../snowflake.ts';
import type { Guild } from '../../state.ts';
import { type Call, guildOf, idParam, me, type Route, userId } from '../call.ts';
import { formOf, formOfQuery } from '../form.ts';
import { problem, wrongField } from '../problems.ts';

function memberOf(call: Call, guild: Guild): APIGuildMember {
  const found = guild.members.get(userId(call));
  if (found === undefined) throw problem(call.state.users.has(userId(call)) ? Code.UnknownMember : Code.UnknownUser);
  return found;
}

function list(call: Call): APIGuildMember[] {
  const guild = guildOf(call);
  if (((call.application?.privileged ?? 0) & Intent.GuildMembers) === 0) throw problem(Code.MissingAccess);
  const form = formOfQuery(call.query);
  const limit = form.whole('limit', { min: 1, max: 1_000 }) ?? 1;
  const after = form.id('after') ?? '0';
  form.end();
  return [...guild.members.values()]
    .filter(({ user }) => byAge(user.id, after) > 0)
    .sort((a, b) => byAge(a.user.id, b.user.id))
    .slice(0, limit);
}

function seek(call: Call): APIGuildMember[] {
  const guild = guildOf(call);
  const form = formOfQuery(call.query);
  const query = form.needed('query', form.text('query', { min: 1, max: 100 }))?.toLowerCase() ?? '';
  const limit = form.whole('limit', { min: 1, max: 1_000 }) ?? 1;
  form.end();
  const fits = ({ user, nick }: APIGuildMember): boolean =>
    [user.username, nick].some((name) => name?.toLowerCase().startsWith(query) === true);
  return [...guild.members.values()].filter(fits).slice(0, limit);
}

/** The bot must stand above whom it acts on. */
function outrank(call: Call, guild: Guild, id: string): void {
  if (id !== me(call).id && !outranks(guild, me(call).id, id)) throw problem(Code.MissingPermissions);
}

function needs(call: Call, guild: Guild, bit: bigint): void {
  if ((permissionsOf(guild, me(call).id) & bit) === 0n) throw problem(Code.MissingPermissions);
}

/** Roles that change hands must be the bot's to give. */
function rolesOf(call: Call, guild: Guild, before: readonly string[], after: readonly string[]): readonly string[] {
  const changed = [...after.filter((id) => !before.includes(id)), ...before.filter((id) => !after.includes(id))];
  for (const id of changed) {
    const role = guild.roles.get(id);
    if (role === undefined) throw problem(Code.UnknownRole);
    if (role.managed || !isAbove(guild, me(call).id, role)) throw problem(Code.MissingPermissions);
  }
  return [...new Set(after)];
}

const longestTimeoutMs = 28 * 24 * 3_600_000;

function change(call: Call): APIGuildMember {
  const guild = guildOf(call);
  const member = memberOf(call, guild);
  const form = formOf(call.body);
  const nick = form.textOrNull('nick', { max: 32 });
  const until = form.textOrNull('communication_disabled_until');
  const roles = form.ids('roles');
  form.end();
  const own = member.user.id === me(call).id;
  const facts: MemberFacts = {};
  if (nick !== undefined) {
    needs(call, guild, own ? May.ChangeNickname | May.ManageNicknames : May.ManageNicknames);
    facts.nick = nick === '' ? null : nick;
  }
  if (until !== undefined) {
    needs(call, guild, May.ModerateMembers);
    if (until !== null && Date.parse(until) - call.state.now() > longestTimeoutMs)
      throw wrongField('communication_disabled_until', 'DATE_TYPE_MAX', 'Must be at most 28 days in the future.');
    facts.communication_disabled_until = until;
  }
  if (roles !== undefined) {
    needs(call, guild, May.ManageRoles);
    facts.roles = [...rolesOf(call, guild, member.roles, roles)];
  }
  outrank(call, guild, member.user.id);
  changeMember(call.state, guild, member, facts);
  return member;
}

function setRole(call: Call, has: boolean): undefined {
  const guild = guildOf(call, May.ManageRoles);
  const member = memberOf(call, guild);
  const id = idParam(call, 'role');
  const others = member.roles.filter((one) => one !== id);
  if (!guild.roles.has(id)) throw problem(Code.UnknownRole);
  const roles = rolesOf(call, guild, member.roles, has ? [...others, id] : others);
  changeMember(call.state, guild, member, { roles: [...roles] });
}

function throwOut(call: Call): undefined {
  const guild = guildOf(call, May.KickMembers);
  const member = memberOf(call, guild);
  outrank(call, guild, member.user.id);
  exit(call.state, guild, member.user);
  record(call.state, guild, AuditLogEvent.MemberKick, member.user, me(call), call.reason);
}

function forbid(call: Call): undefined {
  const guild = guildOf(call, May.BanMembers);
  const user = call.state.users.get(idParam(call, 'user'));
  if (user === undefined) throw problem(Code.UnknownUser);
  outrank(call, guild, user.id);
  const form = formOf(call.body);
  const seconds = form.whole('delete_message_seconds', { min: 0, max: 604_800 }) ?? 0;
  form.end();
  ban(call.state, guild, user, call.reason ?? null, seconds);
  record(call.state, guild, AuditLogEvent.MemberBanAdd, user, me(call), call.reason);
}

function banOf(call: Call, guild: Guild): APIBan {
  const found = guild.bans.get(idParam(call, 'user'));
  if (found === undefined) throw problem(Code.UnknownBan);
  return found;
}

function bans(call: Call): APIBan[] {
  const guild = guildOf(call, May.BanMembers);
  const form = formOfQuery(call.query);
  const limit = form.whole('limit', { min: 1, max: 1_000 }) ?? 1_000;
  const [before, after] = [form.id('before'), form.id('after')];
  form.end();
  const all = [...guild.bans.values()]
    .filter(({ user }) => before === undefined || byAge(user.id, before) < 0)
    .filter(({ user }) => after === undefined || byAge(user.id, after) > 0)
    .sort((a, b) => byAge(a.user.id, b.user.id));
  return before === undefined ? all.slice(0, limit) : all.slice(-limit);
}

const at = '/guilds/:guild/members';

export const memberRoutes: readonly Route[] = [
  { method: 'GET', path: at, run: list },
  { method: 'GET', path: `${at}/search`, run: seek },
  { method: 'GET', path: `${at}/:user`, run: (call) => memberOf(call, guildOf(call)) },
  { method: 'PATCH', path: `${at}/:user`, run: change },
  { method: 'DELETE', path: `${at}/:user`, run: throwOut },
  { method: 'PUT', path: `${at}/:user/roles/:role`, run: (call) => setRole(call, true) },
  { method: 'DELETE', path: `${at}/:user/roles/:role`, run: (call) => setRole(call, false) },
  { method: 'GET', path: '/guilds/:guild/bans', run: bans },
  { method: 'GET', path: '/guilds/:guild/bans/:user', run: (call) => banOf(call, guildOf(call, May.BanMembers)) },
  { method: 'PUT', path: '/guilds/:guild/bans/:user', run: forbid },
  {
    method: 'DELETE',
    path: '/guilds/:guild/bans/:user',
    run(call) {
      const guild = guildOf(call, May.BanMembers);
      unban(call.state, guild, banOf(call, guild).user.id);
    },
  },
];
