/** IDENTIFY and RESUME: who may begin a session, and with what it begins (API reference, "Gateway", "Connections"). */
import {
  GatewayCloseCodes as Close,
  type GatewayIdentifyData,
  type GatewayReadyDispatchData,
  type GatewayResumeData,
  GatewayIntentBits as Intent,
} from 'discord-api-types/v10';
import { tail } from '../events.ts';
import { applicationFlags } from '../payloads/applications.ts';
import { guildCreate } from '../payloads/guilds.ts';
import type { Application, State } from '../state.ts';
import type { Hub } from './hub.ts';
import { dispatch, type Line, newSession, type Session, shardOf, since } from './session.ts';
import { look } from './sight.ts';

/** Those that must be switched on in the portal. */
export const privileged = Intent.GuildMembers | Intent.GuildPresences | Intent.MessageContent;

const known = Object.values(Intent).reduce<number>((sum, bit) => (typeof bit === 'number' ? sum | bit : sum), 0);

/** Why a connection ends. */
export interface Refusal {
  readonly code: number;
  readonly reason: string;
}

/** Whose token it is, with or without its prefix. */
export const applicationBy = (state: State, token: unknown): Application | undefined =>
  typeof token !== 'string' || token === ''
    ? undefined
    : [...state.applications.values()].find((one) => one.token === token.replace(/^Bot /, ''));

function objection(state: State, data: Partial<GatewayIdentifyData>): Refusal | undefined {
  const application = applicationBy(state, data.token);
  if (application === undefined) return { code: Close.AuthenticationFailed, reason: 'Authentication failed.' };
  const { intents, shard } = data;
  if (shard !== undefined && !isShard(shard)) return { code: Close.InvalidShard, reason: 'Invalid shard.' };
  if (typeof intents !== 'number' || !Number.isInteger(intents) || (intents & ~known) !== 0)
    return { code: Close.InvalidIntents, reason: 'Invalid intent(s).' };
  if ((intents & privileged & ~application.privileged) !== 0)
    return { code: Close.DisallowedIntents, reason: 'Disallowed intent(s).' };
  if (guildsOf(state, application, shard ?? [0, 1]).length > 2_500)
    return { code: Close.ShardingRequired, reason: 'Sharding required.' };
  return undefined;
}

const isShard = (shard: unknown): shard is [number, number] =>
  Array.isArray(shard) && shard.length === 2 && shard.every(Number.isInteger) && shard[0] >= 0 && shard[0] < shard[1];

const guildsOf = (state: State, { user }: Application, [shard, count]: readonly [number, number]) =>
  [...state.guilds.values()].filter(({ id, members }) => members.has(user.id) && shardOf(id, count) === shard);

/** Begins a session, or says why not; undefined: too soon after the one before. */
export function identify(hub: Hub, line: Line, data: Partial<GatewayIdentifyData>): Session | Refusal | undefined {
  const { state } = hub;
  const refusal = objection(state, data);
  if (refusal !== undefined) return refusal;
  const application = applicationBy(state, data.token);
  if (application === undefined || hub.tooSoon(application, data.shard?.[0] ?? 0)) return undefined;
  const session = newSession(BigInt(state.newId()).toString(16).padStart(32, '0'), {
    application,
    intents: data.intents ?? 0,
    largeThreshold: data.large_threshold ?? state.settings.largeThreshold,
    shard: data.shard ?? [0, 1],
    line,
  });
  hub.sessions.set(session.id, session);
  welcome(hub, session);
  return session;
}

function welcome(hub: Hub, session: Session): void {
  const { state } = hub;
  const { application, shard, intents, largeThreshold } = session;
  const { kept } = hub;
  const guilds = guildsOf(state, application, shard);
  const ready: GatewayReadyDispatchData = {
    v: 10,
    user: { ...application.user, verified: true, mfa_enabled: false, email: null },
    guilds: guilds.map(({ id }) => ({ id, unavailable: true })),
    session_id: session.id,
    resume_gateway_url: hub.url(),
    shard: [...shard],
    application: { id: application.id, ...applicationFlags(application) },
  };
  const more = { session_type: 'normal', user_settings: {}, relationships: [], private_channels: [], presences: [] };
  dispatch(session, tail('READY', { ...ready, ...more }), kept);
  for (const guild of guilds) look(state, session, guild);
  if ((intents & Intent.Guilds) === 0) return;
  for (const guild of guilds)
    if (guild.available)
      dispatch(
        session,
        tail('GUILD_CREATE', guildCreate(state, guild, application.user.id, intents, largeThreshold)),
        kept,
      );
}

/** Goes on with a session; undefined: it can't be resumed. */
export function resume(hub: Hub, line: Line, data: Partial<GatewayResumeData>): Session | Refusal | undefined {
  const { state, kept } = hub;
  const application = applicationBy(state, data.token);
  if (application === undefined) return { code: Close.AuthenticationFailed, reason: 'Authentication failed.' };
  const session = hub.sessions.get(data.session_id ?? '');
  if (session === undefined || session.application !== application) return undefined;
  if (typeof data.seq !== 'number' || data.seq > session.seq) return { code: Close.InvalidSeq, reason: 'Invalid seq.' };
  const tooLate = session.cutAt !== undefined && state.now() - session.cutAt > state.settings.resumableMs;
  const missed = tooLate ? undefined : since(session, data.seq, kept);
  if (missed === undefined) {
    hub.sessions.delete(session.id);
    return undefined;
  }
  session.line?.close(Close.UnknownError, 'Resumed elsewhere.');
  session.line = line;
  session.cutAt = undefined;
  for (const text of missed) line.write(text);
  dispatch(session, tail('RESUMED', { _trace: [] }), kept);
  return session;
}
