/** What an XMPP user asks of a network. Serialisable. Targets are named as the client named them (late resolution, DESIGN.md §1.4). */
import type { Content } from './content.ts';
import type { Power } from './event.ts';
import type { ChatId, PersonId, StanzaRef } from './ids.ts';

type Ask<Kind extends string, Body> = { readonly kind: Kind; readonly chat: ChatId } & Readonly<Body>;

/** What a joining client wants of a room's past (XEP-0045 §7.2.14); stamps as epoch milliseconds. */
export interface HistoryWish {
  readonly maxChars?: number;
  readonly maxStanzas?: number;
  readonly seconds?: number;
  readonly since?: number;
}

/** `privately`: to the occupant of that nick alone (XEP-0045 §7.5); `chat` is the room until it is tried, and then the person. */
interface Privately {
  readonly privately?: string;
}

/** How available somebody who is there says to be. */
export type PresenceShow = 'online' | 'chat' | 'away' | 'xa' | 'dnd';

/** `power`: to have exactly that power, whatever it was. The other ranks' words are no longer asked for. */
export type Moderation = 'kick' | 'ban' | 'unban' | 'power';

/** Written to the outbox before it is tried; settled exactly once. */
export type DurableIntent =
  | Ask<'send', { content: Content<StanzaRef> } & Privately>
  | Ask<'edit', { target: StanzaRef; content: Content<StanzaRef> } & Privately>
  /** `moderates`: somebody else's message, by the right of a moderator. */
  | Ask<'retract', { target: StanzaRef; reason?: string; moderates?: true } & Privately>
  | Ask<'react', { target: StanzaRef; emoji: readonly string[] } & Privately>
  /** `show` and `status`: what the joining client shows of itself. */
  | Ask<'join', { nick: string; password?: string; history?: HistoryWish; show?: PresenceShow; status?: string }>
  | Ask<'nick', { nick: string }>
  | Ask<'leave', { reason?: string }>
  | Ask<'topic', { text: string }>
  | Ask<'invite', { person: PersonId; reason?: string }>
  | Ask<'ask-voice', unknown>
  /** The person whose conversation that is becomes a contact of the owner's, or is none any more. */
  | Ask<'contact', { wanted: boolean }>
  /** That person may see how the owner is, or may not any more. */
  | Ask<'seen', { may: boolean }>
  | Ask<'options', { change: RoomChange }>
  /** A line for the server itself; `chat` is then the server's name. */
  | Ask<'raw', { line: string }>
  | Ask<'moderate', { targets: readonly Target[]; reason?: string }>;

export interface Target {
  /** As the client named them: a nick in the room, or a person by address. */
  readonly nick?: string;
  readonly person?: PersonId;
  readonly action: Moderation;
  readonly power?: Power;
  /** Powers with which they may stay as they are. */
  readonly alsoFine?: readonly Power[];
  /** Read off with the reason, where each has its own. */
  readonly reason?: string;
}

/** What is to be different of a room, by the names of the contract's RoomOptions. */
export type RoomChange = Readonly<Record<string, string | boolean | number>>;

/** Worth nothing late: kept in memory only, the newest wins. */
export type FleetingIntent =
  /** `paused`: there is text, but nothing is being added to it. */
  | Ask<'typing', { active: boolean; paused?: true }>
  | Ask<'read', { upTo: StanzaRef }>
  | { readonly kind: 'presence'; readonly show: PresenceShow; readonly status?: string };

export type Intent = DurableIntent | FleetingIntent;

/** Who asked, how they will recognise the answer, and when. `at` is epoch milliseconds. */
export interface Origin {
  /** The full JID of the asking client. */
  readonly from: string;
  /** The address that the client wrote to, whence the answer comes. */
  readonly to: string;
  /** The stanza's `id`. */
  readonly stanzaId?: string;
  /** XEP-0359 §2.2. */
  readonly originId?: string;
  /** What the answer is: an iq result, a reflected message, a presence. */
  readonly via: 'message' | 'presence' | 'iq';
  /** Message type, where `via` is a message. */
  readonly type?: string;
  readonly at: number;
  /** Of a message: what it says, summed up, so that another one with its id is known from a second copy of it. Absent: nothing. */
  readonly said?: number;
  /** The sender asked for a delivery receipt (XEP-0184). */
  readonly receipt?: boolean;
  /** To one alone: the sender's client tells of its state, and wants to be told of the other's (XEP-0085 §5.1). */
  readonly states?: true;
  /** The sender wishes that nobody keeps it (XEP-0334). */
  readonly unkept?: true;
  /** Of the message (RFC 6120 §8.1.5): what is said about it is said so. */
  readonly lang?: string;
}
