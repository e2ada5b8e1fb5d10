/**
 * The gateway's two seams. `Decoded`: what a stanza means, decided at the edge without any state. `Face`: one account's XMPP side, a fold over what
 * the network tells and what clients say; synchronous, without I/O, so that nothing interleaves and everything can be replayed (src/design/faces-fold-in-place.md).
 */
import type { Act, Address, Addresses, Session } from '../bridge/contract.ts';
import type { Asker } from '../bridge/own-client.ts';
import type { Content } from '../core/content.ts';
import type { GatewayError } from '../core/errors.ts';
import type { MessageEvent, NetworkEvent } from '../core/event.ts';
import type { AccountId, ChatId, DeliveryKey, MessageRef, PersonId, StanzaRef } from '../core/ids.ts';
import type { DurableIntent, FleetingIntent, Origin } from '../core/intent.ts';
import type { PictureInfo, PictureRow } from '../storage/avatar-ports.ts';
import type { Archive, ArchiveRow, MembershipRow } from '../storage/ports.ts';
import type { Xml } from '../xml/writer.ts';
import type { Outgoing } from '../xmpp/outgoing.ts';
import type { Stanza } from '../xmpp/stanza.ts';
import type { DataForm, Field } from '../xmpp/xep/0004-data-forms.ts';
import type { ClientIq } from './client-iqs.ts';
import type { Desk } from './commands/desk.ts';
import type { ContactInfoOf } from './contacts/contact-info.ts';
import type { Announced } from './disco.ts';
import type { Privilege } from './privileges.ts';
import type { Known } from './refs.ts';
import type { Looks } from './rooms/looks.ts';
import type { Translate } from './translation.ts';

export type { Outgoing, Stanza };

/** Which login a stanza concerns. */
export interface AccountKey {
  readonly id: AccountId;
  /** The bare JID of who wrote. */
  readonly owner: string;
  readonly on?: string;
}

/** What whoever answers a question may ask in turn. */
export interface Asking {
  readonly account: AccountKey;
  /** The live session; undefined where the account is not connected. */
  readonly session: Session | undefined;
  readonly archive: Pick<Archive, 'recent' | 'page' | 'metadata' | 'find' | 'about'>;
  /** Where commands and settings are dealt with; absent where the process has none. */
  readonly desk?: Desk | undefined;
  /**
   * Fetches up to `max` messages of that room from before the archive's start into it and resolves with how many; rejects where the network could not
   * say. Absent where the account is not connected.
   */
  readonly older?: ((chat: ChatId, max: number) => Promise<number>) | undefined;
  /** Somebody's picture; `named`: asks what the network calls it, where that is not known. Absent where the account is not connected. */
  readonly pictureOf?:
    | ((person: PersonId, named: () => Promise<string | undefined>) => Promise<PictureRow | undefined>)
    | undefined;
  /** The picture of a room that is open here. Absent where the account is not connected. */
  readonly roomPicture?: ((chat: ChatId) => Promise<PictureRow | undefined>) | undefined;
  /** Epoch milliseconds. */
  now(): number;
  /** The question has waited long enough, or the account ends. */
  readonly signal: AbortSignal;
  /**
   * From here on it is done to its end, whoever waits: where that takes longer than an answer may, these are the answer, and what comes of it follows but for
   * another one. Absent: it has waited long enough then, too.
   */
  goesOn?(meanwhile: () => readonly Outgoing[]): void;
}

/** Resolves with the answer; rejects with the GatewayError that whoever asked should see. */
export type Question = (asking: Asking) => Promise<readonly Outgoing[]>;

/** What a stanza means. */
export type Decoded =
  /** Answered on the spot: service discovery, ping, errors of form. */
  | { readonly is: 'answer'; readonly stanzas: readonly Outgoing[] }
  /** To be accepted: appended to the account's outbox. `opens`: it may make the account (a first join). */
  | {
      readonly is: 'durable';
      readonly account: AccountKey;
      readonly intent: DurableIntent;
      readonly origin: Origin;
      readonly opens: boolean;
    }
  /** To be asked of the network, the archive or the settings; the account need not be live. */
  | {
      readonly is: 'question';
      readonly account: AccountKey;
      readonly stanza: Stanza;
      readonly question: Question;
      /** Answered on the spot besides. */
      readonly besides?: readonly Outgoing[];
    }
  /** For the account's face, if the account is live; else it is the question `absent`, or the decoder's `absent` answers. */
  | {
      readonly is: 'mail';
      readonly account: AccountKey;
      readonly stanza: Stanza;
      readonly absent?: Question;
      /** Answered on the spot besides, whoever is live. */
      readonly besides?: readonly Outgoing[];
    }
  | { readonly is: 'ignored' };

