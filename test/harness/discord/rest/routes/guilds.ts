/** Guilds, their roles, emoji and stickers (API reference, "Guild"). */
import {
  type APIEmoji,
  type APIGuild,
  type APIRole,
  type APISticker,
  RESTJSONErrorCodes as Code,
  PermissionFlagsBits as May,
} from 'discord-api-types/v10';
import { changeGuild, changeRole, createRole, deleteRole, type RoleFacts } from '../../deeds/guilds.ts';
import { wholeGuild } from '../../payloads/guilds.ts';
import { everything, isAbove, permissionsOf } from '../../permissions.ts';
import type { Guild } from '../../state.ts';
import { type Call, guildOf, idParam, me, type Route } from '../call.ts';
import { formOf } from '../form.ts';
import { storePicture } from '../pictures.ts';
import { problem } from '../problems.ts';

function show(call: Call): APIGuild {
  const guild = guildOf(call);
  if (call.query.get('with_counts') !== 'true') return wholeGuild(guild);
  const counts = { approximate_member_count: guild.members.size, approximate_presence_count: guild.presences.size };
  return { ...wholeGuild(guild), ...counts };
}

function change(call: Call): APIGuild {
  const guild = guildOf(call, May.ManageGuild);
  const form = formOf(call.body);
  const name = form.text('name', { min: 2, max: 100 });
  const icon = form.textOrNull('icon');
  form.end();
  changeGuild(call.state, guild, {
    ...(name === undefined ? {} : { name }),
    ...(icon === undefined ? {} : { icon: storePicture(call.state, 'icons', guild.id, 'icon', icon) }),
  });
  return wholeGuild(guild);
}

function factsOf(call: Call, guild: Guild): RoleFacts {
  const form = formOf(call.body);
  const permissions = form.text('permissions');
  const all = {
    name: form.text('name', { max: 100 }),
    color: form.whole('color', { min: 0, max: 0xff_ff_ff }),
    hoist: form.flag('hoist'),
    mentionable: form.flag('mentionable'),
    permissions,
  };
  form.end();
  const mine = permissionsOf(guild, me(call).id);
  if (permissions !== undefined && (BigInt(permissions) & everything & ~mine) !== 0n)
    throw problem(Code.MissingPermissions);
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** The role of the path; to change it the bot must stand above it. */
function roleOf(call: Call, guild: Guild, below = false): APIRole {
  const role = guild.roles.get(idParam(call, 'role'));
  if (role === undefined) throw problem(Code.UnknownRole);
  if (below && !isAbove(guild, me(call).id, role)) throw problem(Code.MissingPermissions);
  return role;
}

function emojiOf(call: Call): APIEmoji {
  const found = guildOf(call).emojis.get(idParam(call, 'emoji'));
  if (found === undefined) throw problem(Code.UnknownEmoji);
  return found;
}

function stickerOf(call: Call, guilds: Iterable<Guild>): APISticker {
  const id = idParam(call, 'sticker');
  for (const { stickers } of guilds) {
    const found = stickers.get(id);
    if (found !== undefined) return found;
  }
  throw problem(Code.UnknownSticker);
}

const at = '/guilds/:guild';

export const guildRoutes: readonly Route[] = [
  { method: 'GET', path: at, run: show },
  { method: 'PATCH', path: at, run: change },
  { method: 'GET', path: `${at}/roles`, run: (call) => [...guildOf(call).roles.values()] },
  { method: 'GET', path: `${at}/roles/:role`, run: (call) => roleOf(call, guildOf(call)) },
  {
    method: 'POST',
    path: `${at}/roles`,
    run(call) {
      const guild = guildOf(call, May.ManageRoles);
      return createRole(call.state, guild, factsOf(call, guild));
    },
  },
  {
    method: 'PATCH',
    path: `${at}/roles/:role`,
    run(call) {
      const guild = guildOf(call, May.ManageRoles);
      const role = roleOf(call, guild, true);
      changeRole(call.state, guild, role, factsOf(call, guild));
      return role;
    },
  },
  {
    method: 'DELETE',
    path: `${at}/roles/:role`,
    run(call) {
      const guild = guildOf(call, May.ManageRoles);
      deleteRole(call.state, guild, roleOf(call, guild, true));
    },
  },
  { method: 'GET', path: `${at}/emojis`, run: (call) => [...guildOf(call).emojis.values()] },
  { method: 'GET', path: `${at}/emojis/:emoji`, run: emojiOf },
  { method: 'GET', path: `${at}/stickers`, run: (call) => [...guildOf(call).stickers.values()] },
  { method: 'GET', path: `${at}/stickers/:sticker`, run: (call) => stickerOf(call, [guildOf(call)]) },
  { method: 'GET', path: '/stickers/:sticker', run: (call) => stickerOf(call, call.state.guilds.values()) },
  { method: 'GET', path: '/sticker-packs', run: () => ({ sticker_packs: [] }) },
];
