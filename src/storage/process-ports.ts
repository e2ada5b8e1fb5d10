/** What the processes of a gateway ask of Redis, to find each other and hand each other things. */
import type { AccountId } from '../core/ids.ts';

/** Where a text goes that is for an account. */
export interface Place {
  readonly account: AccountId;
  /** Only behind that entry: where it is there no longer, nothing is sent. */
  readonly behind?: string | undefined;
  /** Of the component streams, by which it was heard; absent: it was not heard there. */
  readonly fence?: number | undefined;
}

/** `gone`: there is no such process (any more); `moved`: what it was to stand behind is there no longer; `outdated`: something was handed on under a higher fence. */
export type Posted = 'sent' | 'gone' | 'moved' | 'outdated';

/** One process, and the accounts for which something lies in its mailbox, each with the newest entry. */
export interface MailboxSight {
  readonly worker: string;
  readonly isAlive: boolean;
  readonly accounts: ReadonlyMap<AccountId, string>;
}

/** What lies in a mailbox. */
export interface Letter {
  readonly id: string;
  readonly account: AccountId | undefined;
  /** undefined: nobody can read it. */
  readonly text: string | undefined;
}

/** The mailboxes of workers: what an edge hands on, kept until the worker has taken it (--role edge and worker). */
export interface Post {
  /** Resolves once durable, or where there is no such process (any more); rejects with `queue-full` where the mailbox is over its cap. */
  send(worker: string, texts: readonly string[]): Promise<void>;
  /** The same for those of an account: all or none. */
  handOn(worker: string, texts: readonly string[], place: Place): Promise<Posted>;
  /** That worker's mail, oldest first, in batches, each letter once as long as it lies there. Ends with the signal. */
  receive(worker: string, signal: AbortSignal): AsyncIterable<readonly Letter[]>;
  /** Deletes what was received, after all appends to outboxes that were begun before. */
  remove(worker: string, ids: readonly string[]): Promise<void>;
  /** All mailboxes of processes that are known, at one moment. @param but into that one nobody looks: it seems empty */
  survey(but?: string): Promise<readonly MailboxSight[]>;
  /** What lies longest in a mailbox. */
  oldest(worker: string, max: number): Promise<readonly Letter[]>;
  /** What of it is still there goes to another process each (undefined: to nobody), in order, at one moment: by the first who says so. Where that process is not known it stays. */
  move(worker: string, letters: readonly (Letter & { readonly to: string | undefined })[]): Promise<void>;
  /** How much lies there, and since when the oldest (epoch milliseconds). */
  held(worker: string): Promise<{ readonly entries: number; readonly since: number | undefined }>;
}

/** What workers sent to XMPP, read by the edge that holds the domain's stream. */
export interface JournalTail {
  /** Entries of all workers' streams of that domain, each stream in order, from its oldest entry on; waits for more. Ends with the signal. */
  follow(domain: string, signal: AbortSignal): AsyncIterable<TailEntry>;
}

/** Something that a worker sent. */
export interface TailEntry {
  readonly stream: string;
  readonly id: string;
  /** When it was written, by our own clock: epoch milliseconds. */
  readonly at: number;
  readonly text: string;
}

/** The processes that run accounts. */
export interface Workers {
  readonly self: string;
  /** Our sign of life is up, and was up without a gap: nobody can have taken what is ours. False: that is being looked after. */
  readonly isShown: boolean;
  /** Those that have shown life in the last ten seconds, ourselves among them, sorted. */
  alive(): Promise<readonly string[]>;
  /** Those that are known and have not. */
  dead(): Promise<readonly string[]>;
  /** It is known to be dead: nobody waits for its sign of life to expire. */
  declareDead(worker: string): Promise<void>;
  /** Forgets one that is dead, unless something lies in its mailbox. */
  bury(worker: string): Promise<void>;
}
