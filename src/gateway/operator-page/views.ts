/** What the operator's page shows, as plain data: much of it comes from other processes. */

/** The state of one process. */
export interface ProcessView {
  /** What it is called among the others. */
  readonly name: string;
  readonly role: string;
  readonly version: string;
  /** Of its machine, and its number there. */
  readonly host: string;
  readonly pid: number;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly memoryBytes: number;
  /** Each true, or why not. */
  readonly checks: Readonly<Record<string, true | string>>;
  readonly samples: readonly Sample[];
  readonly accounts: Readonly<Record<string, number>>;
  /** Those with the most that waits first. */
  readonly shown: readonly AccountView[];
}

/** Counters at a time, all since the process started, and what waited then. */
export interface Sample {
  /** Epoch milliseconds, a multiple of the interval. */
  readonly at: number;
  readonly counts: readonly number[];
  readonly waiting: number;
}

/** What `Sample.counts` counts, in its order. */
export const counted = ['in', 'out', 'events', 'done', 'again', 'failed'] as const;
export type Counted = (typeof counted)[number];

export interface AccountView {
  readonly domain: string;
  readonly owner: string;
  readonly on: string;
  readonly state: 'idle' | 'connecting' | 'ready';
  readonly waiting: number;
  readonly lanes: readonly {
    readonly chat: string;
    readonly entries: number;
    readonly flying: number;
    readonly isHeld: boolean;
    /** Epoch milliseconds. */
    readonly since: number;
  }[];
}

/** A message that could not be delivered; not what it said. */
export interface LetterView {
  readonly account: string;
  readonly key: string;
  readonly chat: string;
  readonly owner: string;
  readonly on: string;
  readonly sender: string;
  readonly bytes: number;
  readonly reason: string;
  readonly at: number;
}

/** Work in BullMQ. */
export interface JobsView {
  /** By state. */
  readonly counts: Readonly<Record<string, number>>;
  readonly shown: readonly JobView[];
}

export interface JobView {
  readonly name: string;
  readonly state: string;
  /** An account and a chat, where it is about one. */
  readonly about: string;
  /** When it is due, or was made. */
  readonly at: number;
  readonly attempts: number;
  readonly reason: string;
}

/** All processes that answered, and those that did not. */
export interface Sight {
  readonly views: readonly ProcessView[];
  readonly silent: readonly string[];
}
