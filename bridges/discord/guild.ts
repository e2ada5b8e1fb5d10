/** A guild as the bridge keeps it: no more of it than rooms show. Folded from what the gateway sends (guild-fold.ts). */
import type { Hat } from '#bridge';

export interface Role {
  readonly id: string;
  readonly name: string;
  readonly permissions: bigint;
  readonly position: number;
  /** 0: none. */
  readonly colour: number;
  /** Those who have it stand by themselves in the list of members. */
  readonly isHoisted: boolean;
  /** Anybody may ring for all who have it. */
  readonly isMentionable: boolean;
}

export interface Overwrite {
  readonly allow: bigint;
  readonly deny: bigint;
}

export interface Thread {
  readonly isArchived: boolean;
  readonly isLocked: boolean;
  readonly isPrivate: boolean;
  /** Who has joined it, as far as that is known: whether we have always is. */
  readonly members: Set<string>;
  /** All who have joined are known. */
  readonly isRead: boolean;
}

/** A channel, a category or a thread. */
export interface Channel {
  readonly id: string;
  readonly guild: string;
  readonly type: number;
  readonly name: string;
  readonly topic: string;
  readonly parent: string | undefined;
  readonly position: number;
  readonly slowModeSeconds: number;
  readonly overwrites: ReadonlyMap<string, Overwrite>;
  readonly thread: Thread | undefined;
}

export interface Member {
  readonly id: string;
  /** Nobody else's in the guild. */
  readonly nick: string;
  /** The same all over Discord. */
  readonly username: string;
  readonly isBot: boolean;
  readonly roles: readonly string[];
  /** The path of their picture below the CDN; undefined: they have none. */
  readonly avatar: string | undefined;
  /** Of a time-out, epoch milliseconds. */
  readonly silencedUntil: number | undefined;
  /** They have yet to agree to the guild's rules (API reference, "Membership Screening Object"), of which a role frees them. */
  readonly isScreened: boolean;
}

export interface Presence {
  readonly show: 'online' | 'away' | 'dnd' | 'offline';
  readonly status: string | undefined;
}

export interface Emoji {
  readonly id: string;
  readonly isAnimated: boolean;
}

export interface Guild {
  readonly id: string;
  name: string;
  owner: string;
  /** The path of its picture below the CDN. */
  icon: string | undefined;
  memberCount: number;
  /** How far its members have boosted it: larger files. */
  premiumTier: number;
  /** Discord is out of order there: all of it stays as it was. */
  isAway: boolean;
  readonly shard: number;
  readonly roles: Map<string, Role>;
  /** What roles come to, by their ids; none where one of them has changed. */
  readonly hats: Map<string, readonly Hat[]>;
  readonly channels: Map<string, Channel>;
  /** Those who are known. */
  readonly members: Map<string, Member>;
  /** Whose each nick is. */
  readonly nicks: Map<string, string>;
  /** Whose each name is, by `folded` nicks and user names; undefined: nobody was looked for yet. */
  called: Map<string, readonly string[]> | undefined;
  readonly presences: Map<string, Presence>;
  /** The guild's own, by their names. */
  emoji: ReadonlyMap<string, Emoji>;
  /** All members came with the guild. */
  readonly isWhole: boolean;
  /** All members are known, or being asked for. */
  roll: Promise<void> | undefined;
}

/** By the API reference, "Channel Types". */
export const channelType = {
  text: 0,
  voice: 2,
  category: 4,
  announcement: 5,
  announcementThread: 10,
  publicThread: 11,
  privateThread: 12,
  stage: 13,
  forum: 15,
  media: 16,
} as const;

const speakable: ReadonlySet<number> = new Set([
  channelType.text,
  channelType.voice,
  channelType.announcement,
  channelType.announcementThread,
  channelType.publicThread,
  channelType.privateThread,
  channelType.stage,
]);

/** Can it be a room: can people write there? */
export const isRoom = ({ type }: Pick<Channel, 'type'>): boolean => speakable.has(type);

const voices: ReadonlySet<number> = new Set([channelType.voice, channelType.stage]);

/** Do people hear each other there? What is written beside that is for those who may come in. */
export const isVoice = ({ type }: Pick<Channel, 'type'>): boolean => voices.has(type);

/** Are its threads all there is to it? */
export const isForum = ({ type }: Pick<Channel, 'type'>): boolean =>
  type === channelType.forum || type === channelType.media;