/** Pure and stateless but for configuration; one a domain. */
export interface Decoder {
  decode(stanza: Stanza): Decoded;
  /** What to answer to mail (or to a durable intent that opens nothing) for an account that is not live: errors, empty results, or silence. */
  absent(stanza: Stanza): readonly Outgoing[];
  /** The stanza error that tells the sender of `stanza` of `error`; nothing where a stanza of that kind is never answered (GEN-03). */
  refuse(stanza: Stanza, error: GatewayError): readonly Outgoing[];
}

/** What a user has set for a room, as fields of the form that configures it, in the language of whoever asks for it. */
export interface SettingsFields {
  fields(chat: ChatId, lang?: string): Promise<readonly Field[]>;
  /** Is one of them in the form? */
  knows(form: DataForm): boolean;
  /** Can all of them be kept? */
  accepts(form: DataForm): boolean;
  /** Takes them from the form, resolves once they are kept. Throws the GatewayError due for a value that can't be; the room's own fields are no concern. */
  keep(chat: ChatId, form: DataForm, lang?: string): Promise<void>;
}

/** All that a face needs of the world. */
export interface FaceContext {
  readonly domain: string;
  readonly account: AccountKey;
  readonly addresses: Addresses;
  /** The room archive's ids: unguessable, never reused (XEP-0359). */
  newId(): string;
  /** XEP-0421 §4.1: stable, pseudonymous, different per room. */
  occupantId(roomJid: string, identity: string): string;
  /** Is that bare JID a MUC that rooms of the domain are joined with? Absent: none is. */
  isPlumbed?(muc: string): boolean;
  /** How the occupants of that room look, shared by all accounts of the domain. */
  looks(roomJid: string): Looks;
  /** Is that room's past kept, and how many lines of it is somebody shown who asks for no number? Absent: as is usual. */
  readonly pastOf?: (chat: ChatId) => { readonly recorded: boolean; readonly length: number | undefined };
  /** Of a shared account: whose the conversation with that person is, a bare JID; undefined: its owner's. Absent: all are. */
  readonly talker?: (chat: ChatId) => string | undefined;
  /** What the bridge says, in other languages. */
  readonly translate?: Translate;
  /** Epoch milliseconds. */
  now(): number;
  /** The same, and never twice the same; absent: it may be. */
  moment?(): number;
  /** What the owner's server lets us do in the owner's name, at the moment, or did before it went away; absent, undefined: nothing. */
  privilege?(): Privilege | undefined;
  /** The picture that the network calls so; null: none that could be shown; undefined: it is not known yet. Absent: none ever is. */
  readonly pictureOf?: (avatar: string) => PictureInfo | null | undefined;
  /** What contacts announce; absent: their presence says nothing of it. */
  readonly contactInfo?: ContactInfoOf;
  /** The same of servers. */
  readonly serverInfo?: (address: Address) => Announced;
  /** What the gateway's own presence says of it at the moment, where it is that of an account which a login makes; absent: it is another's to say. */
  readonly serviceCaps?: () => Xml;
  /** Rooms have commands (XEP-0050). */
  readonly commands?: boolean;
  /** What a request to an occupant is about a command of that person; undefined: it is not. Absent: there are none. */
  readonly occupantCommands?: (stanza: Stanza, person: PersonId) => Decoded | undefined;
  /** Absent: nothing can be set. */
  readonly settingsFields?: SettingsFields;
}

/** Stanzas to send, in order, and what goes to the archive. */
export interface Projection {
  readonly stanzas: readonly Outgoing[];
  readonly archive: readonly ArchiveRow[];
  /** What follows from the event and was too much for one projection: to be applied before any other. */
  readonly rest?: NetworkEvent;
}

/** What mail to a face came to. */
export interface Heard {
  readonly stanzas: readonly Outgoing[];
  /** To be accepted into the outbox on the sender's behalf (a nick change, say, which only the face can tell from a presence update). */
  readonly ask?: { readonly intent: DurableIntent; readonly origin: Origin };
  readonly fleeting?: FleetingIntent;
  /** A client of the owner's has come online. */
  readonly arrives?: boolean;
  /** The stanza is answered when this is; what it throws is the answer too. */
  readonly question?: Question;
  /**
   * A client is no longer in a room. `left`: said so; the caller finds out whether it is still online (linger). `ended`: its server said so for it, as it does of a stream
   * that is over. `bounced`: it is gone. `before`: it was no longer. What is said without it is stamped with `since` or later (epoch milliseconds); `early`:
   * it was still being let in, and has heard nothing. `unheard` is the id of a message that did not reach it.
   */
  readonly departed?: {
    readonly chat: ChatId;
    readonly client: string;
    readonly how: 'left' | 'ended' | 'bounced' | 'before';
    readonly since?: number;
    readonly early?: boolean;
    readonly reason?: string;
    readonly unheard?: string;
  };
}

