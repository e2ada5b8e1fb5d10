/** What a test may choose of the harness' Discord server before it starts. */

/** So many calls within so many seconds. */
export type Pace = readonly [calls: number, seconds: number];

export interface Settings {
  readonly now: () => number;
  /** How often a client shall beat; after one and a half of it without a beat, the connection ends. */
  readonly heartbeatMs: number;
  /** Messages of a client to the gateway within a minute. */
  readonly gatewayPerMinute: number;
  /** Events kept for a session that was cut. */
  readonly replayed: number;
  /** How long a session that was cut can be resumed. */
  readonly resumableMs: number;
  readonly shards: number;
  readonly maxConcurrency: number;
  /** A bot may begin `maxConcurrency` sessions in so long. */
  readonly identifyEveryMs: number;
  /** A bot may begin so many sessions in a day. */
  readonly sessionsPerDay: number;
  /** A guild's whole list of members may be asked for so often. */
  readonly membersEveryMs: number;
  /** Route ("POST /channels/:channel/messages") → its pace, before the usual one. */
  readonly paces: Readonly<Record<string, Pace>>;
  /** Every route's pace where `paces` has none; undefined: as Discord has them. */
  readonly pace: Pace | undefined;
  /** Calls of one bot within a second. */
  readonly globalPerSecond: number;
  readonly fileBytes: number;
  readonly contentLength: number;
  readonly webhooksPerChannel: number;
  readonly webhooksPerGuild: number;
  /** What no webhook's name may hold. */
  readonly forbiddenNames: readonly string[];
  /** How long a link to an attachment is good. */
  readonly linkMs: number;
  /** Messages kept in each channel, or a quarter more. */
  readonly kept: number;
  /** Keep what was asked and answered, for tests to wait for. */
  readonly recorded: boolean;
  /** Members whom GUILD_CREATE carries of a small guild; a client's large_threshold comes first. */
  readonly largeThreshold: number;
}

/** As Discord is today. */
export const usual: Settings = {
  now: Date.now,
  heartbeatMs: 41_250,
  gatewayPerMinute: 120,
  replayed: 5_000,
  resumableMs: 120_000,
  shards: 1,
  maxConcurrency: 1,
  identifyEveryMs: 5_000,
  sessionsPerDay: 1_000,
  membersEveryMs: 30_000,
  paces: {},
  pace: undefined,
  globalPerSecond: 50,
  fileBytes: 10 * 1024 * 1024,
  contentLength: 2_000,
  webhooksPerChannel: 15,
  webhooksPerGuild: 1_000,
  forbiddenNames: ['clyde', 'discord'],
  linkMs: 24 * 3_600_000,
  kept: 10_000,
  recorded: true,
  largeThreshold: 50,
};

/** For scenarios whose theme is not the pace: nobody waits for a bucket, nor to begin a session; and a session is forgotten when a test says so, however far its clock leaps. */
export const quick: Partial<Settings> = {
  resumableMs: 24 * 3_600_000,
  pace: [10_000, 1],
  globalPerSecond: 10_000,
  identifyEveryMs: 0,
  membersEveryMs: 0,
};
