/** What is kept of files that expire on their networks: where each is from and whose message it is of. Their bytes lie on the disk of whoever serves them. */
import type { AccountId, ChatId, MessageId } from '../core/ids.ts';

/** A file of a message, as it was told. */
export interface MediaRow {
  /** Unguessable: whoever has it may have the file. The same for the same file of the same message. */
  readonly id: string;
  readonly account: AccountId;
  readonly domain: string;
  readonly chat: ChatId;
  /** The network's name of the message. */
  readonly message: MessageId;
  /** When it was said, epoch milliseconds. */
  readonly at: number;
  readonly name: string;
  /** Its address on the network, and until when that leads anywhere (epoch milliseconds). */
  readonly source: string;
  readonly until: number;
}

/** What was fetched. */
export interface MediaFile {
  readonly bytes: number;
  /** By its first bytes, whatever anybody says. */
  readonly type: string;
  /** Of its content: another one for any other. */
  readonly tag: string;
}

export interface MediaEntry extends MediaRow {
  /** Absent: it was not fetched yet. */
  readonly file?: MediaFile;
  /** Not before then it is tried again (epoch milliseconds). */
  readonly againAt: number;
  /** How often it was tried in vain. */
  readonly tries: number;
}

export interface MediaStore {
  /** Resolves once it is durable. What is there already has its newer address from then on. */
  add(rows: readonly MediaRow[]): Promise<void>;
  /** undefined: there is none, or none any more. */
  find(id: string): Promise<MediaEntry | undefined>;
  /** Those that were not fetched, can be and may be tried now: the first to expire first. */
  wanted(now: number, max: number): Promise<readonly MediaEntry[]>;
  /** It was fetched. Resolves with false where it has gone meanwhile: its file is then to be removed. */
  fetched(id: string, file: MediaFile, now: number): Promise<boolean>;
  /** It could not be fetched. */
  failed(id: string, againAt: number): Promise<void>;
  /** Somebody wants it: what nobody has wanted for longest goes first. */
  needed(id: string, now: number): Promise<void>;
  /** Those of that message go, but for these. Resolves with how many. */
  forget(account: AccountId, chat: ChatId, message: MessageId, but?: readonly string[]): Promise<number>;
  /** All of that account go. */
  erase(account: AccountId): Promise<void>;
  /** Those of messages from before go, and of the others those least needed while all together have more than so many octets; in small bites. Resolves with how many. */
  expire(before: number, bytes: number, breathe?: () => Promise<void>): Promise<number>;
  /** Those of messages that are older than the newest `perRoom` rows of their chat's archive go, but for what one of these still names (a correction). Resolves with how many. */
  pass(perRoom: number, breathe?: () => Promise<void>): Promise<number>;
  /** Of those that went: their files are to be removed, then they are `buried`. */
  gone(max: number): Promise<readonly string[]>;
  buried(ids: readonly string[]): Promise<void>;
  /** Which of them are there, and have not gone. */
  known(ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** All of that account. */
  of(account: AccountId): AsyncIterable<MediaEntry>;
}