/** A client that is about to be let in: from `begin` on, what is said in the room is remembered for it. */
export interface Entering {
  /** How many others it is still to be told of; what `finish` says of them is no piece, but all. */
  readonly others: number;
  /** Since when it hears nothing of the room in which it was already; undefined: it was not in. */
  readonly since: number | undefined;
  /** The presences of so many of them: ahead of `finish`, which says what has changed with them since. */
  some(atMost: number): readonly Outgoing[];
  /**
   * The whole sequence of XEP-0045 §7.1 to that client (and its presence to nobody else: occupants are the network's), then live traffic follows.
   * @param past the archive's newest rows, oldest first; what the client's wish and 45-36 leave of them is sent, without doubles of what was remembered
   */
  finish(past: readonly ArchiveRow[]): readonly Outgoing[];
  /** Not let in after all. @param isTriedAgain only not now */
  abandon(isTriedAgain?: boolean): void;
}

/** One account's XMPP side. */
export interface Face {
  /**
   * Network event → stanzas. The session's capabilities are looked up on `session` when an answer depends on them.
   * @param me who we were on the network when it happened; undefined: who we are
   */
  apply(event: NetworkEvent, me?: PersonId): Projection;
  /** What was said in rooms before the archive's start, as its rows; told to nobody. */
  past(messages: readonly MessageEvent[]): readonly ArchiveRow[];
  /** Called when the session is there, and with undefined when it is gone for good. */
  attach(session: Session | undefined): readonly Outgoing[];
  /** The network refuses the owner’s login, or they have logged out; it is not tried again before they have done something. */
  shutOut(why: GatewayError): readonly Outgoing[];

  /** Mail: presences without <x/>, departures, iq, errors, everything that is no durable intent. */
  hear(stanza: Stanza): Heard;

  /** Are we in this room on the network? Then a join needs nothing but `begin`. */
  isIn(chat: ChatId): boolean;
  /** Has the client left since it asked to be let in? Then it is not let in, and nobody else is told; what it is to be told still. undefined: it has not. */
  leftSince(intent: Extract<DurableIntent, { kind: 'join' }>, origin: Origin): readonly Outgoing[] | undefined;
  begin(intent: Extract<DurableIntent, { kind: 'join' }>, origin: Origin): Entering;
  /** How far back the archive is asked for that join: at most so many rows, from then on; undefined: nothing is wanted. */
  wants(
    intent: Extract<DurableIntent, { kind: 'join' }>,
    origin: Origin,
  ): { readonly max: number; readonly since?: number } | undefined;

  /** Throws the GatewayError due where the intent can't be tried as things are (not in the room, nobody of that nick). */
  check(intent: DurableIntent, origin: Origin): void;
  /** What is to be done to whom, as things are now; nothing where all is so already. Throws the GatewayError due where somebody is not here. */
  acts(intent: Extract<DurableIntent, { kind: 'moderate' }>): readonly Act[];
  /** The person meant by a nick in a room. */
  whois(chat: ChatId, nick: string): PersonId | undefined;
  /** The content with those whom its client named as the network knows them; who can't be found is not meant. */
  meant<C extends Content<unknown>>(chat: ChatId, content: C): C;
  /** The message that a client names; undefined: nobody here remembers it. */
  find(chat: ChatId, ref: StanzaRef): Known | undefined;
  /** Who says it, where the account speaks for several people (`speakers.ts`). */
  authorOf(origin: Origin): string | undefined;
  /** Throws the GatewayError due where that is somebody else's message to correct or to take back. @param known the one that is meant */
  mustBeTheirs(
    taken: { readonly intent: Extract<DurableIntent, { kind: 'edit' | 'retract' }>; readonly origin: Origin },
    known: Known | undefined,
  ): void;
  /** The last message of our own in that chat. */
  lastOwn(chat: ChatId): Known | undefined;
  /** The message that the network names. */
  named(chat: ChatId, ref: MessageRef): Known | undefined;
  /**
   * A message that the archive remembered: it can be found from now on. undefined: it is none that can be referred to.
   * @param since the rows that are about it, oldest first
   */
  learn(row: ArchiveRow, since: readonly ArchiveRow[]): Known | undefined;
  /**
   * A send, or what is done to a message, is on its way; its reflection comes with the event that names the key, else with `done`.
   * @param standsIn the network gets something else in its place, which nobody here is shown
   */
  sending(
    key: DeliveryKey,
    intent: Extract<DurableIntent, { kind: 'send' | 'edit' | 'retract' | 'react' }>,
    origin: Origin,
    standsIn?: boolean,
  ): void;
  /** The intent succeeded: reflection, iq result, receipt. `result` is what a repetition of the stanza is to be told (`again`). */
  done(
    key: DeliveryKey,
    intent: DurableIntent,
    origin: Origin,
    sent?: { readonly at: number; readonly text?: string; readonly refs?: readonly MessageRef[] },
  ): Projection & { readonly result?: string };
  /** The intent failed for good. */
  failed(key: DeliveryKey | undefined, intent: DurableIntent, origin: Origin, error: GatewayError): Projection;
  /** Something for the one client that asked, from where it asked: shown, not kept. undefined: nothing. */
  tell(origin: Origin, text: string | undefined): readonly Outgoing[];
  /** The same stanza came again after it had been settled with `result`: its sender is told once more, nobody else is. */
  again(intent: DurableIntent, origin: Origin, result: string): readonly Outgoing[];

