/**
 * What a room feature is: one file with its service discovery, its part of the joining sequence, the events that concern it and the stanzas it
 * understands. `room-features.ts` lists them, `create-face.ts` folds over the list.
 */

import type { Session } from '../../bridge/contract.ts';
import type { GatewayError } from '../../core/errors.ts';
import type { MemberChange, MessageEvent, NetworkEvent, Show } from '../../core/event.ts';
import { few } from '../../core/few.ts';
import type { ChatId, PersonId } from '../../core/ids.ts';
import type { DurableIntent, Origin } from '../../core/intent.ts';
import { createPassing, type Passing } from '../../core/passing.ts';
import { sparseMap, sparseSet } from '../../core/sparse.ts';
import type { ArchiveRow } from '../../storage/ports.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import type { DataForm, Field } from '../../xmpp/xep/0004-data-forms.ts';
import type { Appearance, Listener } from '../contacts/appearance.ts';
import type { FaceContext, Heard } from '../face.ts';
import { createRefs, type Known, type Refs } from '../refs.ts';
import { online, type Shown } from '../shown.ts';
import { pastOf } from './archived.ts';
import type { Leaving } from './leavers.ts';
import type { Entry, Room } from './room.ts';

/** The intent of that kind. */
export type IntentOf<Kind extends DurableIntent['kind']> = Extract<DurableIntent, { kind: Kind }>;
/** The event of that kind. */
export type EventOf<Kind extends NetworkEvent['kind']> = Extract<NetworkEvent, { kind: Kind }>;
/** The member change of that kind. */
export type ChangeOf<Is extends MemberChange['is']> = Extract<MemberChange, { is: Is }>;

/** What a client says, or does to what was said, and the network has not confirmed yet. */
export interface Sending {
  readonly intent: IntentOf<'send' | 'edit' | 'retract' | 'react'>;
  readonly origin: Origin;
  /** The network gets something that stands for it; clients are told what was meant. */
  readonly standsIn: boolean;
  /** The message that it became, or is about. */
  known: Known | undefined;
  /** What a repetition is to be told, once it was reflected. */
  reflected: string | undefined;
  /** The network has told that the message was taken back while a client's wish for that was under way. */
  gone: EventOf<'retracted'> | undefined;
}

/** How a contact is. */
export interface ContactShown {
  readonly show: Show;
  readonly status?: string;
  /** Since when they are idle, epoch milliseconds. */
  readonly since?: number;
}

/** The last message that was read: when it was said, and its stanza's `id`. */
export interface Read {
  readonly at: number;
  readonly id: string;
}

/** What a face knows. Only the synchronous functions of one face touch it. */
export interface FaceState {
  readonly context: FaceContext;
  session: Session | undefined;
  /** Who we were when that happened which is told at the moment, where that has waited; undefined: who we are. */
  was: PersonId | undefined;
  /** By the network's id. */
  readonly rooms: Map<ChatId, Room>;
  /** By the bare JID that the clients use. */
  readonly byJid: Map<string, Room>;
  readonly sendings: Passing<Sending>;
  /** Which message is meant. */
  readonly refs: Refs;
  /** By which name the other was introduced, of conversations of two in which they were. */
  readonly introduced: Map<ChatId, string>;
  /** How far each side of a conversation of two is known to have read. */
  readonly readUpTo: { readonly theirs: Map<ChatId, Read>; readonly ours: Map<ChatId, Read> };
  /** Conversations of two in which a client has told whether it is writing. */
  readonly statesSeen: Set<ChatId>;
  /** When a client was last told what does not pass here, by what that is, its JID and the address that it wrote to. */
  readonly explained: Map<string, number>;
  /** The nick that a client asked for last: another one in its place is status 210. */
  wishedNick: string | undefined;
  /** What clients in rooms show of themselves, by full JID; who is not in it is simply there. */
  readonly shown: Map<string, Shown>;
  /** What clients show outside of rooms, by full JID, the newest last; `byService`: the gateway or a server was told; `by`: whom it told first. Not known before one of them has shown itself. */
  readonly outside: {
    readonly clients: Map<string, { readonly shown: Shown; readonly byService: boolean; readonly by: string }>;
    isKnown: boolean;
  };
  /** What the network was told of all that. */
  shownLast: Shown;
  /** The owner's contacts, and how each was last told to be; undefined: nothing is known. */
  readonly contacts: Map<PersonId, ContactShown | undefined>;
  /** Contacts that clients may see as they were before a restart, though nothing is known of them since. */
  readonly doubtful: Set<PersonId>;
  /** The hash of what each contact announced to the owner last (XEP-0115). */
  readonly announced: Map<PersonId, string>;
  /** Whom the owner has blocked: by who they are now, who they were then. */
  readonly blocked: Map<PersonId, PersonId>;
  /** What people on the network's list are called. */
  readonly names: Map<PersonId, string>;
  /** People for whom the owner was asked for a subscription, and has not answered. */
  readonly asked: Set<PersonId>;
  /** What the contacts are called and look like. */
  readonly appearances: Map<PersonId, Appearance>;
  /** The clients that want events of contacts, by full JID, the newest last. */
  readonly listeners: Map<string, Listener>;
  /** Who could not reach the owner, as they were told. */
  readonly turnedAway: Set<PersonId>;
  /** When the owner was last told of an invitation into that room. */
  readonly invited: Map<ChatId, number>;
  /** When clients that were not in said that they leave (`leavers.ts`). */
  readonly leavers: Map<string, Leaving>;
  /** When clients that were in went out (`leavers.ts`). */
  readonly gone: Map<string, number>;
  /** What clients show whose join waits to be tried again (`coming.ts`). */
  readonly coming: Map<string, Shown>;
  /** Where the owner was last said to be writing or to pause; who is done is not in it. `left`: a client has gone since, be it that one. */
  readonly writing: Map<ChatId, 'active' | 'paused' | 'left'>;
  /** In which a client of the owner's spoke last; undefined: none has said. */
  lang: string | undefined;
  /** The network was lost and has not come back: its owner is told once. */
  away: boolean;
  /** Why the network does not let its owner in; undefined: it does, or is not known to refuse it. */
  refused: GatewayError | undefined;
  /** How the gateway's own presence shows itself to the owner, where they are not refused; 'away' where they may have been told so, too. */
  service: 'here' | 'away';
}

