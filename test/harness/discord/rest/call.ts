/** One call of the REST API, and what a route is. */
import {
  type APIUser,
  RESTJSONErrorCodes as Code,
  PermissionFlagsBits as May,
  type PermissionFlagsBits,
} from 'discord-api-types/v10';
import type { Upload } from '../deeds/drafts.ts';
import type { Hub } from '../gateway/hub.ts';
import { permissionsIn, permissionsOf } from '../permissions.ts';
import { isId } from '../snowflake.ts';
import type { Application, Channel, Guild, Message, State } from '../state.ts';
import { plainProblem, problem, wrongField } from './problems.ts';

export interface Call {
  readonly state: State;
  readonly hub: Hub;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Of a multipart body, its payload_json. */
  readonly body: unknown;
  /** Files of a multipart body, by the number in their names. */
  readonly files: ReadonlyMap<string, Upload>;
  /** For the audit log. */
  readonly reason: string | undefined;
  /** Undefined where the route needs no token. */
  readonly application: Application | undefined;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With names behind colons. */
  readonly path: string;
  /** Needs no token of a bot. */
  readonly open?: boolean;
  /** Routes with the same name share a bucket. */
  readonly bucket?: string;
  /** 204 where nothing is returned; else 200, or this. */
  readonly status?: number;
  run(call: Call): unknown;
}

/** The bot that calls. */
export function me({ application }: Call): APIUser {
  if (application === undefined) throw plainProblem(401, 'Unauthorized');
  return application.user;
}

/** A parameter that must be an id. */
export function idParam({ params }: Call, name: string): string {
  const value = params[name] ?? '';
  if (!isId(value)) throw wrongField(`${name}_id`, 'NUMBER_TYPE_COERCE', `Value "${value}" is not snowflake.`);
  return value;
}

type Bits = (typeof PermissionFlagsBits)[keyof typeof PermissionFlagsBits];

/** The guild of the path; the bot must be in it and have these permissions. */
export function guildOf(call: Call, ...needed: readonly Bits[]): Guild {
  const guild = call.state.guilds.get(idParam(call, 'guild'));
  if (guild === undefined) throw problem(Code.UnknownGuild);
  if (!guild.members.has(me(call).id)) throw problem(Code.MissingAccess);
  const has = permissionsOf(guild, me(call).id);
  if (needed.some((bit) => (has & bit) === 0n)) throw problem(Code.MissingPermissions);
  return guild;
}

/** The channel of the path; the bot must see it and have these permissions there. */
export function channelOf(call: Call, ...needed: readonly Bits[]): Channel {
  const channel = call.state.channels.get(idParam(call, 'channel'));
  if (channel === undefined) throw problem(Code.UnknownChannel);
  allow(call, channel, ...needed);
  return channel;
}

/** Refuses a bot that does not see a channel or may not do this there. */
export function allow(call: Call, channel: Channel, ...needed: readonly Bits[]): void {
  const has = permissionsIn(call.state, channel, me(call).id);
  if ((has & May.ViewChannel) === 0n) throw problem(Code.MissingAccess);
  if (needed.some((bit) => (has & bit) === 0n)) throw problem(Code.MissingPermissions);
}

/** May the calling bot do this there? */
export const can = (call: Call, channel: Channel, bit: Bits): boolean =>
  (permissionsIn(call.state, channel, me(call).id) & bit) !== 0n;

/** The message of the path in its channel. */
export function messageOf(call: Call, channel: Channel): Message {
  const found = channel.messages.get(idParam(call, 'message'));
  if (found === undefined) throw problem(Code.UnknownMessage);
  return found;
}

/** A guild channel, not a conversation. */
export function guildWith(channel: Channel): Guild {
  if (channel.guild === undefined) throw problem(Code.CannotExecuteActionOnDMChannel);
  return channel.guild;
}

/** `@me` or an id. */
export const userId = (call: Call): string => (call.params.user === '@me' ? me(call).id : idParam(call, 'user'));
