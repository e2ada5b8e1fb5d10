/** What the processes of a gateway ask of Redis, to find each other and hand each other things. */

/** The mailboxes of workers: what an edge hands on, kept until the worker has taken it (--role edge and worker). */
export interface Post {
  /** Resolves once durable; rejects with `queue-full` where the mailbox is over its cap. */
  send(worker: string, texts: readonly string[]): Promise<void>;
  /** That worker's mail, oldest first, in batches; a batch is deleted when the next is asked for. Ends with the signal. */
  receive(worker: string, signal: AbortSignal): AsyncIterable<readonly string[]>;
  /** What a dead worker left; it is then no longer there. */
  takeOver(worker: string): Promise<readonly string[]>;
  /** How much lies there, and since when the oldest (epoch milliseconds). */
  held(worker: string): Promise<{ readonly entries: number; readonly since: number | undefined }>;
}

/** What workers sent to XMPP, read by the edge that holds the domain's stream. */
export interface JournalTail {
  /** Entries of all workers' streams of that domain, each stream in order, from its oldest entry on; waits for more. Ends with the signal. */
  follow(
    domain: string,
    signal: AbortSignal,
  ): AsyncIterable<{ readonly stream: string; readonly id: string; readonly text: string }>;
}

/** The processes that run accounts. */
export interface Workers {
  readonly self: string;
  /** Those that have shown life in the last ten seconds, ourselves among them, sorted. */
  alive(): Promise<readonly string[]>;
  /** Those that are known and have not. */
  dead(): Promise<readonly string[]>;
  /** It is known to be dead: nobody waits for its sign of life to expire. */
  declareDead(worker: string): Promise<void>;
  /** A dead worker's things have been taken over. */
  bury(worker: string): Promise<void>;
}
