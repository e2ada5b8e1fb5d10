/** The configuration as the rest of the program sees it: checked, with defaults, absolute paths, and secrets that don't print. */
import type { Secret } from '../secret.ts';
import type { Place } from './document.ts';

export interface Config {
  /** The file's name as it was given, for messages. */
  readonly file: string;
  readonly xmpp: {
    readonly host: string;
    readonly port: number;
    /** `ca`: PEM text of the authority to trust, instead of the system's. */
    readonly tls: false | { readonly ca?: string };
  };
  /** Bare JIDs. */
  readonly admins: readonly string[];
  readonly storage: {
    readonly data: string;
    readonly sql: Sql;
    readonly redis: Redis;
    readonly archive: boolean;
    /** Days and rows; what is absent has no limit. */
    readonly retention: { readonly days?: number | undefined; readonly perRoom?: number | undefined };
    /** Long texts go to the upload service of their user's server: one at a public address, or any. Absent: they don't. */
    readonly slots?: 'public' | 'any';
    /** Absent: none are kept. Where there is one, `http.publicUrl` is given. */
    readonly uploads?: { readonly days: number; readonly perUser: number; readonly megabytes: number };
    /** Files that expire on their networks, in megabytes. Absent: none are kept. Where there is one, `http.publicUrl` is given. */
    readonly media?: { readonly days: number; readonly perFile: number; readonly megabytes: number };
    /** As `slots`, for those files. */
    readonly mediaSlots?: 'public' | 'any';
  };
  readonly http: {
    readonly host: string;
    readonly port: number;
    readonly publicUrl?: string;
    /** Absent: there is no operator's page. */
    readonly operatorToken?: Secret;
  };
  readonly bridges: readonly BridgeConfig[];
}

export type Sql = { readonly is: 'sqlite' } | { readonly is: 'postgres'; readonly url: Secret };
export type Redis =
  | { readonly is: 'private' }
  | { readonly is: 'url'; readonly url: Secret; readonly tls?: RedisTls; readonly sentinelPassword?: Secret }
  | { readonly is: 'unix'; readonly path: string };

/** PEM texts. */
export interface RedisTls {
  /** The authority to trust, instead of the system's. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: Secret;
}

export interface BridgeConfig {
  /** The bridge's name. */
  readonly use: string;
  readonly domain: string;
  readonly secret: Secret;
  /** Bare JIDs and exact domains; '*' is anybody. */
  readonly allow: readonly string[];
  /** For each user; see the schema. */
  readonly limits: {
    readonly servers: number;
    readonly rooms: number;
    readonly messagesPerMinute: number | 'off';
  };
  /** As the bridge's own schema made it. */
  readonly options: unknown;
}

/** One fault of a file. Printed by `printFault`. */
export interface Fault extends Place {
  readonly file: string;
  /** What is wrong and the fix. */
  readonly message: string;
}

export const printFault = ({ file, line, col, message }: Fault): string => `${file}:${line}:${col}: ${message}`;
