/** What the gateway asks of its stores. Redis holds what is in motion, SQL what is at rest (DESIGN.md §1.8); both are tested by one suite a port. */
import type { AccountId, ChatId, DeliveryKey, MessageRef, PersonId } from '../core/ids.ts';
import type { DurableIntent, Origin } from '../core/intent.ts';
import type { ListedRow } from '../core/listed.ts';
import type { SettingValue } from '../core/settings.ts';

// ── in motion ────────────────────────────────────────────────────────────────

/** One intent in an account's outbox. Keys grow; their order is the order of acceptance. */
export interface OutboxEntry {
  readonly key: DeliveryKey;
  readonly intent: DurableIntent;
  readonly origin: Origin;
}

/** Accepted. `behind`: the newest entry that waits before it, whoever appended that; undefined: none does. */
export interface Fresh {
  readonly is: 'new';
  readonly key: DeliveryKey;
  readonly behind: DeliveryKey | undefined;
}

/** An entry straight from its append. */
export interface Offered extends OutboxEntry {
  /** As it was when it was appended; absent: nothing waited. */
  readonly behind?: DeliveryKey | undefined;
}

/** `again`: this sender's stanza id was accepted before (within the window of memory); `result` is what its settling said, absent while it waits. */
export type Appended = Fresh | { readonly is: 'again'; readonly result?: string } | { readonly is: 'full' };

export interface Settled {
  readonly key: DeliveryKey;
  /** The sender's mark given at append, and what a repetition of it is to be told; without a result the mark is forgotten: what failed may be tried again. */
  readonly mark?: string | undefined;
  readonly result?: string | undefined;
  /** Set: the entry becomes a dead letter with this reason instead of vanishing. */
  readonly dead?: string | undefined;
}

export interface DeadLetter extends OutboxEntry {
  readonly reason: string;
  readonly at: number;
}

/** What becomes of an append: one of both is called, once, in the order of the appends of an account. Neither may throw. */
export interface Told {
  done(appended: Appended): void;
  /** The store is away. */
  failed(error: unknown): void;
}

/** One per account; durable when the promise resolves. */
export interface OutboxStore {
  /**
   * @param mark what makes a second copy recognisable (sender, chat and stanza id), remembered for at least ten minutes and over restarts; absent: never deduplicated
   * @param caps entries allowed in the account
   */
  append(
    account: AccountId,
    entry: Omit<OutboxEntry, 'key'>,
    mark: string | undefined,
    caps: { readonly account: number },
  ): Promise<Appended>;
  /** The same for the hot path, where a promise a message and what hangs on it is half of what waits for the store. */
  accept(
    account: AccountId,
    entry: Omit<OutboxEntry, 'key'>,
    mark: string | undefined,
    caps: { readonly account: number },
    told: Told,
  ): void;
  /** Unsettled entries behind `key`, oldest first. */
  after(account: AccountId, key: DeliveryKey | undefined, max: number): Promise<readonly OutboxEntry[]>;
  /** Refuses with StaleFence where `fence` is older than the lease's. */
  settle(account: AccountId, fence: number, settled: readonly Settled[]): Promise<void>;
  size(account: AccountId): Promise<number>;
  /** Accounts that have entries: what a starting worker must look after. */
  waiting(): Promise<readonly AccountId[]>;
  /** In the order in which they died. @param which of them, where there are more; absent: the oldest */
  deadLetters(account: AccountId, max: number, which?: 'oldest' | 'newest'): Promise<readonly DeadLetter[]>;
  /** How many dead letters an account has. */
  deadSize(account: AccountId): Promise<number>;
  /** Accounts that have dead letters, and how many. Looks at all there are: not for the hot path. */
  dead(max: number): Promise<ReadonlyMap<AccountId, number>>;
  /** Forgets those that are too old (after thirty days, where nothing else is said). Looks at all there are likewise. */
  forgetDead(): Promise<void>;
  /** Behind everything that waits, as if its sender had just sent it: else it would be too old at once. */
  requeue(account: AccountId, key: DeliveryKey): Promise<boolean>;
  drop(account: AccountId, key: DeliveryKey): Promise<boolean>;
  /** Every account of which anything is kept here and whose id begins and ends so. Looks at all there are: not for the hot path. */
  ids(begin: string, end: string): Promise<readonly AccountId[]>;
  /** Deletes everything of that account: what waits, dead letters, the memory of what was accepted. Resolves with what waited. */
  erase(account: AccountId): Promise<readonly OutboxEntry[]>;
}

