/**
 * All that a bridge sees of the gateway, and all that the gateway sees of a network. `bridges/<name>/index.ts` exports a `Bridge` by default;
 * `kit/` holds the laws that every bridge must pass. A bridge never sees a stanza, Redis or SQL.
 */
import type { Content } from '../core/content.ts';
import type { GatewayError } from '../core/errors.ts';
import type { NetworkEvent, Power, Room, Show } from '../core/event.ts';
import type { ChatId, MessageRef, PersonId } from '../core/ids.ts';
import type { Moderation } from '../core/intent.ts';
import type { Sentences } from '../core/sentences.ts';
import type { Settings, SettingsForms } from '../core/settings.ts';
import type { Attempt, Limits, Sent } from './attempt.ts';
import type { Avatars, Profile } from './avatars.ts';
import type { FormField, NetworkCommand } from './commands.ts';
import type { ContactList } from './contact-list.ts';
import type { Fetch } from './fetching.ts';
import type { History } from './history.ts';
import type { LoginPlace, LoginRun } from './login.ts';
import type { Outline } from './outline.ts';
import type { OwnClient } from './own-client.ts';

export type { Attempt, Limits, Sent } from './attempt.ts';

/** Validates untrusted input; throws an Error whose message names every fault. zod's schemas fit. */
export interface Schema<T> {
  parse(input: unknown): T;
}

export interface Bridge<Config = unknown, Credentials = unknown> {
  /** As in the configuration's `use:`. */
  readonly name: string;
  /** For service discovery: the registered gateway type (CHECKLIST 030-10) and a name for people. */
  readonly about: { readonly type: string; readonly name: string };
  /** The bridge's own `options:`; zod, because the JSON Schema and the example are generated from it. */
  readonly config: Schema<Config>;
  readonly credentials: Schema<Credentials>;
  /** Called once a domain, before anything connects. Must not touch the network. */
  open(config: Config, tools: Tools): Network<Credentials>;
}

export interface Tools {
  readonly log: Log;
  readonly clock: Clock;
  /** The only way to anything that somebody on the network has named the address of. */
  readonly fetch: Fetch;
}

/** Structured logging; never message text or secrets above trace. */
export interface Log {
  trace(fields: object, message: string): void;
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): Log;
}

/** The only source of time. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls once after `ms`; the returned function cancels. */
  after(ms: number, call: () => void): () => void;
}

/** One configured domain's view of a network: many accounts, shared limits. */
export interface Network<Credentials = unknown> {
  readonly addresses: Addresses;
  /** `none`: an account is made at the first join, with no credentials (IRC); `required`: only a login makes one, and it stays connected. */
  readonly registration: 'none' | 'required';
  /** How long we stay in rooms of that server when the last client is gone: for good, or so many milliseconds after its connection was lost. */
  stay(on: string | undefined): { readonly persistent: boolean; readonly lingerMs: number };
  /** What its errors and answers say in other languages, by their codes; absent: English. */
  readonly sentences?: Readonly<Record<string, Sentences>>;
  /** The rooms of its servers can be listed (`Rooms.list`) by who is connected there: announced before anybody is. */
  readonly browsable?: boolean;
  /** Its rooms stand in groups (`Rooms.outline`): announced likewise. */
  readonly groupsRooms?: boolean;
  /** The servers that its operator lists by name, where it has several: whoever browses finds them. */
  readonly servers?: readonly string[];
  /** What its users may set; absent: nothing. */
  readonly settings?: SettingsForms;
  /** Client certificates by which this network's servers can know a user. */
  readonly certificates?: Certificates;
  /** Commands of its own, besides those that every network has. */
  readonly commands?: readonly NetworkCommand[];
  /** All that goes to the network is encrypted on its way; absent: some of it, or none, may not be. */
  readonly encrypts?: boolean;
  /** Its sessions have a `profile`: servers are asked to tell us of users' pictures and names. */
  readonly takesProfiles?: boolean;
  /** Its sessions answer `people.about`: people can be looked up by command. */
  readonly knowsPeople?: boolean;
  /** Its sessions have `contacts`: whom its users know is the network's to say. */
  readonly keepsContacts?: boolean;
  /** Where the operator has said that its files are: what is below that address is fetched even where it is not public. */
  readonly filesAt?: string;
  /** Its sessions answer `contacts.find`: people can be searched for. */
  readonly findsPeople?: boolean;
  /** Accounts with its servers' services can be registered (`Session.accountRegistration`, where the server can): the settings that keep a login there. */
  readonly registersAccounts?: { readonly username: string; readonly password: string };
  /** Asks for what it needs with `yield`, returns what to keep. Absent: the gateway asks for `loginFields`; absent too: accounts can't be registered. */
  login?(place: LoginPlace<Credentials>): LoginRun<Credentials>;
  /** What a login needs where all of it is one form. The value of the first that is no secret is its label, else the network's name; all of them are parsed by `Bridge.credentials`. */
  readonly loginFields?: readonly FormField[];
  /**
   * Resolves with the session once it can take intents. Rejects with a GatewayError where the network refuses or can't be reached; it retries
   * by itself only once it has been connected. `signal` ends the session, at once and without farewell.
   */
  connect(account: Account<Credentials>, host: SessionHost, signal: AbortSignal): Promise<Session>;
}

