/** What one login knows: who we are on the server, what the server is like, which channels we are in. Everything else of a session works on this. */
import {
  type Clock,
  type HoldsLate,
  type Log,
  type MessageRef,
  type NetworkEvent,
  type OwnClient,
  type PersonId,
  personId,
  type Remembered,
  type SessionHost,
} from '#bridge';
import type { Allowance } from './allowance.ts';
import type { Answers } from './answers.ts';
import type { Asks } from './asks.ts';
import type { Bans } from './bans.ts';
import type { Batches } from './batches.ts';
import type { Channel } from './channel.ts';
import type { ServerConfig } from './config.ts';
import type { Conversations } from './conversations.ts';
import type { CtcpQuestions } from './ctcp-questions.ts';
import type { GapTurns } from './gap-turns.ts';
import type { Target, Wanted } from './history.ts';
import type { Joins } from './joins.ts';
import type { Listing } from './listing.ts';
import type { Notices } from './notices.ts';
import type { Profile } from './people.ts';
import type { Pings } from './pings.ts';
import type { Receipts } from './receipts.ts';
import type { Returning } from './returning.ts';
import type { MemberOf } from './shared-members.ts';
import type { SupportReader } from './shared-support.ts';
import type { Silence } from './silence.ts';
import type { Appearance } from './status.ts';
import type { Storms } from './storms.ts';
import type { Where } from './targets.ts';
import type { Typing } from './typing.ts';
import type { Watching } from './watching.ts';
import type { Whos } from './who.ts';
import type { Whois } from './whois.ts';
import type { Wholes } from './wholes.ts';
import type { Folder } from './wire/casemap.ts';
import { defaultSupport, type Support } from './wire/isupport.ts';
import type { Priority, Written } from './wire/sender.ts';
import type { Transport } from './wire/transport.ts';

/** A registered, or registering, connection. */
export interface Link {
  readonly transport: Transport;
  readonly where: Where;
  /** See `ServerConfig`. */
  readonly isOwnWay: boolean;
  /** Is a capability in force? */
  has(capability: string): boolean;
  /** What the server says of a capability that it offers ("max-bytes=4096"), '' for nothing. */
  value(capability: string): string | undefined;
  /** What is in force. */
  capabilities(): readonly string[];
  /** Our account with the services, while we are logged in. */
  account(): string | undefined;
}

