/** What the harness' Discord server knows. What the API shows as it is kept, is kept in the API's shape. */
import type {
  APIBan,
  APIEmoji,
  APIGuildForumTag,
  APIGuildMember,
  APIMessage,
  APIOverwrite,
  APIPartialEmoji,
  APIRole,
  APISticker,
  APIThreadMember,
  APIThreadMetadata,
  APIUser,
  ChannelType,
  GatewayGuildMembersChunkPresence,
  WebhookType,
} from 'discord-api-types/v10';
import type { Event } from './events.ts';
import type { Settings } from './settings.ts';

/** A bot as the developers' portal has it. */
export interface Application {
  readonly id: string;
  name: string;
  /** Undefined: revoked. */
  token: string | undefined;
  readonly user: APIUser;
  /** Intents that are switched on for it beside those that need no switch. */
  privileged: number;
}

export interface Guild {
  readonly id: string;
  name: string;
  icon: string | null;
  description: string | null;
  ownerId: string;
  systemChannelId: string | null;
  /** How far it is boosted: 0 to 3. */
  premiumTier: number;
  /** An outage hides it. */
  available: boolean;
  readonly roles: Map<string, APIRole>;
  readonly members: Map<string, APIGuildMember>;
  readonly channels: Map<string, Channel>;
  /** Threads that are not archived. */
  readonly threads: Map<string, Channel>;
  readonly emojis: Map<string, APIEmoji>;
  readonly stickers: Map<string, APISticker>;
  readonly bans: Map<string, APIBan>;
  readonly presences: Map<string, GatewayGuildMembersChunkPresence>;
  /** Grows with each change of who may do what. */
  revision: number;
}

/** What only threads have. */
export interface Thread {
  readonly ownerId: string;
  readonly metadata: APIThreadMetadata;
  readonly members: Map<string, APIThreadMember>;
  tags: string[];
  /** Messages that were ever written in it, but for its first. */
  sent: number;
  deleted: number;
}

export interface Channel {
  readonly id: string;
  type: ChannelType;
  /** Undefined: a conversation of two. */
  readonly guild: Guild | undefined;
  name: string;
  topic: string | null;
  nsfw: boolean;
  position: number;
  parentId: string | null;
  readonly overwrites: Map<string, APIOverwrite>;
  slowS: number;
  flags: number;
  readonly messages: Map<string, Message>;
  lastMessageId: string | null;
  lastPinAt: string | null;
  /** When somebody spoke last, for slow mode. */
  readonly spoke: Map<string, number>;
  /** Of a forum. */
  tags: APIGuildForumTag[];
  readonly thread: Thread | undefined;
  /** The two of a conversation: the bot first. */
  readonly between: readonly APIUser[];
}

export interface Reaction {
  readonly emoji: APIPartialEmoji;
  /** Who reacted, the first first. */
  readonly users: Map<string, APIUser>;
}

export interface Message {
  readonly channel: Channel;
  /** Without reactions and pin, which depend on who looks. */
  readonly data: APIMessage;
  readonly reactions: Map<string, Reaction>;
  /** Answer of a poll → who took it. */
  readonly votes: Map<number, Set<string>>;
  pinnedAt: string | undefined;
  /** Edits after its first hour. */
  lateEdits: number;
}

export interface Webhook {
  readonly id: string;
  readonly token: string;
  readonly type: WebhookType;
  name: string;
  avatar: string | null;
  channel: Channel;
  readonly applicationId: string | null;
  readonly user: APIUser | undefined;
}

/** A file at the CDN. */
export interface Stored {
  readonly bytes: Uint8Array;
  readonly type: string;
}

export interface State {
  readonly settings: Settings;
  readonly now: () => number;
  readonly newId: () => string;
  readonly applications: Map<string, Application>;
  readonly users: Map<string, APIUser>;
  readonly guilds: Map<string, Guild>;
  /** All of them: also threads and conversations. */
  readonly channels: Map<string, Channel>;
  readonly webhooks: Map<string, Webhook>;
  /** Path at the CDN → file. */
  readonly files: Map<string, Stored>;
  /** Path at the CDN → where the picture lies that it would fetch. */
  readonly remote: Map<string, string>;
  /** Conversations, by the ids of both. */
  readonly conversations: Map<string, Channel>;
  /** Author and nonce → the message that was written with it. */
  readonly nonces: Map<string, { readonly messageId: string; readonly at: number }>;
  /** Those who take no messages from bots. */
  readonly closed: Set<string>;
  /** Where its HTTP listens, when it does. */
  origin: string;
  /** To whoever is connected and may know it. */
  publish: (event: Event) => void;
}

/** No bit of any kind. */
export const noFlags: number = 0;

/** A time as the API writes it. */
export const stampOf = (ms: number): string => new Date(ms).toISOString().replace('Z', '000+00:00');