export interface Certificates {
  /** The secret setting of a server that holds one; '' removes it. */
  readonly setting: string;
  /** A new one with its key, for that setting. `name` stands in it, for people. */
  make(name: string): string;
  /** By which the network's services know it: "sha256", and the digits. Throws an Error where the text is no certificate. */
  fingerprints(pem: string): readonly { readonly label: string; readonly value: string }[];
}

/** Laws: parse(format(a)) equals a; format(a) is already a prepared localpart, unchanged by Nodeprep and by PRECIS (CHECKLIST JID-05). */
export interface Addresses {
  format(address: Address): string;
  /** undefined: no address of this network. Canonical where that needs no connection. */
  parse(localpart: string): Address | undefined;
  /** The network is one server, addressed by the bare domain: lines that are written to the domain are for it. */
  readonly isOneServer?: boolean;
  /** For people: "#isthmus on irc.libera.chat". */
  title(address: Address): string;
  /** A room's id to show how one is written; `#channel` where nothing is said. */
  readonly exampleRoom?: ChatId;
  /** Why a room or a server may not be used here (not listed, a private address…), before an account is made; undefined: it may. */
  refuse?(address: Address): GatewayError | undefined;
}

/** `on`: the server it is on, where a network has many; accounts are per JID and `on`. */
export type Address = { readonly on?: string } & (
  | { readonly is: 'person'; readonly id: PersonId }
  | { readonly is: 'room'; readonly id: ChatId }
  | { readonly is: 'service' }
);

export interface Account<Credentials = unknown> {
  /** Stable and unique over the gateway; a bridge uses it as a key only. */
  readonly id: string;
  /** The owner's bare JID, for identd-like duties; never shown to the network unless configured. */
  readonly owner: string;
  readonly on?: string;
  /** What its owner wishes to be called; asked for at the first join where the network has no accounts. */
  readonly nick?: string;
  readonly credentials?: Credentials;
  /** What its owner has set for this server and for all; `host.settings` has it for a room. Only what was set. */
  readonly settings?: Settings;
  /** What the last session handed to `checkpoint`. */
  readonly resume?: string;
  /**
   * Only to find out whether the network takes the login: its session ends at once. It must reject where that was not accepted, and must not disturb
   * another session of the same login.
   */
  readonly isTrial?: boolean;
  /**
   * Its rooms are there from before the gateway was restarted, and nobody asks to come in: that the name is taken meanwhile, by what is left of its last
   * connection most often, must keep it out no more than it does where a connection is made again.
   */
  readonly isBack?: boolean;
}