  /** Takes clients out of rooms for a technical reason (status 333), or says that the service ends (332): all, or that client, or that room's. */
  dismiss(why: 'technical' | 'shutdown', reason: string, client?: string, chat?: ChatId): readonly Outgoing[];
  /** What contacts announce may be another thing now, by what their owner has set: whoever is here says so. */
  reconfigured(): readonly Outgoing[];
  /** That person's picture is known now: whoever sees them is told. */
  pictured(person: PersonId): readonly Outgoing[];
  /** The picture of that room is there. */
  roomPictured(chat: ChatId): readonly Outgoing[];
  /** What the network calls their picture; null: they have none; undefined: nothing is known of them. */
  avatarOf(person: PersonId): string | null | undefined;
  /** The same of a room. */
  roomAvatar(chat: ChatId): string | null | undefined;
  /** The client wants the events of these nodes of the contacts from now on (XEP-0163 §4.3); none: it is gone, or wants none. */
  listens(client: string, nodes: ReadonlySet<string>): readonly Outgoing[];
  /** What all clients show together, where the network has not been told so yet. Asked for once, it counts as told. */
  shown(): Extract<FleetingIntent, { kind: 'presence' }> | undefined;
  /** Who of the owner's clients is there, outside of rooms, is asked anew. What it returns forgets those of whom nothing was said since, where anything was of others. */
  doubt(): () => void;
  /** By which address somebody on the network asks which of the owner's clients; undefined: none is there. */
  askedBy(asker: Asker): Pick<ClientIq, 'from' | 'to'> | undefined;
  /** What the owner is called in rooms; undefined: they are in none. */
  ownNick(): string | undefined;
  /** Full JIDs in a room; all clients where no chat is named. */
  clients(chat?: ChatId): readonly string[];
  rooms(): readonly ChatId[];
  /** Is that room open? Is any, where none is named? */
  hasRoom(chat?: ChatId): boolean;
  /** Whose presence the owner wants. */
  contacts(): readonly PersonId[];
  /** As they were kept. */
  knowContacts(persons: readonly PersonId[]): void;
  /** What these people do is not told from now on, or again; what a client sends to them is refused. Returns what the owner is shown of that. */
  block(persons: readonly PersonId[], blocked: boolean): readonly Outgoing[];
  /** People on the network's own list. */
  readonly listed: {
    /** What they are called from now on. */
    name(person: PersonId, name: string): void;
    /** They are in the owner's contact list: how they are is told from now on. */
    place(person: PersonId): void;
    /** The owner was asked before, and has not answered. */
    wait(person: PersonId): void;
    /** Asks the owner to let them see how the owner is. `text` is what they said with it. */
    ask(person: PersonId, text?: string): readonly Outgoing[];
    /** They are on the network's list no more. `isTaken`: nor in the owner's contact list. */
    drop(person: PersonId, isTaken: boolean): readonly Outgoing[];
  };
  /** The room itself is over for us: nobody is in it and it was left on the network. */
  forget(chat: ChatId): void;

  /** For the memberships table. */
  snapshot(chat: ChatId): Omit<MembershipRow, 'account' | 'away'> | undefined;
  /** After a restart, before the rejoin: clients that still answer are in the room again; the next complete member list is told to them as a difference. */
  restore(row: MembershipRow, clients: readonly string[]): void;
}
