/** What a network tells us. Serialisable: no functions, no identity. */
import type { Content, RichText } from './content.ts';
import type { GatewayError } from './errors.ts';
import type { ChatId, DeliveryKey, MessageRef, PersonId } from './ids.ts';

type Event<Kind extends string, Body> = { readonly kind: Kind; readonly at: Date } & Readonly<Body>;
type InChat<Kind extends string, Body> = Event<Kind, { chat: ChatId; by: PersonId } & Body>;

export type MessageEvent = InChat<
  'message',
  {
    /** The speaker's name as it stands in the message: who is not in the member list still has one. */
    nick: string;
    ref: MessageRef;
    /** All that it became, where the network made several messages of it; the first is `ref`. */
    refs?: readonly MessageRef[];
    content: Content;
    /** Set where the message is our own, sent by this delivery: it is reflected at this place in the order. One event a delivery, behind its last part. */
    sentBy?: DeliveryKey;
    /** From the network's own history: archived and delivered with its old stamp. */
    history?: boolean;
    /** Without a name of the network's, which may tell it again: `ref` is the bridge's own, and another one then. */
    unnamed?: boolean;
    /** Said to us alone, not in a room: `chat` is then the other person's id. */
    direct?: boolean;
    /** Said so that no program answers it (IRC's NOTICE): shown like what anybody says. */
    notice?: boolean;
  }
>;

/** Where in a complete list. */
export type ListPiece = 'first' | 'next' | 'last';

export type NetworkEvent =
  | MessageEvent
  | InChat<'edited', { target: MessageRef; content: Content }>
  /** `by` where the network says who did it; else whoever wrote it is taken for it. */
  | Event<'retracted', { chat: ChatId; by?: PersonId; target: MessageRef; reason?: string }>
  | InChat<'reaction', { target: MessageRef; emoji: string; present: boolean }>
  | InChat<'read', { upTo: MessageRef }>
  | InChat<'typing', { active: boolean; paused?: true }>
  /** A room changed. `by` where the network says who did it. */
  | Event<'room', { chat: ChatId; change: Partial<Room>; by?: PersonId }>
  /**
   * `complete`: the list is everybody; who is not in it has left. `piece`: the gateway takes a long one piece by piece, and only the last is `complete`;
   * bridges send it whole.
   */
  | Event<'members', { chat: ChatId; changes: readonly MemberChange[]; complete?: boolean; piece?: ListPiece }>
  /** The room itself speaks, nobody in it: a change of modes, the lines of a list. Shown, marked as such, not part of the conversation. */
  | Event<'remark', { chat: ChatId; text: RichText }>
  /** Somebody asks us into a room. `by` is their nick. `isOwn`: our owner is in it, by their own doing, in the network's own client: it is one of their rooms. `isAsked`: they have just asked for it, and wait for it. `name`: what it is called, where that is not its id. */
  | Event<
      'invited',
      {
        chat: ChatId;
        by: string;
        person?: PersonId;
        reason?: string;
        password?: string;
        isOwn?: true;
        isAsked?: true;
        name?: string;
      }
    >
  /** Whoever our owner talks with is called otherwise from now on: the conversation goes on there. */
  | Event<'moved', { chat: ChatId; to: ChatId; nick: string }>
  /**
   * Our own place in a room ended without our asking. `revoked`: we are no longer a member, and only members may be in it; `closed`: only members may be in it
   * from now on; `lost`: the network has us out of it; `gone`: there is no such room any more. `to`: the room that is in its place.
   */
  | Event<
      'removed',
      {
        chat: ChatId;
        how: 'kicked' | 'banned' | 'revoked' | 'closed' | 'lost' | 'gone';
        by?: string;
        reason?: string;
        to?: ChatId;
      }
    >
  /** Of those who are watched: what they are called and look like, and that it changed. */
  | Event<'person', { person: PersonId; change: Partial<Person> }>
  /** `since`: epoch milliseconds, when they last did something, where they are idle and the network says since when. */
  | Event<'presence', { person: PersonId; show: Show; status?: string; since?: number }>
  /** Somebody came to our owner's list on the network, or went from it; or asks to see how our owner is, in these words. */
  | Event<'contact', { person: PersonId; is: 'listed' | 'unlisted' | 'asks'; text?: string }>
  /** The session's life. On `reconnecting` its rooms are kept; the bridge rejoins them and sends complete lists again. `ready` said again: what the session offers has changed. */
  | Event<'state', { state: SessionState; reason?: GatewayError; text?: string }>
  /** The network or one of its servers speaks to the account's owner. */
  | Event<'notice', { text: RichText }>;