/** What was sent to the XMPP server and not yet answered for: one stream a worker and domain (src/design/journal-per-worker.md). */
export interface JournalStore {
  /**
   * What is settled later than this, or by the same flight, is in the store behind it. Resolves with the entry's id.
   * @param stream `<domain>/<worker>`
   * @param take rendered stanzas, one after the other; called when they leave, and again after a failure. undefined: there are none any more
   * @param mayWait nobody reads them as long as we live: where much is written they gather for some milliseconds
   */
  append(stream: string, take: () => string | undefined, mayWait?: boolean): Promise<string | undefined>;
  /** What may wait has become much: it is written now. */
  hurry(): void;
  /** Forgets everything up to and with this entry. */
  trim(stream: string, upTo: string): Promise<void>;
  after(
    stream: string,
    id: string | undefined,
    max: number,
  ): Promise<readonly { readonly id: string; readonly text: string }[]>;
  /** How many entries it holds. */
  length(stream: string): Promise<number>;
  /** Streams of this domain that hold entries, those of dead workers among them. */
  streams(domain: string): Promise<readonly string[]>;
  remove(stream: string): Promise<void>;
}

/** Who runs which account. A fence only grows; storage refuses a write with an older one. */
export interface Lease {
  readonly fence: number;
  /** Aborted when the lease was lost: everything of the account must stop writing at once. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
  /** The same of an account that is no more: where nothing waits for it nothing is left of it; the next fence is greater all the same. @param as by that name `erased` knows it */
  erase(as?: string): Promise<void>;
}
export interface Leases {
  /** undefined: another worker holds it. */
  acquire(account: AccountId): Promise<Lease | undefined>;
  /** The worker that holds it now. */
  holder(account: AccountId): Promise<string | undefined>;
  /** Was one erased under that name? For a quarter of an hour, and not where Redis had no room for it. */
  erased(as: string): Promise<boolean>;
}

/** A write was refused because a newer owner exists. Whoever sees it stops; nobody is told. */
export class StaleFence extends Error {
  constructor() {
    super('the account has a newer owner');
    this.name = 'StaleFence';
  }
}

// ── at rest ──────────────────────────────────────────────────────────────────

export interface AccountRow {
  readonly id: AccountId;
  readonly domain: string;
  /** Bare JID. */
  readonly owner: string;
  readonly on?: string;
  readonly nick?: string;
  readonly resume?: string;
}

/** A room that an account is in: what a restart needs to bring it back with nobody asked to rejoin. */
export interface MembershipRow {
  readonly account: AccountId;
  readonly chat: ChatId;
  /** The room's localpart on its domain. */
  readonly local: string;
  readonly nick: string;
  readonly password?: string;
  /** The clients (full JIDs) that are in the room. */
  readonly clients: readonly string[];
  /** When each client that went away without leaving was last there: full JID → epoch milliseconds (lingering). */
  readonly away: Readonly<Record<string, number>>;
  /** What the clients were told of occupants, one a line ("power nick"; written and read by the face), so that after a restart they are told what changed. */
  readonly occupants: readonly string[];
}

/** A room that we have put into its user's bookmarks. */
export interface BookmarkRow {
  readonly account: AccountId;
  readonly chat: ChatId;
  /** Of the room. */
  readonly jid: string;
  /** As we have put it there. */
  readonly name: string;
}