export interface SessionHost {
  /**
   * Takes what the network tells. Returns undefined while there is room; else a promise to await before reading on: that is the back-pressure.
   * Events are projected in the order of the calls, synchronously.
   */
  emit(event: NetworkEvent): Promise<void> | undefined;
  /** Remembers where to resume; handed back as `account.resume`. */
  checkpoint(resume: string): Promise<void>;
  /** What the owner has set for that room, over what is set for the server and for all. */
  settings?(chat: ChatId): Settings;
  /** For who on the network would know something of it; absent: it is not to be asked. */
  readonly ownClient?: OwnClient;
}

/** A live login. `send` is all that a network must do; each further property present is a capability offered (DESIGN.md §1.9). */
export interface Session {
  /** Who we are there; may change with a nick change. */
  readonly me: PersonId;
  limits(chat: ChatId): Limits;
  /**
   * Resolves when the network has the message (its echo, or the receipt behind it), in the chat's order. `refs` has one entry a part that the
   * network made of it. Up to `limits.window` sends of one chat are in flight at once, started in order: what the bridge does before its first
   * `await` fixes their order on the wire. Law: when one fails with an error that is tried `later`, all sends of that chat behind it fail so too.
   */
  send(message: Content, to: Attempt): Promise<Sent>;
  /**
   * How a message begins that is too long for that chat, to be said with a link to the whole of it; undefined: it is not too long, or may lie nowhere
   * else. What `send` then gets is this text and the link as a file. Absent: it takes them all.
   */
  excerpt?(message: Content, chat: ChatId): string | undefined;
  /** `rest`: the further messages that the corrected one became. */
  readonly edits?:
    | { edit(target: MessageRef, content: Content, to: Attempt, rest?: readonly MessageRef[]): Promise<Sent> }
    | undefined;
  /** Our own messages; those of others where the network lets us. All parts of a message are retracted one by one. */
  readonly retractions?:
    | { retract(target: MessageRef, reason: string | undefined, to: Attempt): Promise<void> }
    | undefined;
  /** `emoji` is all that we react with from now on, `before` what it was. A message that the network can't name: `network-cannot`, and it is said in words. */
  readonly reactions?:
    | {
        react(target: MessageRef, emoji: readonly string[], to: Attempt, before: readonly string[]): Promise<void>;
      }
    | undefined;
  /**
   * `replyTo` is passed on, where the network can name the message, and takes answers in that chat. Absent, or `inWordsToo` (few of its people's clients follow the reference): the
   * gateway says in the text whom a reply is for.
   */
  readonly replies?: { canName(target: MessageRef, chat: ChatId): boolean; readonly inWordsToo?: boolean } | undefined;
  /**
   * What `send` and `edit` get may have an `author`, whose name and picture the network then shows where it lets us in that chat; absent, or not there:
   * the gateway says the name in front of the text. `edit` gets it in every chat: as the message was said, by name or with the name in front, so it is edited. Such a message is our own all the same: it is told with `sentBy`, and never as somebody else's.
   */
  readonly puppets?: { canSpeakAs(chat: ChatId): boolean } | undefined;
  /** `at`: when that message was said, epoch milliseconds. */
  readonly receipts?: { read(chat: ChatId, upTo: MessageRef, at: number): Promise<void> } | undefined;
  /** Said once a change; the network's own repetitions are the bridge's to make. */
  readonly typing?: { typing(chat: ChatId, active: boolean, paused: boolean): Promise<void> } | undefined;
  /** What its owner set has changed: in force at once where the network allows it, else from the next connection on. */
  configure?(settings: Settings): void;
  /** The network itself can keep somebody from reaching us; absent: what they say is dropped here. */
  readonly blocks?: Blocks | undefined;
  /** How the connection is, for its owner, in an order that makes sense: ("Address", "irc.example.org:6697"). Never a secret. */
  describe?(signal: AbortSignal): Promise<readonly { readonly label: string; readonly value: string }[]>;
  /** Lines that people type as commands ("/topic …"), and lines written to the server itself. */
  readonly commands?: Commands;
  /** The id that events have for whoever an address names, where it may spell it otherwise; between two they have the one that was last said something to. Absent: there is one. */
  canonical?(person: PersonId): PersonId;
  /** Questions about a person; all reject with the GatewayError that whoever asked should see. */
  readonly people?: People;
  /** People have pictures: `Member.avatar` and `Person.avatar` name them. */
  readonly avatars?: Avatars | undefined;
  /** How our owner appears to the others can be set. */
  readonly profile?: Profile | undefined;
  /** Registers an account with the network itself, where it takes that over our connection; there only while it does. */
  readonly accountRegistration?: AccountRegistration | undefined;
  readonly status?: { appear(show: Show, status?: string): Promise<void> };
  readonly rooms: Rooms;
  /** `presence` events tell of these people from now on, beginning with what is so, and of nobody else. Replaces what was asked before. */
  readonly watch?: (persons: readonly PersonId[]) => void;
  readonly contacts?: ContactList;
  readonly history?: History | undefined;
  /**
   * Asked before a second try: was this key sent, and as what? Absent, and `dedupes` false: a copy may be sent twice.
   * @param content as `send` gets it; `isKnown` says of messages by us whether they are accounted for: they are others than this one
   */
  readonly reconcile?: (
    to: Attempt,
    content: Content,
    isKnown: (refs: readonly MessageRef[]) => Promise<readonly boolean[]>,
  ) => Promise<Sent | undefined>;
  /** Takes leave of the network politely (QUIT and the like), at most a second or two; then the session is over. */
  end(reason: string): Promise<void>;
}

