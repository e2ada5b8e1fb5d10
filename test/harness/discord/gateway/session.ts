/** A bot's session at the gateway: what it may hear, its numbers, and what it has missed while it was cut. */
import { GatewayIntentBits as Intent, PermissionFlagsBits } from 'discord-api-types/v10';
import type { Event, Viewer } from '../events.ts';
import { may, permissionsOf } from '../permissions.ts';
import type { Application, Channel, Guild, State } from '../state.ts';

/** Where it is connected. */
export interface Line {
  write(text: string): void;
  close(code: number, reason: string): void;
}

export interface Session extends Viewer {
  readonly id: string;
  readonly shard: readonly [number: number, count: number];
  seq: number;
  /** The latest of what was told, oldest first; its last one has the number `seq`. */
  told: string[];
  line: Line | undefined;
  /** When its line was cut. */
  cutAt: number | undefined;
  /** Channel → whether it was visible at a revision of its guild. */
  readonly sight: Map<Channel, { readonly revision: number; readonly sees: boolean }>;
  /** Guild → its channels that the bot sees, as of the last time that this was asked. */
  readonly seen: Map<Guild, ReadonlySet<Channel>>;
  /** Guild → when all its members were asked for. */
  readonly askedAt: Map<string, number>;
}

export interface Opening {
  readonly application: Application;
  readonly intents: number;
  readonly largeThreshold: number;
  readonly shard: readonly [number: number, count: number];
  readonly line: Line;
}

/** A new one. */
export const newSession = (id: string, opening: Opening): Session => ({
  ...opening,
  id,
  seq: 0,
  told: [],
  cutAt: undefined,
  sight: new Map(),
  seen: new Map(),
  askedAt: new Map(),
});

/** The shard that a guild's events go to. */
export const shardOf = (guildId: string, count: number): number =>
  count === 1 ? 0 : Number((BigInt(guildId) >> 22n) % BigInt(count));

/** Numbers it, keeps it and sends it. @param tail what stands behind the number */
export function dispatch(session: Session, tail: string, kept: number): void {
  session.seq += 1;
  session.told.push(tail);
  if (session.told.length > 2 * kept) session.told = session.told.slice(-kept);
  session.line?.write(numbered(session.seq, tail));
}

const numbered = (seq: number, tail: string): string => `{"op":0,"s":${seq}${tail}`;

/** What was told since that number; undefined: it is no longer known. */
export function since(session: Session, seq: number, kept: number): readonly string[] | undefined {
  const missed = session.seq - seq;
  const known = session.told.slice(-kept);
  if (missed < 0 || missed > known.length) return undefined;
  return missed === 0 ? [] : known.slice(-missed).map((tail, index) => numbered(seq + index + 1, tail));
}

/** How an event reads for it; undefined: it is not for it. */
export function textFor(state: State, session: Session, event: Event): string | undefined {
  if (!hears(state, session, event)) return undefined;
  if (typeof event.full !== 'string') return event.full(session);
  if (event.blank === undefined || (session.intents & Intent.MessageContent) !== 0) return event.full;
  const { user, id } = session.application;
  return event.exempt.includes(user.id) || event.exempt.includes(id) ? event.full : event.blank();
}

function hears(state: State, session: Session, event: Event): boolean {
  const { application, intents } = session;
  if (event.only !== undefined && event.only !== application) return false;
  if (event.guild !== undefined && !isIn(session, event.guild)) return false;
  if (event.own === application.user.id) return true;
  if (event.intents !== 0 && (intents & event.intents) === 0) return false;
  if (event.home !== undefined && shardOf(event.home.id, session.shard[1]) !== session.shard[0]) return false;
  if (event.permission !== undefined && !holds(event.guild, application.user.id, event.permission)) return false;
  return event.channel === undefined || sees(state, session, event.channel);
}

const holds = (guild: Guild | undefined, userId: string, permission: bigint): boolean =>
  guild !== undefined && (permissionsOf(guild, userId) & permission) !== 0n;

const isIn = ({ application, shard }: Session, guild: Guild): boolean =>
  guild.available && guild.members.has(application.user.id) && shardOf(guild.id, shard[1]) === shard[0];

/** Is a channel visible to the bot? */
export function sees(state: State, session: Session, channel: Channel): boolean {
  const { user } = session.application;
  if (channel.guild === undefined) return session.shard[0] === 0 && channel.between.some(({ id }) => id === user.id);
  const { revision } = channel.guild;
  const known = session.sight.get(channel);
  const muted = channel.guild.members.get(user.id)?.communication_disabled_until;
  if (known?.revision === revision && !muted) return known.sees;
  const found = may(state, channel, user.id, PermissionFlagsBits.ViewChannel);
  session.sight.set(channel, { revision, sees: found });
  return found;
}