export interface Core extends HoldsLate {
  /** No accessors of its own here, nor in whatever else is asked for with every line: they make an object a hash table. */
  server: ServerConfig;
  readonly clock: Clock;
  readonly log: Log;
  /** The nick as the server has it now, changed by `nameUs` alone. */
  nick: string;
  /** The same as we are known by. */
  self: PersonId;
  /** The nick that our owner wishes. */
  wanted: string;
  /** Our own `user` and `host` as others see them; empty until seen. */
  user: string;
  host: string;
  /** What the server says of itself; `supports` replaces it. */
  support: Support;
  /** By folded name; those we are in, are about to be in again, or have been put into. */
  readonly channels: Map<string, Channel>;
  /** By PersonId: what is known of those who are in a channel with us. */
  readonly profiles: Map<string, Profile>;
  link: Link | undefined;
  /** Registration is over: intents are taken. */
  ready: boolean;
  /** When the server let us in, epoch milliseconds. */
  begunAt: number;
  /** The server takes us for one of its operators: it shows us more than it shows others. */
  isOperator: boolean;
  readonly asks: Asks;
  readonly answers: Answers;
  readonly whois: Whois;
  readonly ctcp: CtcpQuestions;
  readonly conversations: Conversations;
  readonly joins: Joins;
  readonly receipts: Receipts;
  readonly pings: Pings;
  readonly notices: Notices;
  readonly whos: Whos;
  readonly returning: Returning;
  readonly bans: Bans;
  readonly listing: Listing;
  readonly watching: Watching;
  readonly silence: Silence;
  readonly appearance: Appearance;
  readonly typing: Typing;
  /** Batches that come as a whole. */
  readonly wholes: Wholes;
  /** Whose past is asked for next. */
  readonly gapTurns: GapTurns;
  /** Who waits for a piece of the past, the first first. */
  readonly wantedPast: Set<Wanted>;
  /** Who waits to be told where something was said, the first first. */
  readonly wantedTargets: Set<Target[]>;
  /** Up to when our user has read, epoch milliseconds, by folded name. */
  readonly readUpTo: Remembered<number>;
  /** What each said to our user alone, the last of it, by folded nick. */
  readonly lastSaid: Remembered<{ readonly ref: MessageRef; readonly at: number }>;
  /** Those whom our owner writes to by another spelling of their nick, by folded nick (`addressed.ts`). */
  readonly addressed: Remembered<PersonId>;
  /** What was told as a reaction, by the id that the server gave it: it can be redacted like any message. */
  readonly reactions: Remembered<Reaction>;
  /** One object for all who see somebody alike. */
  readonly memberOf: MemberOf;
  /** The form of a name that is equal for all its spellings, one stored copy each. */
  fold(name: string): string;
  /** A server lets us in: of it nothing is known yet, whatever another one was like. */
  begins(): void;
  /** The server has said more of itself. @param params of a 005 */
  supports(params: readonly string[]): void;
  emit(event: NetworkEvent): void;
  /** Is the socket held back until the gateway has room? */
  paused(): boolean;
  /** Queues a line. Throws a GatewayError where nothing is connected or too much waits. */
  send(line: string, priority: Priority, onWritten?: Written, signal?: AbortSignal): void;
  /** An id for a message that the network does not name. */
  newId(): string;
  /** One that nobody takes for a name of the server's (`localId`). */
  newName(): string;
  readonly batches: Batches;
  readonly storms: Storms;
  readonly ctcpAllowance: Allowance;
  /** Our owner's, which may be asked about itself. */
  readonly ownClient: OwnClient | undefined;
}

/** Who has reacted, to what and how. */
export type Reaction = Omit<Extract<NetworkEvent, { kind: 'reaction' }>, 'at' | 'present'>;

export const isMe = (core: Core, nick: string): boolean => nick === core.nick || personOf(core, nick) === core.self;
export const personOf = (core: Core, nick: string): PersonId => personId(core.fold(nick));

/** That is our nick on the server from now on. */
export function nameUs(core: Core, nick: string): void {
  core.nick = nick;
  core.self = personOf(core, nick);
}

/** Names a server's people and rooms by its CASEMAPPING; changes with it. */
export function createNaming(folderOf: (mapping: string) => Folder, read: SupportReader) {
  let fold = folderOf(defaultSupport.casemapping);
  const naming = {
    support: defaultSupport,
    fold: (name: string) => fold(name),
    begins() {
      naming.support = defaultSupport;
      fold = folderOf(defaultSupport.casemapping);
    },
    supports(params: readonly string[]) {
      naming.support = read(naming.support, params);
      fold = folderOf(naming.support.casemapping);
    },
  };
  return naming;
}

/** Passes events to the gateway, and holds the socket back while the gateway has no room (DESIGN.md §3). */
export function createOutlet(
  host: SessionHost,
  transport: () => Pick<Transport, 'pause' | 'resume'> | undefined,
  onFault: (error: unknown) => void,
) {
  let waits = 0;
  /** Connections come and go while the gateway has no room. */
  let held: Pick<Transport, 'pause' | 'resume'> | undefined;
  const done = (): void => {
    waits--;
    if (waits > 0) return;
    held = undefined;
    transport()?.resume();
  };
  const failed = (error: unknown): void => {
    done();
    onFault(error);
  };
  return {
    paused: (): boolean => waits > 0,
    emit(event: NetworkEvent): void {
      const room = host.emit(event);
      if (room === undefined) return;
      waits++;
      const now = transport();
      if (now !== held) now?.pause();
      held = now;
      room.then(done, failed);
    },
  };
}