/** Who we are on the network, or were when that happened which is told at the moment. */
export const meThen = ({ was, session }: Pick<FaceState, 'was' | 'session'>): PersonId | undefined =>
  was ?? session?.me;

/** A face that knows nothing yet. */
export const createFaceState = (context: FaceContext): FaceState => ({
  context,
  session: undefined,
  was: undefined,
  rooms: new Map(),
  byJid: new Map(),
  sendings: createPassing(),
  refs: createRefs((chat) => pastOf(context, { chat }).recorded),
  introduced: sparseMap(),
  readUpTo: { theirs: sparseMap(), ours: sparseMap() },
  statesSeen: sparseSet(),
  explained: sparseMap(),
  wishedNick: undefined,
  contacts: sparseMap(),
  doubtful: sparseSet(),
  announced: sparseMap(),
  blocked: sparseMap(),
  names: sparseMap(),
  asked: sparseSet(),
  appearances: sparseMap(),
  listeners: sparseMap(),
  turnedAway: sparseSet(),
  invited: sparseMap(),
  leavers: sparseMap(),
  gone: sparseMap(),
  coming: sparseMap(),
  shown: sparseMap(),
  outside: { clients: sparseMap(), isKnown: false },
  shownLast: online,
  writing: sparseMap(),
  lang: undefined,
  away: false,
  refused: undefined,
  service: 'here',
});

/** What one call produces, filled in order. */
export interface Out {
  readonly stanzas: Outgoing[];
  readonly archive: ArchiveRow[];
  /** What follows from the event and was too much for one projection: to be applied next. */
  rest?: EventOf<'members'>;
}

/** Nothing yet. */
export const createOut = (): Out => ({ stanzas: few(), archive: [] });

type On<Event> = (face: FaceState, room: Room, event: Event, out: Out) => void;
/** undefined: not for this feature. `room` may be one that is not open: then nobody is in it. */
type Hears = (face: FaceState, room: Room, stanza: Stanza) => Heard | undefined;

/** What a feature does when the network tells something of a room. */
export interface EventHandlers {
  readonly message?: On<MessageEvent>;
  readonly room?: On<EventOf<'room'>>;
  readonly in?: On<ChangeOf<'in'>>;
  readonly renamed?: On<ChangeOf<'renamed'>>;
  readonly power?: On<ChangeOf<'power'>>;
  readonly facts?: On<ChangeOf<'facts'>>;
  readonly out?: On<ChangeOf<'out'>>;
  readonly removed?: On<EventOf<'removed'>>;
  readonly edited?: On<EventOf<'edited'>>;
  readonly retracted?: On<EventOf<'retracted'>>;
  readonly reaction?: On<EventOf<'reaction'>>;
  readonly typing?: On<EventOf<'typing'>>;
}

/** What a feature does with mail to a room or an occupant; the first that answers is the last that is asked. */
export interface StanzaHandlers {
  readonly presence?: Hears;
  readonly message?: Hears;
  readonly iq?: Hears;
}

/** One thing that a room can do. */
export interface RoomFeature {
  /** The disco#info features that it stands for. */
  readonly namespaces?: readonly string[];
  /** Those that depend on what the live session can do, and on who asks. @param asker a full JID */
  readonly features?: (face: FaceState, room: Room, asker: string) => readonly string[];
  /** Its fields in the room's muc#roominfo form. */
  readonly info?: (face: FaceState, room: Room) => readonly Field[];
  /** Forms of its own beside that one (XEP-0128). */
  readonly forms?: (face: FaceState, room: Room, asker: string) => readonly DataForm[];
  /** Its part of what a joining client gets; the order is that of the list. */
  readonly joining?: (face: FaceState, room: Room, entry: Entry, out: Out) => void;
  readonly on?: EventHandlers;
  readonly hears?: StanzaHandlers;
  /** Throws the GatewayError due where the intent makes no sense as things are. `room` is undefined where it is not open. */
  readonly checks?: (face: FaceState, room: Room | undefined, intent: DurableIntent, origin: Origin) => void;
}

/** Nothing to say. */
export const silence: Heard = { stanzas: [] };