export interface AccountStore {
  all(domain: string): Promise<readonly AccountRow[]>;
  /** Those of one user, in the order in which they came. */
  owned(domain: string, owner: string): Promise<readonly AccountRow[]>;
  get(id: AccountId): Promise<AccountRow | undefined>;
  put(row: AccountRow): Promise<void>;
  remove(id: AccountId): Promise<void>;
  memberships(id: AccountId): Promise<readonly MembershipRow[]>;
  putMembership(row: MembershipRow): Promise<void>;
  removeMembership(id: AccountId, chat: ChatId): Promise<void>;
  /** Whose presence its owner wants; kept while the account comes and goes. */
  contacts(id: AccountId): Promise<readonly PersonId[]>;
  putContact(id: AccountId, person: PersonId): Promise<void>;
  removeContact(id: AccountId, person: PersonId): Promise<void>;
  /** Whom its owner has blocked; kept while the account comes and goes. */
  blocked(id: AccountId): Promise<readonly PersonId[]>;
  putBlocked(id: AccountId, person: PersonId): Promise<void>;
  removeBlocked(id: AccountId, person: PersonId): Promise<void>;
  /** Whom the network has on its list; kept while the account comes and goes. */
  listed(id: AccountId): Promise<readonly ListedRow[]>;
  putListed(row: ListedRow): Promise<void>;
  removeListed(id: AccountId, person: PersonId): Promise<void>;
  /** The rooms that we have put into its owner's bookmarks; kept while the account comes and goes. */
  bookmarks(id: AccountId): Promise<readonly BookmarkRow[]>;
  putBookmark(row: BookmarkRow): Promise<void>;
  removeBookmark(id: AccountId, chat: ChatId): Promise<void>;
  /** Every account of which anything is kept, its archive and contacts among it, and whose id begins and ends so. Not for the hot path. */
  ids(begin: string, end: string): Promise<readonly AccountId[]>;
  /** Removes it with its rooms, its contacts and whom it has blocked. */
  erase(id: AccountId): Promise<void>;
}

/** Something that a user has set: for all of a domain, for one of its servers, or for one room. */
export interface SettingRow {
  /** '*': for all servers; else a server's name, '' where the domain has one server only. */
  readonly on: string;
  /** The room's name in lower case; '' for the whole server. */
  readonly chat: string;
  readonly name: string;
  /** What is secret is sealed before it comes here. */
  readonly value: SettingValue | { readonly sealed: string };
}

/** Which user's settings. */
export interface SettingsOwner {
  readonly domain: string;
  /** Bare JID. */
  readonly owner: string;
}

export interface SettingsStore {
  /** Everything that this user has set on that domain, in no order. */
  of(whose: SettingsOwner): Promise<readonly SettingRow[]>;
  /** All of it or nothing: puts these, removes those of which only the place and the name are said. */
  change(
    whose: SettingsOwner,
    puts: readonly SettingRow[],
    removes: readonly Omit<SettingRow, 'value'>[],
  ): Promise<void>;
  /** All of that user's on that domain. */
  erase(whose: SettingsOwner): Promise<void>;
}

/**
 * What a row of the archive is. A `remark` is a line of the room itself: shown to who joins, no part of the conversation. A `tombstone` is what is left
 * of a message that was taken back. `part`: a name more for the row that it is `about`; the archive makes these itself.
 */
export type ArchiveKind = 'message' | 'remark' | 'subject' | 'edit' | 'retraction' | 'reaction' | 'tombstone' | 'part';

/** One message in a room's or conversation's past. The order of the archive is that of `at`, then of `id`. */
export interface ArchiveRow {
  readonly account: AccountId;
  readonly chat: ChatId;
  /** The room's stanza-id (XEP-0359): unguessable, never reused; those of one process sort as they were made. */
  readonly id: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** '': the room itself. */
  readonly nick: string;
  /** The stanza's children as they were sent, well-formed XML, without `from`, `to`, delay and the stanza-id, which `id` says. */
  readonly body: string;
  /** The stanza's `id`. */
  readonly stanza?: string;
  /** Absent: 'message'. */
  readonly kind?: ArchiveKind;
  /** The speaker; absent: the account's own, or nobody's. */
  readonly by?: PersonId;
  /** What the network calls it, the first first; several where it made several messages of it. */
  readonly refs?: readonly MessageRef[];
  /** The `id` of the row that this one changes or adds to (an edit's, a reaction's). */
  readonly about?: string;
  /** For whom a shared account said it, by a name that nobody can be found by (`gateway/speakers.ts`). */
  readonly author?: string;
}

/** Which rows of a chat a page is made of. Ids are those of rows; start and end belong to it, afterId and beforeId don't. */
export interface ArchiveFilter {
  readonly account: AccountId;
  readonly chat: ChatId;
  readonly start?: number;
  readonly end?: number;
  readonly with?: { readonly nick: string } | { readonly by: PersonId } | { readonly own: true };
  readonly afterId?: string;
  readonly beforeId?: string;
  readonly ids?: readonly string[];
}

/** A page of what the filter leaves: `order` says from which end it is taken, `after` and `before` from where on. */
export interface ArchiveQuery extends ArchiveFilter {
  readonly after?: string;
  readonly before?: string;
  readonly max: number;
  readonly order: 'oldest' | 'newest';
}

