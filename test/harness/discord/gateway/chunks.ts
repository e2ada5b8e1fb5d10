/** REQUEST_GUILD_MEMBERS: lists of members, a thousand at a time (API reference, "Request Guild Members"). */
import {
  type APIGuildMember,
  type GatewayGuildMembersChunkDispatchData,
  GatewayOpcodes,
  GatewayIntentBits as Intent,
} from 'discord-api-types/v10';
import { tail } from '../events.ts';
import type { Guild } from '../state.ts';
import type { Hub } from './hub.ts';
import { dispatch, type Session } from './session.ts';

const perChunk = 1_000;

/** What is asked, before it is known to be sound. */
interface Wanted {
  readonly guild_id?: unknown;
  readonly query?: unknown;
  readonly limit?: unknown;
  readonly presences?: unknown;
  readonly user_ids?: unknown;
  readonly nonce?: unknown;
}

/** Answers it; what is not allowed has no answer. */
export function sendMembers(hub: Hub, session: Session, wanted: Wanted): void {
  const guild = hub.state.guilds.get(String(wanted.guild_id));
  if (guild === undefined || !guild.members.has(session.application.user.id)) return;
  const nonce = typeof wanted.nonce === 'string' && wanted.nonce.length <= 32 ? { nonce: wanted.nonce } : {};
  if (isWhole(wanted)) {
    if ((session.intents & Intent.GuildMembers) === 0) return;
    const waitS = secondsToWait(hub, session, guild);
    if (waitS > 0) {
      const meta = { guild_id: guild.id, ...nonce };
      const limited = { opcode: GatewayOpcodes.RequestGuildMembers, retry_after: waitS, meta };
      dispatch(session, tail('RATE_LIMITED', limited), hub.kept);
      return;
    }
  }
  const { members, missing } = find(guild, wanted);
  const withPresences = wanted.presences === true && (session.intents & Intent.GuildPresences) !== 0;
  const count = Math.max(1, Math.ceil(members.length / perChunk));
  for (let index = 0; index < count; index++) {
    const some = members.slice(index * perChunk, (index + 1) * perChunk);
    const chunk: GatewayGuildMembersChunkDispatchData = {
      guild_id: guild.id,
      members: some,
      chunk_index: index,
      chunk_count: count,
      ...(missing.length === 0 ? {} : { not_found: missing }),
      ...(withPresences ? { presences: some.flatMap(({ user }) => guild.presences.get(user.id) ?? []) } : {}),
      ...nonce,
    };
    dispatch(session, tail('GUILD_MEMBERS_CHUNK', chunk), hub.kept);
  }
}

const isWhole = ({ user_ids, query, limit }: Wanted): boolean =>
  user_ids === undefined && query === '' && (limit === 0 || limit === undefined);

function secondsToWait({ state }: Hub, session: Session, guild: Guild): number {
  const now = state.now();
  const left = (session.askedAt.get(guild.id) ?? Number.NEGATIVE_INFINITY) + state.settings.membersEveryMs - now;
  if (left > 0) return left / 1_000;
  session.askedAt.set(guild.id, now);
  return 0;
}

interface Found {
  readonly members: readonly APIGuildMember[];
  readonly missing: string[];
}

function find(guild: Guild, { user_ids, query, limit }: Wanted): Found {
  if (user_ids !== undefined) {
    const ids = [user_ids].flat().map(String).slice(0, 100);
    const members = ids.flatMap((id) => guild.members.get(id) ?? []);
    return { members, missing: ids.filter((id) => !guild.members.has(id)) };
  }
  const start = String(query ?? '').toLowerCase();
  const all = [...guild.members.values()];
  if (start === '') return { members: Number(limit) > 0 ? all.slice(0, Number(limit)) : all, missing: [] };
  const fits = ({ user, nick }: APIGuildMember): boolean =>
    [user.username, user.global_name, nick].some((name) => name?.toLowerCase().startsWith(start) === true);
  return { members: all.filter(fits).slice(0, Math.min(100, Number(limit) || 1)), missing: [] };
}
