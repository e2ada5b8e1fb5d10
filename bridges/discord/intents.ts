/** What is asked of the gateway: what every bot may hear, and of the privileged intents those that are wished and switched on in the developer portal. */
import type { DiscordConfig } from './config.ts';

/** By the API reference, "Gateway Intents". */
const intent = {
  guilds: 1 << 0,
  members: 1 << 1,
  moderation: 1 << 2,
  expressions: 1 << 3,
  webhooks: 1 << 5,
  presences: 1 << 8,
  guildMessages: 1 << 9,
  guildReactions: 1 << 10,
  guildTyping: 1 << 11,
  directMessages: 1 << 12,
  directReactions: 1 << 13,
  directTyping: 1 << 14,
  content: 1 << 15,
} as const;

const usual =
  intent.guilds |
  intent.moderation |
  intent.expressions |
  intent.webhooks |
  intent.guildMessages |
  intent.guildReactions |
  intent.guildTyping |
  intent.directMessages |
  intent.directReactions |
  intent.directTyping;

export type Privileged = 'members' | 'presences' | 'content';

/** In an application's flags: granted to a large one, or switched on for a small one ("Application Flags"). */
const granted: Readonly<Record<Privileged, number>> = {
  presences: (1 << 12) | (1 << 13),
  members: (1 << 14) | (1 << 15),
  content: (1 << 18) | (1 << 19),
};

/** What the switches are called there. */
export const switches: Readonly<Record<Privileged, string>> = {
  members: 'Server Members Intent',
  presences: 'Presence Intent',
  content: 'Message Content Intent',
};

export interface Intents {
  readonly bits: number;
  readonly has: Readonly<Record<Privileged, boolean>>;
  /** Wished, and switched off. */
  readonly missing: readonly Privileged[];
}

const privileged: readonly Privileged[] = ['members', 'presences', 'content'];

/** @param flags the application's; undefined: the server does not tell, and all that is wished is tried */
export function intentsFor(wished: DiscordConfig['intents'], flags: number | undefined): Intents {
  const isOn = (one: Privileged): boolean => flags === undefined || (flags & granted[one]) !== 0;
  const has = {
    members: wished.members && isOn('members'),
    presences: wished.presences && isOn('presences'),
    content: wished.content && isOn('content'),
  };
  let bits: number = usual;
  for (const one of privileged) if (has[one]) bits |= intent[one];
  return { bits, has, missing: privileged.filter((one) => wished[one] && !has[one]) };
}
