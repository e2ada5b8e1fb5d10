/** What scenarios see of a MUC service in memory, and do with it. */
import type { Element } from '../../src/xml/element.ts';
import type { Affiliation, Occupant, RoomRules } from './memory-muc-room.ts';

export interface MemoryMucOptions {
  readonly domain: string;
  now(): number;
  /** To whoever is addressed. */
  deliver(stanza: Element): void;
}

export interface MemoryMuc {
  readonly domain: string;
  take(stanza: Element): void;
  /** A room that stays, with that owner. */
  found(name: string, owner: string, how?: Partial<RoomRules>): string;
  /** It is so from now on. */
  change(room: string, how: Partial<RoomRules>): void;
  /** A moderator does that. @param id the archive's */
  takesBack(room: string, id: string, reason: string): void;
  /** Everybody hears of it. */
  gives(room: string, nick: string, role: Occupant['role']): void;
  nicks(room: string): readonly string[];
  /** Who has that nick: a full JID. */
  jidOf(room: string, nick: string): string | undefined;
  affiliate(room: string, bare: string, affiliation: Affiliation): void;
  kick(room: string, nick: string, reason: string): void;
  ban(room: string, nick: string, reason: string): void;
  /** Everybody is out. @param how told by status 332, or not at all */
  restart(how: 'told' | 'silently'): void;
  /** Nothing reaches it, nothing comes from it; senders are told where `isTold`. */
  isAway: boolean;
  isTold: boolean;
  hasArchive: boolean;
  /** XEP-0425 */
  knowsModeration: boolean;
  /** What is called so in presences is not passed on, as by services that know what they know. */
  hides: string | undefined;
  /** What has this text in it is taken from whoever says it, and goes nowhere. */
  swallows: string | undefined;
  /** What says that is not acceptable, as content filters have it. */
  dislikes: string | undefined;
  /** Presence of whoever's address begins so goes nowhere. */
  ignores: string | undefined;
  /** How often. */
  readonly swallowed: number;
  /** Stanzas that came. */
  readonly taken: number;
  subject(room: string): string;
  /** All that was said in it, in order: "nick: text". */
  said(room: string): readonly string[];
  /** @param venue where everybody is to go */
  destroy(room: string, venue?: string): void;
  /** It is gone as if it had never been, as a room that is not kept is with its service. */
  loses(room: string): void;
  /** Its archive keeps nothing so old. */
  forgets(room: string): void;
  /** There is such a room. */
  has(room: string): boolean;
}