export type Show = 'online' | 'chat' | 'away' | 'xa' | 'dnd' | 'offline';
export type SessionState = 'connecting' | 'ready' | 'reconnecting' | 'ended';

export interface Room {
  readonly name: string;
  readonly topic: string;
  readonly topicBy: string;
  readonly topicAt: Date;
  readonly isPublic: boolean;
  readonly isModerated: boolean;
  readonly isMembersOnly: boolean;
  readonly hasPassword: boolean;
  readonly topicByModeratorsOnly: boolean;
  /** Only members may speak to it. */
  readonly noOutsideMessages: boolean;
  /** 0: no limit. */
  readonly maxMembers: number;
  /** Who has said something may say no more for so long; 0: at once. */
  readonly slowModeSeconds: number;
  /** As `Person.avatar`. */
  readonly avatar: string | null;
  /** The outermost group of rooms that it is in, by its id. */
  readonly group: string;
}

export interface Person {
  readonly name: string;
  /** The headings under which they stand on our owner's list. */
  readonly groups: readonly string[];
  /**
   * What the network calls their picture: another picture has another name, and one name is one picture, whoever of the network shows it. `null`: they
   * have none. The bytes are `Session.avatars` to fetch.
   */
  readonly avatar: string | null;
  readonly isBot: boolean;
}

/** How much a member may do, least to most; each bridge documents how its network's ranks map (CHECKLIST 45-63). */
export type Power = 'visitor' | 'participant' | 'voiced' | 'helper' | 'moderator' | 'admin' | 'owner';

/** What somebody is in a room besides their power, by the network's word. */
export interface Hat {
  /** The network's, the same wherever it is worn. */
  readonly id: string;
  readonly title: string;
  /** The network's colour for it, as an angle (XEP-0392 §5.1), 0 to 359. */
  readonly hue?: number;
}

export interface Member {
  readonly person: PersonId;
  readonly nick: string;
  readonly power: Power;
  /** How the network addresses them beyond the nick ("user@host" on IRC), where it is known. */
  readonly address?: string;
  /** Their account with the network's services, where they are logged in. */
  readonly account?: string;
  /** The name that they give themselves beside the nick. */
  readonly realName?: string;
  readonly isBot?: boolean;
  /** A person who runs the network. */
  readonly isOperator?: boolean;
  /** Absent: online. */
  readonly show?: Show;
  readonly status?: string;
  /** As `Person.avatar`; absent: they have none. */
  readonly avatar?: string;
  readonly hats?: readonly Hat[];
}

/** What can become known of a member later, or change. `null`: no longer so. */
export type MemberFacts = {
  readonly [Fact in
    | 'address'
    | 'account'
    | 'realName'
    | 'isBot'
    | 'isOperator'
    | 'show'
    | 'status'
    | 'avatar'
    | 'hats']?: NonNullable<Member[Fact]> | null;
};

export type MemberChange =
  | { readonly is: 'in'; readonly member: Member }
  /** `as`: the new PersonId where the nick is the id (IRC). */
  | { readonly is: 'renamed'; readonly person: PersonId; readonly nick: string; readonly as?: PersonId }
  | { readonly is: 'power'; readonly person: PersonId; readonly power: Power; readonly by?: string }
  | { readonly is: 'facts'; readonly person: PersonId; readonly facts: MemberFacts }
  | {
      readonly is: 'out';
      readonly person: PersonId;
      readonly how: 'left' | 'kicked' | 'banned' | 'revoked' | 'closed' | 'lost';
      /** The nick of who did it. */
      readonly by?: string;
      readonly reason?: string;
    };
