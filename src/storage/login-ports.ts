/** What is kept of logins that people registered. */
import type { AccountId } from '../core/ids.ts';
import type { SettingRow, SettingsOwner } from './ports.ts';

/** A login that somebody registered: what is needed to connect as them, for good. */
export interface LoginRow {
  readonly id: AccountId;
  readonly domain: string;
  /** Bare JID. */
  readonly owner: string;
  /** The server and the account's name there, as in its addresses; absent: the only one. */
  readonly on?: string;
  /** What the network calls it. */
  readonly label: string;
  /** Sealed (accounts/vault). */
  readonly credentials: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Its owner has logged out: it is not connected again by itself. */
  readonly isOut: boolean;
  /** Bare JIDs and domains that have its rooms too; absent: it is its owner's alone, and stays so. */
  readonly admits?: readonly string[];
}

export interface LoginStore {
  all(domain: string): Promise<readonly LoginRow[]>;
  /** The oldest first. */
  owned(whose: SettingsOwner): Promise<readonly LoginRow[]>;
  get(id: AccountId): Promise<LoginRow | undefined>;
  /** All of it or nothing: the login, in the place of one with its id, and what is set with it. */
  put(row: LoginRow, puts: readonly SettingRow[], removes: readonly Omit<SettingRow, 'value'>[]): Promise<void>;
  /** Nothing where there is no such login. */
  setOut(id: AccountId, isOut: boolean): Promise<void>;
  /** Those that serve several people, of all domains. */
  shared(): Promise<readonly LoginRow[]>;
  /** Nothing where there is no such shared login. */
  setAdmits(id: AccountId, admits: readonly string[]): Promise<void>;
  remove(id: AccountId): Promise<void>;
}