export interface ArchivePage {
  /** Oldest first, whatever the order. */
  readonly rows: readonly ArchiveRow[];
  /** Nothing is left behind it, in the direction of the order. */
  readonly complete: boolean;
  /** How many rows the filter leaves in all, and how many of them come before the page; only where that is cheap to say. */
  readonly count?: number;
  readonly index?: number;
}

/**
 * By what a row is looked for: its own id, the network's name of it, or the stanza's `id` (of that nick's; the newest, not too far back). `notOf`: a message of the account's own
 * that it did not say for that author.
 */
export type ArchiveName =
  | { readonly id: string }
  | { readonly ref: MessageRef }
  | { readonly stanza: string; readonly nick?: string }
  | { readonly stanza: string; readonly notOf: string };

/** The oldest and the newest row of a chat. */
export interface ArchiveEnds {
  readonly first: { readonly id: string; readonly at: number };
  readonly last: { readonly id: string; readonly at: number };
}

/** Written in batches, off the hot path; a second row with the same account, chat and id changes nothing. Names that a bridge made up (`isMadeUp`) are not kept, nor names and chats of thousands of octets. Each account's past is its own. */
export interface Archive {
  /** In pieces, with `breathe` between them. */
  add(rows: readonly ArchiveRow[], breathe?: () => Promise<void>): Promise<void>;
  /** What who joins is shown, oldest first: the newest `max` messages, edits, remarks and tombstones; with `since` those at or after it, and what was done to messages. */
  recent(account: AccountId, chat: ChatId, max: number, since?: number): Promise<readonly ArchiveRow[]>;
  /** All but remarks; undefined: one of the ids that were named is not there. */
  page(query: ArchiveQuery): Promise<ArchivePage | undefined>;
  metadata(account: AccountId, chat: ChatId): Promise<ArchiveEnds | undefined>;
  /** With all its refs. */
  find(account: AccountId, chat: ChatId, by: ArchiveName): Promise<ArchiveRow | undefined>;
  /** The rows that are about that one, oldest first. */
  about(account: AccountId, chat: ChatId, id: string): Promise<readonly ArchiveRow[]>;
  /** Which of these messages it has. */
  known(account: AccountId, chat: ChatId, refs: readonly MessageRef[]): Promise<readonly boolean[]>;
  /** Puts body and kind of that row in the place of what it had, if it is there still. */
  change(row: ArchiveRow): Promise<void>;
  /**
   * Deletes what is older than `before`, and of each chat what is over `perRoom` rows, the oldest; in small bites, with `breathe` between them.
   * Resolves with how many.
   */
  expire(rule: { readonly before?: number; readonly perRoom?: number }, breathe?: () => Promise<void>): Promise<number>;
  /** The account begins here: another process may have deleted what was in mind of it. */
  renew(account: AccountId): void;
  /** Deletes all of an account or of one chat of it. */
  forget(account: AccountId, chat?: ChatId): Promise<void>;
  /** Everything of an account, chat by chat, oldest first, remarks too. */
  all(account: AccountId, chat?: ChatId): AsyncIterable<ArchiveRow>;
}

/** A text that was too long for a network, or what a user asked for, kept to be read by a link. */
export interface UploadRow {
  /** Unguessable. */
  readonly id: string;
  /** Whose it is: a bare JID. */
  readonly owner: string;
  /** Where it was made; absent: before that was written down. */
  readonly domain?: string;
  /** What the owner asked for of their own data: no message. */
  readonly isExport?: boolean;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly text: string;
}

/** How many texts one owner may have there, and how many octets all of them. */
export interface UploadCaps {
  readonly perUser: number;
  readonly bytes: number;
}

export interface UploadStore {
  /** Resolves with whether it is there: not where it would go over the caps. The same id again changes nothing. */
  add(row: UploadRow, caps: UploadCaps): Promise<boolean>;
  find(id: string): Promise<string | undefined>;
  /** Deletes those of that owner whose names begin so; resolves with how many. */
  remove(owner: string, head: string): Promise<number>;
  /** Deletes what is older, in small bites, with `breathe` between them; resolves with how many. */
  expire(before: number, breathe?: () => Promise<void>): Promise<number>;
  /** That user's messages of that domain, oldest first; those of which the domain is not known too. */
  of(whose: SettingsOwner): AsyncIterable<UploadRow>;
  /** Deletes all of that user's of that domain, or only what they had asked for of their own data. */
  erase(whose: SettingsOwner, what: 'all' | 'exports'): Promise<void>;
}