/** Both reject with the GatewayError that whoever asked should see. The name of the account is the nick that we have. */
export interface AccountRegistration {
  register(email: string | undefined, password: string, signal: AbortSignal): Promise<Registered>;
  /** With the code that the network sent to that address. */
  verify(account: string, code: string, signal: AbortSignal): Promise<Registered>;
}

export interface Registered {
  readonly account: string;
  /** A code was sent: the account is there once `verify` has resolved. */
  readonly needsCode: boolean;
  /** The network's words. */
  readonly text: string;
}

export interface Commands {
  /** Is this text, said in that chat, a command and not a message? */
  knows(chat: ChatId, text: string): boolean;
  /** Resolves with what whoever typed it is told, where there is something to tell. Nobody else sees the line. */
  run(chat: ChatId, text: string, signal: AbortSignal): Promise<string | undefined>;
  /** A line to the server itself, as its protocol has it, or a command of ours. */
  raw(line: string, signal: AbortSignal): Promise<string | undefined>;
}

/** Said of whoever is blocked as soon as a session is there, and when its owner changes their mind. What becomes of it, only the bridge knows. */
export interface Blocks {
  block(person: PersonId): Promise<void>;
  unblock(person: PersonId): Promise<void>;
}

export interface People {
  /** What the network tells of somebody, in its order: ("Real name", "Ada"). */
  about?(person: PersonId, signal: AbortSignal): Promise<PersonCard>;
  /** `about` says for how long somebody who is there has said nothing, as far as the network lets it. */
  readonly tellsIdle?: boolean;
  /** The software that they use, in their words. */
  version?(person: PersonId, signal: AbortSignal): Promise<string>;
  /** How long they take to answer, milliseconds. */
  ping?(person: PersonId, signal: AbortSignal): Promise<number>;
  /** Their clock, in their words. */
  time?(person: PersonId, signal: AbortSignal): Promise<string>;
}

export interface PersonCard {
  readonly nick: string;
  readonly realName?: string;
  readonly account?: string;
  readonly address?: string;
  /** How long they have said nothing. */
  readonly idleSeconds?: number;
  /** What they say while they are away; '' where they say nothing. */
  readonly away?: string;
  /** As `Person.avatar`. */
  readonly avatar?: string;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
}

