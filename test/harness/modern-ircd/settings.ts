/** The knobs of the harness' IRC server: what it offers, what it refuses, how it fails. */

export interface AccountSeed {
  readonly name: string;
  readonly password: string;
  /** SHA-256 of a client's certificate, for EXTERNAL. */
  readonly fingerprint?: string;
}

export interface Settings {
  readonly name: string;
  readonly network: string;
  /** Capabilities that it does not offer, by their names without values. */
  readonly without: readonly string[];
  /** Tokens of 005 that it does not send: CHATHISTORY, WHOX, MONITOR… What they stand for is off, too. */
  readonly withoutTokens: readonly string[];
  readonly casemapping: 'ascii' | 'rfc1459';
  readonly accounts: readonly AccountSeed[];
  readonly mechanisms: readonly string[];
  /** Nobody is let in without an account. */
  readonly accountRequired: boolean;
  /** Of the server itself (PASS). */
  readonly password?: string;
  readonly registration: {
    readonly beforeConnect: boolean;
    readonly emailRequired: boolean;
    readonly customName: boolean;
    /** A code is "mailed" and must come back by VERIFY. */
    readonly verify: boolean;
  };
  readonly multiline: { readonly maxBytes: number; readonly maxLines: number };
  /** Most entries of one CHATHISTORY answer. */
  readonly historyLimit: number;
  readonly redactedInHistory: 'exclude' | 'include';
  readonly monitorLimit: number;
  readonly nickLength: number;
  readonly nameLength: number;
  readonly channelLength: number;
  readonly topicLength: number;
  readonly motd: readonly string[];
  /** Client-only tags that are not passed on, as CLIENTTAGDENY writes them. */
  readonly denyTags?: string;
  /** Seconds of the policy that TLS connections are told; plain ones are told the port of TLS. */
  readonly sts?: { readonly duration: number };
  /** PEM; without them there is no port for TLS. */
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly now: () => number;
  /** Bans and invites by nobody's hand: every new channel has these modes. */
  readonly newChannelModes: string;
}

/** What a modern network has, unless a test says otherwise. */
export const settingsOf = (more: Partial<Settings> = {}): Settings => ({
  name: 'modern.test',
  network: 'ModernNet',
  without: [],
  withoutTokens: [],
  casemapping: 'ascii',
  accounts: [],
  mechanisms: ['PLAIN', 'EXTERNAL', 'SCRAM-SHA-256', 'SCRAM-SHA-512'],
  accountRequired: false,
  registration: { beforeConnect: true, emailRequired: false, customName: true, verify: false },
  multiline: { maxBytes: 4_096, maxLines: 24 },
  historyLimit: 100,
  redactedInHistory: 'exclude',
  monitorLimit: 100,
  nickLength: 31,
  nameLength: 128,
  channelLength: 64,
  topicLength: 390,
  motd: ['Two households, both alike in dignity'],
  now: Date.now,
  newChannelModes: 'n',
  ...more,
});

/** What goes wrong on the way out; a test may change it at any time. */
export interface Faults {
  /** Every line waits so long. */
  delayMs: number;
  /** Lines that are never sent. */
  drop: (line: string, nick: string) => boolean;
  /** Nothing is written until it is false again. */
  hold: boolean;
  /** Nothing that clients send is read until it is false again. */
  deaf: boolean;
  /** Lines a second that are read of one client; 0: as many as come. */
  linesPerSecond: number;
}

export const noFaults = (): Faults => ({ delayMs: 0, drop: () => false, hold: false, deaf: false, linesPerSecond: 0 });
