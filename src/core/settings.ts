/** What users may set at three levels: for all of a bridge, for one of its servers, for one room. Told by bridges, kept and asked for by the gateway. */
import type { ChatId } from './ids.ts';

/** Only what was set; what is absent has the value of the level above, in the end the configuration's. */
export type Settings = Readonly<Record<string, SettingValue>>;
export type SettingValue = string | boolean | number | readonly string[];

/** What is to be different: a value, or null for what shall not be set any more. */
export type SettingsChange = Readonly<Record<string, SettingValue | null>>;

/** One thing to set, as a form asks for it (XEP-0004 §3.3). */
export interface SettingField {
  /** Stable: it is stored, and named in forms (`nick`, `sasl_password`). */
  readonly name: string;
  readonly label: string;
  /** More of it, for people. */
  readonly help?: string;
  readonly type: 'text' | 'secret' | 'lines' | 'flag' | 'number' | 'choice';
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
  /** What holds where nothing is set, for people to see. */
  readonly usual?: SettingValue;
  /** Kept sealed though it is shown: lines that often hold a password. What is `secret` is sealed anyway, and never shown. */
  readonly sealed?: boolean;
  /** The same for people who read something else than English, by its code (RFC 5646: `de`); what is missing is said in English. */
  readonly words?: Readonly<Record<string, SettingWords>>;
  /** A sentence about what is wrong with a value; undefined: it may be stored. */
  readonly objection?: (value: SettingValue) => string | undefined;
}

/** What of a field is for people, in another language. */
export interface SettingWords {
  readonly label: string;
  readonly help?: string;
  /** By value. */
  readonly choices?: Readonly<Record<string, string>>;
}

/** The fields of each level. */
export interface SettingsForms {
  readonly all: readonly SettingField[];
  readonly server: readonly SettingField[];
  readonly room: readonly SettingField[];
}

/** One of the three levels. `on` is absent where the domain has one server only. */
export type SettingsPlace =
  | { readonly level: 'all' }
  | { readonly level: 'server'; readonly on?: string }
  | { readonly level: 'room'; readonly on?: string; readonly chat: ChatId };

/** Everything that one user has set on a domain, as it was when it was asked for. */
export interface UserSettings {
  /** What is set at that very place. */
  at(place: SettingsPlace): Settings;
  /** What is set there or, where it is not, above it: for a room its server's, for a server what is set for all. */
  over(place: SettingsPlace): Settings;
}

/** Nothing was ever set. */
export const noSettings: UserSettings = { at: () => ({}), over: () => ({}) };

/** A choice with that value leaves it to the level above, as if it were not set. */
export const unset = 'unset';

/** A flag, however it was stored: as one, or as a choice of words; undefined: it is not set. */
export function flagOf(value: SettingValue | undefined): boolean | undefined {
  if (typeof value === 'boolean') return value;
  return value === 'true' ? true : value === 'false' ? false : undefined;
}
