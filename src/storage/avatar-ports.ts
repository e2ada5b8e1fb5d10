/** What the gateway asks of the store of pictures, as ports.ts of all others. */
import type { AccountId } from '../core/ids.ts';

/** What there is to know of a picture. */
export interface PictureInfo {
  /** The SHA-1 of its bytes, in lower-case hexadecimal digits. */
  readonly hash: string;
  readonly type: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
}

/** A picture of somebody on a network, as it is passed on. */
export interface PictureRow extends PictureInfo {
  readonly base64: string;
}

/** What a network was given of an account's owner: the hash of a picture ('': that there is none), a name. */
export interface GivenRow {
  readonly hash?: string;
  readonly nick?: string;
}

/** A cache, which may lose anything at any time, and what networks were given of the owners of accounts. */
export interface AvatarStore {
  /** Of those names, the ones that are known, each with its picture; null: there is none that could be shown. */
  known(network: string, names: readonly string[]): Promise<ReadonlyMap<string, PictureInfo | null>>;
  find(hash: string): Promise<PictureRow | undefined>;
  /** @param at epoch milliseconds @param picture undefined: there is none that could be shown */
  keep(network: string, name: string, picture: PictureRow | undefined, at: number): Promise<void>;
  /** Forgets what was kept before that time, the oldest of what is over so many octets, and pictures without a name; resolves with how many names. */
  expire(before: number, bytes: number, breathe?: () => Promise<void>): Promise<number>;
  /** That name, and its picture where no other name has it. */
  forget(network: string, name: string): Promise<void>;
  given(account: AccountId): Promise<GivenRow>;
  /** What is absent stays. */
  give(account: AccountId, given: GivenRow): Promise<void>;
  erase(account: AccountId): Promise<void>;
}
