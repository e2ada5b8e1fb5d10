/** A message of Discord as an event: who said it, what, in answer to what. */
import type { APIMessage, APIUser } from 'discord.js';
import { asResource, type ChatId, type Content, type MessageEvent, messageId, type PersonId, personId } from '#bridge';
import { speakerOf } from './addresses.ts';
import { keepWhole, toldApart } from './apart.ts';
import { type Core, placeOf } from './core.ts';
import type { Guild } from './guild.ts';
import { nickOf } from './guild-fold.ts';
import { namesIn } from './naming.ts';
import type { Recent } from './recent.ts';
import { type Apart, read, readApart } from './text/index.ts';

/** By the API reference, "Message Types": those that people write. All others the system says. */
const written: ReadonlySet<number> = new Set([0, 19, 20, 23]);

/** Did somebody write it? */
export const isWritten = ({ type }: Pick<APIMessage, 'type'>): boolean => written.has(type);

const threadStarter = 21;

/**
 * The message of its channel at which a thread begins, as if it were said there: the thread's own first one does no more than point to it (API reference, "Message
 * Types"). undefined: this one does not, or that is gone.
 */
export function starterIn({ id, type, channel_id, timestamp, referenced_message }: APIMessage): APIMessage | undefined {
  if ((type as number) !== threadStarter || !referenced_message || !isWritten(referenced_message)) return undefined;
  const { message_reference: _, ...said } = referenced_message;
  return { ...said, id, channel_id, timestamp, edited_timestamp: null };
}

/** By the API reference, "Message Flags": LOADING. */
const loading = 1 << 7;

/** Has a bot only promised to answer ("is thinking…")? What it says becomes this message, and counts as no edit. */
export const isAwaited = ({ flags }: Pick<APIMessage, 'flags'>): boolean => ((flags ?? 0) & loading) !== 0;

/** By the API reference, "Message Flags": EPHEMERAL. */
const ephemeral = 1 << 6;

/** Is it shown to nobody but who gave the command? Beside them the bot that answers is told of it, which may be ours, run by another program too. */
export const isForOne = ({ flags }: Pick<APIMessage, 'flags'>): boolean => ((flags ?? 0) & ephemeral) !== 0;

/** Whose it is: a webhook's speakers are people of their own, an application's answers are the application's. */
export function authorOf({ author, webhook_id, application_id }: APIMessage): PersonId {
  const isSpeaker = webhook_id !== undefined && webhook_id !== application_id && author.id === webhook_id;
  return isSpeaker ? speakerOf(webhook_id, author.username) : personId(author.id);
}

/** What somebody is called all over Discord. */
export const nameOf = ({ global_name, username }: APIUser): string => global_name ?? username;

export interface Telling {
  readonly chat: ChatId;
  /** From the network's own history. */
  readonly isPast?: boolean;
  /** We have said it ourselves: as one, as it was said. */
  readonly isOwn?: boolean;
}

/** The message, and its files behind it. */
export function eventsOf(core: Core, recent: Recent, message: APIMessage, telling: Telling): readonly MessageEvent[] {
  const place = placeOf(core, message.channel_id);
  const names = namesIn(core, place?.guild, place?.channel);
  if (telling.isOwn === true) {
    keepWhole(recent, message.id);
    return [eventOf(core, message, read(message, names), telling)];
  }
  const apart: Apart = readApart(message, names);
  return toldApart(recent, eventOf(core, message, apart.content, telling), apart);
}

/** Whoever speaks by a webhook is called what they like, and who has gone what somebody else may be called by now: nobody speaks as another one who is there. */
function nickIn(guild: Guild | undefined, { author, webhook_id }: APIMessage): string {
  const known = guild?.members.get(author.id)?.nick;
  if (known !== undefined) return known;
  const nick = nickOf(author);
  if (guild?.nicks.has(nick) !== true) return nick;
  return asResource(`${nick} (${webhook_id === undefined ? author.username : 'webhook'})`) || author.id;
}

function eventOf(core: Core, message: APIMessage, content: Content, { chat, isPast = false }: Telling): MessageEvent {
  const place = placeOf(core, message.channel_id);
  const by = authorOf(message);
  const nick = nickIn(place?.guild, message);
  return {
    kind: 'message',
    at: new Date(message.timestamp),
    chat,
    by,
    nick,
    ref: { id: messageId(message.id), part: 0 },
    content,
    ...(isPast && { history: true }),
    ...(place === undefined && { direct: true }),
  };
}