/** What can be set of a room; a property is there where the network has it. */
export interface RoomOptions {
  readonly name?: string;
  readonly topic?: string;
  readonly isModerated?: boolean;
  readonly isMembersOnly?: boolean;
  readonly isPublic?: boolean;
  /** Only members may speak to it. */
  readonly noOutsideMessages?: boolean;
  readonly topicByModeratorsOnly?: boolean;
  /** '' removes it. */
  readonly password?: string;
  /** 0: no limit. */
  readonly maxMembers?: number;
}

/** An entry of a room's list of people who are banned, or always let in. */
export interface Listed {
  /** As the network writes it ("*!*@host" on IRC). */
  readonly mask: string;
  /** Who that is, where the mask does not say it. */
  readonly name?: string;
  /** Why, in a few words. */
  readonly reason?: string;
  readonly by?: string;
  /** Epoch milliseconds. */
  readonly at?: number;
}

/** A list of masks that a room has beside its bans. */
export interface MaskList {
  /** A word, and what the list is for. */
  readonly name: string;
  readonly label: string;
  show(chat: ChatId, signal: AbortSignal): Promise<readonly Listed[]>;
  add(chat: ChatId, mask: string, signal: AbortSignal): Promise<void>;
  remove(chat: ChatId, mask: string, signal: AbortSignal): Promise<void>;
}

/** All resolve when the network has confirmed; all reject with the GatewayError that the user should see. */
export interface Rooms {
  /** Before it resolves, a `members` event with `complete` and a `room` event have been emitted. The nick may differ from the one asked for. */
  join(chat: ChatId, as: { readonly nick: string; readonly password?: string }, signal: AbortSignal): Promise<void>;
  leave(chat: ChatId, reason: string | undefined, signal: AbortSignal): Promise<void>;
  /** Our own name, in this room or (where the network has one for all) everywhere. */
  nick?(chat: ChatId, nick: string, signal: AbortSignal): Promise<void>;
  /** Public rooms in an order that stays for a while; `after` is the `chat` of the last one seen. What is old by minutes may be told. */
  list?(
    query: { readonly match?: string; readonly after?: string; readonly max: number },
    signal?: AbortSignal,
  ): Promise<readonly { readonly chat: ChatId; readonly name: string; readonly size?: number }[]>;
  /** What a room is that we are not in, for whoever looks around: the same as its `room` event tells. Rejects where there is none, or none that we see. */
  describe?(chat: ChatId, signal: AbortSignal): Promise<Partial<Room>>;
  /** The groups that rooms stand in, with their rooms; absent: the network has none. */
  outline?(signal?: AbortSignal): Promise<Outline>;
  topic?(chat: ChatId, text: string, signal: AbortSignal): Promise<void>;
  invite?(chat: ChatId, person: PersonId, reason: string | undefined, signal: AbortSignal): Promise<void>;
  /** Asks whoever can give it for the right to speak. */
  askVoice?(chat: ChatId, signal: AbortSignal): Promise<void>;
  options?(chat: ChatId, signal: AbortSignal): Promise<RoomOptions>;
  setOptions?(chat: ChatId, change: RoomOptions, signal: AbortSignal): Promise<void>;
  banned?(chat: ChatId, signal: AbortSignal): Promise<readonly Listed[]>;
  /** Those that the server has. */
  readonly maskLists?: readonly MaskList[];
  moderate?(chat: ChatId, acts: readonly Act[], signal: AbortSignal): Promise<void>;
}

/** One thing to do to one person in a room. */
export interface Act {
  /** Somebody in it or, for bans, a mask as the network writes it. */
  readonly person: PersonId;
  readonly action: Moderation;
  /** With `power`: what they are to have in the end, whatever they have now. */
  readonly power?: Power;
  readonly reason?: string;
}
