/** What Discord itself says in a channel: somebody came, something was pinned, a thread began. */
import type { APIMessage } from 'discord.js';
import { plainText, type RichText } from '#bridge';
import { roomOf } from '../addresses.ts';
import type { Names } from './names.ts';
import { pollResult } from './polls.ts';

/** Spoken by a person or a bot, whatever stands around it: messages, replies, commands, the first message of a thread. */
const spoken: ReadonlySet<number> = new Set([0, 19, 20, 21, 23]);

/** Is it the room that speaks, and nobody in it? */
export const isSystem = ({ type }: Pick<APIMessage, 'type'>): boolean => !spoken.has(type);

/** What a person of the message is called there. */
export function nameOf(user: APIMessage['author'], names: Names): string {
  return names.person(user.id) ?? user.global_name ?? user.username;
}

/** What is said of a thread as it begins; its name leads there. */
export function threadBegun(who: string, name: string, id: string): RichText {
  const plain = `${who} started a thread: ${name}`;
  return { plain, marks: [{ is: 'room', chat: roomOf(id), from: plain.length - name.length, to: plain.length }] };
}

const threadCreated = 18;

/** The thread whose beginning it tells; undefined: it tells something else. */
export const threadIn = ({ type, message_reference: points }: APIMessage): string | undefined =>
  (type as number) === threadCreated ? points?.channel_id : undefined;

/** What Discord says itself; undefined: no more than its content. */
export function systemText(message: APIMessage, names: Names): RichText | undefined {
  const thread = threadIn(message);
  if (thread !== undefined) return threadBegun(nameOf(message.author, names), message.content ?? '', thread);
  const said = plainSystemText(message, names);
  return said === undefined ? undefined : plainText(said);
}

/** By the numbers of Discord's "Message Types"; undefined: it says no more than its content. */
function plainSystemText(message: APIMessage, names: Names): string | undefined {
  const who = nameOf(message.author, names);
  const { content = '' } = message;
  const [other] = message.mentions ?? [];
  const whom = other === undefined ? 'somebody' : nameOf(other, names);
  switch (message.type as number) {
    case 1:
      return `${who} added ${whom} to the thread`;
    case 2:
      return other === undefined || other.id === message.author.id
        ? `${who} left the thread`
        : `${who} removed ${whom} from the thread`;
    case 3:
      return callText(who, message);
    case 4:
      return `${who} changed the name to: ${content}`;
    case 5:
      return `${who} changed the picture`;
    case 6:
      return `${who} pinned a message`;
    case 7:
      return `${who} joined`;
    case 8:
      return /^\d+$/.test(content) ? `${who} boosted the server ${content} times` : `${who} boosted the server`;
    case 9:
    case 10:
    case 11:
      return `${who} boosted the server: it has reached level ${message.type - 8}`;
    case 12:
      return `${who} has this channel follow: ${content}`;
    case 18:
      return `${who} started a thread: ${content}`;
    case 27:
      return `${who} started the stage: ${content}`;
    case 28:
      return `${who} ended the stage: ${content}`;
    case 29:
      return `${who} is now a speaker`;
    case 31:
      return `${who} changed the stage's topic to: ${content}`;
    default:
      return rareText(message, who);
  }
}

function rareText(message: APIMessage, who: string): string | undefined {
  switch (message.type as number) {
    case 14:
      return 'This server is no longer listed for discovery';
    case 15:
      return 'This server is listed for discovery again';
    case 16:
    case 17:
      return 'This server does not meet the requirements for discovery';
    case 25:
    case 44:
      return `${who} bought something of this server`;
    case 32:
      return `${who} upgraded an app of this server`;
    case 36:
      return `${who} has this server's security actions on`;
    case 37:
      return `${who} has this server's security actions off`;
    case 38:
      return `${who} reported a raid`;
    case 39:
      return `${who} reported that there was no raid`;
    case 46:
      return pollResult(message.embeds);
    default:
      return undefined;
  }
}

function callText(who: string, { call, timestamp }: APIMessage): string {
  const end = call?.ended_timestamp;
  if (typeof end !== 'string') return `${who} started a call`;
  const minutes = Math.max(1, Math.round((Date.parse(end) - Date.parse(timestamp)) / 60_000));
  return `${who} started a call of ${minutes === 1 ? 'a minute' : `${minutes} minutes`}`;
}
