/** What one login knows: who we are, the guilds, the rooms that are open. Everything else of a session works on this. */
import { type ChatId, type Clock, GatewayError, type Log, type Member, type NetworkEvent } from '#bridge';
import type { DiscordConfig } from './config.ts';
import type { Channel, Guild } from './guild.ts';
import type { Identity } from './identity.ts';
import type { Intents } from './intents.ts';
import type { Link } from './link.ts';
import type { Partings } from './parting.ts';
import type { Rest } from './rest.ts';

/** A room that somebody has entered. */
export interface OpenRoom {
  readonly chat: ChatId;
  readonly channel: string;
  readonly guild: string;
  /** As they were last told, by their ids. */
  readonly listed: Map<string, Member>;
  /** Who has said something, the last last. */
  readonly spoke: Set<string>;
  /** What was last told of the room itself. */
  described: string;
  /** A change of many is on its way: one list will tell it. */
  pending: (() => void) | undefined;
  /** The first time-out to end there. */
  silence: { readonly until: number; readonly cancel: () => void } | undefined;
}

/** Nothing of what was to be told of it later is told any more. */
export function hush(room: OpenRoom): void {
  room.pending?.();
  room.silence?.cancel();
}

export interface Core {
  readonly config: DiscordConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly rest: Rest;
  readonly identity: Identity;
  /** Our id. */
  readonly me: string;
  readonly intents: Intents;
  readonly guilds: Map<string, Guild>;
  /** Guilds that we are in and that were not told yet: they may be out of order. */
  readonly untold: Set<string>;
  /** Whose each channel and thread is. */
  readonly channels: Map<string, string>;
  readonly rooms: Map<ChatId, OpenRoom>;
  /** Who is being put out, and why. */
  readonly partings: Partings;
  link: Link | undefined;
  /** All shards are there. */
  isUp: boolean;
  emit(event: NetworkEvent): void;
  now(): Date;
}

/** Where that channel or thread is; undefined: it is not known. */
export function placeOf(core: Core, channel: string): { readonly guild: Guild; readonly channel: Channel } | undefined {
  const guild = core.guilds.get(core.channels.get(channel) ?? '');
  const found = guild?.channels.get(channel);
  return guild === undefined || found === undefined ? undefined : { guild, channel: found };
}

/** For whoever asks while there is no connection. */
export const away = (): GatewayError => new GatewayError('network-away', { text: 'Not connected to Discord.' });
